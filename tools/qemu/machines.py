# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The machines that an image may be linked for, by its entry, and how QEMU is to be called for each."""
import contextlib
import os
import re
import select
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUIET = ['-display', 'none', '-monitor', 'none', '-no-reboot', '-chardev', 'stdio,id=console',
         '-serial', 'chardev:console']
ICOUNT = ['-icount', 'shift=0,sleep=off', '-rtc', 'base=2020-01-01,clock=vm']


class Virt:
    """QEMU's own. Its test device ends it, with the firmware's status."""
    last_words = None
    modes = {'m': 0x80000000, 's': 0x80200000}
    # The UART's FIFOs are on from the start, as after a boot loader: what is typed early waits in them, while
    # switching them on would lose it. ([16550] FCR.FE)
    fifos_on = 'loader,addr=0x10000002,data=1,data-len=1'

    def qemu(self):
        return 'qemu-system-riscv64'

    def command(self, mode, elf, smp):
        return ['-machine', 'virt', '-m', '128M', '-smp', str(smp), '-device', self.fifos_on,
                '-bios', 'none' if mode == 'm' else 'default', '-kernel', elf]

    def whole_tree(self):
        return None  # QEMU makes it

    def tree(self, qemu, smp):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([qemu, '-machine', f'virt,dumpdtb={folder}/tree', '-m', '128M', '-smp', str(smp),
                            '-display', 'none', '-monitor', 'none', '-serial', 'none', '-bios', 'none'],
                           stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            return Path(folder, 'tree').read_bytes().replace(b'ns16550a', b'hidden--')


class VisionFive2:
    """Ours (visionfive2/). The board cannot end itself: the firmware's last line says its status."""
    last_words = re.compile(rb'\[em: exit (\d+)\]\r?\n')
    modes = {'m': 0x08000000, 's': 0x40200000}
    fifos_on = 'loader,addr=0x10000008,data=1,data-len=4'

    def qemu(self):
        return output_of('build')

    def command(self, mode, elf, smp):
        if mode == 'm':
            return ['-machine', 'visionfive2,bios-addr=0x08000000', '-device', self.fifos_on, '-bios', elf]
        any_of_four = f'boot-hart={1 + os.getpid() % 4}'  # the firmware's choice on the board
        return ['-machine', f'visionfive2,{any_of_four}', '-device', self.fifos_on,
                '-bios', output_of('firmware') + '/fw_dynamic.bin', '-kernel', elf]

    def tree(self, qemu, smp):
        """OpenSBI stops without a console: it gets one where all bits read 1, so always ready, and writes are lost."""
        uart0, nowhere = (bytes.fromhex(f'{at}0000000000010000') for at in ('0000000010000000', '0000000940000000'))
        return Path(self.whole_tree()).read_bytes().replace(uart0, nowhere, 1)

    def whole_tree(self):
        return output_of('firmware') + '/jh7110.dtb'


MACHINES = (Virt(), VisionFive2())


def output_of(tool):
    """What one of the tools beside this file prints: a path. Its other words are the user's."""
    done = subprocess.run([HERE / tool], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.strip()


def of_entry(entry):
    """The machine and mode that an image with this entry is for."""
    for machine in MACHINES:
        for mode, base in machine.modes.items():
            if base <= entry < base + 0x200000:
                return machine, mode
    sys.exit(f'run_qemu: an entry of {entry:#x}: an image for another board')


def tree_without_console(machine, qemu, smp):
    """A device tree without the UART, in a file of its own that vanishes with us: its path.

    OpenSBI then has no console: it neither greets on ours nor takes the first byte that is typed. The
    firmware knows its UART by address.
    """
    fd = os.memfd_create('device-tree', 0)
    os.write(fd, machine.tree(qemu, smp))
    return f'/proc/self/fd/{fd}'


class LastWords:
    """Passes output on until the firmware says its status; that line is not part of what it prints."""

    def __init__(self, pattern, out):
        self.pattern, self.out = pattern, out
        self.held = b''

    def feed(self, data):
        """The status, as soon as it is said."""
        self.held += data
        found = self.pattern.search(self.held)
        if found:
            self.pass_on(found.start())
            return int(found[1])
        line = self.held.rfind(b'\n') + 1
        mark = self.held.rfind(b'[', line)
        self.pass_on(mark if mark >= 0 and b'[em: exit '.startswith(self.held[mark:mark + 10]) else len(self.held))
        return None

    def pass_on(self, n):
        out, self.held = self.held[:n], self.held[n:]
        while out:
            select.select([], [self.out], [])  # QEMU makes its stdin non-blocking, which may be our stdout
            with contextlib.suppress(BlockingIOError):
                out = out[os.write(self.out, out):]
