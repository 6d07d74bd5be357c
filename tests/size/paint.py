# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How much stack a program has used: QEMU's memory is a file, painted before the start and read after the end.

The firmware is what it always is, and nothing stops it while it runs.
"""
import os

from image import Image

MEMORY = 0x80000000  # of QEMU virt, 128 MiB
PAINT = bytes.fromhex('a5c3e1f7965a3c8d')
OPTIONS = ('-machine', 'memory-backend=painted', '-object')


class Painted:
    """Memory for one run of an ELF with its stacks painted."""

    def __init__(self, elf, path):
        self.path = path
        values = Image(elf).values
        self.bottom, self.top = values['__stack_bottom'], values['__stack_top']
        self.emergency = values['__emergency_top']
        self.area, self.harts = values['__hart_area'], values['__max_harts']
        with open(path, 'wb') as file:
            os.truncate(path, 128 << 20)  # holes: it takes what is written
            file.seek(self.bottom - MEMORY)
            file.write(PAINT * (self.area * self.harts // len(PAINT)))

    def command(self, words):
        """The command line of run_qemu (runner.command) with this memory."""
        backend = f'memory-backend-file,id=painted,size=128M,share=on,mem-path={self.path}'
        options = [f'--qemu-arg={word}' for word in (*OPTIONS, backend)]
        return [words[0], *options, *words[1:]]

    def used(self, begin, end):
        """Bytes from the deepest word that is not paint any more."""
        with open(self.path, 'rb') as file:
            file.seek(begin - MEMORY)
            data = file.read(end - begin)
        for at in range(0, len(data), len(PAINT)):
            if data[at:at + len(PAINT)] != PAINT:
                return len(data) - at
        return 0

    def stacks(self, harts=1):
        """Used of the stack of each hart."""
        return [self.used(self.bottom + n * self.area, self.top + n * self.area) for n in range(harts)]

    def exceptions(self):
        return self.used(self.top, self.emergency)
