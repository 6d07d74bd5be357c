# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tool under test, programs for it to run, and who descends from it."""
import os

from config import TREE

EM = str(TREE / 'tools' / 'em')
LIMIT = 280  # seconds: for a first build on a busy machine

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
