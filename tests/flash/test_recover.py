# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`recover` and `run --via bootrom`, against a model of the BootROM that refuses what the real one refuses."""
import elf
import pytest
from conftest import noise
from flash import fdt, fit, spl
from xmodem import XMODEM

TIMES = ['--timeout', '10']


@pytest.fixture
def firmware(tmp_path):
    """SPL with its header, U-Boot, StarFive's program: the files that recover takes."""
    first, second, third = (tmp_path / n for n in ('spl.out', 'u-boot.itb', 'recovery.bin'))
    first.write_bytes(spl.wrap(noise(9001)))
    second.write_bytes(fit.build(noise(5000, 8), 0x40200000, 0x40200000, 'U-Boot', stamp=0))
    third.write_bytes(spl.wrap(b'JH7110 secondboot' + noise(2000)))
    return ['--spl', first, '--uboot', second], ['--recovery', third], first.read_bytes(), second.read_bytes()


def test_spl_then_uboot_then_the_flash(flash, rom, firmware):
    board = rom()
    words, _, first, second = firmware
    done = flash('recover', *words, *board.port[:2], *TIMES)
    assert board.payload == first[0x400:] and board.given == second and not board.refusals
    assert board.uboot.nor[:len(first)] == first and board.uboot.nor[0x100000:0x100000 + len(second)] == second
    assert done.json['verified'] and 'switches back' in done.err


def test_in_ram_only(flash, rom, firmware):
    board = rom()
    flash('recover', *firmware[0], '--ram-only', *board.port[:2], *TIMES)
    assert board.given and set(board.uboot.nor) == {0xff}


def test_an_spl_without_header_gets_one(flash, rom, firmware, tmp_path):
    board = rom()
    (tmp_path / 'spl.bin').write_bytes(noise(9001))
    flash('recover', '--spl', tmp_path / 'spl.bin', *firmware[0][2:], '--ram-only', *board.port[:2], *TIMES)
    assert board.payload[:9001] == noise(9001)


def test_more_naks_than_xmodem_allows(flash, rom, firmware):
    board = rom(naks=30)
    assert flash('recover', *firmware[0], '--ram-only', *board.port[:2], *TIMES).json['retries'] >= 30


def test_one_crc_error_then_success(flash, rom, firmware):
    board = rom(crc_errors=1)
    assert 'power-cycle' in flash('recover', *firmware[0], '--ram-only', *board.port[:2], *TIMES).err
    board = rom(crc_errors=9)
    assert 'CRC Error' in flash('recover', *firmware[0], *board.port[:2], *TIMES, status=6).err


def test_silence_and_the_wrong_switches(flash, rom, firmware, started, spoken_first):
    from test_faults import Talker
    quick = ['--timeout', '0.05']
    assert 'says nothing' in flash('recover', *firmware[0], *started(Talker, text=b'').port[:2], *quick, status=4).err
    board = rom(boots_flash=True)
    assert 'switches' in flash('recover', *firmware[0], *board.port[:2], *TIMES, status=9).err
    board = spoken_first(rom(deaf=True))
    assert 'ower-cycle' in flash('recover', *firmware[0], *board.port[:2], *quick, status=5).err


def test_an_spl_that_does_not_run(flash, rom, firmware):
    board = rom(spl_text='')
    assert 'SPL was sent' in flash('recover', *firmware[0], *board.port[:2], '--timeout', '1', status=4).err


@pytest.mark.parametrize('at', [100, 6000, 13000, 22000])
def test_the_cable_is_pulled(flash, rom, firmware, at):
    board = rom()
    board.uart.cut_at = at
    assert flash('recover', *firmware[0], *board.port[:2], *TIMES, status=8)
    assert set(board.uboot.nor) == {0xff}


def test_pulled_while_the_flash_is_written(flash, rom, firmware):
    board = rom()

    def cut(offset, data):
        board.uart.cut_at = board.uart.count
        return data[:100]
    board.uboot.wear = cut
    assert 'DO NOT POWER' in flash('recover', *firmware[0], *board.port[:2], *TIMES, status=14).err


@pytest.mark.parametrize('which, change, status', [
    (1, lambda d: d[:-1], 10), (1, lambda d: d[:0x500] + b'?' + d[0x501:], 10), (3, lambda d: d[:-1], 10),
    (3, lambda d: noise(3000), 10), (1, lambda d: b'', 10), (1, lambda d: spl.wrap(noise(0xf0000)), 10),
    (1, lambda d: elf.build(0x80200000, noise(100), 'em_image_for_qemu_virt_s'), 11),
], ids=['truncated SPL', 'changed SPL', 'truncated U-Boot', 'no FIT', 'empty', 'too large', 'an application'])
def test_wrong_files_are_refused_before_anything_is_sent(flash, firmware, which, change, status):
    path = firmware[0][which]
    path.write_bytes(change(path.read_bytes()))
    flash('recover', *firmware[0], '--port', 'unix:/nowhere', status=status)


def test_starfives_program(flash, rom, firmware):
    board = rom()
    words, more, first, second = firmware
    done = flash('recover', *words, *more, *board.port[:2], *TIMES)
    assert board.menu_left.wait(20)
    assert [item for item, _ in board.menu_took] == ['0', '2', '5']  # never 4: it burns fuses
    assert board.menu_took[0][1][:len(first)] == first and board.menu_took[1][1][:len(second)] == second
    assert done.json['verified'] is False
    board = rom(menu_word='fail')
    assert 'updata fail' in flash('recover', *words, *more, *board.port[:2], *TIMES, status=14).err


def test_our_own_image_by_the_bootrom(flash, rom, app):
    board = rom(spl_text='')
    path = app(tag='em_image_for_visionfive2_m', address=0x08000000)
    flash('run', path, '--via', 'bootrom', '--expect', 'hello from the LIM', *board.port[:2], *TIMES)
    assert board.payload[:3000] == noise(3000) and len(board.payload) % 64 == 0


@pytest.mark.parametrize('make, status', [
    (dict(tag='em_image_for_visionfive2_s'), 7), (dict(tag='em_image_for_qemu_virt_m', address=0x80000000), 11),
    (dict(tag='em_image_for_visionfive2_m', address=0x08000000, size=190000), 7),
    (dict(tag='em_image_for_visionfive2_m', address=0x08000000, bss=0x1e0000), 7),
    (dict(tag='em_image_for_visionfive2_m', address=0x08000000, entry=0x08000100), 7),
], ids=['S-mode', 'other board', 'too large for the ROM', 'too large for the LIM', 'starts elsewhere'])
def test_images_that_the_bootrom_cannot_start(flash, rom, app, make, status):
    board = rom()
    flash('run', app(**make), '--via', 'bootrom', *board.port[:2], *TIMES, status=status)
    assert board.payload is None


@pytest.mark.parametrize('change, why', [((0, 0x241), 'offset'), ((0x28c, 0x401), 'header size'), ((0x290, 0), 'crc'),
                                         ((0x288, 0x40000), 'size')])
def test_the_model_refuses(rom, firmware, change, why):
    """Not of the tool: what the model is worth. An independent sender sends it headers that are wrong."""
    import struct
    import socket
    board = rom()
    data = bytearray(spl.wrap(noise(5000)))
    struct.pack_into('<I', data, change[0], change[1])
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(board.uart.path))
    line.settimeout(20)

    def getc(size, timeout=1):
        try:
            return line.recv(size)
        except TimeoutError:
            return None
    import io
    asked = b''
    while not asked.endswith(b'\nC'):
        asked += line.recv(1)
    assert XMODEM(getc, lambda d, timeout=1: line.send(d), mode='xmodem1k').send(io.BytesIO(bytes(data)), quiet=True)
    said = b''
    while b'Try again' not in said:
        said += line.recv(100)
    assert board.refusals == [why] and board.payload is None
    line.close()


def test_fdt_is_read_as_it_was_written():
    tree = {'a': b'1', 'node': {'b': fdt.text('x'), 'deeper': {}}, 'other': {'a': b''}}
    assert fdt.parse(fdt.build(tree)) == tree
