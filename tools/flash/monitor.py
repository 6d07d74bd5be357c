# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The board's console at ours. Every key goes to the board but Ctrl-], which leaves."""
import contextlib
import os
import re
import select
import sys
import termios
import time
import tty

from .errors import FlashError

LEAVE = b'\x1d'
POLL = 0.05  # seconds, for a port without a file descriptor
FIFO = 16    # bytes that a board's UART holds: no faster than it reads


@contextlib.contextmanager
def raw_terminal(fd):
    if fd < 0 or not os.isatty(fd):
        yield
        return
    modes = termios.tcgetattr(fd)
    try:
        tty.setraw(fd, termios.TCSADRAIN)  # what was typed already is for the board
        modes_now = termios.tcgetattr(fd)
        modes_now[1] |= termios.OPOST  # its output keeps \n -> \r\n
        termios.tcsetattr(fd, termios.TCSADRAIN, modes_now)
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, modes)


class Stamper:
    """Puts the time since the begin before each line, if that is wanted."""

    def __init__(self, wanted):
        self.wanted, self.begin, self.fresh = wanted, time.monotonic(), True

    def __call__(self, data):
        if not self.wanted:
            return data
        out = bytearray()
        for byte in data:
            if self.fresh and byte not in b'\r':
                out += b'[%10.3f] ' % (time.monotonic() - self.begin)
                self.fresh = False
            out.append(byte)
            self.fresh = self.fresh or byte == 10
        return bytes(out)


def interact(link, args, progress, typed=None, shown=None):
    """Until Ctrl-], --until matches, or the port goes away (which is an error). True: --until was seen."""
    keys = descriptor(sys.stdin) if typed is None else typed
    out = descriptor(sys.stdout) if shown is None else shown
    until = re.compile(args.until.encode()) if args.until else None
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(open(args.log, 'ab')) if args.log else None
        stack.enter_context(raw_terminal(keys))
        if keys >= 0 and os.isatty(keys):
            progress.say('Ctrl-] leaves')
        return exchange(link, keys, out, log, until, args, Stamper(args.timestamps))


def descriptor(stream):
    """Of a stream; -1 if it is none of the system's."""
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return -1


def exchange(link, keys, out, log, until, args, stamp):
    seen = b''
    end = time.monotonic() + args.until_timeout if args.until_timeout else None
    while True:
        if end and time.monotonic() > end:
            raise FlashError('unconfirmed', f'{args.until or "the end"!r} was not seen',
                             f'in {args.until_timeout:g} s', f'last seen {seen[-80:]!r}')
        data = link.read(0) if link.pushed else b''
        ready = wait(link, keys)
        if not data and (link.fd is None or link.fd in ready):
            data = link.read(POLL)
        if data:
            write_all(out, stamp(data))
            if log:
                log.write(data)
                log.flush()
            seen = (seen + data)[-65536:]
            if until and until.search(seen):
                return True
        if keys in ready:
            typed = os.read(keys, 4096)
            if not typed:
                if until is None and args.until_timeout is None:
                    return False
                keys = -1  # nothing more to type, but --until is still waited for
            text, leave, _ = typed.partition(LEAVE)
            for at in range(0, len(text), FIFO):
                link.write(text[at:at + FIFO])
            if leave:
                return False


def wait(link, keys):
    watched = [fd for fd in (link.fd, keys) if fd is not None and fd >= 0]
    return select.select(watched, [], [], POLL if link.fd is not None and not link.pushed else 0)[0]


def write_all(fd, data):
    while data and fd >= 0:
        data = data[os.write(fd, data):]
