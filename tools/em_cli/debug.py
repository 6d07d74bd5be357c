# SPDX-License-Identifier: Apache-2.0 OR MIT
"""GDB on a program: on QEMU, which waits at its first instruction, on a board over JTAG, or on this machine.

GDB knows `em tasks`, `em task`, `em timers`, `em waiters` then (`help em`, docs/debugging.md). What the program
prints stands between GDB's lines; --console gives it a terminal of its own. All ends with GDB.
Words behind `--` are GDB's: tools/em debug blink -- -ex 'break main' -ex continue
"""
import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import tty
from pathlib import Path

import builder
import runner
from config import TREE
from errors import ENVIRONMENT, FAILED, EmError, say

SCRIPT = TREE / 'tools' / 'gdb' / 'emissary.py'
OPENOCD = TREE / 'tools' / 'openocd'
OPENOCD_LOG = builder.BUILD / 'openocd.log'
PACKAGES = ['gdb-multiarch']
FATAL = re.compile(r"Error: (.*(?:capture error|does not answer|double-check|unable to|Can't find|not found|in use).*)")
LIMIT = 60  # seconds: for QEMU to listen, on a busy machine
LISTENS = '00010000'  # among the flags of a socket in /proc/net/unix


@contextlib.contextmanager
def terminal():
    """A terminal for the program: its end for the program, and the name of the other one for people."""
    theirs, ours = os.openpty()
    tty.setraw(ours)
    try:
        yield theirs, os.ttyname(ours)
    finally:
        os.close(theirs)
        os.close(ours)


def is_listened_at(place):
    """Whether somebody listens at the socket @p place: its file is there a moment before."""
    with open('/proc/net/unix') as sockets:
        rows = [line.rstrip('\n').split(None, 7) for line in sockets]
    return any(row[3] == LISTENS and row[7:] == [str(place)] for row in rows)


def listening(place, child):
    """Wait until somebody listens at @p place."""
    deadline = time.monotonic() + LIMIT
    while not is_listened_at(place):
        if child.poll() is not None or time.monotonic() > deadline:
            raise EmError('QEMU did not start', ENVIRONMENT)
        time.sleep(0.01)


@contextlib.contextmanager
def qemu(config, elf, stopped, stdin=subprocess.DEVNULL, stdout=None, more=()):
    """The program in QEMU: where its GDB stub listens. It ends with us, and not by our Ctrl-C, which is GDB's.

    @p more: words for run_qemu
    """
    with tempfile.TemporaryDirectory(prefix='em-') as folder:
        place = os.path.join(folder, 'gdb')
        tool, *words = runner.command(config, elf, place)
        words = [*more, *(['--qemu-arg=-S'] if stopped else []), *words]
        child = subprocess.Popen([tool, *words], stdin=stdin, stdout=stdout, env=builder.tool_env(),
                                 preexec_fn=runner.die_with_us, start_new_session=True)
        try:
            listening(place, child)
            yield place
        finally:
            runner.end(child)


def commands(words):
    return [word for command in words for word in ('-ex', command)]


def on_stub(board, target, elf):
    """GDB's commands to be on a stub of QEMU. The U74s of the board are a second process there."""
    found = [f'target extended-remote {target}']
    if board == 'visionfive2':
        found += [f'add-inferior -exec {elf}', 'inferior 2', 'attach 2', 'set schedule-multiple on']
    return found


def on_openocd(interface, log):
    """GDB's commands to be on a board: it starts OpenOCD itself, out of reach of its Ctrl-C, and ends it."""
    steps = [f'log_output {log}', 'tcl_port disabled', 'telnet_port disabled', 'gdb_port pipe', 'init',
             'must_be_examined']
    server = ['setsid', '-w', 'openocd', *(['-f', interface] if interface else []),
              '-f', str(OPENOCD / 'visionfive2.cfg'), '-c', '; '.join(steps)]
    return ['target extended-remote | ' + shlex.join(server)]


def said_by_openocd(status, log):
    """What went wrong there, as GDB does not say it; all of it goes to a file. The status."""
    text = log.read_text(errors='replace') if log.exists() else ''
    errors = [match[1] for line in text.splitlines() if (match := FATAL.match(line))]
    for line in dict.fromkeys(errors):
        say(f'OpenOCD: {line}')
    builder.BUILD.mkdir(exist_ok=True)
    OPENOCD_LOG.write_text(text)  # of the last one, if there are several boards
    if errors:
        say(f'all of it: {OPENOCD_LOG}; the pins are JTAG once U-Boot SPL has run (docs/boards/visionfive2.md)')
    return status or (FAILED if errors else 0)


def gdb(elf, words, more=()):
    """Run GDB with our script. Its status."""
    command = ['gdb-multiarch', '-q', *commands(['set confirm off', f'source {SCRIPT}', *words]), *more, str(elf)]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # GDB's: it stops the program
    try:
        return subprocess.run(command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def run(config, elf, args):
    """`em debug`."""
    if args.gdb:
        return gdb(elf, [f'target extended-remote {args.gdb}'], args.words)
    if args.openocd:
        with tempfile.TemporaryDirectory(prefix='em-') as folder:
            log = Path(folder, 'openocd.log')
            return said_by_openocd(gdb(elf, on_openocd(args.interface, log), args.words), log)
    if config.is_host:
        return gdb(elf, ['set startup-with-shell off'], args.words)
    with contextlib.ExitStack() as stack:
        stdin, stdout = subprocess.DEVNULL, None
        if args.console:
            stdin, name = stack.enter_context(terminal())
            stdout = stdin
            say(f'the console: {name} (as in: screen {name})')
        sys.stdout.flush()
        place = stack.enter_context(qemu(config, elf, True, stdin, stdout))
        return gdb(elf, on_stub(config.board, place, elf), args.words)
