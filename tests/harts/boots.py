#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Boot one image again and again with 1, 2, 4 and 8 harts: what the acceptance program promises, each time.

    boots.py PROMISE.c ELF RUN_QEMU [OPTION...]      EM_BOOTS boots each (default 3)

In M-mode each boot but the first of a number of harts has them enter late, each after a loop of a length of its own,
the boot hart too. In S-mode OpenSBI draws lots for the boot hart.
"""
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'harness'))
import program  # noqa: E402

STUBS = 0x87f00000
LOOP = [0xfff28293, 0xfe029ee3,  # 1: addi t0, t0, -1; bnez t0, 1b
        0x00100313, 0x01f31313, 0x00030067]  # li t1, 1; slli t1, t1, 31; jr t1


def late_entry(folder, hart, rounds):
    """QEMU's arguments for a hart that comes to the image after so many rounds (of 4096) of a loop."""
    path = pathlib.Path(folder, f'stub{hart}')
    path.write_bytes(struct.pack('<6I', 0x000002b7 | rounds << 12, *LOOP))  # lui t0, rounds
    at = STUBS + 0x100 * hart
    return [f'--qemu-arg={word}' for word in ('-device', f'loader,file={path},addr={at:#x},force-raw=on',
                                             '-device', f'loader,addr={at:#x},cpu-num={hart}')]


def main():
    source, elf, run_qemu, *options = sys.argv[1:]
    promise = program.read(pathlib.Path(source))
    with open(elf, 'rb') as f:
        in_m_mode = struct.unpack_from('<Q', f.read(32), 24)[0] == 0x80000000
    bad = 0
    for harts in promise.harts:
        for boot in range(int(os.environ.get('EM_BOOTS', '3'))):
            order = random.Random(boot * 8 + harts)
            with tempfile.TemporaryDirectory() as folder:
                late = [word for hart in range(harts) for word in late_entry(folder, hart, 1 + order.randrange(4000))]
                command = [run_qemu, *options, '--timeout', '60', '--smp', str(harts),
                           *(late if in_m_mode and boot else []), elf]
                done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
            wrong = program.difference(promise.on(harts), done.stdout)
            if wrong or done.returncode:
                bad += 1
                print(f'{harts} harts, boot {boot}: status {done.returncode}, {wrong}\n{done.stdout!r}')
    return 1 if bad else 0


sys.exit(main())
