# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the tool knows of each board: where images may be, what must not be overwritten, how to recover."""
from dataclasses import dataclass, field

MIB = 1 << 20


@dataclass(frozen=True)
class Area:
    """A part of the memory or of the flash."""
    begin: int
    end: int
    name: str

    def overlaps(self, begin, end):
        return begin < self.end and self.begin < end

    def __str__(self):
        return f'{self.name} (0x{self.begin:x}-0x{self.end - 1:x})'


@dataclass(frozen=True)
class Board:
    name: str
    uboot: tuple              # vendor and board in U-Boot's environment
    ram: int                  # where its RAM begins
    firmware: tuple           # of it, what OpenSBI has
    load: int                 # where a raw image goes
    lim: Area = None          # memory for images that the BootROM loads
    boot_areas: tuple = ()    # of the SPI NOR: what the board needs to start
    app_offset: int = 0       # of the SPI NOR: where `boot` puts an image
    mmc: str = '0'            # the number of its SD card in U-Boot
    recovery: str = ''
    modes: tuple = field(default=('s',))


BOARDS = {b.name: b for b in [
    # Ref: docs/boards/qemu_virt.md; the firmware's region as OpenSBI prints it
    Board('qemu_virt', ('emulation', 'qemu-riscv'), 0x80000000,
          (Area(0x80000000, 0x80080000, 'OpenSBI'),), 0x80200000, modes=('m', 's'),
          recovery='Start QEMU again: its flash is as it was.'),
    # Ref: u-boot doc/board/starfive/jh7110_common.rst (flash layout, OpenSBI's domain), docs/boards/visionfive2.md
    Board('visionfive2', ('starfive', 'visionfive2'), 0x40000000,
          (Area(0x40000000, 0x40200000, 'OpenSBI and its reserve'),), 0x80200000,
          lim=Area(0x08000000, 0x081e0000, 'L2 LIM'),
          boot_areas=(Area(0, 0xf0000, 'SPL'), Area(0xf0000, 0x100000, "U-Boot's environment"),
                      Area(0x100000, 0x600000, 'OpenSBI and U-Boot')),
          app_offset=0x800000, mmc='1', modes=('m', 's', 's7'),
          recovery='If it does not start any more: switches to UART (RGPIO_1 = RGPIO_0 = 1), power on, then '
                   '`flash.py recover --spl u-boot-spl.bin.normal.out --uboot u-boot.itb` '
                   '(docs/boards/visionfive2.md).'),
    # QEMU's sifive_u with Debian's U-Boot: no port of the framework, but SPI NOR, an SD card and saveenv to try
    Board('sifive_unleashed', ('sifive', 'unleashed'), 0x80000000,
          (Area(0x80000000, 0x80080000, 'OpenSBI'),), 0x80200000,
          boot_areas=(Area(0, 0x100000, 'SPL'), Area(0x100000, 0x500000, 'OpenSBI and U-Boot')),
          app_offset=0x800000, recovery='If it does not start any more: boot it from an SD card, and write the flash.'),
]}


def of_environment(vendor, board):
    """The board whose U-Boot says this of itself, or None."""
    return next((b for b in BOARDS.values() if b.uboot == (vendor, board)), None)
