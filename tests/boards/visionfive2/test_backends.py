# SPDX-License-Identifier: Apache-2.0 OR MIT
"""flash.py and the board's own U-Boot: each way that this U-Boot has, its flash, its card, its console, and faults."""
import os
import pty
import random
import select
import signal
import subprocess

import chain
import firmware
import pytest
from chain import HELLO, flash_here
from config import Config
from flash import ports, spl
from flash.disk import TYPE_SPL

S = Config('visionfive2', 's')
LAST_LINE = 'the loser left nothing behind: 5'


@pytest.fixture(scope='module')
def at_prompt(tmp_path_factory):
    """A board that stays on from test to test, at its prompt."""
    folder = tmp_path_factory.mktemp('board')
    card = folder / 'card.img'
    card.write_bytes(bytes(16 << 20))
    with chain.at_cable(folder, chain.sold(folder), card=card) as board:
        flash_here('info', *board.words)
        yield board


@pytest.fixture
def board(at_prompt):
    """The same, with a whole cable."""
    at_prompt.cable.mend()
    return at_prompt


def noise(size, seed=7):
    return random.Random(seed).randbytes(size)


@pytest.fixture
def data(tmp_path):
    def make(size, seed=7):
        path = tmp_path / 'data'
        path.write_bytes(noise(size, seed))
        return path
    return make


# ---------------------------------------------------------------------- into RAM

@pytest.mark.parametrize('via', ['ymodem', 'xmodem', 'srec', 'kermit'])
def test_each_serial_way(board, tmp_path, via):
    done = flash_here('run', chain.hello(tmp_path, 5000), '--via', via, '--expect', 'rc = 0x5', *board.words)
    assert done.verified and done.board == 'visionfive2' and done.prompt == 'StarFive # '


def test_a_faster_transfer(board, tmp_path):
    flash_here('run', chain.hello(tmp_path), '--via', 'xmodem', '--transfer-baud', '230400', *HELLO, *board.words)


def test_a_script_and_arguments(board, tmp_path):
    (tmp_path / 'words').write_text('echo scri""pt speaks\n')
    flash_here('image', '--script', tmp_path / 'words', '-o', tmp_path / 'x.scr')
    flash_here('run', tmp_path / 'x.scr', '--via', 'xmodem', '--expect', 'script speaks', *board.words)
    flash_here('run', chain.hello(tmp_path), '--via', 'xmodem', '--expect', 'rc = 0x5', *board.words,
               '--args', 'one', 'two')


def test_without_ethernet_tftp_says_so(board, tmp_path):
    done = flash_here('run', chain.hello(tmp_path), '--via', 'tftp', '--ip', '10.0.2.15', '--server-ip', '10.0.2.2',
                      '--tftp-dir', tmp_path, *board.words, status=None)
    assert done.code in (5, 12) and not list(tmp_path.glob('em-*')), done


def test_info(board):
    told = flash_here('info', *board.words)
    assert told.version.startswith('U-Boot 2025.01') and told.flash.startswith('SPI NOR gd25lq128, 16777216')
    assert {'ymodem', 'xmodem', 'srec', 'kermit', 'fat', 'sf', 'mmc', 'boot'} <= set(told.can)
    assert 'virtio' in told.cannot and told.boots_emissary is False
    assert told.ram == ['0x40000000-0xbfffffff'] and '0x40000000-0x4005ffff' in told.reserved


# ---------------------------------------------------------------------- flash and card

def in_flash(board, offset, size):
    return board.nor.read_bytes()[offset:offset + size]


def test_of_the_flash_only_what_differs_is_written(board, data, tmp_path):
    path = data(70000)
    first = flash_here('write', path, '--to', 'sf:0x900000', '--via', 'xmodem', *board.words)
    assert (first.sent, first.written) == (70000, 73728) and in_flash(board, 0x900000, 70000) == path.read_bytes()
    changed = bytearray(path.read_bytes())
    changed[66000] ^= 1
    path.write_bytes(changed)
    assert flash_here('verify', path, '--to', 'sf:0x900000', *board.words, status=6).status == 'mismatch'
    again = flash_here('write', path, '--to', 'sf:0x900000', '--via', 'xmodem', *board.words)
    assert again.sent == 70000 - 65536 and in_flash(board, 0x900000, 70000) == changed
    assert flash_here('write', path, '--to', 'sf:0x900000', *board.words).written == 0
    flash_here('verify', path, '--to', 'sf:0x900000', *board.words)
    flash_here('read', tmp_path / 'back', '--from', 'sf:0x900010', '--size', '300', *board.words)
    assert (tmp_path / 'back').read_bytes() == changed[0x10:0x10 + 300]
    flash_here('erase', '--to', 'sf:0x900000', '--size', '4096', *board.words)
    assert in_flash(board, 0x900000, 4097) == b'\xff' * 4096 + changed[4096:4097]


def test_on_the_card_what_is_around_it_stays(board, data):
    path = data(700)
    flash_here('write', path, '--to', 'mmc:1+0x10010', '--via', 'xmodem', *board.words)
    assert board.card.read_bytes()[0x10000:0x10400] == bytes(16) + path.read_bytes() + bytes(0x400 - 716)


@pytest.mark.parametrize('words, status, why', [
    (['--to', 'sf:0xfff000'], 7, 'full'), (['--to', 'mmc:1+0xfffe00'], 7, 'full'),
    (['--to', 'sf:0x100000'], 7, '--yes'), (['--to', 'mmc:0'], 12, 'mmc dev 0')],
                         ids=['flash full', 'card full', 'boot area', 'no card'])
def test_where_it_is_not_written(board, data, words, status, why):
    assert why in flash_here('write', data(5000), *words, *board.words, status=status).err


def test_the_cable_is_pulled_while_the_boot_area_is_written(board, data):
    """U-Boot goes on; the same command again, and the flash has it."""
    path = data(100)  # where the header has nothing
    board.cable.cut_after = b'sf update'
    words = ['write', path, '--to', 'sf:0x300', '--yes', '--via', 'xmodem', *board.words]
    said = flash_here(*words, status=14).err
    assert 'DO NOT POWER' in said and 'recover --spl' in said
    board.cable.mend()
    assert flash_here(*words).verified and in_flash(board, 0x300, 100) == path.read_bytes()


# ---------------------------------------------------------------------- the console

def test_the_console_at_a_terminal(board):
    """Keys go to the board, Ctrl-C too, its words come with times; Ctrl-] leaves."""
    master, slave = pty.openpty()
    run = subprocess.Popen([chain.FLASH, 'monitor', '--timestamps', *board.words], stdin=slave, stdout=slave,
                           stderr=slave, preexec_fn=chain.die_with_us)
    seen = b''

    def until(text):
        nonlocal seen
        while text not in seen:
            assert select.select([master], [], [], 30)[0], seen
            seen += os.read(master, 100)
        seen = seen.partition(text)[2]
    until(b'leaves')
    os.write(master, b'\x03version\r')
    until(b'] U-Boot 2025.01')
    os.write(master, b'\x1d')
    assert run.wait(30) == 0
    os.close(master)
    os.close(slave)


def test_the_console_until_a_word(board):
    flash_here('monitor', '--until', 'never', '--until-timeout', '0.2', *board.words, status=13)


# ---------------------------------------------------------------------- autoboot, and boards that do not answer

def test_a_board_that_stands_still_says_nothing(board, tmp_path):
    board.process.send_signal(signal.SIGSTOP)
    try:
        said = flash_here('run', chain.hello(tmp_path), *board.words[:2], '--timeout', '0.5', status=4).err
    finally:
        board.process.send_signal(signal.SIGCONT)
    assert 'says nothing' in said


@pytest.mark.parametrize('words', [b'U-Boot SPL', b'DRAM:', b'autoboot'])
def test_autoboot_is_stopped_whenever_the_tool_comes(at_prompt, tmp_path, words):
    """It comes as soon as the board has said @p words. Before, it is there at power-on."""
    with chain.at_cable(tmp_path, at_prompt.nor) as board:
        board.cable.hear(words)
        assert flash_here('info', *board.words).prompt == 'StarFive # '


def test_autoboot_that_its_owner_has_locked(tmp_path, monkeypatch):
    """By U-Boot's own means: no key is asked for. What it starts answers nothing."""
    nor = chain.sold(tmp_path, '--env', 'bootdelay=-2', '--env', 'bootcmd=mw.l 80000000 6f; go 80000000')
    open_link = ports.open_link

    def opened(*args):
        """The tool's time begins when U-Boot has said what it is."""
        link, said = open_link(*args), b''
        while b'\nU-Boot 2025' not in said:
            more = link.read(30)
            assert more, said
            said += more
        link.unread(said)
        return link
    monkeypatch.setattr(ports, 'open_link', opened)
    with chain.at_cable(tmp_path, nor) as board:
        said = flash_here('info', *board.words[:2], '--timeout', '1', '--connect-attempts', '1', status=9).err
    assert 'autoboot could not be stopped' in said


# ---------------------------------------------------------------------- cards that start by themselves

def partition(disk, kind):
    """The content of the first partition of this kind in the table of a disk: as the boot ROM looks for its SPL."""
    for entry in (disk[1024 + 128 * n:1152 + 128 * n] for n in range(128)):
        if entry[:16] == kind.bytes_le:
            first, last = (int.from_bytes(entry[at:at + 8], 'little') for at in (32, 40))
            return disk[512 * first:512 * (last + 1)]
    raise AssertionError(kind)


@pytest.fixture
def card(tmp_path):
    path = tmp_path / 'card.img'

    def make(*more):
        flash_here('image', '--sd', firmware.elf(S, 'programs', 'select_timeout'), *more, '-o', path)
        os.truncate(path, 32 << 20)  # cards have a size of a power of two
        return path
    return make


def test_a_card_beside_uboot_in_the_flash(at_prompt, card, tmp_path):
    """U-Boot finds the script on it, which compares the image and goes."""
    disk = card()
    with chain.at_cable(tmp_path, at_prompt.nor, card=disk) as board:
        assert flash_here('monitor', '--until', LAST_LINE, '--until-timeout', '60', *board.words).matched


def test_an_image_that_is_on_the_card_already(at_prompt, tmp_path, card):
    raw, other = tmp_path / 'app.bin', tmp_path / 'other' / 'app.bin'
    other.parent.mkdir()
    flash_here('image', '--bin', firmware.elf(S, 'programs', 'select_timeout'), '-o', raw)
    other.write_bytes(raw.read_bytes()[:-1] + b'!')
    words = ['--via', 'fat', '--from', 'mmc:1:1', '--addr', '0x40200000', '--expect']
    with chain.at_cable(tmp_path, at_prompt.nor, card=card()) as board:
        assert 'changed' in flash_here('run', other, *words, 'never', *board.words, status=6).err
        flash_here('run', raw, *words, LAST_LINE, *board.words)


def test_a_card_with_all_of_it(card, tmp_path):
    """SPL from the partition where the boot ROM looks for it; SPL reads U-Boot from the card, U-Boot the image."""
    disk = card(*chain.uboot_files())
    first = tmp_path / 'spl'
    first.write_bytes(spl.payload(partition(disk.read_bytes(), TYPE_SPL)))
    empty = tmp_path / 'empty'
    empty.write_bytes(b'\xff' * 4096)
    with chain.at_cable(tmp_path, empty, card=disk, switches=1, bios=first) as board:
        assert flash_here('monitor', '--until', LAST_LINE, '--until-timeout', '60', *board.words).matched
        console = board.said(LAST_LINE)
    assert 'Trying to boot from MMC' in console and console.count(LAST_LINE) == 1


def test_a_fit_by_bootm_and_a_linux_image_by_booti(at_prompt, tmp_path):
    """Both do not return. What bootm starts runs once: U-Boot calls programs of its own kind twice."""
    for kind, suffix in (('fit', '.itb'), ('bin', '.bin')):
        image, folder = tmp_path / f'x{suffix}', tmp_path / kind
        folder.mkdir()
        flash_here('image', f'--{kind}', firmware.elf(S, 'programs', 'select_timeout'), '-o', image)
        with chain.at_cable(folder, at_prompt.nor) as board:
            flash_here('run', image, '--via', 'xmodem', '--expect', r'em: exit 0\]', *board.words)
            console = board.said('em: exit 0]')
        assert console.count('Starting kernel') == 1 and console.count(LAST_LINE) == 1
