# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`write`, `verify`, `read`, `erase`: the board's flash and cards, or a file that is the image of one."""
import re
from pathlib import Path

from . import checks, image, media, session
from .boards import BOARDS
from .errors import FlashError
from .writer import WINDOW, Writer

FILE_TARGET = re.compile(r'(.*\.img)(?:\+(\w+))?\Z')


def file_target(word):
    """Path and offset, if --to names a file."""
    found = FILE_TARGET.match(word)
    return (Path(found.group(1)), media.number(found.group(2) or '0', '--to')) if found else None


def content(path):
    """What is to be written: a file as it is, but an ELF file as the memory that it makes."""
    return image.load(path)


def plan_write(args):
    found = content(args.file)
    if target := file_target(args.to):
        return [f'write {len(found.data)} bytes to {target[0]} at 0x{target[1]:x}']
    kind, unit, part, offset = media.parse(args.to)
    board = BOARDS.get(args.board or found.board or '')
    if board:
        checks.board_fits(found, board)
    areas = checks.boot_areas_in(board, offset, len(found.data)) if board and kind == 'sf' else []
    if areas:
        may_write_boot_area(args, areas)
    return [f'get to the prompt of U-Boot at {args.port or "the only port"}',
            f'read what {args.to} has, compare it by crc32',
            f'load what differs of {len(found.data)} bytes by {args.via}, verify it in RAM',
            f'write it to {kind} at 0x{offset:x}', f'read it back and verify it: crc32 {found.crc:08x}']


def write(args, progress, result):
    found = content(args.file)
    result.update(found.summary(), to=args.to)
    if target := file_target(args.to):
        return write_file(found, *target, args)
    spec = media.parse(args.to)
    with session.opened(args, progress, result) as s:
        s.connect()
        checks.board_fits(found, s.board)
        medium = media.open_medium(s.uboot, *spec)
        areas = checks.boot_areas_in(s.board, spec[3], len(found.data)) if medium.is_boot_flash else []
        if areas:
            may_write_boot_area(args, areas)
        put(s, medium, found.path.name, spec[3], found.data, progress, result)
    return None


def put(s, medium, name, offset, data, progress, result):
    """Write, and say what was done."""
    writer = Writer(s, medium)
    writer.write(name, offset, data)
    result.update(medium=medium.name, sent=writer.sent, written=writer.written, verified=True)
    progress.say(f'{medium.name}: {writer.written} bytes written, {len(data)} verified' if writer.written
                 else f'{medium.name} has it already: nothing written, {len(data)} bytes verified')


def may_write_boot_area(args, areas):
    if not args.yes:
        raise FlashError('refused', 'this is what the board needs to start', ', '.join(map(str, areas)),
                         'If you mean it: --yes')


def write_file(found, path, offset, args):
    """Into an image file; what else is in it stays."""
    if not path.is_file() and path.exists():
        raise FlashError('refused', f'{path} is no ordinary file', now='Write an image, then copy it by dd or bmaptool')
    try:
        with open(path, 'r+b' if path.exists() else 'w+b') as f:
            f.seek(offset)
            f.write(found.data)
            f.seek(offset)
            if f.read(len(found.data)) != found.data:
                raise FlashError('mismatch', f'{path} does not keep what is written')
    except OSError as e:
        raise FlashError('bad-file', str(path), e.strerror) from e


def plan_other(args):
    media.parse(args.source if args.command == 'read' else args.to)
    return [f'get to the prompt of U-Boot at {args.port or "the only port"}', f'{args.command} '
            f'{args.source if args.command == "read" else args.to}']


def verify(args, progress, result):
    """Compare only. The board reads, and says the CRC-32."""
    found = content(args.file)
    spec = media.parse(args.to)
    with session.opened(args, progress, result) as s:
        s.connect()
        medium = media.open_medium(s.uboot, *spec)
        medium.check_room(spec[3], len(found.data))
        for at in range(0, len(found.data), WINDOW):
            piece = found.data[at:at + WINDOW]
            low, high = medium.bounds(spec[3] + at, len(piece))
            room = s.uboot.scratch(high - low)
            medium.read(room, low, high - low)
            if not s.uboot.has(room + spec[3] + at - low, piece):
                raise FlashError('mismatch', f'{args.to} does not have {found.path.name}',
                                 f'from 0x{spec[3] + at:x} on',
                                 f'`flash.py write --to {args.to} {args.file}` writes what differs')
    result.update(found.summary(), medium=medium.name, verified=True)
    progress.say(f'{medium.name} has {found.path.name}')


def read(args, progress, result):
    """From the medium into a file, through U-Boot's `md`: slow, for small areas."""
    spec = media.parse(args.source)
    out = bytearray()
    with session.opened(args, progress, result) as s:
        s.connect()
        medium = media.open_medium(s.uboot, *spec)
        medium.check_room(spec[3], args.size)
        low, high = medium.bounds(spec[3], args.size)
        room = s.uboot.scratch(high - low)
        medium.read(room, low, high - low)
        begin = room + spec[3] - low
        with progress.task(f'{args.source} -> {args.file}', args.size) as update:
            while len(out) < args.size:
                size = min(1024, args.size - len(out))
                out += dump(s.console, begin + len(out), size)
                update(len(out))
        if not s.uboot.has(begin, bytes(out)):
            raise FlashError('mismatch', 'what was read arrived changed', 'CRC-32', 'Try again')
    Path(args.file).write_bytes(out)
    result.update(medium=medium.name, bytes=args.size, verified=True)


def dump(console, address, size):
    """Bytes of the board's RAM, by its hex dump."""
    text = console.run(f'md.b {address:x} {size:x}').text
    return bytes.fromhex(''.join(re.findall(r'^[0-9a-f]+: ((?:[0-9a-f]{2} ?)+)', text, re.M)))


def erase(args, progress, result):
    kind, unit, part, offset = media.parse(args.to)
    with session.opened(args, progress, result) as s:
        s.connect()
        medium = media.open_medium(s.uboot, kind, unit, part, offset)
        if offset % medium.block or args.size % medium.block:
            raise FlashError('refused', f'0x{offset:x} + 0x{args.size:x}', 'only whole blocks can be erased, of '
                             f'{medium.block} bytes', 'Or other data would go, too')
        medium.check_room(offset, args.size)
        areas = checks.boot_areas_in(s.board, offset, args.size) if medium.is_boot_flash else []
        if areas:
            may_write_boot_area(args, areas)
        medium.erase(offset, args.size)
    result.update(medium=medium.name, bytes=args.size)
