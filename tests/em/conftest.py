# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tool under test, and small programs for it."""
import os
import subprocess

import pytest
from config import TREE

EM = str(TREE / 'tools' / 'em')
LIMIT = 120  # seconds: for a first build on a busy machine

PROGRAM = '''#include <em/async.h>
#include <em/board.h>
MAIN()
{
    ASYNC {
        em_print("%s\\n", NAME);
        em_board_exit(42);
    }
}
'''
SLEEPER = '''#include <em/async.h>
#include <em/board.h>
MAIN(VARS(em_timer t))
{
    ASYNC {
        em_print("sleeping\\n");
        AWAIT(em_timer_after(&self->t, em_secs(3600)));
    }
}
'''


@pytest.fixture
def em():
    """Runs the tool to its end. The completed process; outputs are bytes."""
    def run(*words, typed=b'', **more):
        return subprocess.run([EM, *map(str, words)], input=typed, capture_output=True, timeout=LIMIT, **more)
    return run


@pytest.fixture
def source(tmp_path):
    """Writes a program outside the tree that prints @p name and ends with 42. Its path."""
    def write(name='hello', folder=tmp_path, text=PROGRAM):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f'{name}.c'
        path.write_text(text.replace('NAME', f'"{name}"'))
        return path
    return write


def children(pid):
    """All descendants of @p pid."""
    parents = {}
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open(f'/proc/{name}/stat') as f:
                    parents[int(name)] = int(f.read().rpartition(')')[2].split()[1])
            except OSError:
                pass  # has ended meanwhile
    found = {pid}
    while more := {p for p, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}
