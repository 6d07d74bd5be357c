# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Dumps as text that is the same everywhere: names instead of addresses, no times, in the order of names."""
import re
from pathlib import Path

import builder
import top

HERE = Path(__file__).resolve().parent
OF_MACHINE = re.compile(r'until \d+\.\d{6} s|tasks at \d+\.\d{6} s')
STATS = re.compile(r'  \d+ polls, .*')


def program(config, name):
    """The ELF of tests/dump/NAME.c."""
    target = f'tests/dump/dump_{name}' + ('' if config.is_host else '.elf')
    return builder.build_tree(config, target) / target


def blocks(text):
    """What the dump in @p text says of each task: all its lines in one."""
    lines = top.dump_in(text).split('\n')[1:-1]
    found = []
    for line in lines:
        if line.startswith(' '):
            found[-1] += '\n' + line
        else:
            found.append(line)
    return found


def moved(elf, text):
    """How far the program lies from where it is linked: a host program is put somewhere."""
    pools = [int(a, 16) for a in re.findall(r' for forever at (0x[0-9a-f]+)', text)]
    known = [address for address, name in top.Names(elf).known if name == 'forever__pool']
    return pools[0] - known[0] if pools else 0


def plain(text, elf=None, skip=()):
    """The dump in @p text for a comparison; @p elf: with what addresses are called."""
    if elf:
        names, by = top.Names(elf), moved(elf, text)
        text = top.ADDRESS.sub(lambda m: names.of(int(m[0], 16) - by) or m[0], text)
    kept = [STATS.sub('', b) for b in blocks(text) if b.split()[0] not in skip]
    return OF_MACHINE.sub(lambda m: m[0].split()[0] + ' T', '\n'.join(sorted(kept)) + '\n')


def seen_by_gdb(elf, place):
    """The dump by GDB of `chains`, which has been through its own when its monitor waits for a key."""
    for _ in range(50):
        text = top.by_gdb(elf, place)
        if 'uart_read' in text:
            break
    return text


def golden(name):
    return (HERE / f'{name}.txt').read_text()
