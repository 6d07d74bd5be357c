#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Harts that the image is not for are parked: how much they run in a second.  parked.py ELF RUN_QEMU

The machine has two harts more than the image can have. QEMU writes a line for each instruction of each hart.
"""
import collections
import re
import subprocess
import sys
import tempfile

HARTS = 10
LIMIT = 100  # instructions

elf, run_qemu = sys.argv[1:3]
with tempfile.NamedTemporaryFile('r') as log:
    words = ['-singlestep', '-d', 'exec,nochain', '-D', log.name]
    done = subprocess.run([run_qemu, '--icount', '--timeout', '60', '--smp', str(HARTS),
                           *(f'--qemu-arg={w}' for w in words), elf],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    ran = collections.Counter(int(m.group(1)) for line in log if (m := re.match(r'Trace (\d+):', line)))
print(done.stdout, dict(sorted(ran.items())))
parked = [ran[hart] for hart in range(8, HARTS)]
sys.exit(0 if done.returncode == 0 and '8 harts' in done.stdout and all(0 < n < LIMIT for n in parked) else 1)
