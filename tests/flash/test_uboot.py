# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Against real U-Boots: each way into RAM, network, disks, flash, card, power-on, cut links."""
import os
import random

import app
import machines
import pytest
from conftest import noise

HELLO = ['--expect', 'hello from the image', '--expect-timeout', '30']


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp('machines')


@pytest.fixture(scope='module')
def virt(folder):
    machine = machines.virt(folder)
    yield machine
    machine.close()


@pytest.fixture(scope='module')
def unleashed(folder):
    machine = machines.unleashed(folder)
    yield machine
    machine.close()


@pytest.fixture
def image(tmp_path):
    def make(board='qemu_virt', size=0):
        path = tmp_path / f'{board}.elf'
        path.write_bytes(app.build(board, size))
        return path
    return make


@pytest.mark.parametrize('via', ['xmodem', 'ymodem', 'srec', 'kermit'])
def test_each_serial_way(flash, virt, image, via):
    for _ in range(3):  # U-Boot asks again for a block when the machine pauses for 2 s, which it does not do each time
        done = flash('run', image(size=1500), '--via', via, *HELLO, *virt.words)
        assert done.json['verified'] and done.json['board'] == 'qemu_virt'
        if done.json['retries'] == 0:
            return
    raise AssertionError('each time something had to be sent again')


def test_a_faster_transfer(flash, virt, image):
    flash('run', image(), '--via', 'xmodem', '--transfer-baud', '230400', *HELLO, *virt.words)


def test_tftp_by_a_server_that_runs(flash, virt, image, folder):
    flash('run', image(size=100000), '--via', 'tftp', '--tftp-dir', folder, *HELLO, *virt.words)


def test_a_fit_a_script_and_arguments(flash, virt, image, tmp_path):
    path = tmp_path / 'x.itb'
    flash('image', '--fit', image(), '-o', path)
    flash('run', path, '--via', 'xmodem', *HELLO, *virt.words)
    (tmp_path / 'words').write_text('echo scri""pt speaks\n')
    flash('image', '--script', tmp_path / 'words', '-o', tmp_path / 'x.scr')
    flash('run', tmp_path / 'x.scr', '--via', 'xmodem', '--expect', 'script speaks', *virt.words)
    flash('run', image(), '--via', 'xmodem', '--expect', 'rc = 0x5', *virt.words, '--args', 'one', 'two')


@pytest.mark.parametrize('target', ['nor:0x22000000', 'virtio:0+0x10010'])
def test_flash_and_disk_of_virt(flash, virt, tmp_path, folder, target):
    path = tmp_path / 'data'
    path.write_bytes(noise(700, 9))
    if target.startswith('nor'):  # or what else is in the sector, zeros, would be programmed for 20 s
        flash('erase', '--to', target, '--size', '0x20000', *virt.words)
    flash('write', path, '--to', target, '--via', 'xmodem', *virt.words)
    if target.startswith('virtio'):
        assert flash('write', path, '--to', target, *virt.words).json['written'] == 0
        with open(folder / 'disk', 'rb') as f:
            assert f.seek(0x10010) and f.read(700) == path.read_bytes()
        flash('read', tmp_path / 'back', '--from', target, '--size', '300', *virt.words)
        assert (tmp_path / 'back').read_bytes() == path.read_bytes()[:300]


def test_refusals_of_the_real_memory(flash, virt, tmp_path):
    path = tmp_path / 'x.bin'
    path.write_bytes(b'x' * 100)
    for address, status in (('0x8007ffff', 7), ('0x8ffffff0', 7), ('0x90000000', 11)):
        flash('run', path, '--addr', address, *virt.words, status=status)
    told = flash('info', *virt.words).json
    assert '0x80000000-0x8007ffff' in told['reserved'] and 'sf' in told['cannot'] and 'tftp' in told['can']


@pytest.mark.parametrize('via', ['xmodem', 'srec', 'kermit'])
def test_a_link_that_is_cut(flash, virt, image, via):
    """The line is closed after so many bytes; U-Boot is left in the middle, and the next try gets it back. Fifty times,
    with the VisionFive 2's: tests/boards/visionfive2/test_cuts.py."""
    chance = random.Random(via)
    from flash import link
    left = [chance.randrange(2500, 9000)]
    read, write = link.Link.read, link.Link.write

    def count(self, data):
        left[0] -= len(data)
        if left[0] < 0:
            raise link.LinkLost('cut')
        return data
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(link.Link, 'read', lambda self, timeout: count(self, read(self, timeout)))
        patch.setattr(link.Link, 'write', lambda self, data: write(self, count(self, data)))
        flash('run', image(size=4000), '--via', via, *virt.words, status=8 if left[0] else None)
    flash('run', image(), '--via', 'xmodem', *HELLO, *virt.words)


def test_a_card_that_starts_by_itself(flash, image, tmp_path):
    """image --sd: U-Boot finds the script on the bootable partition, and the script compares and goes."""
    flash('image', '--sd', image(), '--board', 'qemu_virt', '-o', tmp_path / 'disk')
    machine = machines.virt(tmp_path)
    try:
        flash('monitor', '--until', 'hello from the image', '--until-timeout', '60', *machine.words)
    finally:
        machine.close()


def test_spi_nor_card_and_power_on(flash, unleashed, image, tmp_path, folder):
    """The Unleashed's U-Boot 2025.01: sf, mmc, saveenv; then a reset starts the image by itself, and --undo."""
    path = tmp_path / 'data'
    path.write_bytes(noise(200, 4))
    for target, name, offset in (('sf:0x700100', 'nor', 0x700100), ('mmc:0+0x10010', 'sd', 0x10010)):
        flash('write', path, '--to', target, '--via', 'xmodem', *unleashed.words)
        with open(folder / name, 'rb') as f:
            f.seek(offset)
            assert f.read(200) == path.read_bytes()
    assert 'full' in flash('write', path, '--to', 'sf:0x1ffffff', *unleashed.words, status=7).err
    assert 'full' in flash('write', path, '--to', 'mmc:0+0x4000000', *unleashed.words, status=7).err
    assert 'SPL' in flash('write', path, '--to', 'sf:0', *unleashed.words, status=7).err
    flash('run', image('qemu_virt'), *unleashed.words, status=11)
    flash('boot', image('sifive_unleashed'), '--via', 'xmodem', '--reset', *HELLO, *unleashed.words)
    flash('boot', '--undo', *unleashed.words)
    assert flash('info', *unleashed.words).json['bootcmd'] == 'run distro_bootcmd'


def test_qemu_that_ends_in_mid_transfer(flash, image, tmp_path):
    from flash import blocks
    machine = machines.virt(tmp_path)
    send = blocks.Blocks.send

    def once(self, number, data):
        if number == 2:
            machine.close()
        return send(self, number, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks.Blocks, 'send', once)
        flash('run', image(size=5000), '--via', 'xmodem', *machine.words, status=8)


def test_the_header_is_debians(flash, tmp_path):
    """Our header around Debian's SPL gives Debian's file, byte by byte."""
    from flash import spl
    data = machines.trixie('u-boot-starfive', machines.STARFIVE).read_bytes()
    assert spl.fault(data) is None and spl.wrap(spl.payload(data), pad=1) == data
    told = flash('info', machines.trixie('u-boot-starfive', machines.STARFIVE)).json
    assert told['kind'] == 'spl'
    itb = machines.CACHE / 'usr/lib/u-boot/starfive_visionfive2/u-boot.itb'
    assert flash('info', itb).json['kind'] == 'fit'
    assert flash('recover', '--spl', machines.CACHE / machines.STARFIVE, '--uboot', itb, '-n').json['plan']
    assert os.path.exists(itb)
