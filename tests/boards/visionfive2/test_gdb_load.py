# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`flash.py run --via gdb`, as over JTAG, at the debug server of the machine: the image runs, on the right hart."""
import chain
import firmware
import pytest
from chain import flash_here
from config import Config

LAST_LINE = 'the loser left nothing behind: 5'


@pytest.mark.parametrize('mode', ['s', 'm'])
def test_an_image_is_loaded_compared_and_started(tmp_path, mode):
    """S-mode: at U-Boot's prompt, on the hart that U-Boot has, not the first. M-mode: from reset, on all."""
    elf, server = firmware.elf(Config('visionfive2', mode), 'programs', 'select_timeout'), tmp_path / 'gdb'
    state = ['-S'] if mode == 'm' else ['-machine', 'start-harts=0x1c']
    with chain.at_cable(tmp_path, chain.sold(tmp_path), server=server, more=state) as b:
        if mode == 's':
            flash_here('info', *b.words)
        done = flash_here('run', elf, '--via', 'gdb', '--remote', server)
        assert done.verified and done.started
        assert LAST_LINE in b.said('[em: exit 0]')
