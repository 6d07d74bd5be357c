# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The cable is pulled at fifty places, and is a bad one: with the board's own U-Boot, which stays on all the time."""
import random

import chain
import pytest
from chain import HELLO, flash_here
from flash import blocks

CUTS = 50
WAYS = ['xmodem', 'srec', 'kermit', 'xmodem', 'ymodem']
SIZE = 3000


@pytest.fixture(scope='module')
def at_prompt(tmp_path_factory):
    folder = tmp_path_factory.mktemp('board')
    with chain.at_cable(folder, chain.sold(folder)) as board:
        flash_here('info', *board.words)
        board.image = chain.hello(folder, SIZE)
        flash_here('run', board.image, '--via', 'xmodem', *HELLO, *board.words)
        yield board


@pytest.fixture
def board(at_prompt):
    """With a whole cable."""
    at_prompt.cable.mend()
    return at_prompt


def cut_of(number):
    """How cut @p number is made: the way, after how many bytes, and whether the port is still there afterwards."""
    chance = random.Random(number)
    via = WAYS[number % len(WAYS)]
    return via, chance.randrange(12000 if via == 'srec' else 8000), number % 5 == 3


@pytest.mark.parametrize('number', range(CUTS))
def test_the_cable_is_pulled_anywhere(board, number):
    """The tool ends with the right status, and a second try gets the board back from where it was left."""
    via, at, silent = cut_of(number)
    print(f'{via}, after {at} bytes', 'in silence' if silent else '')
    board.cable.cut_at, board.cable.silent = at, silent
    times = ['--timeout', '0.5', '--expect-timeout', '1'] if silent else ['--timeout', '20', '--expect-timeout', '30']
    done = flash_here('run', board.image, '--via', via, '--expect', 'hello from the image', *board.words[:2], *times,
                      '--connect-attempts', '1', status=None)
    was_cut = board.cable.dead
    # silence looks like this before the prompt (4, 9), in the transfer (5), around the start (12, 13)
    # or the cut came when the image had said what it had to
    assert was_cut and done.code in ((4, 5, 9, 12, 13) if silent else (8,)) or hasattr(done, 'expected'), done.err
    board.cable.mend()
    flash_here('run', board.image, '--via', 'xmodem', *HELLO, *board.words)


@pytest.mark.parametrize('via, drop, flip', [('ymodem', 0, 0.0004), ('xmodem', 0.0004, 0), ('kermit', 0.0003, 0.0003)])
def test_a_bad_cable_costs_time_but_no_byte(board, tmp_path, via, drop, flip):
    image = chain.hello(tmp_path, 5000)
    board.cable.drop, board.cable.flip = drop, flip
    done = flash_here('run', image, '--via', via, '--no-start', '--retries', '20', *board.words[:2],
                      '--timeout', '2', '--connect-attempts', '4')
    assert done.verified and board.cable.changed > 0


def test_what_arrives_changed_is_not_started(board, tmp_path, monkeypatch):
    """Blocks whose own check is right, around other data: only the CRC-32 of the whole tells."""
    right = blocks.frame
    monkeypatch.setattr(blocks, 'frame', lambda number, data, crc=True: right(number, b'?' + data[1:], crc))
    done = flash_here('run', chain.hello(tmp_path), '--via', 'xmodem', *board.words, status=6)
    assert 'CRC-32' in done.err and 'started' not in vars(done)


def test_srecords_that_arrive_changed(board, tmp_path):
    """They have no answers: the board takes what it gets, or stops."""
    image = chain.hello(tmp_path, 3000)
    board.cable.flip = 0.002
    done = flash_here('run', image, '--via', 'srec', *board.words[:2], '--timeout', '1', '--connect-attempts', '2',
                      status=None)
    assert done.code in (4, 5, 6), done.err
    board.cable.mend()
    flash_here('run', image, '--via', 'srec', *HELLO, *board.words)
