# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Faults of the line and of the board: the tool ends in time, with the right status, and a second try succeeds."""
import os
import random
import signal

import pytest
from fake_uboot import FakeUboot
from flash.console import Console
from flash.errors import FlashError
from flash.ports import open_link
from uart import Board

CUTS = 50
WAYS = ['ymodem', 'xmodem', 'srec', 'kermit']
QUICK = ['--timeout', '0.4', '--connect-attempts', '1']
PATIENT = ['--timeout', '20', '--connect-attempts', '1']


def cut_of(number):
    """How cut @p number is made: the way, after how many bytes, and whether the line stays open but silent."""
    chance = random.Random(number)
    return WAYS[number % 4], chance.randrange(5200 if number % 4 != 2 else 9000), number % 8 >= 4


@pytest.mark.parametrize('number', range(CUTS))
def test_the_cable_is_pulled_anywhere(flash, uboot, raw, number):
    via, at, silent = cut_of(number)
    board, path = uboot(), raw()
    board.uart.cut_at, board.uart.silent = at, silent
    # only silence is to be waited for
    times = [*QUICK, '--expect-timeout', '0.4'] if silent else [*PATIENT, '--expect-timeout', '20']
    status = flash('run', path, '--via', via, '--expect', 'hello from the image', *board.port[:2], *times,
                   status=None).json['code']
    was_cut = board.uart.cut_at is None
    # silence looks like this before the prompt (4, 9), in the transfer (5), around the start (12, 13)
    assert status in ((4, 5, 9, 12, 13) if silent else (8,)) or status == 0 and (board.started or not was_cut)
    board.uart.mend()
    flash('run', path, '--via', 'xmodem', '--expect', 'hello from the image', *board.port[:2], *PATIENT)
    assert board.memory.read(0x80200000, 3000) == path.read_bytes()


@pytest.mark.parametrize('via', ['ymodem', 'xmodem', 'kermit'])
@pytest.mark.parametrize('drop, flip', [(0, 0.0004), (0.0002, 0), (0.0002, 0.0002)])
def test_a_bad_line_costs_time_but_no_byte(flash, uboot, raw, via, drop, flip):
    board, path = uboot(at_prompt=True), raw(6000)
    board.uart.drop, board.uart.flip = drop, flip
    flash('run', path, '--via', via, '--no-start', *board.port[:2], '--timeout', '1', '--connect-attempts', '3')
    assert board.memory.read(0x80200000, 6000) == path.read_bytes()


def test_what_arrives_changed_is_sent_again_and_then_given_up(flash, uboot, raw):
    board = uboot(at_prompt=True)
    count = []

    def once(data):
        count.append(1)
        return data if len(count) > 1 else b'?' + data[1:]
    board.damage = once
    # blocks are counted as well: a receiver that had to wait for one asks for it again
    assert flash('run', raw(), '--via', 'xmodem', *board.port).json['retries'] >= 1 and len(count) == 2
    board.damage = lambda data: b'?' + data[1:]
    board.started.clear()
    assert 'CRC-32' in flash('run', raw(), '--via', 'xmodem', *board.port, status=6).err
    assert not board.started


def test_a_command_is_never_run_with_changed_letters(flash, uboot, raw):
    """On a line that changes one byte in 60, U-Boot may get no line that was not meant."""
    board = uboot(at_prompt=True)
    lines = []
    run_line = board._line
    board._line = lambda line: lines.append(line) or run_line(line)
    board.uart.flip = 1 / 60
    link = open_link(board.port[1])
    console = Console(link, 0.5)
    meant = [f'printenv variable{n}' for n in range(12)]
    done = 0
    for line in meant:
        try:
            console.prompt = b'StarFive # '
            console.type(line)
            done += 1
            console.wait_for_prompt(0.3)
            console.settle()
        except FlashError:
            continue
    link.close()
    assert done and set(lines) - set(meant) <= {''}


class Line:
    """A link to U-Boot at its prompt, on which so many of the first Ctrl-Cs are lost."""

    def __init__(self, lost):
        self.lost, self.coming = lost, b''

    def write(self, data):
        assert data == b'\x03'
        self.lost -= 1
        if self.lost < 0:
            self.coming += b'\r\nStarFive # '

    def read(self, timeout):
        got, self.coming = self.coming, b''
        return got

    def drain(self, timeout):
        return self.read(timeout)


@pytest.mark.parametrize('lost', [0, 1, 2])
def test_one_lost_key_does_not_end_the_prompt_two_do(lost):
    console = Console(Line(lost), 0.1)
    console.prompt = b'StarFive # '
    if lost < 2:
        console.settle()
    else:
        with pytest.raises(FlashError, match='gone again'):
            console.settle()


class Talker(Board):
    """A board that says something else."""

    def __init__(self, uart, text, again=None):
        super().__init__(uart)
        self.text, self.again = text, again

    def life(self):
        self.uart.put(self.text)
        while True:
            self.uart.getc(0.1)
            if self.again:
                self.uart.put(self.again)


@pytest.mark.parametrize('text, again, status, words', [
    (b'', b'', 4, 'nothing'),
    (b'\0', b'', 4, 'nothing'),
    (b'(C)StarFive\r\nCCC', b'C', 9, 'recover'),
    (b'Starting kernel ...\r\n', b'', 9, 'another system'),
    (b'debian login: ', b'', 9, 'another system'),
    (b'\x8f\xf3\x91' * 40, b'\x8f\x91', 9, '--baud'),
    (b'my own program\r\n', b'tick\r\n', 9, 'Reset'),
    (b'U-Boot 2025.01\r\nbooting\r\n', b'', 9, 'autoboot could not be stopped'),
], ids=['silence', 'a break', 'BootROM', 'kernel', 'login', 'wrong speed', 'an application', 'no countdown'])
def test_a_board_without_a_prompt(flash, started, spoken_first, raw, text, again, status, words):
    board = spoken_first(started(Talker, text=text, again=again))
    err = flash('run', raw(), *board.port[:2], *QUICK, status=status).err
    assert words in err, err


def test_autoboot_that_cannot_be_stopped(flash, uboot, spoken_first, raw):
    for how in ({'autoboot': None}, {'autoboot': 'Hit any key to stop autoboot:  2 ', 'key': b'\xff'}):
        flash('run', raw(), *spoken_first(uboot(**how)).port[:2], *QUICK, status=9)


def test_a_reset_in_the_second_attempt_is_enough(flash, started, raw, monkeypatch):
    """Somebody is asked to reset the board, and does."""
    attempts = []
    knock = Console._knock
    monkeypatch.setattr(Console, '_knock', lambda self: attempts.append(1) or knock(self))

    class Sleeping(FakeUboot):
        def life(self):
            while len(attempts) < 2:
                self.uart.getc(0.1)
            super().life()
    board = started(Sleeping)
    done = flash('run', raw(), '--via', 'xmodem', *board.port[:2], '--timeout', '1', '--connect-attempts', '20')
    assert 'reset the board now' in done.err


def test_uboot_that_crashes_while_it_works(flash, uboot, raw):
    board = uboot(at_prompt=True)
    board.failing['crc32'] = 'Unhandled exception: Load access fault\r\n\r\nresetting ...'
    assert 'crashed' in flash('run', raw(), '--via', 'xmodem', *board.port, status=12).err


def test_a_block_that_is_never_accepted_ends(flash, started, raw):
    class Stubborn(FakeUboot):
        def do_loadx(self, address, *_):
            self.uart.put('## Ready for binary (xmodem) download to 0x80200000 at 115200 bps...\r\nC')
            while (byte := self.uart.getc(20)) is not None:
                if byte == b'\x18':
                    break
                while self.uart.getc(0.01) is not None:
                    pass
                self.uart.put(b'\x15')
            self.uart.put('## Binary download aborted\r\n')
            return 1
    board = started(Stubborn, at_prompt=True)
    assert 'refused' in flash('run', raw(100), '--via', 'xmodem', '--retries', '5', *board.port, status=5).err


@pytest.fixture
def ctrl_c():
    """Heard also where the tests run in the background of a shell, which has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_leaves_the_board_at_its_prompt(flash, uboot, raw, ctrl_c):
    board = uboot(at_prompt=True)
    board.damage = None
    take = board.uart._take
    packets = iter(range(3, 1000, 10))  # whoever overhears the first in a library's callback is asked again
    due = next(packets)

    def hear(byte):
        nonlocal due
        take(byte)
        if board.uart.heard.count(b'\x01') > due:
            due = next(packets)
            os.kill(os.getpid(), signal.SIGINT)
    board.uart._take = hear
    flash('run', raw(60000), '--via', 'kermit', *board.port, status=130)
    assert due > 3
    board.uart._take = take
    flash('run', raw(), '--via', 'xmodem', *board.port)
    assert board.started


def test_a_second_answer_does_not_count_for_the_next_block():
    """As when a block came twice: ACK ACK. The block after it is refused once, and must be sent again."""
    from flash.blocks import ACK, NAK, Blocks

    class Script:
        answers = {1: [ACK + ACK], 2: [NAK, ACK]}
        sent, waiting = [], b''

        def write(self, data):
            self.sent.append(data[1])
            self.waiting += self.answers[data[1]].pop(0)

        def read(self, timeout):
            data, self.waiting = self.waiting, b''
            return data

        def drain(self, quiet, limit):
            return self.read(0)

        def unread(self, data):
            self.waiting = data + self.waiting
    link = Script()
    blocks = Blocks(link)
    blocks.send(1, b'one')
    blocks.send(2, b'two')
    assert link.sent == [1, 2, 2]


def test_the_cable_is_pulled_while_nothing_is_sent(flash, uboot, raw):
    """After the start the tool only listens: it must notice all the same."""
    board = uboot()

    def do_go(address):
        board.uart.put('## Starting application at 0x80200000 ...\r\n')
        board.uart._hang_up()
    board.do_go = do_go
    flash('run', raw(), '--via', 'xmodem', '--expect', 'hello', *board.port, status=8)
