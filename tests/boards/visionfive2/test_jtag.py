# SPDX-License-Identifier: Apache-2.0 OR MIT
"""GDB over JTAG: OpenOCD with the board's configuration, on a model of the chain, with a machine's memory."""
import subprocess
import threading

import debug
import dumps
import jtag_model
import pytest
import top
from config import TREE, Config

CONFIG = Config('visionfive2', 'm')
BOARD = TREE / 'tools' / 'openocd' / 'visionfive2.cfg'
NO_PORTS = 'gdb_port disabled; telnet_port disabled; tcl_port disabled'


@pytest.fixture(scope='module')
def memory(tmp_path_factory):
    """That of a machine on which the program waits for a key."""
    elf, image = dumps.program(CONFIG, 'chains'), tmp_path_factory.mktemp('memory') / 'image'
    with debug.qemu(CONFIG, elf, False, stdout=subprocess.DEVNULL) as place:
        for _ in range(50):
            if 'uart_read' in top.by_gdb(elf, place):
                break
        subprocess.run(['gdb-multiarch', '-nx', '-batch', *debug.commands([
            f'target remote {place}', f'dump binary memory {image} &__executable_start &_end', 'detach']), elf],
            stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return elf, jtag_model.Memory({0x08000000: image.read_bytes()})


@pytest.fixture
def adapter(tmp_path, memory):
    """OpenOCD's file of an adapter that is on the model."""
    _, ram = memory
    chain = jtag_model.Chain(jtag_model.DebugModule(ram, [0x08000000] * 5))
    with jtag_model.listen(tmp_path / 'line') as listener:
        threading.Thread(target=jtag_model.serve, args=(listener, chain), daemon=True).start()
        config = tmp_path / 'model.cfg'
        config.write_text('adapter driver remote_bitbang\nremote_bitbang port 0\n'
                          f'remote_bitbang host {tmp_path}/line\n')
        yield config


def test_the_configuration_finds_both_taps_and_four_harts(adapter):
    done = subprocess.run(['openocd', '-f', adapter, '-f', BOARD, '-c', f'{NO_PORTS}; init; targets; shutdown'],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count('tap/device found: 0x07110cfd') == 2 and 'Error' not in done.stderr
    assert [f' hart {n}: XLEN=64' in done.stderr for n in range(5)] == [False, True, True, True, True]


def em_debug(adapter, elf, *commands):
    words = ['--board', 'visionfive2', '--openocd', '--interface', adapter, elf, '--', '-batch']
    return subprocess.run([TREE / 'tools' / 'em', 'debug', *words, *debug.commands(commands)], timeout=120, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_gdb_lists_the_tasks_over_jtag(adapter, memory):
    done = em_debug(adapter, memory[0], 'info threads', 'em tasks', 'em waiters door')
    assert done.returncode == 0, done.stdout
    assert done.stdout.count('Thread ') >= 4, done.stdout
    assert dumps.plain(done.stdout, skip=['em_monitor']) == dumps.golden('later')
    assert 'waiters: locker[1]\n' in done.stdout


def test_a_chain_that_is_dead_is_said_to_be(tmp_path, memory):
    dead = tmp_path / 'dead.cfg'
    dead.write_text('adapter driver dummy\n')
    done = em_debug(dead, memory[0], 'em tasks')
    assert done.returncode != 0 and 'em: OpenOCD: e24.cpu: IR capture error; saw 0x1f not 0x01' in done.stdout
    assert 'docs/boards/visionfive2.md' in done.stdout
