# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`image`: make of an ELF file, or a raw image, what boards and their tools want. No board is needed."""
import os
from pathlib import Path

from . import checks, disk, fit, image, spl, srec
from .boards import BOARDS
from .errors import FlashError

NOR_SIZE = 16 << 20
FORMATS = {'bootrom': '.spl', 'bin': '.bin', 'srec': '.srec', 'fit': '.itb', 'script': '.scr', 'sd': '.sd.img',
           'nor': '.nor.img'}


def plan(args):
    return [f'make {output_of(args)} of {args.file}']


def output_of(args):
    return Path(args.output) if args.output else Path(args.file).with_suffix(FORMATS[args.format])


def run(args, progress, result):
    found = image.load(args.file)
    board = BOARDS[args.board or found.board or 'visionfive2']
    checks.board_fits(found, board)
    data = globals()[f'make_{args.format}'](found, board, args)
    out = output_of(args)
    if out.exists() and out.samefile(args.file):
        raise FlashError('usage', f'{out} is the input', now='Name another file by --output')
    fresh = out.with_name(f'.{out.name}.{os.getpid()}')
    try:
        fresh.write_bytes(data)
        os.replace(fresh, out)
    except OSError as e:
        raise FlashError('bad-file', str(out), e.strerror) from e
    result.update(file=str(out), bytes=len(data), format=args.format, board=board.name)
    progress.say(f'{out}: {len(data)} bytes')


def make_bootrom(found, board, args):
    checks.fits_lim(found, board)
    return found.data if found.kind == 'spl' else spl.wrap(found.data)


def make_bin(found, board, args):
    return found.data


def placed(found, board, args):
    found.place(args.addr or board.load)
    checks.fits_memory(found, board)
    return found


def make_srec(found, board, args):
    found.place(args.addr or board.load)
    return b''.join(srec.records(found.address, found.data, found.entry))


def make_fit(found, board, args):
    checks.runs_from_uboot(placed(found, board, args), board)
    return fit.build(found.data, found.address, found.entry, found.path.name, stamp=0)


def make_script(found, board, args):
    """The file holds commands of U-Boot, one a line."""
    return fit.script(found.data.decode().splitlines(), found.path.name, stamp=0)


def other_file(path):
    return image.read_bytes(path) if path else None


def make_sd(found, board, args):
    checks.runs_from_uboot(placed(found, board, args), board)
    return disk.sd_card(found, other_file(args.spl), other_file(args.uboot))


def make_nor(found, board, args):
    """SPL, U-Boot, the environment and the image, each where the board has it. An SPL image is itself the first."""
    parts = []
    if args.spl:
        parts.append((0, other_file(args.spl)))
    if args.uboot:
        parts.append((0x100000, other_file(args.uboot)))
    if args.env:
        parts.append((0xf0000, disk.environment(args.env)))
    if found.kind == 'spl' or (found.address is not None and board.lim and found.address == board.lim.begin):
        parts.append((0, make_bootrom(found, board, args)))
    else:
        parts.append((board.app_offset, found.data))
    return disk.nor(board, NOR_SIZE, parts)
