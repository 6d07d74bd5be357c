# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Where `write` puts things: SPI NOR, SD and eMMC, virtio disks, parallel NOR. Each reads, writes and erases blocks.

Addresses are of the board's RAM, offsets of the medium; both are whole blocks where a medium has some.
"""
import re
import zlib

from .errors import FlashError

SLOWEST = 20 * 1024  # bytes a second: an old SPI NOR that erases before it writes
PIECE = 4096            # of parallel NOR
UNITS = {'Bytes': 1, 'KiB': 1 << 10, 'MiB': 1 << 20, 'GiB': 1 << 30}
TARGET = re.compile(r'(sf|nor|mmc|virtio)(?::([0-9a-fx]+))?(?::(\d+))?(?:\+(\w+))?\Z', re.I)


def number(word, what):
    try:
        return int(word, 0)
    except ValueError:
        raise FlashError('usage', f'{what}: {word!r} is no number', now='Hexadecimal ones begin with 0x') from None


def parse(word):
    """kind, unit, partition, offset of --to: sf[:OFFSET], nor:ADDRESS, mmc:N[:PART][+OFFSET], virtio:N[+OFFSET]."""
    found = TARGET.match(word)
    if not found:
        raise FlashError('usage', f'--to {word}', now='It is sf[:OFFSET], nor:ADDRESS, mmc:N[:PART][+OFFSET], '
                                                      'virtio:N[+OFFSET] or FILE.img[+OFFSET]')
    kind, unit, part, offset = found.groups()
    offset = number(offset or '0', '--to')
    if kind in ('sf', 'nor'):
        if part or (kind == 'nor' and not unit):
            raise FlashError('usage', f'--to {word}')
        return kind, None, None, offset + number(unit or '0', '--to')
    return kind, str(number(unit or '0', '--to')), part, offset


def open_medium(uboot, kind, unit=None, part=None, offset=0):
    """The medium, ready for use, and @p offset as it counts on it."""
    medium = {'sf': SpiNor, 'nor': ParallelNor, 'mmc': Card, 'virtio': Disk}[kind](uboot, unit, part, offset)
    return medium


class Medium:
    name = ''
    block = 512
    size = None   # bytes; None: only trying tells
    base = 0      # of the partition
    is_boot_flash = False

    def __init__(self, uboot):
        self.uboot, self.console = uboot, uboot.console

    def do(self, command, size=0):
        """A command that may take as long as @p size bytes need. Its words."""
        return self.console.run(command, self.console.timeout + size / SLOWEST).text

    def check_room(self, offset, size):
        if self.size is not None and offset + size > self.size:
            raise FlashError('refused', f'{self.name} is full', f'0x{offset:x} + {size} bytes, it has 0x{self.size:x}',
                             'Choose a lower offset, or make the image smaller')

    def bounds(self, offset, size):
        """The whole blocks around it."""
        return offset // self.block * self.block, -(-(offset + size) // self.block) * self.block


class SpiNor(Medium):
    is_boot_flash = True

    def __init__(self, uboot, unit, part, offset):
        super().__init__(uboot)
        uboot.need('sf')
        text = self.do('sf probe')
        found = re.search(r'Detected (\S+) .*erase size (\d+) (\w+), total (\d+) (\w+)', text)
        if not found:
            raise FlashError('command', 'U-Boot finds no SPI NOR', text[-100:])
        chip, erase, unit1, total, unit2 = found.groups()
        self.name = f'SPI NOR {chip}'
        self.block, self.size = int(erase) * UNITS[unit1], int(total) * UNITS[unit2]

    def read(self, address, offset, size):
        self.do(f'sf read {address:x} {offset:x} {size:x}', size)

    def write(self, address, offset, size):
        text = self.do(f'sf update {address:x} {offset:x} {size:x}', size)
        if 'written' not in text:
            raise FlashError('command', '`sf update` does not say that it has written', text[-100:])

    def erase(self, offset, size):
        self.do(f'sf erase {offset:x} +{size:x}', size)


class BlockDevice(Medium):
    """Blocks of 512 bytes. Its size is not known to a block, so that the last one is tried."""
    command = ''

    def __init__(self, uboot, unit, part):
        super().__init__(uboot)
        uboot.need(self.command)
        if self.console.run(f'{self.command} dev {unit}', check=False).status:
            self.do(f'{self.command} dev {unit}')  # cards in SPI mode start up at the second time, if they were in use
        self.name = f'{self.command} {unit}' + (f' partition {part}' if part else '')
        if part:
            uboot.need('part')
            self.do(f'part start {self.command} {unit} {part} emstart; part size {self.command} {unit} {part} emsize')
            self.base, self.size = (int(uboot.env(n), 16) * self.block for n in ('emstart', 'emsize'))

    def check_room(self, offset, size):
        super().check_room(offset, size)
        last = (self.base + offset + size - 1) // self.block
        address = self.uboot.scratch(self.block)
        if self.console.run(f'{self.command} read {address:x} {last:x} 1', check=False).status:
            raise FlashError('refused', f'{self.name} is full', f'it has no block {last}',
                             'Choose a lower offset, or make the image smaller')

    def blocks(self, offset, size):
        return f'{(self.base + offset) // self.block:x} {size // self.block:x}'

    def read(self, address, offset, size):
        self.do(f'{self.command} read {address:x} {self.blocks(offset, size)}', size)

    def write(self, address, offset, size):
        self.do(f'{self.command} write {address:x} {self.blocks(offset, size)}', size)


class Card(BlockDevice):
    command = 'mmc'

    def __init__(self, uboot, unit, part, offset):
        super().__init__(uboot, unit, part)

    def erase(self, offset, size):
        self.do(f'mmc erase {self.blocks(offset, size)}', size)


class Disk(BlockDevice):
    command = 'virtio'

    def __init__(self, uboot, unit, part, offset):
        uboot.need('virtio')
        uboot.console.run('virtio scan', check=False)
        super().__init__(uboot, unit, part)

    def erase(self, offset, size):
        address = self.uboot.scratch(size)
        self.do(f'mw.b {address:x} 0 {size:x}', size)
        self.write(address, offset, size)


class ParallelNor(Medium):
    """CFI flash in the memory map; offsets are addresses."""

    def __init__(self, uboot, unit, part, offset):
        super().__init__(uboot)
        uboot.need('flinfo', 'protect', 'erase', 'cp')
        for size, unit_name, sectors, begin in re.findall(
                r'Size: (\d+) (MB|kB) in (\d+) Sectors.*?Sector Start Addresses:\s+([0-9A-F]+)',
                self.do('flinfo'), re.S):
            size = int(size) << (20 if unit_name == 'MB' else 10)
            if int(begin, 16) <= offset < int(begin, 16) + size:
                self.name, self.size, self.block = 'parallel NOR', int(begin, 16) + size, size // int(sectors)
                return
        raise FlashError('refused', f'U-Boot has no flash at 0x{offset:x}')

    def read(self, address, offset, size):
        self.do(f'cp.b {offset:x} {address:x} {size:x}', size)

    def write(self, address, offset, size):
        """What shall be erased is not programmed as well: that is the slow part."""
        self.erase(offset, size)
        for at in range(0, size, PIECE):
            part = min(PIECE, size - at)
            if self.uboot.crc32(address + at, part) != zlib.crc32(b'\xff' * part):
                self.do(f'cp.b {address + at:x} {offset + at:x} {part:x}', part)

    def erase(self, offset, size):
        last = offset + size - 1
        self.do(f'protect off {offset:x} {last:x}', size)
        self.do(f'erase {offset:x} {last:x}', size)
