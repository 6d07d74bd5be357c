# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The header that the JH7110's BootROM wants before what it loads into the L2 LIM.

1024 bytes, little-endian: u-boot/tools/sfspl.c, starfive-tech/Tools spl_tool.c; the same bytes as Debian's
u-boot-spl.bin.normal.out.
"""
import struct
import zlib

HEADER = 0x400
INNER = 0x240
BACKUP = 0x200000
VERSION = 0x01010101
LIM = 0x08000000
LIMIT = 180048  # of the payload: spl_tool's own limit; the ROM's is not known, and is at least 225808
PAD = 64        # a cache line: no fetch ahead may touch LIM that nothing has written (its ECC is random)


def wrap(payload, backup=BACKUP, pad=PAD):
    """Header and payload. The payload is filled up to whole cache lines."""
    payload = payload + bytes(-len(payload) % pad)
    head = bytearray(HEADER)
    struct.pack_into('<II', head, 0, INNER, backup)
    struct.pack_into('<IIII', head, 0x284, VERSION, len(payload), HEADER, zlib.crc32(payload))
    return bytes(head) + payload


def is_wrapped(data):
    """Whether it begins as a header does. Whether it is a sound one, fault() says."""
    return len(data) >= HEADER and struct.unpack_from('<I', data)[0] == INNER \
        and struct.unpack_from('<I', data, 0x28c)[0] == HEADER


def payload(data):
    size = struct.unpack_from('<I', data, 0x288)[0]
    return data[HEADER:HEADER + size]


def fault(data):
    """What is wrong with header or payload, or None."""
    size, _, crc = struct.unpack_from('<III', data, 0x288)
    if size > len(data) - HEADER:
        return f'its header says {size} bytes, {len(data) - HEADER} are there: it is truncated'
    if zlib.crc32(payload(data)) != crc:
        return f'its CRC is {zlib.crc32(payload(data)):08x}, its header says {crc:08x}'
    return None
