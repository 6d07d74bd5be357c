# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The whole way of an image onto the board, with the real firmware: flash.py, U-Boot, the flash, the card, power-on."""
import builder
import chain
import firmware
import machines
import programs
import pytest
from config import TREE, Config

M, S = Config('visionfive2', 'm'), Config('visionfive2', 's')
LAST_LINE = 'the loser left nothing behind: 5'


@pytest.fixture
def factory(tmp_path):
    """A board as it is sold: U-Boot in its flash."""
    nor, image = tmp_path / 'nor.img', firmware.elf(S, 'programs', 'select_timeout')
    parts = machines.output_of('firmware')
    chain.flash_py('image', '--nor', '--spl', f'{parts}/u-boot-spl.bin.normal.out', '--uboot', f'{parts}/u-boot.itb',
                   '-o', nor, image)
    board = chain.Board(tmp_path, nor, more=chain.QUICK)
    yield board
    board.off()


def test_run_loads_starts_and_uboot_hears_the_status(factory):
    _, _, console = factory.flash('run', firmware.elf(S, 'programs', 'select_timeout'), '--expect',
                                  'Application terminated, rc = 0x0')
    assert LAST_LINE in console and console.count('StarFive # ') > 3  # it is back at its prompt, and sane
    assert console.index(LAST_LINE) < console.index('[em: exit 0]') < console.index('Application terminated')


def test_boot_starts_the_image_at_power_on_and_undo_takes_that_back(factory, dut):
    image = firmware.elf(S, 'programs', 'select_timeout')
    factory.flash('boot', image)
    device = dut([machines.VisionFive2().qemu(), '-machine', f'visionfive2,boot-mode=0,flash={factory.nor}',
                  '-display', 'none', '-monitor', 'none', '-serial', 'stdio', *chain.QUICK], watch=False)
    device.expect(LAST_LINE.encode(), timeout=90)  # from power-on
    device.expect(rb'\[em: exit 0\]')

    factory.flash('boot', '--undo')
    device = dut([machines.VisionFive2().qemu(), '-machine', f'visionfive2,boot-mode=0,flash={factory.nor}',
                  '-display', 'none', '-monitor', 'none', '-serial', 'stdio', *chain.QUICK], watch=False)
    device.expect(b'Hit any key')
    device.expect(b'BOOTP|bootflow|EFI boot|Card did not')
    assert LAST_LINE.encode() not in device.console.before


def test_write_to_the_card_is_verified_and_only_once_written(factory, tmp_path):
    card, data = tmp_path / 'card.img', tmp_path / 'data.bin'
    card.write_bytes(bytes(16 << 20))
    data.write_bytes(bytes(range(256)) * 8)
    factory.card = card
    factory.flash('write', '--to', 'mmc:1+0x100000', data)
    assert card.read_bytes()[0x100000:0x100000 + 2048] == data.read_bytes()


def test_an_image_for_another_board_is_refused_before_anything_is_sent(factory):
    virt = firmware.elf(Config('qemu_virt', 's'), 'programs', 'select_timeout')
    _, said, console = factory.flash('run', virt, '--board', 'visionfive2', status=11)
    assert 'qemu_virt' in said and 'loady' not in console


def put(board, elf):
    """The flat image of @p elf, which is then at 0x900000 of the flash."""
    raw = board.nor.with_name('image.bin')
    chain.flash_py('image', '--bin', '-o', raw, elf)
    image, nor = raw.read_bytes(), bytearray(board.nor.read_bytes())
    nor[0x900000:0x900000 + len(image)] = image
    board.nor.write_bytes(nor)
    return image


def test_from_uboot_it_runs_on_all_four_u74s(factory):
    """U-Boot's hart starts the others by the SBI, which U-Boot has left stopped; and U-Boot goes on afterwards."""
    harts = TREE / 'tests' / 'programs' / 'harts.c'
    image = put(factory, builder.build_program(Config('visionfive2', 's', smp=4), programs.find(str(harts))))
    console = factory.type('sf probe', f'sf read 0x40200000 0x900000 {len(image):#x}', 'go 0x40200000', 'version',
                           until='U-Boot 2025.*StarFive #')
    assert '4 harts, 1000 rounds, token 4000' in console and 'Application terminated, rc = 0x0' in console


def test_booti_starts_it_as_it_does_linux(factory):
    image = put(factory, firmware.elf(S, 'programs', 'select_timeout'))
    assert image[0x30:0x38] == b'RISCV\0\0\0' and image[0x38:0x3c] == b'RSC\x05'
    console = factory.type('sf probe', f'sf read 0x50000000 0x900000 {len(image):#x}',
                           'booti 0x50000000 - ${fdtcontroladdr}', until=r'\[em: exit 0\]')
    assert LAST_LINE in console and 'Application terminated' not in console


def test_an_m_mode_image_comes_up_from_the_flash_by_the_boot_rom(dut, tmp_path):
    """The header and CRC that the ROM checks; five harts enter."""
    spl, nor = tmp_path / 'spl.img', tmp_path / 'nor.img'
    chain.flash_py('image', '--bootrom', '-o', spl, firmware.elf(M, 'programs', 'select_timeout'))
    nor.write_bytes(spl.read_bytes())
    device = dut([machines.VisionFive2().qemu(), '-machine', f'visionfive2,boot-mode=0,ipi-pending=on,flash={nor}',
                  '-display', 'none', '-monitor', 'none', '-serial', 'stdio'])
    device.expect(LAST_LINE.encode(), timeout=90)  # from power-on
    device.expect(rb'\[em: exit 0\]')

    broken = bytearray(spl.read_bytes())
    broken[0x500] ^= 1
    nor.write_bytes(broken)
    device = dut([machines.VisionFive2().qemu(), '-machine', f'visionfive2,boot-mode=0,flash={nor}',
                  '-display', 'none', '-monitor', 'none', '-serial', 'stdio'])
    assert device.rest() == b'' and device.status() == 1
