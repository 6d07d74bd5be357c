# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`boot`: make an image start at power-on, from the flash or a card, and undo that.

U-Boot's `bootcmd` reads the image, compares its CRC-32, and goes. When the CRC is wrong, and after --undo, what was
there before starts: it is kept in `em_bootcmd_old`. Stopping the autoboot by a key works as ever.
"""
import re
import zlib

from . import checks, command_run, command_write, image, media, session
from .errors import FlashError

OLD = 'em_bootcmd_old'
LOAD = 'em_load'
RUN = f'if run {LOAD}; then %s; else echo emissary: image damaged; run {OLD}; fi'


def plan(args):
    if args.undo:
        return ['get to the prompt of U-Boot', f'bootcmd = {OLD}, then saveenv']
    found = image.load(args.file)
    return ['get to the prompt of U-Boot', f'write {len(found.data)} bytes to {args.to or "sf"}, verify them',
            f'keep bootcmd as {OLD}; bootcmd reads, compares crc32 {found.crc:08x}, and goes', 'saveenv']


def run(args, progress, result):
    if not args.undo and not args.file:
        raise FlashError('usage', 'boot what?', now='Give a FILE, or --undo')
    found = None if args.undo else image.load(args.file)
    with session.opened(args, progress, result) as s:
        s.connect()
        s.uboot.need('saveenv', 'setenv')
        if args.undo:
            undo(s)
            progress.say('undone: the board boots as it did before')
        else:
            result.update(found.summary())
            install(s, args, found, progress, result)
        if args.reset:
            reset(s, args, progress, result)


def install(s, args, found, progress, result):
    s.uboot.need('itest', 'crc32', 'go')
    command_run.check(found, s.board, args, s.uboot.memory)
    if found.kind not in ('elf', 'bin'):
        raise FlashError('usage', f'{found.path.name}: only ELF files and raw images', now='Write others by `write`')
    kind, unit, part, offset = media.parse(args.to or f'sf:0x{s.board.app_offset:x}')
    if kind not in ('sf', 'mmc') or part:
        raise FlashError('usage', f'--to {args.to}', now='`boot` starts from sf[:OFFSET] or mmc:N+OFFSET')
    medium = media.open_medium(s.uboot, kind, unit, part, offset)
    areas = checks.boot_areas_in(s.board, offset, len(found.data)) if medium.is_boot_flash else []
    if areas or offset % medium.block:
        raise FlashError('refused', f'no image may be at 0x{offset:x}', ', '.join(map(str, areas)) or
                         f'blocks have {medium.block} bytes', f'For example --to sf:0x{s.board.app_offset:x}')
    command_write.put(s, medium, found.path.name, offset, found.data, progress, result)
    before = s.uboot.env(OLD) or s.uboot.env('bootcmd')
    if not s.uboot.env(OLD):
        s.console.run(f'setenv {OLD} "${{bootcmd}}"')
        same(s, OLD, before)
    s.uboot.setenv(LOAD, loading(s, medium, kind, unit, offset, found))
    s.uboot.setenv('bootcmd', RUN % command_run.start_command(found, found.address, args))
    s.console.run('saveenv', s.console.timeout + 10)
    result['bootcmd'] = s.uboot.env('bootcmd')
    progress.say('it starts at power-on; `flash.py boot --undo` takes that back')


def loading(s, medium, kind, unit, offset, found):
    """Commands that read it and end with status 0 if its CRC-32 is right. The CRC is written big-endian."""
    low, high = medium.bounds(offset, len(found.data))
    crc_at = s.uboot.scratch(8)
    wanted = int.from_bytes(zlib.crc32(found.data).to_bytes(4, 'big'), 'little')
    read = f'sf probe && sf read {found.address:x} {low:x} {high - low:x}' if kind == 'sf' else \
        f'mmc dev {unit} && mmc read {found.address:x} {medium.blocks(low, high - low)}'
    return f'{read} && crc32 {found.address:x} {len(found.data):x} {crc_at:x} && itest.l *{crc_at:x} == {wanted:x}'


def same(s, name, wanted):
    if (now := s.uboot.env(name)) != wanted:
        raise FlashError('mismatch', f'U-Boot has not kept its bootcmd in {name}', repr(now))


def undo(s):
    before = s.uboot.env(OLD)
    if before is None:
        raise FlashError('refused', 'there is nothing to undo', f'U-Boot has no {OLD}')
    s.console.run(f'setenv bootcmd "${{{OLD}}}"')
    same(s, 'bootcmd', before)
    for name in (OLD, LOAD):
        s.uboot.setenv(name)
    s.console.run('saveenv', s.console.timeout + 10)


def reset(s, args, progress, result):
    """Reset the board and, with --expect, see that the image comes up by itself."""
    s.console.type('reset')
    progress.say('reset')
    if args.expect:
        result['expected'] = command_run.expect(s.link, args)


def is_ours(bootcmd):
    return bool(re.search(rf'run {LOAD}\b', bootcmd or ''))
