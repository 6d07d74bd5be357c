# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line of tools/em: reads it and calls the module that does the job."""
import argparse
import dataclasses
import subprocess
import sys
from pathlib import Path

import builder
import config
import debug
import log
import new
import packages
import programs
import runner
import size
import stack
import suites
import top
import tracing
from errors import EmError, say

LEVELS = ('error', 'warn', 'info', 'debug', 'trace')  # of the log

class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise EmError(f'{message}\n{self.format_usage().rstrip()}')


def smp(word):
    if not word.isdecimal() or not 1 <= int(word) <= 8:
        raise argparse.ArgumentTypeError(f"'{word}' is no number of harts, 1 to 8")
    return int(word)


def seconds(word):
    try:
        if 0 < float(word) < 1e9:
            return float(word)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"'{word}' is no number of seconds")


def level(word):
    if word not in LEVELS:
        raise argparse.ArgumentTypeError(f"'{word}' is no level: {', '.join(LEVELS)}")
    return LEVELS.index(word) + 1


def add_selectors(parser):
    parser.add_argument('--board', default='qemu_virt', metavar='B',
                        help=f"{', '.join(config.BOARDS)} (default: qemu_virt)")
    parser.add_argument('--mode', choices=['m', 's'], default='m',
                        help='m: the bare machine (default); s: under OpenSBI')
    parser.add_argument('--smp', type=smp, default=0, metavar='N',
                        help='harts, 1 to 8 (default: 1); the image for several is one for all numbers')
    parser.add_argument('--cc', choices=config.COMPILERS, default='gcc', help='compiler (default: gcc)')
    opt = parser.add_mutually_exclusive_group()
    opt.add_argument('--release', dest='opt', action='store_const', const='O2', default='O2', help='-O2 (default)')
    opt.add_argument('--small', dest='opt', action='store_const', const='Os', help='-Os')
    opt.add_argument('--debug', dest='opt', action='store_const', const='debug', help='-Og and all checks')
    parser.add_argument('--stats', action='store_true', help='count polls, wakes and times of each task, for dumps')


def add_log_options(parser):
    parser.add_argument('--level', type=level, default=5, metavar='L',
                        help=f"the last level to show: {', '.join(LEVELS)} (default: all that is in the image)")
    parser.add_argument('--module', action='append', default=[], metavar='M', help='of these modules only')
    parser.add_argument('--no-times', action='store_true', help='without the times')


def add_lookers(commands):
    c = commands.add_parser('debug', help='GDB on a program', description=debug.__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter)
    add_selectors(c)
    c.add_argument('--console', action='store_true', help='a terminal of its own for the program: the name is printed')
    c.add_argument('--gdb', metavar='ADDRESS', help='on a GDB stub that is there: :PORT, HOST:PORT, or a path')
    c.add_argument('--openocd', action='store_true', help='on a VisionFive 2, over JTAG')
    c.add_argument('--interface', metavar='FILE', help="OpenOCD's file of the adapter (interface/ftdi/….cfg)")
    c.add_argument('program', metavar='PROGRAM', help='as for run, or an ELF file')
    c.add_argument('words', metavar='-- WORD', nargs='*', help="GDB's own arguments")
    c = commands.add_parser('log', help='the log of a program', description=log.__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter)
    add_selectors(c)
    add_log_options(c)
    c.add_argument('--gdb', metavar='ADDRESS', help='the GDB stub of one that runs')
    c.add_argument('-p', '--port', metavar='PORT', help="the serial line with the program's stream")
    c.add_argument('--baud', type=int, default=115200, metavar='N')
    c.add_argument('program', metavar='PROGRAM', help='as for run, or an ELF file')
    c = commands.add_parser('top', help='the tasks of a running program, and where each waits', description=top.__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter)
    add_selectors(c)
    c.add_argument('--gdb', metavar='ADDRESS', help='the GDB stub of one that runs')
    c.add_argument('-p', '--port', metavar='PORT', help="the serial line of the program's em_monitor")
    c.add_argument('--baud', type=int, default=115200, metavar='N')
    c.add_argument('--once', action='store_true', help='one look')
    c.add_argument('--every', type=seconds, default=2.0, metavar='S', help='seconds between two looks (default: 2)')
    c.add_argument('--after', type=seconds, default=1.0, metavar='S', help='before the first look, if it started it')
    c.add_argument('program', metavar='PROGRAM', nargs='?', help='as for run, or an ELF file')
    add_trace(commands)


def add_trace(commands):
    c = commands.add_parser('trace', help='record what a program does: numbers, timeline, files for other tools',
                            description=tracing.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_selectors(c)
    where = c.add_mutually_exclusive_group()
    where.add_argument('--gdb', metavar='ADDRESS', help='the GDB stub of one that runs')
    where.add_argument('-p', '--port', metavar='PORT', help='a serial line, as flash.py names it')
    where.add_argument('--from', dest='source', metavar='FILE', help='a recording in a file')
    c.add_argument('--baud', type=int, default=115200, metavar='N')
    c.add_argument('--seconds', type=seconds, metavar='S', help='stop it after S seconds; a line is read for so long')
    c.add_argument('--steady', action='store_true', help='the clock stands while this machine is busy')
    c.add_argument('-o', '--output', metavar='PREFIX', help='of the names of the files (default: build/trace/NAME)')
    c.add_argument('--text', action='store_true', help='the events, a line each, instead of the summary')
    c.add_argument('--no-times', action='store_true', help='in --text')
    c.add_argument('--tasks', action='store_true', help='in --text: what tasks do, the same on all boards')
    c.add_argument('--step', type=seconds, metavar='MS', help='times in steps: for pictures that are compared')
    c.add_argument('--late', type=seconds, default=10.0, metavar='MS',
                   help='from a wake to its poll: more is told (default: 10)')
    c.add_argument('--long', type=seconds, default=1.0, metavar='MS', help='a poll: more is told (default: 1)')
    c.add_argument('program', metavar='PROGRAM', help='as for run, or an ELF file')


def add_sizes(commands):
    c = commands.add_parser('size', help='bytes of programs (default: all examples)', description=size.__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter)
    add_selectors(c)
    c.add_argument('--tasks', action='store_true', help='of each task: its frame, slot and pool')
    c.add_argument('--layers', action='store_true', help='of each layer')
    c.add_argument('--symbols', type=int, nargs='?', const=20, metavar='N', help='the N largest (default: 20; 0: all)')
    c.add_argument('--json', action='store_true')
    c.add_argument('--check', action='store_true', help='the examples against the budget')
    c.add_argument('--accept', action='store_true', help='write the budget')
    c.add_argument('program', metavar='PROGRAM', nargs='*')
    c = commands.add_parser('stack', help='the worst case of the stack', description=stack.__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter)
    add_selectors(c)
    c.add_argument('--on', action='append', metavar='LEVEL=TASK,…',
                   help='these tasks are on that level only, and no others there (default: any on each)')
    c.add_argument('--json', action='store_true')
    c.add_argument('program', metavar='PROGRAM', nargs='+', help='as for run, or an ELF file')


def parser():
    top_ = Parser(prog='em', description='Build, run and test Emissary firmware. Its console is on stdin and stdout, '
                                         'everything that em itself says is on stderr.')
    commands = top_.add_subparsers(dest='command', metavar='COMMAND', required=True, parser_class=Parser)
    c = commands.add_parser('run', help='build and run a program', description=runner.__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter)
    add_selectors(c)
    c.add_argument('--timeout', type=seconds, metavar='S', help='stop it after S seconds, with status 124')
    c.add_argument('--gdb', metavar='ADDRESS', help="a GDB stub listens there: :PORT, HOST:PORT or a path")
    c.add_argument('--log', action='store_true', help='decode the em_trace_stream() on its console: lines of the log')
    add_log_options(c)
    c.add_argument('program', metavar='PROGRAM', help='an example by name, a .c file, a folder, or an ELF file')
    add_lookers(commands)
    c = commands.add_parser('build', help='build a program and print where its ELF is')
    add_selectors(c)
    c.add_argument('--all', action='store_true', help='all examples')
    c.add_argument('program', metavar='PROGRAM', nargs='*')
    add_sizes(commands)
    c = commands.add_parser('test', help='everything the project tests',
                            description='Suites: ' + ', '.join(suites.SUITES))
    c.add_argument('suite', metavar='SUITE', nargs='*')
    c = commands.add_parser('bench', help='measure: bench/run, with its arguments', add_help=False)
    c.add_argument('words', nargs=argparse.REMAINDER)
    commands.add_parser('flash', help='load, write, start, recover a board: tools/flash.py, with its arguments')
    c = commands.add_parser('new', help='a new application in a folder of its own')
    c.add_argument('folder', metavar='DIR')
    return top_


def selected(args):
    return config.Config(args.board, args.mode, args.cc, args.opt, args.smp, stats=args.stats)


def do_run(args):
    chosen = selected(args)
    elf = elf_of(chosen, args.program)
    packages.need(chosen.run_packages())
    return runner.run(chosen, elf, args.timeout, args.gdb, log.reader(elf, args) if args.log else None)


def elf_of(chosen, word):
    """That of a program, or the file itself."""
    path = Path(word)
    if path.is_file() and path.open('rb').read(4) == b'\x7fELF':
        return path.resolve()
    return builder.build_program(chosen, programs.find(word))


def do_debug(args):
    chosen = selected(args)
    packages.need(debug.PACKAGES + chosen.run_packages() + (['openocd'] if args.openocd else []))
    return debug.run(chosen, elf_of(chosen, args.program), args)


def do_log(args):
    chosen = selected(args)
    packages.need(log.PACKAGES + chosen.run_packages())
    return log.run(chosen, elf_of(chosen, args.program), args)


def do_top(args):
    if not args.program and not args.port:
        raise EmError('top of what? A PROGRAM, or --port')
    chosen = selected(args)
    return top.run(chosen, elf_of(chosen, args.program) if args.program else None, args)


def do_trace(args):
    chosen = dataclasses.replace(selected(args), trace=True)
    elf = elf_of(chosen, args.program)
    if not (args.gdb or args.port or args.source):
        packages.need(chosen.run_packages())
    return tracing.run(chosen, elf, args)


def chosen_programs(args):
    return [programs.find(word) for word in args.program or programs.examples(args.board)]


def do_build(args):
    if not args.all and not args.program:
        raise EmError('build what? A PROGRAM, or --all')
    chosen = selected(args)
    for program in chosen_programs(args):
        print(builder.build_program(chosen, program), flush=True)


def do_size(args):
    return size.run(selected(args), chosen_programs(args), args)


def do_stack(args):
    chosen = selected(args)
    elves = [elf_of(chosen, word) for word in args.program]
    return stack.run({elf.name: elf for elf in elves}, args)


def do_test(args):
    return suites.run(args.suite)


def do_bench(args):
    tool = config.TREE / 'bench' / 'run'
    if not tool.exists():
        raise EmError('bench: not built yet')
    packages.need(config.Config().build_packages() + config.Config().run_packages())
    return subprocess.run([str(tool), *args.words], env=builder.tool_env()).returncode


def do_new(args):
    new.create(args.folder)


def main(words):
    if words and words[0] == 'flash':  # its options are its own, --help too
        return subprocess.run([str(config.TREE / 'tools' / 'flash.py'), *words[1:]]).returncode
    args = parser().parse_args(words)
    return globals()[f'do_{args.command}'](args) or 0


try:
    sys.exit(main(sys.argv[1:]))
except EmError as error:
    say(error)
    sys.exit(error.status)
except KeyboardInterrupt:
    sys.exit(130)
except BrokenPipeError:
    sys.exit(141)
