# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Firmware for the tests: where a program of the tree lies once it is built, and how it is run."""
import functools

import builder
import programs as em_programs
import runner
from config import TREE, all_configs

# each mode with each compiler, each with each optimisation
PAIRS = [c for c in all_configs() if ((c.mode == 's') + (c.cc == 'clang') + (c.opt == 'Os')) % 2 == 0]
# and on the machine what most will use in every way
CONFIGS = [c for c in all_configs() if c in PAIRS or (c.cc == 'gcc' and not c.is_host)]
COMPUTES = {'preempt', '20_preempt'}  # for a good while of the clock,
SLOW_CORE = ['--qemu-arg=-icount', '--qemu-arg=shift=6,sleep=off']  # which is short with 64 ns an instruction


@functools.lru_cache(maxsize=None)
def tree(config):
    """The build directory of all programs and examples for @p config, up to date."""
    return builder.build_tree(config, 'firmware')


def elf(config, kind, name):
    """@p kind: 'programs' (tests/programs) or 'examples'."""
    folder = tree(config) / ('examples' if kind == 'examples' else 'tests/programs')
    return folder / (name if config.is_host else f'{name}.elf')


def command(config, kind, name):
    """How to run it, in real time."""
    return runner.command(config, elf(config, kind, name))


def steady_command(config, kind, name):
    """How to run it on a clock that stands while the machine is busy with others: same output on every machine."""
    words = command(config, kind, name)
    if config.is_host:
        return ['env', 'EM_HOST_CLOCK=warp', *words]
    return [words[0], *(SLOW_CORE if name in COMPUTES else ['--icount']), *words[1:]]


def programs():
    return sorted((TREE / 'tests' / 'programs').glob('*.c'))


def examples(board):
    return [p.parent for p in sorted((TREE / 'examples').glob('*/main.c')) if em_programs.runs_on(p.parent, board)]
