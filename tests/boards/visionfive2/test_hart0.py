# SPDX-License-Identifier: Apache-2.0 OR MIT
"""D2, in S-mode: U-Boot's SPL and OpenSBI start a program on the U74s, which starts the S7 with an image of its own."""
import random
import subprocess

import chain
import machines
import pair
import pytest
from config import TREE

MACHINE = 'visionfive2_s'
TOOL = TREE / 'tools' / 'with_hart0'
NOBODY_WAITS = rb'assertion failed, tests/mixed/starts_the_small.c:12\r?\n'


@pytest.fixture(scope='module')
def elves():
    return pair.both(MACHINE)


@pytest.fixture(scope='module')
def parts(elves, tmp_path_factory):
    """SPL and FIT as tools/with_hart0 makes them."""
    folder, given = tmp_path_factory.mktemp('parts'), machines.output_of('firmware')
    subprocess.run([TOOL, elves['big'], '--spl', f'{given}/u-boot-spl.bin.normal.out', '--uboot',
                    f'{given}/u-boot.itb', '-o', folder], check=True)
    return folder


def flash_of(parts, uboot, elf, folder):
    nor = folder / 'nor.img'
    chain.flash_py('image', '--nor', '--spl', parts / 'spl.img', '--uboot', uboot, '-o', nor, elf)
    return nor


def board(nor, *options):
    return [machines.VisionFive2().qemu(), '-machine', ','.join(['visionfive2,boot-mode=0', f'flash={nor}', *options]),
            '-display', 'none', '-monitor', 'none', '-serial', 'stdio']


def test_the_s7s_image_has_nothing_that_its_core_lacks(elves):
    pair.has_nothing_that_its_core_lacks(**elves)


@pytest.mark.parametrize('name', pair.IMAGES[MACHINE])
def test_an_image_keeps_to_its_part_of_the_memory(elves, name):
    pair.keeps_to_its_part(MACHINE, name, elves[name])


@pytest.mark.parametrize('boot', range(3))
def test_the_two_talk(dut, elves, parts, tmp_path, boot):
    """Whichever hart SPL and OpenSBI choose, and whenever hart 0 leaves the boot ROM."""
    nor, order = flash_of(parts, parts / 'image.itb', elves['big'], tmp_path), random.Random(boot).sample('1234', 4)
    device = dut(board(nor, f'order=0x{"".join(order)}', f'ipi-pending={"on" if boot else "off"}', f'seed={boot + 1}'))
    device.expect(b'U-Boot SPL')
    device.expect(pair.SAID.replace(b'\n', b'\r?\n'))
    device.expect(rb'\[em: exit 0\]')


def test_u_boot_does_not_mind_but_hart_0_is_lost(elves, parts, tmp_path):
    """It makes the LIM its cache; a program that it starts is told so."""
    nor = flash_of(parts, f'{machines.output_of("firmware")}/u-boot.itb', elves['big'], tmp_path)
    chain.Board(tmp_path, nor).type('sf probe', 'sf read 0x40200000 0x800000 0x20000', 'go 0x40200000',
                                    until=NOBODY_WAITS.decode())


def test_without_one_that_waits_it_is_said(dut, elves):
    """OpenSBI starts the program, and nobody was there before."""
    device = dut([machines.VisionFive2().qemu(), '-machine', 'visionfive2', '-display', 'none', '-monitor', 'none',
                  '-serial', 'stdio', '-bios', machines.output_of('firmware') + '/fw_dynamic.bin', '-dtb',
                  machines.VisionFive2().whole_tree(), '-kernel', elves['big']], watch=False)
    device.expect(NOBODY_WAITS)


def test_what_is_no_spl_or_is_for_another_mode_is_refused(elves, parts, tmp_path):
    given = machines.output_of('firmware')
    for elf, loader, why in ((elves['big'], f'{given}/u-boot.itb', 'header'),
                             (elves['small'], parts / 'spl.img', 'LIM')):
        done = subprocess.run([TOOL, elf, '--spl', loader, '--uboot', f'{given}/u-boot.itb', '-o', tmp_path / 'no'],
                              capture_output=True, text=True)
        assert done.returncode == 1 and why in done.stderr and not (tmp_path / 'no').exists()
