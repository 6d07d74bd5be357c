# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`info`, `ports`, `doctor`, `monitor`: look, and change nothing."""
import grp
import os
import shutil

from serial.tools import list_ports

from . import command_boot, image, media, monitor as console, ports, session
from .errors import FlashError
from .loaders import COMMANDS

WAYS = {**{via: [command] for via, command in COMMANDS.items()}, 'tftp': ['tftpboot'], 'fat': ['fatload'],
        'sf': ['sf'], 'nor': ['erase', 'protect', 'cp'], 'mmc': ['mmc'], 'virtio': ['virtio'],
        'boot': ['saveenv', 'itest', 'crc32', 'go']}


def plan(args):
    return [f'look at {args.file}' if getattr(args, 'file', None) else f'ask U-Boot at {args.port or "the only port"}']


def info(args, progress, result):
    if args.file:
        result.update(image.load(args.file).summary())
        return show(result, args)
    with session.opened(args, progress, result) as s:
        s.connect()
        memory = s.uboot.memory
        result.update(
            port=args.port, version=s.uboot.version,
            ram=[f'0x{a.begin:x}-0x{a.end - 1:x}' for a in memory.banks],
            reserved=[f'0x{a.begin:x}-0x{a.end - 1:x}' for a in memory.reserved],
            can=[way for way, needed in WAYS.items() if set(needed) <= s.uboot.commands],
            cannot=[way for way, needed in WAYS.items() if not set(needed) <= s.uboot.commands],
            bootcmd=s.uboot.env('bootcmd'))
        result['boots_emissary'] = command_boot.is_ours(result['bootcmd'])
        if 'sf' in s.uboot.commands:
            try:
                nor = media.open_medium(s.uboot, 'sf')
                result['flash'] = f'{nor.name}, {nor.size} bytes, erased in blocks of {nor.block}'
            except FlashError as e:
                result['flash'] = str(e)
    return show(result, args)


def show(result, args):
    if args.json:
        return
    for key, value in result.items():
        if key not in ('command', 'status', 'code'):
            print(f'{key:<15} {", ".join(map(str, value)) if isinstance(value, list) else value}')


def list_all(args, progress, result):
    found = ports.candidates(args.port_filter or ['name=*'], list_ports.comports())
    result['ports'] = [ports.describe(p) for p in found]
    if not args.json:
        print('\n'.join(result['ports']) or 'no serial ports')


def doctor(args, progress, result):
    """What of this machine would be in the way. Each line is a fact; a problem is the status."""
    problems = []
    found = ports.candidates(args.port_filter, list_ports.comports())
    facts = [f'port {ports.describe(p)}' for p in found] or ['no USB serial adapter']
    for port in found:
        problems += [w for w in [ports.warning_of(port.device)] if w]
        if not os.access(port.device, os.R_OK | os.W_OK):
            problems.append(f'no permission to use {port.device}: join the group {ports.group_of(port.device)}')
        if who := ports.holders(port.device):
            problems.append(f'{port.device} is used by {", ".join(who)}')
    groups = {g.gr_name for g in grp.getgrall() if g.gr_gid in os.getgroups()}
    facts.append(f'you are in the groups {", ".join(sorted(groups)) or "-"}')
    for name, what in (('gdb-multiarch', '--via gdb'), ('openocd', 'openocd'), ('mformat', 'image --sd')):
        facts.append(f'{name}: {shutil.which(name) or f"missing ({what} needs it)"}')
    if shutil.which('ModemManager'):
        problems.append('ModemManager is installed: it opens new ports for some seconds')
    result.update(facts=facts, problems=problems)
    if not args.json:
        print('\n'.join(facts + [f'PROBLEM: {p}' for p in problems]))
    if problems:
        raise FlashError('environment', f'{len(problems)} problem(s) found', '; '.join(problems))


def monitor(args, progress, result):
    with session.opened(args, progress, result) as s:
        result['matched'] = bool(console.interact(s.link, args, progress))
