# SPDX-License-Identifier: Apache-2.0 OR MIT
"""docs/PORTING.md: its steps make a board that runs."""
import porting
import pytest
from config import TREE


@pytest.fixture(scope='module')
def ported(tmp_path_factory):
    return porting.ported_tree(tmp_path_factory.mktemp('port') / 'tree')


@pytest.mark.parametrize('name', ['01_blink', '03_echo', '05_async_fn'])
def test_an_example_runs_on_the_new_board(dut, ported, name):
    folder = TREE / 'examples' / name
    device = dut([*porting.QEMU, porting.build(ported, folder / 'main.c')])
    typed = folder / 'input.txt'
    device.send(typed.read_bytes() if typed.exists() else b'')
    output = device.rest()
    assert output.decode() == (folder / 'expected.txt').read_text()
    assert device.status() == 0


def test_the_status_of_a_program_is_that_of_qemu(dut, ported):
    device = dut([*porting.QEMU, porting.build(ported, TREE / 'tests/programs/echo.c')])
    device.expect(b'ready\n')
    device.send(b'hello\x04')
    assert device.rest() == b'HELLO\n6 bytes\n'
    assert device.status() == 7


def test_a_new_board_is_small():
    """As docs/PORTING.md says: with a driver for a UART that nobody had one for."""
    files = sorted(porting.PORT.iterdir())
    total = sum(porting.lines(f) for f in files)
    print({f.name: porting.lines(f) for f in files}, total)
    assert total < 180 and porting.lines(porting.PORT / 'console.c') > 100


def test_an_example_is_built_by_hand(dut, tmp_path):
    folder = TREE / 'examples' / '01_blink'
    device = dut([TREE / 'tools' / 'run_qemu', '--mode', 'm', porting.by_hand(tmp_path, folder / 'main.c')])
    assert device.rest().decode() == (folder / 'expected.txt').read_text()
    assert device.status() == 0
