# SPDX-License-Identifier: Apache-2.0 OR MIT
"""QEMU puts what was said into its log after the line has it: who reads the log waits for it."""
import subprocess

import chain
import pytest


@pytest.fixture
def machine(tmp_path):
    """A board whose machine is what the test has started."""
    board = chain.Board(tmp_path, None)
    board.start = lambda words: setattr(board, 'process', subprocess.Popen(
        ['sh', '-c', words], cwd=tmp_path, stdin=subprocess.DEVNULL))
    (tmp_path / 'console.log').touch()
    yield board
    board.off()


def test_what_is_logged_late_is_found(machine):
    machine.start('echo first >> console.log; sleep 0.3; echo last >> console.log; exec sleep 60')
    assert machine.said('last') == 'first\nlast\n'


def test_the_last_words_of_a_machine_that_has_ended(machine):
    machine.start('sleep 0.3; echo last >> console.log')
    assert machine.said('last') == 'last\n'


def test_what_was_not_said_is_missed_when_the_machine_has_ended(machine):
    machine.start('echo first >> console.log')
    with pytest.raises(AssertionError, match='first'):
        machine.said('last')


def test_a_machine_has_time_to_log_its_last_words(machine):
    machine.start('trap "sleep 0.3; echo last >> console.log; exit" TERM; echo first >> console.log; '
                  'while :; do sleep 0.05; done')
    machine.said('first')
    assert machine.off() == 'first\nlast\n'
