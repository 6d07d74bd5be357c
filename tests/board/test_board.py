# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A board, asked what only a board can tell. It needs its U-Boot, and the console's adapter; nothing is written."""
import checklist
import pytest


def test_it_is_a_visionfive2(port):
    words = ['info', '--port', port, '--timeout', checklist.ANSWER, '--json']
    output = checklist.finish(checklist.start('flash.py', words))
    assert '"board": "visionfive2"' in output


@pytest.mark.parametrize('check', checklist.CHECKS, ids=lambda c: c['name'])
def test_the_board_does_what_the_machine_does(port, check):
    output = checklist.carry_out(check, port)
    assert checklist.missing(check, output) is None, output
