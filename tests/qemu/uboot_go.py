#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Start a program as a raw image by U-Boot's `go`, in S-mode: the echo program, and talk to it, or one that speaks.

    uboot_go.py OBJCOPY HARTS ELF [WHAT IT SAYS]

The image is put at another address and copied by U-Boot, over the place that it ran from itself.
"""
import os
import subprocess
import sys
import tempfile
import time

UBOOT = '/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin'
SKIPPED = 77
LIMIT = 60


class Console:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.seen = b''

    def wait_for(self, text):
        """Read on until text was printed; what was printed since the last time."""
        end = time.monotonic() + LIMIT
        while text not in self.seen:
            piece = self.process.stdout.read(4096)
            if piece is None:
                time.sleep(0.01)
            self.seen += piece or b''
            if piece == b'' or time.monotonic() > end:
                sys.exit(f'{self.seen.decode(errors="replace")}\n*** waited in vain for {text!r}')
        before, self.seen = self.seen.split(text, 1)
        return before

    def type(self, text):
        self.process.stdin.write(text)


def talk(console):
    console.wait_for(b'ready')
    console.type(b'hello, embassy\x04')
    console.wait_for(b'HELLO, EMBASSY')
    console.wait_for(b'15 bytes')


def main():
    objcopy, harts, elf, *says = sys.argv[1:]
    if not os.path.exists(UBOOT):
        print(f'skipped: {UBOOT} is missing (apt install u-boot-qemu)')
        return SKIPPED
    with tempfile.NamedTemporaryFile(suffix='.bin') as image:
        subprocess.run([objcopy, '-O', 'binary', elf, image.name], check=True)
        size = os.path.getsize(image.name)
        console = Console(['qemu-system-riscv64', '-machine', 'virt', '-m', '256M', '-smp', harts, '-display', 'none',
                           '-monitor', 'none', '-serial', 'stdio', '-bios', 'default', '-kernel', UBOOT,
                           '-device', f'loader,file={image.name},addr=0x84000000,force-raw=on'])
        try:
            console.wait_for(b'Hit any key')
            console.type(b'\r')
            console.wait_for(b'=> ')
            console.type(b'cp.b 84000000 80200000 %x\r' % size)
            console.wait_for(b'=> ')
            console.type(b'go 80200000\r')
            if says:
                console.wait_for(says[0].encode())
            else:
                talk(console)
            status = console.process.wait(LIMIT)
        finally:
            console.process.kill()
            console.process.wait()
    print(f'status {status}')
    return 0 if status == (0 if says else 7) else 1


if __name__ == '__main__':
    sys.exit(main())
