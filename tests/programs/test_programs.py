# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The acceptance programs and the examples: each mode, compiler and optimisation of a board with each other."""
import random

import firmware
import program
import pytest
from config import TREE

PROGRAMS = {p.stem: program.read(p) for p in firmware.programs()}
CASES = [pytest.param(config, name, id=f'{name}-{config.key}')
         for config in firmware.CONFIGS for name, promise in PROGRAMS.items() if config.board in promise.boards]
EXAMPLES = [pytest.param(config, folder, id=f'{folder.name}-{config.key}')
            for config in firmware.PAIRS for folder in firmware.examples(config.board)]


@pytest.mark.parametrize('config, name', CASES)
def test_program_keeps_its_promise(dut, config, name):
    promise = PROGRAMS[name]
    how = firmware.command if promise.typed else firmware.steady_command
    device = dut(how(config, 'programs', name))
    device.send(promise.typed)
    output = device.rest()
    assert program.difference(promise.on(1), output) is None
    assert device.status() == promise.status


@pytest.mark.parametrize('config, folder', EXAMPLES)
def test_example_prints_what_it_says(dut, config, folder):
    typed = folder / 'input.txt'
    how = firmware.command if typed.exists() else firmware.steady_command
    device = dut(how(config, 'examples', folder.name))
    device.send(typed.read_bytes() if typed.exists() else b'')
    output = device.rest()
    assert output.decode() == (folder / 'expected.txt').read_text()
    assert device.status() == 0


@pytest.mark.parametrize('config', [c for c in firmware.PAIRS if c.opt == 'O2'], ids=lambda c: c.key)
def test_a_mebibyte_at_full_speed_comes_back_complete_and_in_order(dut, config):
    data = random.Random(4).randbytes(1 << 20).replace(b'\x04', b'\x05')
    device = dut(firmware.command(config, 'programs', 'echo'), watch=False)
    device.send(data + b'\x04')
    output = device.rest(timeout=280)  # some seconds, minutes where others want the cores
    upper = bytes(b - 32 if 97 <= b <= 122 else b for b in data)
    assert output == b'ready\n' + upper + b'\n%d bytes\n' % (len(data) + 1)
    assert device.status() == 7


@pytest.mark.parametrize('config', [c for c in firmware.PAIRS if c.opt == 'O2'], ids=lambda c: c.key)
def test_a_conversation_on_the_console(dut, config):
    device = dut(firmware.command(config, 'programs', 'echo'))
    device.expect(b'^ready\n')
    for word in (b'first', b'second', b'x' * 300):
        device.send(word)
        device.expect(b'^' + word.upper())
    device.send(b'\x04')
    device.expect(b'^\n%d bytes\n' % (5 + 6 + 300 + 1))
    assert device.rest() == b''
    assert device.status() == 7


def test_the_copies_are_those_of_the_users():
    theirs = TREE.parent / 'shared' / 'programs'
    if theirs.is_dir():  # beside a checkout of the users who wrote them; else the copies are all there is
        originals = {p.name: p.read_bytes() for p in theirs.glob('*.c')}
        assert {p.name: p.read_bytes() for p in firmware.programs()} == originals


def test_the_reader_of_promises_sees_differences():
    expect = (('a',), ('b', 'c'), ('d',))
    assert program.difference(expect, b'a\nc\nb\nd\n') is None
    assert 'line 1' in program.difference(expect, b'x\nc\nb\nd\n')
    assert 'line 2' in program.difference(expect, b'a\nc\nc\nd\n')
    assert 'line 4' in program.difference(expect, b'a\nc\nb\n')
    assert 'more' in program.difference(expect, b'a\nc\nb\nd\ne\n')
    assert 'line end' in program.difference(expect, b'a\nc\nb\nd')
    assert PROGRAMS['echo'].typed == b'hello, embassy\x04' and PROGRAMS['echo'].status == 7
    preempt = PROGRAMS['preempt'].expect
    assert preempt[4] == ('level 3 ticks: 19', 'level 3 ticks: 20')
    assert program.difference(preempt[4:], b'level 3 ticks: 19\nbusy ends\n') is None
    assert program.difference(preempt[4:], b'level 3 ticks: 20\nbusy ends\n') is None
    assert 'line 1' in program.difference(preempt[4:], b'level 3 ticks: 21\nbusy ends\n')
    assert PROGRAMS['harts'].boards == {'qemu_virt': ('m', 's'), 'visionfive2': ('s',)}
    assert PROGRAMS['harts'].harts == (1, 2, 4, 8)
    assert PROGRAMS['harts'].on(4) == (('4 harts, 1000 rounds, token 4000',), ('every hart ticked',))
    assert PROGRAMS['pool'].expect[1] == tuple(f'worker {n} done' for n in range(4))
    assert PROGRAMS['blink'].boards == {'qemu_virt': ('m', 's'), 'visionfive2': ('m', 's'), 'host': ('host',)}
