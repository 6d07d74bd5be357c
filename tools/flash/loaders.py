# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Bring bytes into the board's RAM, by each of the ways that U-Boot has, and see that they are there."""
import contextlib
import re
import time

from . import srec
from .blocks import Blocks, xmodem, ymodem
from .errors import FlashError, LinkLost, TransferFailed
from .kermit import Kermit

READY = re.compile(rb'## Ready for [^\n]*\n')
SWITCH = re.compile(rb'## Switch baudrate to (\d+) bps and press (ENTER|ESC)[^\n]*\n')
TOTAL = re.compile(rb'## Total Size\s*= 0x([0-9a-f]+)')
START_LIMIT = 10  # seconds: receivers ask every 2 or 3
TRANSFERS = 3     # tries of a whole transfer
COMMANDS = {'ymodem': 'loady', 'xmodem': 'loadx', 'srec': 'loads', 'kermit': 'loadb'}
SREC_PIECE = 512
ESC = b'\x1b'


class Loader:
    """@p options: retries, timeout, transfer_baud, baud (0: as it is), verify."""

    def __init__(self, uboot, progress, via='ymodem', retries=100, transfer_baud=0, baud=115200, verify=True):
        self.uboot, self.console, self.link = uboot, uboot.console, uboot.console.link
        self.progress, self.via, self.retries, self.verify = progress, via, retries, verify
        self.transfer_baud, self.baud = transfer_baud, baud
        self.retried = 0

    def load(self, name, address, data):
        """Bring @p data to @p address. A transfer that went wrong is tried again while the board still answers."""
        self.uboot.need(COMMANDS[self.via], *(['crc32'] if self.verify else []))
        for attempt in range(1, TRANSFERS + 1):
            try:
                with self.progress.task(f'{name} -> 0x{address:x} ({self.via})', len(data)) as update:
                    self._transfer(name, address, data, update)
                if not self.verify or self.uboot.has(address, data):
                    return
                failure = FlashError('mismatch', f'{name} arrived changed', 'its CRC-32 on the board is another, '
                                     f'{attempt} times', 'Try another --via, a lower --baud or another cable')
            except TransferFailed as error:
                failure = error
                self._back_to_prompt(error)
            self.retried += 1
            self.progress.say(f'{failure.what}: {failure.why}: attempt {attempt} of {TRANSFERS}')
        raise failure

    def _back_to_prompt(self, error):
        """After a failed transfer. What failed is what is said, if the board does not come back."""
        self.link.set_baud(self.baud)
        try:
            self.console.connect()
        except LinkLost:
            raise
        except FlashError:
            raise error from None

    def _transfer(self, name, address, data, update):
        faster = f' {self.transfer_baud}' if self.transfer_baud else ''
        self.console.type(f'{COMMANDS[self.via]} {"0" if self.via == "srec" else f"{address:x}"}{faster}')
        if faster:
            self._switch(self.transfer_baud, b'ENTER', b'\r')
        if not self.console.wait_for(READY, self.console.timeout):
            raise TransferFailed(f'U-Boot did not get ready for it; last seen {self.console.tail!r}')
        try:
            getattr(self, f'_send_{self.via}')(name, address, data, update)
            self._end(data, bool(faster))
        except KeyboardInterrupt:
            with contextlib.suppress(FlashError):
                Blocks(self.link).cancel()  # leave the board at its prompt
                self.link.write(b'\x03')
            raise

    def _switch(self, baud, key_name, key):
        found = self.console.wait_for(SWITCH, self.console.timeout)
        if not found or found.group(2) != key_name:
            raise TransferFailed(f'U-Boot did not switch to {baud} baud; last seen {self.console.tail!r}')
        time.sleep(0.1)  # it waits until its last character is out
        self.link.set_baud(baud)
        self.link.write(key)

    def _blocks(self, update):
        return Blocks(self.link, self.retries, max(self.console.timeout, 0.1), update)

    def _send_ymodem(self, name, address, data, update):
        blocks = self._blocks(update)
        try:
            ymodem(blocks, name, data, START_LIMIT if self.console.timeout >= 5 else self.console.timeout * 4)
        finally:
            self.retried += blocks.retried

    def _send_xmodem(self, name, address, data, update):
        blocks = self._blocks(update)
        try:
            xmodem(blocks, data, START_LIMIT if self.console.timeout >= 5 else self.console.timeout * 4)
        finally:
            self.retried += blocks.retried

    def _send_kermit(self, name, address, data, update):
        kermit = Kermit(self.link, self.retries, self.console.timeout, update)
        try:
            kermit.send_file(name, data)
        finally:
            self.retried += kermit.retried

    def _send_srec(self, name, address, data, update):
        """It has no answers. Only what the driver takes limits the speed, and the end says whether all came."""
        text = b''.join(srec.records(address, data, address))
        for at in range(0, len(text), SREC_PIECE):
            self.link.write(text[at:at + SREC_PIECE])
            update(min(len(data), len(data) * (at + SREC_PIECE) // len(text)))

    def _end(self, data, switched):
        """The receiver's words about what it got, then the prompt."""
        limit = self.console.timeout + (len(data) * 3 * 10 / self.baud if self.via == 'srec' else 0)
        if switched:
            self._switch(self.baud, b'ESC', ESC)
        text = self.console.wait_for_prompt(limit)
        if text is None:
            raise TransferFailed(f'U-Boot did not end it; last seen {self.console.tail[-60:]!r}',
                                 'Is the cable in? Reset the board and try again')
        found = TOTAL.search(text.encode())
        if not found and not switched:
            raise TransferFailed(f'U-Boot has not taken the file: {text.strip()[-120:]!r}')
        if found and int(found.group(1), 16) < len(data.rstrip(b'\x1a')) and self.via != 'srec':
            raise TransferFailed(f'U-Boot has got {int(found.group(1), 16)} bytes of {len(data)}')
