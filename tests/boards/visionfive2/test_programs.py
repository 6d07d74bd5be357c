# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The acceptance programs and the examples on the VisionFive 2's machine, in the LIM and under OpenSBI."""
import firmware
import objects
import program
import pytest
from config import Config

MODES = [Config('visionfive2', 'm'), Config('visionfive2', 's')]
PROGRAMS = {p.stem: program.read(p) for p in firmware.programs()}
CASES = [pytest.param(config, name, id=f'{name}-{config.mode}')
         for config in MODES for name, promise in PROGRAMS.items()
         if name != 'harts' and config.mode in promise.boards.get(config.board, ())]


def without_led(lines):
    """The board has a real LED, where others print lines of it."""
    return [line for line in lines if not str(line).startswith(('LED0', "('LED0"))]


@pytest.mark.parametrize('config, name', CASES)
def test_program_keeps_its_promise(dut, config, name):
    promise = PROGRAMS[name]
    how = firmware.command if promise.typed else firmware.steady_command
    device = dut(how(config, 'programs', name))
    device.send(promise.typed)
    output = device.rest()
    assert program.difference(without_led(promise.on(1)), output) is None
    assert device.status() == promise.status


@pytest.mark.parametrize('config', MODES, ids=lambda c: c.mode)
@pytest.mark.parametrize('folder', [f for f in firmware.examples('visionfive2')], ids=lambda f: f.name)
def test_example_prints_what_it_says(dut, config, folder):
    typed = folder / 'input.txt'
    how = firmware.command if typed.exists() else firmware.steady_command
    device = dut(how(config, 'examples', folder.name))
    device.send(typed.read_bytes() if typed.exists() else b'')
    expected = without_led((folder / 'expected.txt').read_text().splitlines())
    assert device.rest().decode().splitlines() == expected
    assert device.status() == 0


@pytest.mark.parametrize('config', MODES, ids=lambda c: c.mode)
def test_nothing_is_counted_from_gp_before_it_is_set(config):
    """At U-Boot's `go` gp is U-Boot's."""
    assert objects.relaxed_before_gp(firmware.tree(config) / 'hal' / 'libem_hal.a') == []


def test_every_byte_comes_back(dut):
    data = bytes(b if b != 4 else 5 for b in range(256)) * 40
    device = dut(firmware.command(MODES[0], 'programs', 'echo'), watch=False)
    device.send(data + b'\x04')
    output = device.rest(timeout=60)
    upper = bytes(b - 32 if 97 <= b <= 122 else b for b in data)
    assert output == b'ready\n' + upper + b'\n%d bytes\n' % (len(data) + 1)
    assert device.status() == 7
