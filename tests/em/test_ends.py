# SPDX-License-Identifier: Apache-2.0 OR MIT
"""However em run ends, nothing of it stays behind; and at a terminal it is a serial monitor."""
import os
import pty
import select
import signal
import subprocess
import termios
import time

import pytest
from config import TREE
from tool import EM, SLEEPER, children

LIMIT = 60


def wait_for(condition, what):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def alive(pid):
    try:
        with open(f'/proc/{pid}/stat') as f:
            return f.read().rpartition(')')[2].split()[0] != 'Z'
    except OSError:
        return False


@pytest.mark.parametrize('board', [['--board', 'qemu_virt'], ['--board', 'host']], ids=['qemu_virt', 'host'])
@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL], ids=lambda n: n.name)
def test_nothing_is_left_behind(source, board, number):
    path = source('sleeper', text=SLEEPER)
    em = subprocess.Popen([EM, 'run', *board, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert em.stdout.readline() == b'sleeping\n'
        family = children(em.pid)
        assert family, 'there is a firmware to end'
        em.send_signal(number)
        status = em.wait(LIMIT)
        assert status == (-9 if number == signal.SIGKILL else 128 + number)
        wait_for(lambda: not any(alive(p) for p in family), f'{family} are still there')
    finally:
        em.kill()
        em.wait()


class Terminal:
    """em run at a terminal of its own."""

    def __init__(self, *words):
        self.outside, self.inside = pty.openpty()
        self.before = termios.tcgetattr(self.inside)
        self.em = subprocess.Popen([EM, 'run', *words], stdin=self.inside, stdout=self.inside, stderr=self.inside)
        self.seen = b''

    def see(self, text):
        def there():
            if select.select([self.outside], [], [], 0.1)[0]:
                self.seen += os.read(self.outside, 4096)
            return text in self.seen
        wait_for(there, f'{text!r} on the terminal; there is {self.seen!r}')
        self.seen = self.seen.partition(text)[2]

    def type(self, keys):
        os.write(self.outside, keys)

    def close(self):
        self.em.kill()
        self.em.wait()
        os.close(self.outside)
        os.close(self.inside)


@pytest.fixture(params=[['--board', 'qemu_virt'], ['--board', 'host']], ids=['qemu_virt', 'host'])
def terminal(request):
    opened = Terminal(*request.param, str(TREE / 'tests/programs/echo.c'))
    yield opened
    opened.close()


def test_keys_go_to_the_firmware_at_once_and_as_they_are(terminal):
    terminal.see(b'Ctrl-] leaves')
    terminal.see(b'ready')
    terminal.type(b'a')
    terminal.see(b'A')
    terminal.type(b'\x03b\x1ac\r')  # Ctrl-C and Ctrl-Z are keys like others
    terminal.see(b'\x03B\x1aC\r')
    terminal.type(b'\x04')
    terminal.see(b'7 bytes')
    assert terminal.em.wait(LIMIT) == 7
    assert termios.tcgetattr(terminal.inside) == terminal.before


def test_ctrl_right_bracket_leaves_and_the_terminal_is_as_before(terminal):
    terminal.see(b'ready')
    family = children(terminal.em.pid)
    terminal.type(b'x\x1d')
    assert terminal.em.wait(LIMIT) == 130
    assert termios.tcgetattr(terminal.inside) == terminal.before
    assert os.get_blocking(terminal.inside)
    wait_for(lambda: not any(alive(p) for p in family), f'{family} are still there')
