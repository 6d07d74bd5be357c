#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""local.c costs as many instructions with 4 harts as with 1.  local.py ELF RUN_QEMU"""
import subprocess
import sys

elf, run_qemu = sys.argv[1:3]
printed = {}
for harts in ('1', '4'):
    printed[harts] = subprocess.run([run_qemu, '--icount', '--timeout', '30', '--smp', harts, elf], check=True,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout
    print(f'{harts} harts: {printed[harts]}', end='')
sys.exit(0 if printed['1'] == printed['4'] and ' 1001 polls' in printed['1'] else 1)
