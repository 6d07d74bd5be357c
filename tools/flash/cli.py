# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line of tools/flash.py. main() is the same for programs that import it."""
import argparse
import json
import sys
import time
import traceback

from . import (command_boot, command_image, command_info, command_recover, command_run, command_write, manual, options)
from .errors import KINDS, FlashError
from .progress import Progress

RAM_WAYS = ['ymodem', 'xmodem', 'srec', 'kermit', 'tftp', 'fat', 'bootrom', 'gdb', 'openocd']
SERIAL_WAYS = RAM_WAYS[:4]


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise FlashError('usage', message, now=f'See `{self.prog} --help`')


def parser():
    top = Parser(prog='flash.py', description=manual.TOP, epilog=manual.ENDING,
                 formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest='command', metavar='COMMAND', required=True, parser_class=Parser)

    def command(name, plan, run, port=True):
        c = commands.add_parser(name, help=manual.SHORT[name], description=manual.LONG[name],
                                epilog=manual.EXAMPLES.get(name), formatter_class=argparse.RawDescriptionHelpFormatter)
        c.set_defaults(plan=plan, run=run, no_verify=False, via='ymodem', skip_same=False)
        if port:
            options.connection(c)
        options.common(c)
        return c

    c = command('run', command_run.plan, command_run.run)
    c.add_argument('file', metavar='FILE',
                   help='ELF, raw, FIT, script, Linux Image, or with --via bootrom an SPL image')
    options.loading(c, RAM_WAYS)
    options.starting(c)
    options.network(c)
    options.debugger(c)
    c.add_argument('-m', '--monitor', action='store_true', help='the console afterwards')
    options.console(c, '--monitor')
    c = command('write', command_write.plan_write, command_write.write)
    c.add_argument('file', metavar='FILE')
    c.add_argument('--to', required=True, metavar='MEDIUM', help='sf[:OFFSET], nor:ADDRESS, mmc:N[:PART][+OFFSET], '
                   'virtio:N[+OFFSET], or FILE.img[+OFFSET]')
    c.add_argument('--via', choices=SERIAL_WAYS, default='ymodem', help='how it gets into RAM (ymodem)')
    c = command('verify', command_write.plan_other, command_write.verify)
    c.add_argument('file', metavar='FILE')
    c.add_argument('--to', required=True, metavar='MEDIUM', help='as of write')
    c = command('read', command_write.plan_other, command_write.read)
    c.add_argument('file', metavar='FILE', help='where it goes')
    c.add_argument('--from', dest='source', required=True, metavar='MEDIUM', help='as of write --to')
    c.add_argument('--size', type=options.number, required=True, metavar='N', help='bytes')
    c = command('erase', command_write.plan_other, command_write.erase)
    c.add_argument('--to', required=True, metavar='MEDIUM', help='as of write')
    c.add_argument('--size', type=options.number, required=True, metavar='N', help='bytes, whole blocks')
    c = command('boot', command_boot.plan, command_boot.run)
    c.add_argument('file', nargs='?', metavar='FILE')
    c.add_argument('--undo', action='store_true', help='boot as it did before')
    c.add_argument('--to', metavar='MEDIUM', help='sf[:OFFSET] (the default), or mmc:N+OFFSET')
    c.add_argument('--reset', action='store_true', help='reset the board afterwards')
    options.expecting(c)
    c.add_argument('--via', choices=SERIAL_WAYS, default='ymodem', help='how it gets into RAM (ymodem)')
    c.set_defaults(addr=None, entry=None, args=[])
    c = command('recover', command_recover.plan, command_recover.run)
    c.add_argument('--spl', required=True, metavar='FILE', help='u-boot-spl.bin.normal.out')
    c.add_argument('--uboot', required=True, metavar='FILE', help='u-boot.itb')
    c.add_argument('--recovery', metavar='FILE', help="StarFive's jh7110-recovery-*.bin: use its menu instead")
    c.add_argument('--ram-only', action='store_true', help='bring U-Boot up, and write nothing')
    c = command('image', command_image.plan, command_image.run, port=False)
    c.add_argument('file', metavar='FILE')
    c.add_argument('-o', '--output', metavar='FILE')
    g = c.add_mutually_exclusive_group(required=True)
    for name in command_image.FORMATS:
        g.add_argument(f'--{name}', dest='format', action='store_const', const=name, help=manual.FORMATS[name])
    c.add_argument('--addr', type=options.number, metavar='A', help='where a raw image belongs')
    c.add_argument('--spl', metavar='FILE', help='for --sd and --nor')
    c.add_argument('--uboot', metavar='FILE', help='for --sd and --nor')
    c.add_argument('--env', metavar='NAME=VALUE', action='append', help='for --nor: the whole environment')
    c = command('monitor', command_info.plan, command_info.monitor)
    options.console(c)
    c = command('openocd', command_run.plan, command_run.run)
    c.add_argument('file', metavar='FILE')
    options.debugger(c)
    c.add_argument('--no-verify', action='store_true')
    c.add_argument('--no-start', action='store_true')
    c.set_defaults(via='openocd', addr=None, entry=None, args=[])
    c = command('info', command_info.plan, command_info.info)
    c.add_argument('file', nargs='?', metavar='FILE', help='look at a file instead')
    command('ports', command_info.plan, command_info.list_all)
    command('doctor', command_info.plan, command_info.doctor)
    for sub in commands.choices.values():
        options.from_environment(sub)
    return top


def main(words=None, out=None):
    """Do what @p words say. The status."""
    begin = time.monotonic()
    words = sys.argv[1:] if words is None else words
    out = out or sys.stdout
    result, as_json, verbose = {}, '--json' in words, '-v' in words or '--verbose' in words
    try:
        args = parser().parse_args(words)
        as_json, verbose = args.json, args.verbose
        result['command'] = args.command
        if args.dry_run:
            result['plan'] = args.plan(args)
            if not args.json:
                print('\n'.join(result['plan']), file=out)
        else:
            args.run(args, Progress(args.quiet, args.no_progress), result)
        status, kind = 0, 'done'
    except FlashError as error:
        status, kind = error.status, error.kind
        result.update(what=error.what, why=error.why, now=error.now)
        print(f'flash: {error}', file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        status, kind = KINDS['interrupted'][0], 'interrupted'
        print('flash: interrupted', file=sys.stderr, flush=True)
    except BrokenPipeError:
        return 141
    except Exception as error:  # a fault of ours must not look like one of the board's
        status, kind = KINDS['internal'][0], 'internal'
        result.update(what=repr(error))
        print(f'flash: a fault of this tool: {error!r}', file=sys.stderr, flush=True)
        if verbose:
            traceback.print_exc()
    if as_json:
        result.update(status=kind, code=status, seconds=round(time.monotonic() - begin, 3))
        print(json.dumps(result), file=out, flush=True)
    return status
