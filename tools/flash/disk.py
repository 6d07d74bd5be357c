# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Images of whole media: a bootable SD card (GPT, a FAT partition with a script), and the SPI NOR of a board."""
import os
import struct
import subprocess
import tempfile
import uuid
import zlib
from pathlib import Path

from . import fit
from .errors import FlashError
from .gdb import tool

BLOCK, MIB = 512, 1 << 20
ENTRIES, ENTRY = 128, 128
TYPE_SPL = uuid.UUID('2E54B353-1271-4842-806F-E436D6AF6985')    # what the JH7110's BootROM looks for
TYPE_UBOOT = uuid.UUID('BC13C2FF-59E6-4262-A352-B275FD6F7172')  # what its SPL looks for
TYPE_DATA = uuid.UUID('EBD0A0A2-B9E5-4433-87C0-68B6B72699C7')
BOOTABLE = 1 << 2
NAMES = uuid.UUID('7c3c1b1e-6b43-4e0f-9d6e-0e5a2f6a7110')  # ids are made of names: the same input, the same image
ENV_SIZE = 0x10000
SAME_DATE = {'SOURCE_DATE_EPOCH': '315532800', 'TZ': 'UTC'}  # the first that FAT knows


def partition(kind, first, last, name, flags=0):
    return kind.bytes_le + uuid.uuid5(NAMES, name).bytes_le + struct.pack('<QQQ', first, last, flags) \
        + name.encode('utf-16-le').ljust(72, b'\0')


def gpt(blocks, partitions):
    """Both copies of the table, as (offset, bytes)."""
    table = b''.join(partitions).ljust(ENTRIES * ENTRY, b'\0')
    table_blocks = len(table) // BLOCK

    def header(mine, other, where):
        fields = (b'EFI PART', 0x10000, 92, 0, 0, mine, other, 2 + table_blocks, blocks - 2 - table_blocks,
                  uuid.uuid5(NAMES, 'disk').bytes_le, where, ENTRIES, ENTRY, zlib.crc32(table))
        head = struct.pack('<8sIIIIQQQQ16sQIII', *fields)
        return head[:16] + struct.pack('<I', zlib.crc32(head)) + head[20:]
    protective = bytes(446) + struct.pack('<B3sB3sII', 0, b'\0\2\0', 0xee, b'\xff\xff\xff', 1, blocks - 1)
    protective = protective.ljust(510, b'\0') + b'\x55\xaa'
    return [(0, protective), (BLOCK, header(1, blocks - 1, 2)), (2 * BLOCK, table),
            ((blocks - 1 - table_blocks) * BLOCK, table),
            ((blocks - 1) * BLOCK, header(blocks - 1, 1, blocks - 1 - table_blocks))]


def boot_script(image):
    """Load the image from where the script is, look at it, and go."""
    wanted = int.from_bytes(image.crc.to_bytes(4, 'big'), 'little')
    crc_at = image.address + len(image.data) + 64 & ~63
    return fit.script([
        f'fatload ${{devtype}} ${{devnum}}:${{distro_bootpart}} {image.address:x} app.bin',
        f'crc32 {image.address:x} {len(image.data):x} {crc_at:x}',
        f'if itest.l *{crc_at:x} == {wanted:x}; then go {image.entry:x}; else echo emissary: app.bin is damaged; fi',
    ], stamp=0)


def fat(files, size):
    """A FAT partition with @p files (name -> bytes)."""
    mformat, mcopy = tool('mformat'), tool('mcopy')
    with tempfile.TemporaryDirectory() as place:
        disk = Path(place, 'fat')
        with open(disk, 'wb') as f:
            f.truncate(size)
        run([mformat, '-i', disk, '-v', 'EMISSARY', '-N', '0', '-T', str(size // BLOCK), '::'])
        for name, data in files.items():
            Path(place, name).write_bytes(data)
            run([mcopy, '-i', disk, Path(place, name), f'::{name}'])
        return disk.read_bytes()


def run(words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, env=os.environ | SAME_DATE)
    if done.returncode:
        raise FlashError('environment', f'{Path(words[0]).name} failed', done.stderr.strip()[-200:])


def sd_card(image, first=None, second=None):
    """An SD card: SPL and U-Boot if they are given, and a partition from which U-Boot's scripts start the image."""
    parts, content = [], []
    if first:
        parts.append(partition(TYPE_SPL, 2 * MIB // BLOCK, 4 * MIB // BLOCK - 1, 'spl'))
        content.append((2 * MIB, first))
    if second:
        parts.append(partition(TYPE_UBOOT, 4 * MIB // BLOCK, 8 * MIB // BLOCK - 1, 'uboot'))
        content.append((4 * MIB, second))
    for name, data, room in (('SPL', first, 2 * MIB), ('U-Boot', second, 4 * MIB)):
        if data and len(data) > room:
            raise FlashError('refused', f'{name} is too large for its partition', f'{len(data)} bytes, of {room}')
    begin = 8 * MIB
    size = max(8 * MIB, -(-len(image.data) // MIB) * MIB + 4 * MIB)
    parts.append(partition(TYPE_DATA, begin // BLOCK, (begin + size) // BLOCK - 1, 'emissary', BOOTABLE))
    content.append((begin, fat({'app.bin': image.data, 'boot.scr': boot_script(image)}, size)))
    total = begin + size + MIB
    out = bytearray(total)
    for offset, data in gpt(total // BLOCK, parts) + content:
        out[offset:offset + len(data)] = data
    return bytes(out)


def environment(pairs):
    """U-Boot's environment, whole: what is not in it has no default any more."""
    text = b''.join(f'{pair}\0'.encode() for pair in pairs) + b'\0'
    if len(text) > ENV_SIZE - 4:
        raise FlashError('refused', 'the environment is too large', f'{len(text)} bytes, of {ENV_SIZE - 4}')
    text = text.ljust(ENV_SIZE - 4, b'\0')
    return struct.pack('<I', zlib.crc32(text)) + text


def nor(board, size, parts):
    """The content of the SPI NOR: (offset, bytes) each at its place, the rest erased."""
    out = bytearray(b'\xff' * size)
    end = 0
    for offset, data in sorted(parts):
        if offset < end or offset + len(data) > size:
            raise FlashError('refused', f'0x{offset:x} + {len(data)} bytes',
                             'it overlaps what is before it' if offset < end
                             else f'the flash has 0x{size:x}')
        out[offset:offset + len(data)] = data
        end = offset + len(data)
    return bytes(out)
