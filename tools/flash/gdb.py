# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Load over a debugger: gdb at any gdbserver (QEMU's, OpenOCD's, a probe's), or OpenOCD itself over JTAG."""
import re
import shutil
import subprocess
from pathlib import Path

from . import checks
from .boards import BOARDS
from .errors import FlashError

LIMIT = 300  # seconds
PACKAGES = {'mformat': 'mtools', 'mcopy': 'mtools'}  # where it is not called as its program
ON_HART = Path(__file__).resolve().parent / 'on_hart.py'
NO_SERVER = re.compile(r'.*(Connection refused|could not connect|No such file or directory|Connection timed out).*')
OPENOCD_CONFIG = Path(__file__).resolve().parents[1] / 'openocd'


def run(args, found, progress, result):
    if found.kind != 'elf':
        raise FlashError('usage', f'--via {args.via} needs an ELF file', f'{found.path.name} is none')
    if args.board and found.board:
        checks.board_fits(found, BOARDS[args.board])
    (by_gdb if args.via == 'gdb' else by_openocd)(args, found, progress)
    result.update(verified=not args.no_verify, started=not args.no_start)


def by_gdb(args, found, progress):
    """Load, compare each section, go on the right hart."""
    program = tool('gdb-multiarch')
    words = [program, '-nx', '-batch', '-ex', 'set confirm off', '-ex', 'set tcp connect-timeout 5',
             '-ex', 'set remotetimeout 30', '-ex', f'source {ON_HART}',
             '-ex', f'target extended-remote {args.remote}', '-ex', 'em-join',
             '-ex', f'file {quoted(found.path)}', '-ex', 'load']
    words += [] if args.no_verify else ['-ex', 'compare-sections']
    words += [] if args.no_start else ['-ex', f'em-start 0x{found.entry:x} {found.mode or "-"}']
    words += ['-ex', 'disconnect' if args.no_start else 'em-leave']
    progress.say(f'{found.path.name} -> {args.remote} (gdb)')
    text = ran(words)
    if why := NO_SERVER.search(text):
        raise FlashError('no-answer', f'no debug server at {args.remote}', why.group().strip(),
                         'Start QEMU with -gdb, or OpenOCD, first')
    if 'Remote connection closed' in text or 'Transfer rate' not in text:
        raise FlashError('transfer', 'gdb could not load it', text.strip()[-200:])
    if 'MIS-MATCHED' in text:
        raise FlashError('mismatch', f'{found.path.name} arrived changed',
                         '; '.join(line for line in text.split('\n') if 'MIS-MATCHED' in line))
    if not args.no_verify and not re.search(r'Section \S+, range .*: matched', text):
        raise FlashError('mismatch', 'gdb compared nothing', text.strip()[-200:])
    if not args.no_start and 'EM-STARTED' not in text:
        raise FlashError('transfer', 'gdb loaded it, and could not start it', text.strip()[-200:])


def by_openocd(args, found, progress):
    program = tool('openocd')
    progress.say(f'{found.path.name} -> JTAG (openocd)')
    text = ran([program, *openocd_words(args, found)], args.timeout * 12)
    if 'EM-DONE' in text:
        return
    why = next((line for line in text.split('\n') if 'EM-FAILED' in line), text.strip()[-200:])
    kind = 'mismatch' if 'verify_image' in why or 'checksum mismatch' in text else \
        'transfer' if 'load_image' in why else 'no-answer'
    raise FlashError(kind, 'OpenOCD could not load it', why.replace('EM-FAILED ', ''),
                     'The JTAG pins work once U-Boot SPL has run; see docs/boards/visionfive2.md')


def openocd_words(args, found):
    """Its arguments. Each step is caught: OpenOCD 0.12 itself may end with 0 after an error."""
    steps = ['init', f'targets {args.target}'] if args.target else ['init']
    steps += ['halt', f'load_image {{{found.path.resolve()}}} 0 elf']
    steps += [] if args.no_verify else [f'verify_image {{{found.path.resolve()}}} 0 elf']
    steps += [] if args.no_start else starting(args, found)
    script = ''.join(f'if {{[catch {{{step}}} why]}} {{ echo "EM-FAILED {step.split()[0]}: $why"; shutdown error }}; '
                     for step in steps)
    words = []
    for name in [args.interface, *(args.config or [str(OPENOCD_CONFIG / 'visionfive2.cfg')])]:
        words += ['-f', name] if name else []
    return [*words, '-c', f'{script} echo EM-DONE; shutdown']


def starting(args, found):
    """Steps. `resume` with an address is for all harts; one in S-mode is for that which is in S-mode, in U-Boot."""
    if found.mode != 's':
        return [f'resume 0x{found.entry:x}']
    choice = 'foreach t [target names] { ' \
             'if {![catch {dict get [$t get_reg -force priv] priv} p] && $p == 1} { targets $t } }'
    return ([] if args.target else [choice]) + [f'reg pc 0x{found.entry:x}', 'reg a1 0', 'resume']


def tool(name):
    path = shutil.which(name)
    if not path:
        raise FlashError('environment', f'{name} is missing', now=f'apt install {PACKAGES.get(name, name)}')
    return path


def quoted(path):
    return '"' + str(path).replace('\\', '\\\\').replace('"', '\\"') + '"'


def ran(words, limit=LIMIT):
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=limit)
    except subprocess.TimeoutExpired as e:
        raise FlashError('no-answer', f'{Path(words[0]).name} did not end', f'in {limit:g} s',
                         'Is the debug server free, is the target halted?') from e
    return done.stdout.decode('utf-8', 'replace')
