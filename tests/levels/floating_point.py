#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Registers are kept by handlers and by levels, in a build that has floating point in registers.

    floating_point.py ROOT FOLDER      FOLDER is where it is built; it may be there from the last time
"""
import pathlib
import subprocess
import sys

PROGRAMS = ['tests/qemu/test_registers_kept.elf', 'tests/levels/test_levels_registers.elf']


def call(*words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    if done.returncode:
        sys.exit(f'{" ".join(map(str, words))}\n{done.stdout.decode(errors="replace")}')


def main():
    root, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    if not (folder / 'build.ninja').exists():
        call('meson', 'setup', '--cross-file', root / 'cross' / 'riscv64gc-gcc.ini', '-Dboard=qemu_virt', '-Dmode=m',
             '-Dlint=disabled', folder, root)
    call('ninja', '-C', folder, *PROGRAMS)
    for program in PROGRAMS:
        call(root / 'tests' / 'qemu' / 'run_and_check.py', root / 'tests' / 'qemu' / 'registers_kept.c',
             folder / program, root / 'tools' / 'run_qemu')


main()
