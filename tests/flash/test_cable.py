# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The cable that the tests pull: once it is mended, no pull of before is left to come."""
import socket
import threading

import pytest
from cable import Cable


@pytest.fixture
def line(tmp_path):
    """A cable with an end in hand on each side: it, the tool's end, the board's end."""
    ours, board = socket.socketpair()
    tool = socket.socket(socket.AF_UNIX)
    cable = Cable(tmp_path / 'cable', ours)
    cable.start()
    tool.connect(cable.path)
    tool.settimeout(10)
    board.settimeout(10)
    yield cable, tool, board
    cable.close()
    tool.close()
    board.close()


def test_a_pull_that_is_under_way_comes_before_the_mending(line):
    cable, tool, board = line
    board.sendall(b'?')
    assert tool.recv(1) == b'?'  # the cable has seen its end
    at_the_end, go_on = threading.Event(), threading.Event()
    worn = cable._worn

    def slow(data):
        at_the_end.set()
        assert go_on.wait(10)
        return worn(data)

    cable._worn, cable.cut_at = slow, cable.count + 1
    board.sendall(b'!')
    assert at_the_end.wait(10)
    mending = threading.Thread(target=cable.mend)
    mending.start()
    mending.join(0.05)  # time to go wrong in; a mending that waits is still there
    go_on.set()
    mending.join(10)
    assert tool.recv(2) == b'!' and tool.recv(1) == b'', 'it was pulled after that byte'
    assert not cable.dead, 'and is whole now'
