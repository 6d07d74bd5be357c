# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The dump of tasks of tests/dump, made by a VisionFive 2, and by GDB on its machine."""
import subprocess
import sys

import debug
import pytest
import runner
import top
from config import TREE, Config

sys.path.insert(0, str(TREE / 'tests' / 'dump'))

import dumps  # noqa: E402


@pytest.mark.parametrize('config', [Config('visionfive2', 'm'), Config('visionfive2', 's')], ids=lambda c: c.key)
def test_the_board_and_gdb_say_what_the_others_say(config, dut):
    elf = dumps.program(config, 'chains')
    device = dut(runner.command(config, elf))
    device.expect(b'end of tasks\r?\n')
    assert dumps.plain(device.log().replace('\r', ''), elf) == dumps.golden('chains')

    with debug.qemu(config, elf, False, stdout=subprocess.DEVNULL) as place:
        for _ in range(50):
            text = top.by_gdb(elf, place)
            if 'uart_read' in text:
                break
    assert dumps.plain(text, skip=['em_monitor']) == dumps.golden('later')
