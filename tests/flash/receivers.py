# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The receivers' side of the transfers, for boards that are not there. XMODEM is python3-xmodem's."""
import io
import logging

from xmodem import XMODEM

logging.getLogger('xmodem').setLevel(logging.CRITICAL)  # faults are what the tests are about
SOH, STX, EOT, ACK, NAK, CAN, CTRL_C = 1, 2, 4, b'\x06', b'\x15', 0x18, 3
PATIENCE = 0.15  # seconds: what takes a board 2
TRIES = 200
BETWEEN = 20  # seconds, between blocks: the library gives up at the first silence there


class Aborted(Exception):
    pass


def crc16(data):
    """Bit by bit, not as the sender does it."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xffff
    return crc


def xmodem(uart):
    """A file as the library receives it, filled up to whole blocks; None if it gave up."""
    out = io.BytesIO()
    last, answered = [b''], [False]

    def putc(data, timeout=1):
        answered[0] = data in (ACK, NAK)
        uart.put(data)
        return len(data)

    def getc(size, timeout=1):
        data = b''
        while len(data) < size:
            byte = uart.getc(BETWEEN if answered[0] and not (uart.drop or uart.flip) else PATIENCE)
            if byte is None:
                return data or None
            answered[0] = False
            if size == 1 and byte[0] == CTRL_C and last[0] not in (bytes([SOH]), bytes([STX])):
                raise Aborted  # and no block's number
            last[0] = byte
            data += byte
        return data

    modem = XMODEM(getc, putc)
    got = modem.recv(out, retry=TRIES, timeout=PATIENCE, delay=0, quiet=True)
    return None if got is None else out.getvalue()


def header(uart, ask):
    """The kind of the next block: what asks for it is said until something comes."""
    cancels = 0
    for _ in range(TRIES):
        uart.put(ask)
        byte = uart.getc(PATIENCE)
        while byte is not None and byte[0] not in (SOH, STX, EOT, CTRL_C):
            cancels = cancels + 1 if byte[0] == CAN else 0
            if cancels == 2:
                raise Aborted
            byte = uart.getc(PATIENCE)
        if byte is not None and byte[0] == CTRL_C:
            raise Aborted
        if byte is not None:
            return byte[0]
    raise Aborted


def block(uart, kind):
    """Number and data, or None if they are wrong."""
    size = 1024 if kind == STX else 128
    raw = b''
    while len(raw) < size + 4:
        byte = uart.getc(PATIENCE)
        if byte is None:
            return None
        raw += byte
    if raw[0] ^ raw[1] != 0xff or crc16(raw[2:-2]) != int.from_bytes(raw[-2:], 'big'):
        return None
    return raw[0], raw[2:-2]


def ymodem(uart):
    """A file of the length that its first block says."""
    size, out, number, ask = None, b'', 0, b'C'
    while True:
        kind = header(uart, ask)
        if kind == EOT:
            break
        got = block(uart, kind)
        ask = NAK
        if got is None:
            while uart.getc(0.02) is not None:
                pass
            continue
        if got[0] == (number - 1) & 0xff and number:
            uart.put(ACK)  # its acknowledgement was lost
        elif got[0] != number & 0xff:
            raise Aborted
        else:
            number += 1
            if size is None:
                name, _, rest = got[1].partition(b'\0')
                size = int(rest.split(b'\0')[0].split()[0])
                uart.put(ACK)
                ask = b'C'
                continue
            out += got[1]
        ask = ACK if got else NAK
    uart.put(ACK)
    for _ in range(20):  # the word that there is no other file
        kind = header(uart, b'C')
        if kind == EOT:
            uart.put(ACK)
        elif block(uart, kind) is not None:
            uart.put(ACK)
            break
    return out[:size]


def srec(uart, memory):
    """S-records into @p memory. How many bytes."""
    total, line = 0, b''
    while True:
        byte = uart.getc()
        if byte[0] == CTRL_C:
            raise Aborted
        if byte not in b'\r\n':
            line += byte
            continue
        if not line:
            continue
        try:
            body = bytes.fromhex(line[2:].decode())
        except ValueError as e:
            raise Aborted from e
        if sum(body) & 0xff != 0xff or len(body) != body[0] + 1:
            raise Aborted
        if line[:2] == b'S3':
            memory.write(int.from_bytes(body[1:5], 'big'), body[5:-1])
            total += len(body) - 6
        if line[:2] == b'S7':
            return total
        line = b''


def kermit(uart):
    """The file of a Kermit sender that quotes control characters by # and nothing else."""
    out, expected = b'', 0
    while True:
        byte = uart.getc()
        if byte[0] == CTRL_C:
            raise Aborted
        if byte[0] != 1:
            continue
        length = uart.getc(PATIENCE)
        if length is None:
            continue
        body = length
        for _ in range(length[0] - 32):
            body += uart.getc(PATIENCE) or b''
        total = sum(body[:-1])
        if len(body) != length[0] - 31 or (total + (total >> 6 & 3) & 63) + 32 != body[-1]:
            reply(uart, expected, b'N')
            continue
        number, kind, data = body[1] - 32, body[2:3], body[3:-1]
        reply(uart, number, b'Y')
        if number != expected % 64:
            continue
        expected += 1
        if kind == b'D':
            out += unquoted(data)
        if kind == b'B':
            return out


def reply(uart, number, kind):
    body = bytes([35, number % 64 + 32]) + kind
    total = sum(body)
    uart.put(b'\x01' + body + bytes([(total + (total >> 6 & 3) & 63) + 32]) + b'\r')


def unquoted(data):
    out, at = bytearray(), 0
    while at < len(data):
        if data[at] == ord('#'):
            at += 1
            out.append(data[at] if data[at] & 0x7f == ord('#') else data[at] ^ 64)
        else:
            out.append(data[at])
        at += 1
    return bytes(out)
