# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A board whose flash does not start: the model of the boot ROM takes what flash.py sends, and all after it is real.

The model's part is the transfer and the header; what it has received is then started where the ROM starts it, on the
machine: Debian's SPL, which takes Debian's U-Boot by YMODEM, which writes the flash, from which the board then starts.
"""
import contextlib
import select
import socket
import subprocess

import chain
import firmware
import machines
import pytest
from chain import flash_here
from config import Config
from fake_rom import CHATTER, FakeRom
from uart import Uart

M = Config('visionfive2', 'm')
UART, NOR = 3, 0  # the switches
SPL, UBOOT = 0, 0x100000


class Rom(FakeRom):
    """The boot ROM of a machine, whose switches are at UART."""



    def __init__(self, folder):
        super().__init__(Uart(folder / 'port'))
        self.folder = folder
        self.machine = None

    def life(self):
        while self.payload is None:
            self.uart.put(CHATTER)
            self._ask()
        self.start_payload()

    def start_payload(self):
        file = self.folder / 'received'
        file.write_bytes(self.payload)
        self.machine = chain.Board(self.folder, self.folder / 'nor.img', switches=UART, bios=file, more=chain.QUICK)
        self.machine.on()
        with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(ConnectionError):
            line.connect(str(self.machine.line))
            self.pass_on(line)  # who goes first, the machine or the tool, may leave something unread

    def pass_on(self, line):
        """The machine's line is ours, until the tool goes."""
        ends = {self.uart.line: line, line: self.uart.line}
        while not self.uart.stopped:
            for end in select.select(list(ends), [], [], 0.2)[0]:
                data = end.recv(65536)
                if not data:
                    return
                ends[end].sendall(data)

    def stop(self):
        super().stop()
        if self.machine:
            self.machine.off()


@pytest.fixture
def rom(tmp_path):
    model = Rom(tmp_path)
    model.words = ['--port', f'unix:{model.uart.path}', '--timeout', '10']
    model.start()
    yield model
    model.stop()
    assert model.failure is None


def test_a_board_that_does_not_start_is_recovered(rom, tmp_path):
    """Its SPL and its U-Boot are damaged, each in one place: only there something is written."""
    files = chain.uboot_files()
    nor = chain.sold(tmp_path)
    whole = nor.read_bytes()
    broken = bytearray(whole)
    broken[SPL + 0x2000] ^= 1
    broken[UBOOT + 0x23456] ^= 1
    nor.write_bytes(broken)
    dead = subprocess.run([machines.VisionFive2().qemu(), '-machine', f'visionfive2,boot-mode=0,flash={nor}',
                           '-display', 'none', '-serial', 'none', '-monitor', 'none'], stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, timeout=60)
    assert dead.returncode == 1 and 'valid SPL header' in dead.stderr

    done = flash_here('recover', *files, *rom.words)
    assert rom.payload == whole[0x400:0x400 + len(rom.payload)] and not rom.refusals
    assert done.verified and done.prompt == 'StarFive # ' and 'switches back' in done.err
    console = rom.machine.said('StarFive # ')
    assert 'Trying to boot from UART' in console and console.count('U-Boot 2025') == 1
    rom.machine.off()
    assert nor.read_bytes() == whole

    again = tmp_path / 'again'
    again.mkdir()
    with chain.at_cable(again, nor) as board:
        assert flash_here('info', *board.words).prompt == 'StarFive # '
        assert 'Trying to boot from SPI' in board.said('StarFive # ')


def test_our_own_image_by_the_boot_rom(rom, tmp_path):
    """What the ROM has received runs in the LIM."""
    rom.folder.joinpath('nor.img').write_bytes(b'\xff' * 4096)
    flash_here('run', firmware.elf(M, 'programs', 'select_timeout'), '--via', 'bootrom', '--expect',
               r'the loser left nothing behind: 5[\s\S]*em: exit 0\]', '--expect-timeout', '30', *rom.words)
