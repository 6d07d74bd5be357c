# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The sender's side of XMODEM and YMODEM: numbered blocks, each sent again until the receiver has it.

Own code, because receivers on boards differ from terminals': the BootROM of the JH7110 sends more than the ten NAKs
after which lrzsz gives up, and U-Boot wants YMODEM's ending exactly.
"""
import binascii
import re
import time

from .errors import TransferFailed

SOH, STX, EOT, ACK, NAK, CAN, CRC = b'\x01', b'\x02', b'\x04', b'\x06', b'\x15', b'\x18', b'C'
PAD = b'\x1a'
SILENCES = 4     # times in a row that no answer comes, after which the link counts as dead
END_TRIES = 10
AFTERWARDS = 0.3  # seconds


class Blocks:
    """One transfer. @p progress is told the bytes that are over; retries are counted."""

    def __init__(self, link, retries=100, timeout=5.0, progress=lambda done: None):
        self.link, self.retries, self.progress = link, retries, progress
        self.timeout = timeout
        self.retried = 0
        self.crc = True
        self.said = b''  # what the receiver said that is not of the protocol

    def wait_start(self, timeout):
        """The receiver's first word, which also says how blocks are checked."""
        answer = self._answer({CRC, NAK}, timeout)
        if answer is None:
            raise TransferFailed(f'the receiver did not ask for the file in {timeout:g} s{self._last_words()}')
        self.crc = answer == CRC
        self.link.drain(0.02, 0.2)  # one that waited long has asked more than once

    def send(self, number, data):
        """One block, until it is acknowledged."""
        block = frame(number, data, self.crc)
        silent = 0
        while self.link.read(0):
            pass  # a second answer to the block before must not count for this one
        for attempt in range(self.retries + 1):
            if attempt:
                self.retried += 1
            self.link.write(block)
            answer = self._answer({ACK, NAK} | ({CRC} if number == 0 or attempt else set()), self.timeout)
            if answer == CRC and self._answer({ACK}, AFTERWARDS):
                answer = ACK  # it had asked once more before it had the block
            if answer == ACK:
                return
            silent = silent + 1 if answer is None else 0
            if silent == SILENCES:
                raise TransferFailed(f'block {number}: no answer, {SILENCES} times in a row{self._last_words()}',
                                     'Is the cable in? Reset the board and try again')
            if answer is not None:
                self.link.drain(0.01, 0.1)
        self.cancel()
        raise TransferFailed(f'block {number}: refused {self.retries + 1} times{self._last_words()}',
                             'Try --via xmodem, a lower --baud or another cable')

    def end(self):
        """End of the file. The receiver may refuse it once, to be sure."""
        for _ in range(END_TRIES):
            self.link.write(EOT)
            answer = self._answer({ACK, NAK}, self.timeout)
            if answer == ACK:
                return
        raise TransferFailed(f'the receiver did not confirm the end of the file{self._last_words()}')

    def expect(self, wanted, timeout):
        return self._answer({wanted}, timeout) is not None

    def cancel(self):
        self.link.write(CAN * 8 + b'\b' * 8)

    def _answer(self, wanted, timeout):
        """The next byte of @p wanted; None if none came. Two CANs end the transfer."""
        end = time.monotonic() + timeout
        cancels = 0
        while (left := end - time.monotonic()) > 0:
            data = self.link.read(min(left, 1.0))
            for at, byte in enumerate(data):
                byte = bytes([byte])
                if byte in wanted:
                    self.link.unread(data[at + 1:])
                    return byte
                cancels = cancels + 1 if byte == CAN else 0
                if cancels == 2:
                    raise TransferFailed(f'the board cancelled it{self._last_words()}')
                self.said = (self.said + byte)[-200:]
        return None

    def _last_words(self):
        words = re.sub(rb'[^\x20-\x7e]+', b' ', self.said).decode().strip(' C')
        return f'; it said {words[-80:]!r}' if words else ''


def frame(number, data, crc=True):
    """A block: 1 KiB if it is longer than 128 bytes, filled up."""
    size = 1024 if len(data) > 128 else 128
    data = data.ljust(size, PAD)
    check = binascii.crc_hqx(data, 0).to_bytes(2, 'big') if crc else bytes([sum(data) & 0xff])
    return (STX if size == 1024 else SOH) + bytes([number & 0xff, ~number & 0xff]) + data + check


def send_body(blocks, data, mixed):
    """All of @p data as blocks 1, 2, ...; of one size, or @p mixed: a short rest in short blocks."""
    at, number = 0, 1
    while at < len(data):
        piece = data[at:at + (1024 if (len(data) - at if mixed else len(data)) > 896 else 128)]
        blocks.send(number, piece if mixed or len(data) <= 896 else piece.ljust(1024, PAD))
        at += len(piece)
        number += 1
        blocks.progress(at)
    blocks.end()


def xmodem(blocks, data, start_timeout):
    """A whole file by XMODEM. The receiver does not learn its length. Blocks of one size: not all know others."""
    blocks.wait_start(start_timeout)
    send_body(blocks, data, mixed=False)


def ymodem(blocks, name, data, start_timeout):
    """A whole file by YMODEM, and the word that there is no other."""
    blocks.wait_start(start_timeout)
    blocks.send(0, name.encode('ascii', 'replace') + b'\0' + str(len(data)).encode() + b'\0')
    if not blocks.expect(CRC, start_timeout):
        raise TransferFailed('the receiver took the name of the file, but does not ask for the file')
    send_body(blocks, data, mixed=True)
    blocks.expect(CRC, blocks.timeout)  # some ask for the next file, others have ended
    blocks.send(0, b'')
