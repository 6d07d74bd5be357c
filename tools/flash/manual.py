# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What --help says."""
from .errors import KINDS

TOP = '''\
Load, write, start and recover boards, over U-Boot, the JH7110's BootROM, or JTAG.

The tool finds the port, stops the autoboot, sends the file, compares its CRC-32 on the board, and only then
starts or writes it. It says `done` when the board has confirmed it, not when nothing has complained. It works
from power-off (it waits), from the countdown, from the prompt, and after a transfer that was broken off.'''

ENDING = '''\
statuses:
''' + '\n'.join(f'  {code:>3}  {name:<13} {text}' for name, (code, text) in KINDS.items()) + '''

environment:
  every option may be given as EMISSARY_NAME: --port as EMISSARY_PORT, --port-filter as EMISSARY_PORT_FILTER (words),
  --json as EMISSARY_JSON=1. The command line wins. NO_COLOR is honoured.

examples:
  flash.py run build/blink.elf --monitor            load by YMODEM, start, and show the console
  flash.py boot build/blink.elf                     start it at each power-on, from the SPI NOR
  flash.py boot --undo                              not any more
  flash.py recover --spl u-boot-spl.bin.normal.out --uboot u-boot.itb
                                                    a VisionFive 2 that does not start any more
  flash.py COMMAND --help                           about one of them; docs/boards/visionfive2.md: about the board'''

SHORT = {
    'run': 'load into RAM, verify, start',
    'write': 'put on the flash or a card, verified, only what differs',
    'verify': 'compare a file with the flash or a card',
    'read': 'from the flash or a card into a file',
    'erase': 'erase blocks',
    'boot': 'make it start at power-on; --undo',
    'recover': 'a board whose flash does not start: over the BootROM',
    'image': 'make SPL images, FIT, S-records, SD cards, flash images',
    'monitor': 'the console; Ctrl-] leaves',
    'openocd': 'load over JTAG',
    'info': 'about the board, or about a file',
    'ports': 'serial ports that are there',
    'doctor': 'what on this machine is in the way',
}

LONG = {
    'run': '''\
Load FILE into the board's RAM, compare its CRC-32 there, and start it.

An ELF file says where it belongs, where it starts, and (a symbol of its linker script) for which board it was
made; a raw image goes to --addr, by default to the board's load address. A FIT is started by bootm, a script by
source, a Linux Image by booti, all others by go, with --args as argc and argv.

ways (--via):
  ymodem    U-Boot's loady (the default): blocks with CRC-16, sent again until they are right
  xmodem    loadx: faster for small images, else the same
  kermit    loadb: short packets, slow, for the worst links
  srec      loads: no answers at all; the CRC-32 afterwards says whether it arrived
  tftp      over Ethernet; --ip, --server-ip, --tftp-dir
  fat       the file is on a card already: --from mmc:1:1; its CRC-32 is compared with FILE
  bootrom   JH7110, switches to UART: an M-mode image (or one with the SPL header) into the L2 LIM, by XMODEM
  gdb       a gdbserver: QEMU -gdb, OpenOCD, a probe; --remote
  openocd   JTAG, as the command openocd

Refused: images for another board (11), images that overlap OpenSBI or U-Boot or are too large (7), truncated
files (10).''',
    'write': '''\
Put FILE on a medium, through U-Boot: --to sf[:OFFSET] (SPI NOR), nor:ADDRESS (CFI flash),
mmc:N[:PART][+OFFSET] (SD, eMMC), virtio:N[+OFFSET]; or into FILE.img[+OFFSET] on this machine. Of an ELF file,
the memory that it makes is written.

What the medium has is compared first, by CRC-32, in pieces of 64 KiB; only what differs is sent. All of it is
in the board's RAM, and is right there, before anything is erased; afterwards it is read back and compared
again.

What the board needs to start (the first 6 MiB of a VisionFive 2's SPI NOR) is written only with --yes. If that
breaks off, the status is 14 and the message says how to go on: the board must not be powered off, U-Boot still
runs from RAM.''',
    'verify': '''\
Compare FILE with what a medium has (--to, as of write). Status 6 if it is not the same. Nothing is written.''',
    'read': '''\
Read --size bytes of a medium into FILE, by U-Boot's hex dump, compared by CRC-32 at the end. About 3 KiB/s at
115200.''',
    'erase': '''\
Erase whole blocks. The boot area only with --yes.''',
    'boot': '''\
Write FILE to the SPI NOR (or with --to mmc:N+OFFSET to a card) as `write` does, and make U-Boot start it at
power-on.

bootcmd then reads the image, compares its CRC-32, and goes; if it is damaged, the old bootcmd runs. The old one
is kept in the variable em_bootcmd_old, and --undo brings it back. The autoboot can be stopped by a key as ever.
With --reset and --expect RE the board is reset, and the image must come up by itself.''',
    'recover': '''\
A VisionFive 2 whose flash does not start any more. Switches to UART (RGPIO_1 = RGPIO_0 = 1), power on.

The BootROM takes SPL by XMODEM into the L2 LIM; SPL takes U-Boot by YMODEM; U-Boot writes both to the SPI NOR,
U-Boot first, reads them back and compares them. With --ram-only nothing is written: a board for one session.
Then switches back.

With --recovery StarFive's program is sent instead, and its menu used: 0 (SPL), 2 (U-Boot), 5. It cannot be
verified.

Both files are looked at before anything is sent. If the BootROM says `CRC Error`, power-cycle the board: it
does not recover by itself. PL2303 adapters are known to fail, FT232 ones to work; hardware flow control is off.''',
    'image': '''\
Make another file of FILE; no board is needed. The same input gives the same bytes.''',
    'monitor': '''\
The board's console. Every key goes to the board but Ctrl-], which leaves. Without a terminal, stdin is typed,
and its end leaves, unless --until or --until-timeout is given.''',
    'openocd': '''\
Load an ELF file over JTAG: halt, load_image, verify_image, resume. Needs the adapter's file (--interface),
and on a VisionFive 2 that U-Boot's SPL has run, which makes the header's pins those of JTAG.''',
    'info': '''\
What U-Boot says of the board: version, RAM, which ways of this tool work, flash, bootcmd. With FILE: what is
in the file.''',
    'ports': '''\
The serial ports that are there: device, vid:pid, serial number, name.''',
    'doctor': '''\
Look for what is in the way on this machine: permissions, programs that hold a port, adapters known to fail.''',
}

EXAMPLES = {
    'run': '''\
examples:
  flash.py run blink.elf -p /dev/ttyUSB0 --monitor
  flash.py run blink.elf -p unix:/tmp/$USER.serial --expect ready
  flash.py run blink.elf --via tftp --ip 192.168.1.50
  flash.py run blink_m.elf --via bootrom --expect ready''',
    'write': '''\
examples:
  flash.py write app.bin --to sf:0x800000
  flash.py write u-boot.itb --to sf:0x100000 --yes
  flash.py write card.img --to mmc:1''',
    'image': '''\
examples:
  flash.py image blink_m.elf --bootrom -o blink.spl
  flash.py image blink.elf --sd --board visionfive2 -o card.img''',
    'openocd': '''\
example:
  flash.py openocd blink.elf --interface interface/ftdi/minimodule.cfg --target u74.h1''',
}

FORMATS = {
    'bootrom': "with the header of the JH7110's BootROM (M-mode, L2 LIM)",
    'bin': 'a raw image',
    'srec': 'S-records',
    'fit': 'a FIT for bootm, with a CRC-32',
    'script': 'FILE holds commands of U-Boot: a script for `source`',
    'sd': 'an SD card: GPT, FAT with app.bin and boot.scr, with --spl and --uboot bootable by itself',
    'nor': 'a 16 MiB SPI NOR: --spl, --uboot, --env, and FILE where `boot` puts it',
}
