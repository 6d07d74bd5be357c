# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Both kinds of cores: programs on the four U74s, on the S7, and an image on each, talking."""
import os
import random
import re

import builder
import chain
import machines
import pair
import program
import programs
import pytest
import runner
from config import TREE, Config

MACHINE = 'visionfive2'
QUIET = ['-display', 'none', '-monitor', 'none']
HARTS = TREE / 'tests' / 'programs' / 'harts.c'
SMALL_PROGRAMS = ['channel', 'select_timeout']
BOOTS = int(os.environ.get('EM_BOOTS', '3'))  # as in tests/harts
BIG_AT = 0x10000  # behind the beginning of the small one's image, in a file of both


@pytest.fixture(scope='module')
def elves():
    return pair.both(MACHINE)


def qemu(*options, more=()):
    return [machines.VisionFive2().qemu(), '-machine', ','.join([MACHINE, *options]), *QUIET, *more]


def shuffled(boot, mode):
    """How the harts come this time: one after the other in M-mode, the first of them in S-mode."""
    chance = random.Random(boot)
    others = ''.join(chance.sample('1234', 4))
    pending = chance.choice(['on', 'off'])
    return f'order=0x{others},ipi-pending={pending}' if mode == 'm' else f'boot-hart={others[0]}'


@pytest.mark.parametrize('mode', ['m', 's'])
@pytest.mark.parametrize('boot', range(BOOTS))
def test_four_u74s_run_whatever_their_order(dut, boot, mode):
    """D1: each with an executor and a ticker of its own."""
    config = Config(MACHINE, mode, smp=4)
    words = runner.command(config, builder.build_program(config, programs.find(str(HARTS))))
    device = dut([words[0], '--qemu-arg=-machine', f'--qemu-arg={shuffled(boot, mode)}', *words[1:]])
    assert program.difference(program.read(HARTS).on(4), device.rest()) is None
    assert device.status() == 0


def test_a_stack_that_overflows_is_noticed_where_the_pmp_is_coarse(dut):
    """On another hart than the first: its guard is the page below its stack."""
    config = Config(MACHINE, 'm', smp=4)
    elf = builder.build_program(config, programs.find(str(TREE / 'tests' / 'harts' / 'overflow.c')))
    device = dut(runner.command(config, elf), watch=False)
    device.expect(rb'panic: store access fault: stack overflow\r?\n.*\r?\n  hart 1 ')
    device.rest()
    assert device.status() == 134


def test_the_s7s_image_has_nothing_that_its_core_lacks(elves):
    """D3: the strict machine traps on LR and SC there; what is not executed is looked at here."""
    pair.has_nothing_that_its_core_lacks(**elves)


@pytest.mark.parametrize('name', pair.IMAGES[MACHINE])
def test_an_image_keeps_to_its_part_of_the_memory(elves, name):
    pair.keeps_to_its_part(MACHINE, name, elves[name])


@pytest.mark.parametrize('pending', ['off', 'on'])
@pytest.mark.parametrize('name', SMALL_PROGRAMS)
def test_a_program_runs_on_the_s7_alone(dut, tmp_path, name, pending):
    """Its console is UART1. The U74s wait, also with an interrupt pending from the boot ROM: where they would go is
    nothing, which traps."""
    source = TREE / 'tests' / 'programs' / f'{name}.c'
    elf, log = pair.build(MACHINE, 'small', [source]), tmp_path / 'traps'
    device = dut(qemu('bios-addr=0x08000000', f'ipi-pending={pending}',
                      more=['-bios', elf, '-serial', 'null', '-serial', 'stdio', '-d', 'int', '-D', log]))
    device.expect(rb'\[em: exit (\d+)\]\r?\n')
    promise = program.read(source)
    assert int(device.console.match[1]) == promise.status
    assert program.difference(promise.on(1), device.console.before) is None
    assert 'illegal' not in log.read_text()


def test_lr_is_seen_by_the_gate_and_traps_on_the_s7(dut):
    elf = pair.build(MACHINE, 'small', [pair.HERE / 'reserved.c'])
    assert len(pair.objects.reserved_access(elf)) == 2
    device = dut(qemu('bios-addr=0x08000000', more=['-bios', elf, '-serial', 'null', '-serial', 'stdio']), watch=False)
    device.expect(rb'illegal instruction')


@pytest.mark.parametrize('boot', range(3))
def test_the_two_talk(dut, elves, boot):
    """D2: loaded together, by addresses."""
    device = dut(qemu('bios-addr=0x08000000', f'ipi-pending={"on" if boot else "off"}',
                      more=['-bios', elves['small'], '-device', f'loader,file={elves["big"]}', '-serial', 'stdio']))
    device.expect(re.escape(pair.SAID))
    device.expect(rb'\[em: exit 0\]')


def flat(elf, path):
    pair.run('riscv64-unknown-elf-objcopy', '-O', 'binary', elf, path)
    return path.read_bytes()


def test_both_come_up_from_the_flash_as_one_file(dut, elves, tmp_path):
    """As on the board (docs/boards/visionfive2.md): one flat file with the boot ROM's header, in the flash."""
    image, nor = tmp_path / 'both.bin', tmp_path / 'nor.img'
    small, big = (flat(elves[name], tmp_path / name) for name in ('small', 'big'))
    image.write_bytes(small.ljust(BIG_AT, b'\0') + big)
    chain.flash_py('image', '--bootrom', '-o', nor, image)
    device = dut(qemu('boot-mode=0', 'ipi-pending=on', f'flash={nor}', more=['-serial', 'stdio']))
    device.expect(re.escape(pair.SAID))
    device.expect(rb'\[em: exit 0\]')


def test_flash_py_takes_the_small_image_alone_and_refuses_the_big_one(elves, tmp_path):
    chain.flash_py('image', '--bootrom', '-o', tmp_path / 'x', elves['small'])
    chain.flash_py('image', '--bootrom', '-o', tmp_path / 'x', elves['big'], status=11)
