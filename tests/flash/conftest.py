# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Fixtures: the tool, run in this process as from the command line, and boards for it."""
import json
import random
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'tools'))

import packages  # noqa: E402

packages.need(['python3-serial', 'python3-pyelftools', 'python3-xmodem', 'mtools', 'gdb-multiarch', 'openocd',
               'gcc-riscv64-unknown-elf', 'qemu-system-misc', 'opensbi', 'u-boot-qemu'])

import elf  # noqa: E402
from fake_rom import FakeRom  # noqa: E402
from fake_uboot import FakeUboot  # noqa: E402
from flash import ports  # noqa: E402
from flash.cli import main  # noqa: E402
from uart import Uart  # noqa: E402


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """One machine at its prompt, which polls, is enough: who asks it is in one process, and begins first."""
    items.sort(key=lambda item: 'virt' not in item.fixturenames)
    for item in items:
        if 'virt' in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group('virt'))


@pytest.fixture
def flash(capsys):
    """flash(words..., status=N): runs the tool, which must end with that status (None: any). Its JSON, what it said."""
    def run(*words, status=0):
        got = main([*map(str, words), '--json', '--no-progress'])
        said = capsys.readouterr()
        assert status in (got, None), f'status {got}: {said.err[-500:]}'
        result = json.loads(said.out.strip().split('\n')[-1])
        assert result['code'] == got
        return SimpleNamespace(**{'err': said.err, 'json': result})
    return run


@pytest.fixture
def started(tmp_path):
    """Starts boards; each is stopped at the end, and must not have failed by itself."""
    boards = []

    def start(kind, **how):
        uart = Uart(tmp_path / f'line{len(boards)}')
        board = kind(uart, **how)
        board.port = ['--port', f'unix:{uart.path}', '--timeout', '20', '--connect-attempts', '1']
        boards.append(board)
        board.start()
        return board

    yield start
    for board in boards:
        board.stop()
        assert board.failure is None


@pytest.fixture
def spoken_first(monkeypatch):
    """spoken_first(board): the tool's clock does not run before the board has said its first words."""
    open_link = ports.open_link

    def wait_for(board):
        def opened(*args):
            link = open_link(*args)
            assert board.uart.spoken.wait(20)
            return link
        monkeypatch.setattr(ports, 'open_link', opened)
        return board
    return wait_for


@pytest.fixture
def uboot(started):
    return lambda **how: started(FakeUboot, **how)


@pytest.fixture
def rom(started):
    return lambda **how: started(FakeRom, **how)


@pytest.fixture
def app(tmp_path):
    """An image for the VisionFive 2, S-mode."""
    def make(name='app.elf', size=3000, address=0x80200000, tag='em_image_for_visionfive2_s', **more):
        path = tmp_path / name
        path.write_bytes(elf.build(address, noise(size), tag, **more))
        return path
    return make


@pytest.fixture
def raw(tmp_path):
    def make(size=3000, name='raw.bin', seed=7):
        path = tmp_path / name
        path.write_bytes(noise(size, seed))
        return path
    return make


def noise(size, seed=7):
    return random.Random(seed).randbytes(size)
