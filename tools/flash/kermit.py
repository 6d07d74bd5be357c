# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The sender's side of the Kermit protocol, as small as U-Boot's `loadb` needs it: 8-bit clean, short packets.

A packet: MARK, length, sequence, type, data, check; each of them but the first made printable by adding 32. The
receiver answers each by Y (go on) or N (again).
"""
import time

from .errors import TransferFailed

MARK = 0x01
QUOTE = ord('#')
DATA_LIMIT = 80  # of the 94 characters that a short packet can have
SILENCES = 4
#        MAXL  TIME  NPAD PADC  EOL        QCTL QBIN CHKT REPT
INIT = [94 + 32, 5 + 32, 32, 64, 13 + 32, QUOTE, ord('N'), ord('1'), ord(' ')]


def check(body):
    """The one-character checksum."""
    total = sum(body)
    return ((total + ((total >> 6) & 3)) & 63) + 32


def packet(number, kind, data=b''):
    body = bytes([len(data) + 3 + 32, number % 64 + 32, ord(kind)]) + data
    return bytes([MARK]) + body + bytes([check(body)]) + b'\r'


def encoded(byte):
    """A byte as it goes over the line: control characters are quoted."""
    low = byte & 0x7f
    if low < 32 or low == 127:
        return bytes([QUOTE, byte ^ 64])
    return bytes([QUOTE, byte]) if low == QUOTE else bytes([byte])


def pieces(data):
    """@p data as contents of packets, each with how far it reaches."""
    text = b''
    for at, byte in enumerate(data):
        more = encoded(byte)
        if len(text) + len(more) > DATA_LIMIT:
            yield text, at
            text = b''
        text += more
    if text:
        yield text, len(data)


class Kermit:
    def __init__(self, link, retries=100, timeout=5.0, progress=lambda done: None):
        self.link, self.retries, self.timeout, self.progress = link, retries, timeout, progress
        self.retried = 0
        self.number = 0
        self.buffer = b''

    def send_file(self, name, data):
        self._exchange('S', bytes(INIT))
        self._exchange('F', name.encode('ascii', 'replace')[:DATA_LIMIT])
        for text, done in pieces(data):
            self._exchange('D', text)
            self.progress(done)
        self._exchange('Z')
        self._exchange('B')
        self.link.unread(self.buffer)  # what the board says after it

    def _exchange(self, kind, data=b''):
        """Send a packet until the receiver says that it has it."""
        block = packet(self.number, kind, data)
        silent = 0
        for attempt in range(self.retries + 1):
            if attempt:
                self.retried += 1
            self.link.write(block)
            answer = self._answer()
            if answer == 'Y':
                self.number += 1
                return
            if answer == 'E':
                raise TransferFailed('the board cancelled it')
            silent = silent + 1 if answer is None else 0
            if silent == SILENCES:
                raise TransferFailed(f'packet {self.number} ({kind}): no answer, {SILENCES} times in a row',
                                     'Is the cable in? Reset the board and try again')
        raise TransferFailed(f'packet {self.number} ({kind}): refused {self.retries + 1} times')

    def _answer(self):
        """The kind of the receiver's answer to the packet that is out; None if there is none, or none that is whole."""
        end = time.monotonic() + self.timeout
        while (left := end - time.monotonic()) > 0:
            self.buffer += self.link.read(min(left, 1.0))
            while (whole := self._take()) is not None:
                number, kind = whole
                if kind == 'E' or number == self.number % 64:
                    return kind
        return None

    def _take(self):
        """The next whole packet in what has come: number and kind."""
        while True:
            at = self.buffer.find(bytes([MARK]))
            self.buffer = self.buffer[at:] if at >= 0 else b''
            if len(self.buffer) < 2:
                return None
            length = self.buffer[1] - 32
            if not 3 <= length <= 94:
                self.buffer = self.buffer[1:]
                continue
            if len(self.buffer) < length + 2:
                return None
            body, self.buffer = self.buffer[1:length + 2], self.buffer[length + 2:]
            if check(body[:-1]) == body[-1]:
                return body[1] - 32, chr(body[2])
