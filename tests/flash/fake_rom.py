# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The JH7110's BootROM in its UART mode, and what it starts: SPL which asks for U-Boot, or StarFive's recovery program.

By jh7110.md's sources: the header's fields are checked, then the CRC; after a CRC error only a power-cycle helps.
Ref: u-boot doc/board/starfive/jh7110_common.rst, starfive-tech/Tools issue 3 (NAKs, retries).
"""
import struct
import threading
import zlib

import receivers
from fake_uboot import FakeUboot
from uart import Board

LIMIT = 226832
CHATTER = '(C)StarFive\r\n'
CTRL_C = b'\x03'


class FakeRom(Board):
    def __init__(self, uart, naks=0, crc_errors=0, deaf=False, spl_text='Trying to boot from UART\r\n',
                 menu_word='success',
                 boots_flash=False):
        super().__init__(uart)
        self.naks, self.crc_errors, self.deaf, self.spl_text = naks, crc_errors, deaf, spl_text
        self.menu_word = menu_word
        self.boots_flash = boots_flash
        self.payload = None
        self.menu_took = []
        self.menu_left = threading.Event()
        self.uboot = FakeUboot(uart)
        self.given = None   # U-Boot's image, as SPL got it
        self.refusals = []  # what the ROM did not like

    def life(self):
        if self.boots_flash:
            self.uboot.life()
        while self.payload is None:
            self.uart.put(CHATTER + 'C' * self.deaf)
            self._ask()
        self.uart.put('\r\n')
        if b'JH7110 secondboot' in self.payload:
            self._menu()
        elif self.spl_text:
            self.uart.put('\r\nU-Boot SPL 2025.01-3 (Jun 24 2026)\r\nDDR version: dc2e84f0.\r\n' + self.spl_text)
            self.given = receivers.ymodem(self.uart)
            self.uboot.life()
        else:
            self.uart.put('hello from the LIM\r\n')
        while True:
            self.uart.getc()

    def _ask(self):
        if self.deaf:
            while self.uart.getc(0.2) is not None or b'\x01' in self.uart.heard:
                pass
            return
        if self.naks:
            self._refuse_blocks()
        data = receivers.xmodem(self.uart)
        if data is None:
            return
        if self.crc_errors or not self._sound(data):
            self.crc_errors = max(0, self.crc_errors - 1)
            self.uart.put('CRC Error, Try again\r\n')
            return
        self.payload = data[0x400:0x400 + struct.unpack_from('<I', data, 0x288)[0]]

    def _refuse_blocks(self):
        """It says `C`, and then NAK to the first block, more often than lrzsz would stand."""
        kind = None
        while kind is None:
            self.uart.put('C')
            kind = self.uart.getc(0.1)
        while True:
            for _ in range((1024 if kind[0] == receivers.STX else 128) + 4):
                self.uart.getc()
            self.uart.put(receivers.NAK)
            self.naks -= 1
            if not self.naks:
                return
            kind = self.uart.getc()

    def _sound(self, data):
        inner, _ = struct.unpack_from('<II', data)
        size, head, crc = struct.unpack_from('<III', data, 0x288)
        for wrong, why in ((inner != 0x240, 'offset'), (head != 0x400, 'header size'), (size + head > LIMIT, 'size'),
                           (size + head > len(data), 'truncated'),
                           (zlib.crc32(data[head:head + size]) != crc, 'crc')):
            if wrong:
                self.refusals.append(why)
                return False
        return True

    def _menu(self):
        while True:
            self.uart.put('\r\nJH7110 secondboot version: 221205\r\n0: update spl\r\n2: update uboot\r\n'
                          '4: otp\r\n5: exit\r\n'
                          'NOTE: current xmodem receive buff = 0x40000000\r\nselect the function to test: ')
            choice = self.uart.getc()
            self.uart.put(choice)
            if choice == b'5':
                self.menu_took.append(('5', None))
                self.menu_left.set()
                return
            if choice not in (b'0', b'2'):
                continue
            self.uart.put('\r\nsend file by xmodem\r\n')
            data = receivers.xmodem(self.uart)
            self.menu_took.append((choice.decode(), data))
            self.uart.put(f'updata {self.menu_word}\r\n')
