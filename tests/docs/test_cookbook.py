# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The programs of docs/cookbook print what they say at their top."""
import re
from pathlib import Path

import builder
import program
import pytest
import runner
from config import TREE, Config

CONFIGS = [Config('qemu_virt', 'm'), Config('qemu_virt', 's'), Config('host'), Config('qemu_virt', 'm', 'clang', 'Os')]
PROGRAMS = sorted((TREE / 'docs' / 'cookbook').glob('*.c'))


def promise(path):
    """What the comment after the licence says: board -> modes, and the lines to expect. None: no program."""
    comment = path.read_text().split('*/')[1]
    text = '\n'.join(re.sub(r'^ ?\*? ?', '', line) for line in comment.splitlines())
    boards = re.search(r'^boards: (.*)', text, re.M)
    if not boards:
        return None
    named = re.findall(r'(\w+)(?: \(([^)]*)\))?', boards.group(1))
    return {b: m.split(', ') if m else ['m'] for b, m in named}, tuple(program.expected_lines(text))


CASES = [pytest.param(config, path, id=f'{path.stem}-{config.key}') for config in CONFIGS for path in PROGRAMS
         if promise(path) and config.mode in promise(path)[0].get(config.board, ())]


def elf(config, name):
    folder = builder.build_tree(config, 'cookbook') / 'tests' / 'docs'
    return folder / (f'cookbook_{name}' if config.is_host else f'cookbook_{name}.elf')


def steady_command(config, program_elf):
    """On a clock that stands while the machine is busy with others."""
    words = runner.command(config, program_elf)
    return ['env', 'EM_HOST_CLOCK=warp', *words] if config.is_host else [words[0], '--icount', *words[1:]]


@pytest.mark.parametrize('config, path', CASES)
def test_a_recipe_prints_what_it_says(dut, config, path):
    device = dut(steady_command(config, elf(config, path.stem)))
    assert program.difference(promise(path)[1], device.rest()) is None
    assert device.status() == 0


def test_every_recipe_is_run():
    assert {p.stem for p in PROGRAMS} - {case.values[1].stem for case in CASES} == {'heartbeat'}  # a part of a test


def test_the_reader_of_promises(tmp_path):
    path = Path(tmp_path / 'x.c')
    path.write_text('/* licence */\n/*\n * Words.\n *\n * boards: qemu_virt (m), host\n'
                    ' * expect:\n *   a b\n *   c\n */\n')
    assert promise(path) == ({'qemu_virt': ['m'], 'host': ['m']}, (('a b',), ('c',)))
    path.write_text('/* licence */\n/* a part */\n')
    assert promise(path) is None
