# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`run`: load an image into RAM, see that it is there, start it."""
import re
import time
import zlib

from . import bootrom, checks, fdt, gdb, image, monitor, network, session, spl
from .boards import BOARDS
from .errors import FlashError
from .loaders import COMMANDS

STARTED = re.compile(rb'## Starting application at|## Transferring control|## Executing script|'
                     rb'Loading Kernel Image[^\n]*\n|Starting kernel')
CRASH = re.compile(rb'Unhandled exception')


def plan(args):
    """What would be done, in lines. Refuses what can be refused without the board."""
    found = prepared(args)
    board = BOARDS.get(args.board or found.board or '')
    if args.via == 'bootrom':
        return [f'wait for the BootROM at {args.port or "the only port"}', f'send {args.file} by XMODEM '
                f'({len(wrapped(found, board or BOARDS["visionfive2"]))} bytes)', 'it starts at 0x8000000']
    if board:
        check(found, board, args)
    address = args.addr or found.address
    where = '(the load address of the board)' if address is None else f'0x{address:x}'
    lines = [f'get to the prompt of U-Boot at {args.port or "the only port"}',
             f'load {len(found.data)} bytes to {where} by {args.via}']
    lines += [] if args.no_verify else [f'crc32 there: must be {found.crc:08x}']
    return lines + ([] if args.no_start else [start_command(found, address or 0, args)])


def prepared(args):
    found = image.load(args.file)
    if args.addr is not None and found.address is None:
        found.place(args.addr)
    elif args.addr is not None and args.addr != found.address and not args.force:
        raise FlashError('refused', f'{found.path.name} was linked for 0x{found.address:x}',
                         f'--addr says 0x{args.addr:x}', 'Leave --addr out')
    if args.entry is not None:
        found.entry = args.entry
    return found


def run(args, progress, result):
    found = prepared(args)
    result.update(found.summary(), via=args.via)
    if args.via in ('gdb', 'openocd'):
        return gdb.run(args, found, progress, result)
    with session.opened(args, progress, result) as s:
        if args.via == 'bootrom':
            by_bootrom(s, found, args, progress, result)
        else:
            by_uboot(s, found, args, progress, result)
    return None


def wrapped(found, board):
    checks.board_fits(found, board)
    checks.fits_lim(found, board)
    return found.data if found.kind == 'spl' else spl.wrap(found.data)


def by_bootrom(s, found, args, progress, result):
    board = BOARDS[args.board or 'visionfive2']
    result['retries'] = bootrom.send(s.link, found.path.name, wrapped(found, board), progress, args.timeout,
                                     args.retries, args.timeout * 12)
    progress.say('sent; the BootROM starts it')
    after_start(s, args, progress, result)


def check(found, board, args, memory=None):
    """All that can be wrong with it, where U-Boot starts it."""
    if found.kind in ('fit', 'script', 'linux'):
        if found.kind == 'fit':
            check_fit(found, board, memory)
        return
    found.place(args.addr or board.load)
    checks.board_fits(found, board)
    checks.runs_from_uboot(found, board)
    checks.fits_memory(found, board, memory)


def check_fit(found, board, memory):
    """Each part of a FIT goes to an address of its own."""
    for name, part in fdt.parse(found.data).get('images', {}).items():
        if 'load' in part and 'data' in part:
            address = int.from_bytes(part['load'], 'big')
            inner = image.Image(found.path, 'bin', part['data'], address, address, address + len(part['data']))
            checks.fits_memory(inner, board, memory)


def by_uboot(s, found, args, progress, result):
    s.connect()
    memory = s.uboot.memory
    check(found, s.board, args, memory)
    if found.kind in ('fit', 'script', 'linux'):
        found.place(args.addr or s.uboot.scratch(len(found.data)))
    result['address'] = f'0x{found.address:x}'
    if args.skip_same and s.uboot.has(found.address, found.data):
        progress.say(f'{found.path.name} is there already')
        result['sent'] = 0
    else:
        load(s, found, args, progress, result)
    result['verified'] = not args.no_verify
    if not args.no_start:
        start(s, found, args, progress, result)


def load(s, found, args, progress, result):
    if args.via in COMMANDS:
        loader = s.loader()
        loader.load(found.path.name, found.address, found.data)
        result['retries'] = loader.retried
    else:
        network.load(s, args, found, progress)
        if not args.no_verify and not s.uboot.has(found.address, found.data):
            raise FlashError('mismatch', f'{found.path.name} arrived changed',
                             f'its CRC-32 is not {zlib.crc32(found.data):08x}', 'Is it the same file there?')
    result['sent'] = len(found.data)


def has_tree(data):
    """Whether a FIT brings a device tree. Otherwise U-Boot's own is for the image: without one, bootm stops."""
    return any(part.get('type') == fdt.text('flat_dt') for part in fdt.parse(data).get('images', {}).values())


def start_command(found, address, args):
    if found.kind == 'fit':
        return f'bootm {address:x}' + ('' if has_tree(found.data) else ' - ${fdtcontroladdr}')
    if found.kind == 'script':
        return f'source {address:x}'
    if found.kind == 'linux':
        return f'booti {address:x} - ${{fdtcontroladdr}}'
    entry = address if found.entry is None else found.entry
    return ' '.join([f'go {entry:x}', *args.args])


def start(s, found, args, progress, result):
    line = start_command(found, found.address, args)
    s.uboot.need(line.split()[0])
    if found.kind == 'fit':
        s.console.run('setenv autostart yes')  # or bootm only loads a program of its own OS
    s.console.type(line)
    if not s.console.wait_for(STARTED, s.console.timeout):
        raise FlashError('command', f'U-Boot did not start it by `{line}`', repr(s.console.tail[-120:]))
    progress.say(f'started: {line}')
    after_start(s, args, progress, result)


def after_start(s, args, progress, result):
    """What --expect waits for, then the console for --monitor."""
    result['started'] = True
    if args.expect:
        result['expected'] = expect(s.link, args)
    if args.monitor:
        monitor.interact(s.link, args, progress)


def expect(link, args):
    """The text that --expect matched. The console's output goes to stderr as it comes."""
    pattern = re.compile(args.expect.encode())
    seen = b''
    end = time.monotonic() + args.expect_timeout
    while not (found := pattern.search(seen)):
        left = end - time.monotonic()
        if left <= 0 or CRASH.search(seen):
            crashed = CRASH.search(seen)
            why = 'U-Boot reports an exception' if crashed else f'it did not come in {args.expect_timeout:g} s'
            raise FlashError('unconfirmed', f'the image was started, but not seen to run: {args.expect!r}', why,
                             f'Last seen: {seen[-200:]!r}')
        seen = (seen + link.read(min(left, 1.0)))[-65536:]
    link.unread(seen[found.end():])
    return found.group(0).decode('utf-8', 'backslashreplace')
