# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Takes the rings of a trace out of a program: from QEMU or a board by a GDB stub, from this machine, over a line."""
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import builder
import debug
import runner
import stub
from builder import BUILD
from errors import FAILED, EmError, say

FOLDER = BUILD / 'trace'
EXIT = 'em_board_exit'  # its memory is still there
KEY = b'r'              # EM_MONITOR_TRACE
QUIET = 2.0             # seconds without a byte: a dump by the monitor will not come
LINE_SECONDS = 5.0      # of a stream, if nobody says otherwise
ENV = 'EM_TRACE'        # a host program's: the file into which it writes its rings at its end


def record(config, elf, facts, args):
    """The bytes of a recording."""
    if args.port:
        return by_line(args.port, args.baud, args.seconds)
    try:
        if args.gdb:
            return by_stub(stub.Stub(args.gdb), facts)
        run = on_host if config.is_host else in_qemu
        return run(config, elf, facts, args)
    except stub.Gone as error:
        raise EmError('trace: the program ended before its memory was read', FAILED) from error


def keyboard():
    """What the program reads: our stdin, unless that is a terminal, whose keys nobody would make raw."""
    return subprocess.DEVNULL if sys.stdin is None or sys.stdin.isatty() else sys.stdin


def by_stub(link, facts):
    """One that runs: it stands still for a moment."""
    try:
        return link.read(facts.rings, facts.rings_bytes)
    finally:
        link.detach()


def in_qemu(config, elf, facts, args):
    """Run it to its end, for so long, or until Ctrl-C. Its console is on our stderr."""
    more = ['--icount'] if args.steady else []
    with debug.qemu(config, elf, True, keyboard(), sys.stderr, more) as place:
        link = stub.Stub(place)
        link.stop_at(facts.elf.symbols[EXIT][0])
        try:
            link.go()
            if not link.stopped(args.seconds):
                say(f'still running after {args.seconds:g} s: stopped')
                link.halt()
        except KeyboardInterrupt:
            link.halt()
        return by_stub(link, facts)


def on_host(_, elf, facts, args):
    """It writes its rings into a file when it ends, or is ended."""
    with tempfile.TemporaryDirectory(prefix='em-') as folder:
        rings = Path(folder, 'rings')
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # not between its start and our `try`

        def interruptible():
            runner.die_with_us()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

        child = subprocess.Popen([str(elf)], stdin=keyboard(), stdout=sys.stderr, preexec_fn=interruptible,
                                 env=environment(rings, args.steady))
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            child.wait(args.seconds)
            if child.returncode:
                say(f'{elf.name} ended with status {child.returncode}')
        except subprocess.TimeoutExpired:
            say(f'still running after {args.seconds:g} s: stopped')
        except KeyboardInterrupt:
            pass  # it was the child's, too
        finally:
            runner.end(child)
        return rings.read_bytes() if rings.exists() else b''


def environment(rings, steady):
    return {**builder.tool_env(), ENV: str(rings), **({'EM_HOST_CLOCK': 'warp'} if steady else {})}


def by_line(port, baud, seconds):
    """A stream for so long, or the dump that a monitor makes when it is asked."""
    from top import Line
    try:
        line = Line(port, baud)
    except EmError as error:
        raise EmError(str(error).replace('top:', 'trace:', 1), error.status) from error
    data, begin = b'', time.monotonic()
    try:
        line.link.write(KEY)
        last = begin
        while time.monotonic() - begin < (seconds or LINE_SECONDS):
            more = line.link.read(0.2)
            data += more
            last = time.monotonic() if more else last
            if b'\ntrace end' in data.replace(b'\r', b''):
                break
            if not data and time.monotonic() - last > QUIET:
                raise EmError(f'trace: nothing comes over {port}: has the program an em_trace_stream() or an '
                              'em_monitor() there?', FAILED)
    except line.lost as error:
        raise EmError(f'trace: {error}', FAILED) from error
    return data
