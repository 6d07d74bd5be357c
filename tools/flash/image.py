# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What is in a file that shall be loaded: where it goes, where it starts, for which board it was linked."""
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from . import fdt, fit, spl
from .errors import FlashError

# A symbol that the board's linker script makes: em_image_for_BOARD_MODE. It takes no room in the image.
TAG = re.compile(r'em_image_for_(\w+)_(m|s|s7)\Z')
GAP_LIMIT = 1 << 20  # between two segments: more is no image for a raw load
RISCV, ELF64 = 243, 2
LINUX_MAGIC = (b'RISCV\0\0\0', b'RSC\x05')
KINDS = ('elf', 'bin', 'spl', 'fit', 'script', 'linux')


@dataclass
class Image:
    path: Path
    kind: str            # one of KINDS
    data: bytes          # from .address on
    address: int = None  # None: wherever there is room
    entry: int = None
    end: int = None      # of the memory that it uses once it runs (.bss, too)
    board: str = None    # None: the file does not say
    mode: str = None

    @property
    def crc(self):
        return zlib.crc32(self.data)

    def place(self, address):
        """Put it at @p address, if the file does not say where it belongs."""
        if self.address is None:
            self.address, self.end = address, address + len(self.data)
        if self.entry is None:
            self.entry = self.address
        return self

    def summary(self):
        return {'file': str(self.path), 'kind': self.kind, 'bytes': len(self.data), 'crc32': f'{self.crc:08x}',
                'address': None if self.address is None else f'0x{self.address:x}',
                'entry': None if self.entry is None else f'0x{self.entry:x}', 'board': self.board, 'mode': self.mode}


def bad(path, why, now=''):
    return FlashError('bad-file', str(path), why, now)


def read_bytes(path):
    try:
        data = Path(path).read_bytes()
    except OSError as e:
        raise bad(path, e.strerror) from e
    if not data:
        raise bad(path, 'the file is empty')
    return data


def load(path):
    """Read a file of any kind that the tool knows. What is none of them is a raw image."""
    path = Path(path)
    data = read_bytes(path)
    if data[:4] == b'\x7fELF':
        return load_elf(path, data)
    if path.suffix == '.elf':
        raise bad(path, 'it is no ELF file')
    for is_it, fault, kind in ((spl.is_wrapped, spl.fault, 'spl'), (fdt.is_fdt, fit.fault, 'fit'),
                               (fit.is_legacy, fit.legacy_fault, 'script')):
        if is_it(data):
            if why := fault(data):
                raise bad(path, why, 'Build or copy it again')
            entry = spl.LIM if kind == 'spl' else None
            return Image(path, kind, data, entry=entry)
    if data[48:56] == LINUX_MAGIC[0] and data[56:60] == LINUX_MAGIC[1]:
        return Image(path, 'linux', data)
    return Image(path, 'bin', data)


def load_elf(path, data):
    """Its loadable segments as one piece of memory. Not by the sections: those may be stripped."""
    if len(data) < 64:
        raise bad(path, 'an ELF file that ends in its header: it is truncated')
    if data[4] != ELF64 or struct.unpack_from('<H', data, 18)[0] != RISCV:
        raise FlashError('wrong-board', str(path), 'it is not for a 64-bit RISC-V')
    entry, headers = struct.unpack_from('<QQ', data, 24)
    size, count = struct.unpack_from('<HH', data, 54)
    if headers + size * count > len(data):
        raise bad(path, 'its program headers are beyond its end: it is truncated', 'Build or copy it again')
    pieces, end = [], 0
    for at in range(headers, headers + size * count, size):
        kind, _, offset, _, address, stored, used, _ = struct.unpack_from('<IIQQQQQQ', data, at)
        if kind != 1 or not used:
            continue
        if offset + stored > len(data):
            raise bad(path, f'a segment ends at byte {offset + stored}, the file at {len(data)}: it is truncated',
                      'Build or copy it again')
        end = max(end, address + used)
        if stored:
            pieces.append((address, data[offset:offset + stored]))
    if not pieces:
        raise bad(path, 'an ELF file with nothing to load')
    address, flat = flattened(path, sorted(pieces))
    board, mode = tag_of(path)
    return Image(path, 'elf', flat, address, entry, end, board, mode)


def flattened(path, pieces):
    begin = pieces[0][0]
    out = bytearray()
    for address, data in pieces:
        gap = address - begin - len(out)
        if gap < 0 or gap > GAP_LIMIT:
            raise bad(path, f'segments at 0x{begin:x} and 0x{address:x}', 'Link it as one piece')
        out += bytes(gap) + data
    return begin, bytes(out)


def tag_of(path):
    """Board and mode, by the symbol that the linker script left."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile
    try:
        with open(path, 'rb') as f:
            table = ELFFile(f).get_section_by_name('.symtab')
            for symbol in table.iter_symbols() if table else ():
                if found := TAG.match(symbol.name):
                    return found.groups()
    except (ELFError, OSError) as e:
        raise bad(path, f'its symbols cannot be read ({e}): it is truncated', 'Build or copy it again') from e
    return None, None
