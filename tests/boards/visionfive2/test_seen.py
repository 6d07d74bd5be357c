# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What tests/dump and tests/trace look into, made by a VisionFive 2, and by GDB on its machine."""
import subprocess
import sys

import debug
import pytest
import runner
from config import TREE, Config

sys.path[:0] = [str(TREE / 'tests' / folder) for folder in ('dump', 'trace')]

import dumps  # noqa: E402
import traces  # noqa: E402


@pytest.mark.parametrize('config', [Config('visionfive2', 'm'), Config('visionfive2', 's')], ids=lambda c: c.key)
def test_the_board_and_gdb_say_what_the_others_say(config, dut):
    elf = dumps.program(config, 'chains')
    device = dut(runner.command(config, elf))
    device.expect(b'end of tasks\r?\n')
    assert dumps.plain(device.log().replace('\r', ''), elf) == dumps.golden('chains')

    with debug.qemu(config, elf, False, stdout=subprocess.DEVNULL) as place:
        text = dumps.seen_by_gdb(elf, place)
    assert dumps.plain(text, skip=['em_monitor']) == dumps.golden('later')


@pytest.mark.parametrize('mode', ['m', 's'])
def test_traces_are_those_of_the_other_boards(mode, tmp_path):
    config = Config('visionfive2', mode, trace=True)
    for name in traces.PROGRAMS[::2]:
        assert traces.plain(config, name, tmp_path / name) == traces.golden(name), name
