# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`recover`: a VisionFive 2 whose flash no longer starts, over the BootROM's UART mode.

Mainline: SPL by XMODEM into the LIM, which asks for U-Boot by YMODEM, which writes both to the flash. With --recovery:
StarFive's program by XMODEM, whose menu takes SPL (0) and U-Boot (2), in this order. Its item 4 burns fuses: never.
"""
import re

from . import bootrom, checks, command_write, fdt, fit, image, media, prompts, session, spl
from .blocks import Blocks, xmodem, ymodem
from .boards import BOARDS
from .errors import FlashError, TransferFailed

MENU = re.compile(rb'select the function')
RECEIVING = re.compile(rb'xmodem', re.I)
OUTCOME = re.compile(rb'updata (success|fail)')
SPL_LIMIT, UBOOT_LIMIT = 0xf0000, 0x500000
UBOOT_OFFSET = 0x100000
SPL_ITEM, UBOOT_ITEM, EXIT_ITEM = b'0', b'2', b'5'
MENU_LIMIT = 12  # timeouts: writing to the flash


def plan(args):
    files(args)
    lines = [f'wait for the BootROM at {args.port or "the only port"}']
    if args.recovery:
        return lines + [f'XMODEM {args.recovery}', f'menu 0: XMODEM {args.spl}', f'menu 2: XMODEM {args.uboot}',
                        'menu 5']
    lines += [f'XMODEM {args.spl}', f'YMODEM {args.uboot}', 'get to the prompt of U-Boot']
    writing = f'write {args.uboot} to sf:0x{UBOOT_OFFSET:x}, {args.spl} to sf:0, verify'
    return lines + ([] if args.ram_only else [writing])


def files(args):
    """SPL with its header, and U-Boot. Both are looked at before the board is."""
    first = image.load(args.spl)
    data = first.data if first.kind == 'spl' else spl.wrap(first.data)
    checks.board_fits(first, BOARDS['visionfive2'])
    if first.kind not in ('spl', 'bin') or len(data) > SPL_LIMIT:
        raise FlashError('bad-file', str(args.spl), 'it is no SPL', 'u-boot-spl.bin.normal.out is one')
    uboot = image.read_bytes(args.uboot)
    if not fdt.is_fdt(uboot):
        raise FlashError('bad-file', str(args.uboot), 'it is no FIT image', 'u-boot.itb is one')
    if why := fit.fault(uboot):
        raise FlashError('bad-file', str(args.uboot), why, 'Build or copy it again')
    if len(uboot) > UBOOT_LIMIT:
        raise FlashError('refused', f'{args.uboot} is too large',
                         f'{len(uboot)} bytes, there is room for {UBOOT_LIMIT}')
    return data, uboot


def run(args, progress, result):
    data, uboot = files(args)
    args.board = 'visionfive2'
    with session.opened(args, progress, result) as s:
        for warning in s.warnings:
            progress.say(warning)
        if args.recovery:
            by_menu(s, args, data, uboot, progress, result)
        else:
            by_spl(s, args, data, uboot, progress, result)


def send_to_rom(s, args, name, data, progress, result):
    result['retries'] = bootrom.send(s.link, name, data, progress, args.timeout, args.retries, args.timeout * 12)


def by_spl(s, args, data, uboot, progress, result):
    send_to_rom(s, args, 'SPL', data, progress, result)
    if not s.console.wait_for(prompts.SPL_UART, args.timeout * 4, watch=False):
        raise FlashError('no-answer', 'SPL was sent, but it does not run', f'last seen {s.console.tail!r}',
                         'Power-cycle the board and try again; is it an SPL for this board?')
    blocks = Blocks(s.link, args.retries, args.timeout)
    with progress.task('U-Boot -> SPL (ymodem)', len(uboot)) as update:
        blocks.progress = update
        try:
            ymodem(blocks, 'u-boot.itb', uboot, args.timeout * 4)
        except TransferFailed as error:
            error.now = 'Nothing was written to the flash. Power-cycle the board and run the same command again'
            raise
    s.connect()
    progress.say('U-Boot runs from RAM')
    result.update(ram_only=args.ram_only)
    if args.ram_only:
        return
    medium = media.open_medium(s.uboot, 'sf')
    for name, offset, content in (('U-Boot', UBOOT_OFFSET, uboot), ('SPL', 0, data)):
        command_write.put(s, medium, name, offset, content, progress, result)
    progress.say('recovered: switches back to flash (RGPIO_1 = RGPIO_0 = 0), then power-cycle the board')


def by_menu(s, args, data, uboot, progress, result):
    recovery = image.load(args.recovery)
    if recovery.kind != 'spl':
        raise FlashError('bad-file', str(args.recovery), 'it has no header for the BootROM',
                         "StarFive's jh7110-recovery-*.bin has one")
    send_to_rom(s, args, recovery.path.name, recovery.data, progress, result)
    for item, name, content in ((SPL_ITEM, 'SPL', data), (UBOOT_ITEM, 'U-Boot', uboot)):
        from_menu(s, args, item, name, content, progress)
    if s.console.wait_for(MENU, args.timeout * 4, watch=False):
        s.link.write(EXIT_ITEM + b'\r')
    result['verified'] = False  # its program says `success`, and gives no way to read back
    progress.say('recovered: switches back to flash (RGPIO_1 = RGPIO_0 = 0), then power-cycle the board')


def from_menu(s, args, item, name, content, progress):
    if not s.console.wait_for(MENU, args.timeout * 4, watch=False):
        raise FlashError('no-answer', "the menu of StarFive's recovery program did not come",
                         f'last seen {s.console.tail!r}', 'Power-cycle the board and try again')
    s.link.write(item + b'\r')
    if not s.console.wait_for(RECEIVING, args.timeout * 4, watch=False):
        raise FlashError('no-answer', f'the recovery program does not ask for {name}', f'last seen {s.console.tail!r}')
    try:
        blocks = Blocks(s.link, max(args.retries, 100), args.timeout)
        with progress.task(f'{name} -> recovery program (xmodem)', len(content)) as update:
            blocks.progress = lambda done: update(min(done, len(content)))
            xmodem(blocks, content, args.timeout * 4)
        found = s.console.wait_for(OUTCOME, args.timeout * MENU_LIMIT, watch=False)
        why = 'it does not say so' if not found else None if found.group(1) == b'success' else 'it says `updata fail`'
    except FlashError as error:
        why = str(error)
    if why:
        raise FlashError('half-written', f'{name} may not be in the flash', why,
                         'The BootROM is still there: power-cycle the board and run the same command again')
