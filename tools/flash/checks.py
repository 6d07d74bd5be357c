# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What is refused before anything is sent: images of another board, too large ones, ones in the way of others."""
from . import spl
from .boards import BOARDS
from .errors import FlashError


def hexa(number):
    return f'0x{number:x}'


def board_fits(image, board):
    """The file says for which board it is, and that is this one."""
    if image.board and image.board != board.name:
        raise FlashError('wrong-board', f'{image.path.name} was linked for {image.board}', f'this is {board.name}',
                         f'Build it with --board {board.name}')
    if image.board is None and image.kind == 'elf':
        for other in BOARDS.values():
            if other.lim and other is not board and other.lim.overlaps(image.address, image.end):
                raise FlashError('wrong-board', f'{image.path.name} was linked for the LIM of {other.name}',
                                 f'this is {board.name}')


def runs_from_uboot(image, board):
    """U-Boot runs in S-mode, and so does what it starts."""
    if image.kind == 'spl' or (board.lim and image.address is not None
                               and board.lim.overlaps(image.address, image.end)):
        raise FlashError('refused', f'{image.path.name} is an image for the BootROM, not for U-Boot',
                         'it belongs into the LIM, which U-Boot has made its cache', 'Use `run --via bootrom`')
    if image.mode in ('m', 's7'):
        raise FlashError('refused', f'{image.path.name} runs in M-mode, U-Boot starts images in S-mode',
                         now='Build it with --mode s, or use --via bootrom, gdb or openocd')


def fits_memory(image, board, memory=None):
    """Where it goes there is RAM, and nothing that is needed. @p memory: what U-Boot says of its own."""
    begin, end = image.address, image.end
    for area in board.firmware:
        if area.overlaps(begin, end):
            raise FlashError('refused', f'{image.path.name} at {hexa(begin)} overlaps {area}',
                             now=f'Link it at {hexa(board.load)}')
    if begin < board.ram:
        raise FlashError('wrong-board', f'{image.path.name} was linked for {hexa(begin)}',
                         f'the RAM of {board.name} begins at {hexa(board.ram)}', f'Build it with --board {board.name}')
    if memory is None:
        return
    if not any(bank.begin <= begin < bank.end for bank in memory.banks):
        raise FlashError('wrong-board', f'{image.path.name} was linked for {hexa(begin)}',
                         'the board has no RAM there: ' + ', '.join(map(str, memory.banks)))
    limit = memory.free_end(begin)
    if end > limit:
        raise FlashError('refused', f'{image.path.name} is too large',
                         f'it needs {hexa(begin)}-{hexa(end)}, U-Boot begins at {hexa(limit)}',
                         'Make it smaller, or link it lower')
    for area in memory.reserved:
        if area.overlaps(begin, end):
            raise FlashError('refused', f'{image.path.name} at {hexa(begin)} overlaps {area}',
                             now=f'Link it at {hexa(board.load)}')


def fits_lim(image, board):
    """For the BootROM: in the LIM, and not larger than what the ROM is known to take."""
    if board.lim is None:
        raise FlashError('refused', f'{board.name} has no BootROM that loads by UART')
    if image.kind == 'spl':
        return
    if image.kind == 'elf' and (image.address != board.lim.begin or image.end > board.lim.end):
        kind = 'refused' if image.board == board.name else 'wrong-board'
        raise FlashError(kind, f'{image.path.name} is linked for {hexa(image.address)}-{hexa(image.end)}',
                         f'the BootROM loads to the {board.lim}', f'Build it with --board {board.name} --mode m')
    if image.kind == 'elf' and image.entry != board.lim.begin:
        raise FlashError('refused', f'{image.path.name} starts at {hexa(image.entry)}',
                         f'the BootROM jumps to {hexa(board.lim.begin)}')
    if len(image.data) > spl.LIMIT:
        raise FlashError('refused', f'{image.path.name} is too large', f'it has {len(image.data)} bytes, '
                         f'the BootROM takes {spl.LIMIT}')


def boot_areas_in(board, offset, size):
    """The parts that the board needs to start, of what is to be written."""
    return [area for area in board.boot_areas if area.overlaps(offset, offset + size)]
