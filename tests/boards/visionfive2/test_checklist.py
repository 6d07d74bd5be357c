# SPDX-License-Identifier: Apache-2.0 OR MIT
"""tests/board asks a real board. Here it asks the machine, with the real firmware, at a socket instead of a port."""
import subprocess
import sys

import firmware
import pytest
from config import TREE, Config

sys.path[:0] = [str(TREE / 'tools' / 'qemu'), str(TREE / 'tests' / 'board')]

import chain  # noqa: E402
import checklist  # noqa: E402
import machines  # noqa: E402

PAGE = (TREE / 'docs' / 'boards' / 'visionfive2.md').read_text()


def ask(*words):
    return subprocess.run(['/usr/bin/python3', '-B', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'tests/board',
                           *words], cwd=TREE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)


@pytest.fixture
def board(tmp_path):
    nor, parts = tmp_path / 'nor.img', machines.output_of('firmware')
    image = firmware.elf(Config('visionfive2', 's'), 'programs', 'select_timeout')
    chain.flash_py('image', '--nor', '--spl', f'{parts}/u-boot-spl.bin.normal.out', '--uboot', f'{parts}/u-boot.itb',
                   '-o', nor, image)
    machine = chain.Board(tmp_path, nor)
    machine.on()
    yield machine
    machine.off()


def test_the_machine_passes_what_uses_all_of_the_checklists_logic(board):
    """Who it is, something typed, a status, a reset. The programs of the others run in the other tests here."""
    done = ask('--port', f'unix:{board.line}', '-k', 'visionfive2 or echo or hang')
    assert done.returncode == 0, done.stdout[-4000:]
    assert '3 passed' in done.stdout


def test_without_a_port_nothing_has_passed():
    done = ask()
    assert done.returncode == 2 and '--port' in done.stdout and 'passed' not in done.stdout


def test_what_was_not_said_is_missed():
    check = {'expect': ['one', 'two']}
    assert [checklist.missing(check, text) for text in ('one two', 'two one', '')] == [None, 'two', 'one']


@pytest.mark.parametrize('check', checklist.CHECKS, ids=lambda c: c['name'])
def test_the_page_has_the_same_list(check):
    row = next((line for line in PAGE.splitlines() if line.startswith(f'| `{check["name"]}` |')), '')
    assert all(f'`{text}`' in row for text in [check['program'], *check['expect'], check['until']]), row
