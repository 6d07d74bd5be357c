# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`write`, `verify`, `erase`, `boot`: flash and cards, and what is said when it goes wrong in the middle."""
import pytest
from conftest import noise

BLOCK = 4096


@pytest.mark.parametrize('offset', [0x800000, 0x800100, 0xfff000 - 3000])
def test_flash_is_written_verified_and_what_is_around_it_stays(flash, uboot, raw, offset):
    board, path = uboot(), raw()
    board.nor[0x7ff000:0x803000] = noise(0x4000, 3)
    before = bytes(board.nor)
    done = flash('write', path, '--to', f'sf:{offset:#x}', '--via', 'xmodem', *board.port)
    assert bytes(board.nor) == before[:offset] + path.read_bytes() + before[offset + 3000:]
    assert done.json['verified'] and done.json['sent'] == 3000
    assert flash('write', path, '--to', f'sf:{offset:#x}', *board.port).json['written'] == 0


def test_only_what_differs_is_sent(flash, uboot, raw):
    board, path = uboot(), raw(200000)
    board.nor[0x800000:0x800000 + 200000] = path.read_bytes()
    board.nor[0x800000 + 70000] ^= 1
    done = flash('write', path, '--to', 'sf:0x800000', '--via', 'xmodem', *board.port)
    assert done.json['sent'] == 65536 == done.json['written']
    assert board.nor[0x800000:0x800000 + 200000] == path.read_bytes()


def test_a_card(flash, uboot, raw):
    board, path = uboot(), raw()
    board.sd[:] = noise(len(board.sd), 5)
    before = bytes(board.sd)
    flash('write', path, '--to', 'mmc:1+0x10010', '--via', 'xmodem', *board.port)
    assert bytes(board.sd) == before[:0x10010] + path.read_bytes() + before[0x10010 + 3000:]


@pytest.mark.parametrize('target', ['sf:0xfff000', 'mmc:1+0xff800'])
def test_full(flash, uboot, raw, target):
    board = uboot()
    before = bytes(board.nor), bytes(board.sd)
    path = raw(5000)
    assert 'full' in flash('write', path, '--to', target, *board.port, status=7).err
    assert before == (bytes(board.nor), bytes(board.sd))


@pytest.mark.parametrize('words', [['write', 'FILE', '--to', 'sf:0'], ['write', 'FILE', '--to', 'sf:0xefc00'],
                                   ['write', 'FILE', '--to', 'sf:0x5ff000'], ['erase', '--to', 'sf:0x100000',
                                                                              '--size', '4096']])
def test_the_boot_area_wants_a_yes(flash, uboot, raw, words):
    board = uboot()
    words = [raw() if w == 'FILE' else w for w in words]
    assert '--yes' in flash(*words, *board.port, status=7).err
    assert set(board.nor) == {0xff}
    flash(*words, '--yes', *(['--via', 'xmodem'] if words[0] == 'write' else []), *board.port)


def test_verify_and_erase(flash, uboot, raw):
    board, path = uboot(), raw()
    assert 'does not have' in flash('verify', path, '--to', 'sf:0x800000', *board.port, status=6).err
    board.nor[0x800000:0x800000 + 3000] = path.read_bytes()
    flash('verify', path, '--to', 'sf:0x800000', *board.port)
    flash('erase', '--to', 'sf:0x800010', '--size', '4096', *board.port, status=7)
    flash('erase', '--to', 'sf:0x800000', '--size', '4096', *board.port)
    assert set(board.nor) == {0xff}


def test_a_worn_out_flash_is_noticed(flash, uboot, raw):
    board = uboot()
    board.wear = lambda offset, data: data[:100] + bytes([data[100] & 0x0f]) + data[101:]
    err = flash('write', raw(), '--to', 'sf:0x800000', '--via', 'xmodem', *board.port, status=6).err
    assert 'undefined now' in err
    err = flash('write', raw(), '--to', 'sf:0', '--yes', '--via', 'xmodem', *board.port, status=14).err
    assert 'DO NOT POWER' in err and 'recover' in err


def test_wrong_in_ram_writes_nothing(flash, uboot, raw):
    board = uboot()
    board.damage = lambda data: b'?' + data[1:]
    flash('write', raw(), '--to', 'sf:0', '--yes', '--via', 'xmodem', *board.port, status=6)
    assert set(board.nor) == {0xff}


@pytest.mark.parametrize('when', ['before', 'after'])
@pytest.mark.parametrize('silent', [False, True])
def test_the_cable_is_pulled_while_the_boot_area_is_written(flash, uboot, raw, when, silent):
    board, path = uboot(at_prompt=True), raw()

    def cut(offset, data):
        board.uart.silent, board.uart.cut_at = silent, board.uart.count
        return data if when == 'after' else data[:1000]
    board.wear = cut
    err = flash('write', path, '--to', 'sf:0', '--yes', '--via', 'xmodem', *board.port[:2], '--timeout',
                '0.5' if silent else '20', status=14).err
    assert 'half-written' in err and 'DO NOT POWER' in err and 'recover --spl' in err
    board.wear = None
    board.uart.mend()
    flash('write', path, '--to', 'sf:0', '--yes', '--via', 'xmodem', *board.port)
    assert board.nor[:3000] == path.read_bytes()


def test_uboot_refuses_to_write(flash, uboot, raw):
    board = uboot()
    do_sf = board.do_sf

    def protected(what, *args):
        if what == 'update':
            board.uart.put('ERROR: flash area is locked\r\n')
            return 1
        return do_sf(what, *args)
    board.do_sf = protected
    assert 'locked' in flash('write', raw(), '--to', 'sf:0x800000', '--via', 'xmodem', *board.port, status=12).err
    assert flash('write', raw(), '--to', 'sf:0', '--yes', '--via', 'xmodem', *board.port, status=14)


def test_an_image_of_another_board_is_not_written(flash, uboot, app):
    board = uboot()
    flash('write', app(tag='em_image_for_qemu_virt_s'), '--to', 'sf:0x800000', *board.port, status=11)
    assert set(board.nor) == {0xff}


def test_into_a_file(flash, raw, tmp_path):
    path, disk = raw(), tmp_path / 'x.img'
    disk.write_bytes(b'\xff' * 8192)
    flash('write', path, '--to', f'{disk}+0x100')
    assert disk.read_bytes() == b'\xff' * 256 + path.read_bytes() + b'\xff' * (8192 - 256 - 3000)
    (tmp_path / 'folder.img').mkdir()
    flash('write', path, '--to', tmp_path / 'folder.img', status=7)


def test_boot_and_undo(flash, uboot, app):
    board, path = uboot(), app()
    done = flash('boot', path, '--via', 'xmodem', *board.port)
    assert board.saved['em_bootcmd_old'] == 'bootflow scan' and 'go 80200000' in board.saved['bootcmd']
    assert 'sf read 80200000 800000 1000' in board.saved['em_load'] and done.json['verified']
    flash('boot', path, *board.port)  # once more must not lose what was there first
    assert board.saved['em_bootcmd_old'] == 'bootflow scan'
    flash('boot', '--undo', *board.port)
    assert board.saved['bootcmd'] == 'bootflow scan' and 'em_load' not in board.saved
    assert 'nothing to undo' in flash('boot', '--undo', *board.port, status=7).err


@pytest.mark.parametrize('words, status', [(['--to', 'sf:0x100000'], 7), (['--to', 'sf:0x800010'], 7),
                                           (['--to', 'virtio:0'], 2)])
def test_boot_refuses(flash, uboot, app, words, status):
    board = uboot()
    flash('boot', app(), *words, *board.port, status=status)
    assert board.saved['bootcmd'] == 'bootflow scan' and set(board.nor) == {0xff}


def test_boot_where_nothing_can_be_saved(flash, uboot, app):
    board = uboot()
    board.commands.discard('saveenv')
    assert 'saveenv' in flash('boot', app(), *board.port, status=12).err


def test_info(flash, uboot):
    told = flash('info', *uboot().port).json
    assert 'ymodem' in told['can'] and 'tftp' in told['cannot'] and told['board'] == 'visionfive2'
    assert told['flash'].startswith('SPI NOR gd25lq128, 16777216') and not told['boots_emissary']


def test_what_goes_wrong_between_transfer_and_erase_writes_nothing(flash, uboot, raw):
    board = uboot()
    board.do_cp = lambda *_: 0  # says that it has copied
    err = flash('write', raw(), '--to', 'sf:0', '--yes', '--via', 'xmodem', *board.port, status=6).err
    assert 'nothing was written' in err
    assert set(board.nor) == {0xff}
