# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Run firmware: its console is our stdin and stdout, raw, its exit status is ours, and it ends with us.

At a terminal every key goes to the firmware as it is, Ctrl-C too, but Ctrl-] which leaves (as in esptool's
and pyserial's monitors). Without a terminal the firmware has our stdin and stdout themselves.
"""
import contextlib
import ctypes
import fcntl
import os
import select
import signal
import subprocess
import termios
import threading
import time

import builder
from config import TREE
from errors import INTERRUPTED, TIMED_OUT, EmError, say

LEAVE = b'\x1d'  # Ctrl-]
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def command(config, elf, gdb=None):
    """@p gdb: where QEMU's GDB stub is to listen."""
    if config.is_host:
        if gdb:
            raise EmError('the host has no GDB stub: em debug --board host')
        return [str(elf)]
    stub = ['--qemu-arg=-gdb', f'--qemu-arg={stub_address(gdb)}'] if gdb else []
    return [str(TREE / 'tools' / 'run_qemu'), '--mode', config.mode, '--smp', str(config.smp or 1), *stub, str(elf)]


def stub_address(word):
    """QEMU's way to say what GDB says as :PORT, HOST:PORT or PATH."""
    return f'unix:{word},server=on,wait=off' if '/' in word else f'tcp:{word},server=on,wait=off'


def run(config, elf, timeout=None, gdb=None, reader=None):
    """Run @p elf to its end. The exit status. @p reader: is given the pipe of its console in place of our stdout."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda n, _: raise_exit(128 + n))
    with console() as keyboard:
        child = subprocess.Popen(command(config, elf, gdb), preexec_fn=die_with_us, env=builder.tool_env(),
                                 stdin=subprocess.PIPE if keyboard else None,
                                 stdout=subprocess.PIPE if reader else None)
        thread = threading.Thread(target=reader, args=(child.stdout,), daemon=True)
        try:
            if reader:
                thread.start()
            status = attend(child, keyboard, timeout)
        finally:
            end(child)
            if reader:
                thread.join(5)
    if status < 0:
        say(f'{elf.name} was ended by {signal.Signals(-status).name}')
        return 128 - status
    return status


def raise_exit(status):
    raise SystemExit(status)


def die_with_us():
    """In the child: a signal when we are gone, however that came."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def console():
    """Our stdin and stdout for the firmware, and as they were afterwards. True: stdin is a terminal."""
    flags = {fd: flags_of(fd) for fd in (0, 1, 2)}
    keyboard = flags[0] is not None and os.isatty(0)
    modes = termios.tcgetattr(0) if keyboard else None
    try:
        if keyboard:
            termios.tcsetattr(0, termios.TCSADRAIN, every_key(modes))
            say('Ctrl-] leaves')
        yield keyboard
    finally:
        for fd, was in flags.items():
            if was is not None:  # QEMU makes its stdin non-blocking, which is also ours and our shell's
                fcntl.fcntl(fd, fcntl.F_SETFL, was)
        if keyboard:
            termios.tcsetattr(0, termios.TCSADRAIN, modes)


def flags_of(fd):
    try:
        return fcntl.fcntl(fd, fcntl.F_GETFL)
    except OSError:
        return None  # closed


def every_key(modes):
    """Terminal modes in which keys come at once and unchanged; output keeps its \\n -> \\r\\n."""
    iflag, oflag, cflag, lflag, ispeed, ospeed, cc = modes
    iflag &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.ISTRIP | termios.BRKINT)
    lflag &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
    cc = list(cc)
    cc[termios.VMIN], cc[termios.VTIME] = 1, 0
    return [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]


class Keys:
    """What was typed and is not yet taken by the firmware."""

    def __init__(self, pipe):
        self.pipe = pipe
        self.waiting = b''
        os.set_blocking(pipe.fileno(), False)

    def read(self):
        """More keys. False: the user wants to leave."""
        typed, leave, _ = os.read(0, 4096).partition(LEAVE)
        self.waiting += typed
        return bool(typed) and not leave

    def hand_over(self):
        try:
            self.waiting = self.waiting[os.write(self.pipe.fileno(), self.waiting):]
        except BlockingIOError:
            pass  # the firmware is not reading now
        except BrokenPipeError:
            self.waiting = b''  # it is ending


def attend(child, keyboard, timeout):
    """Hand the keys over until the child ends, the time is up, the user leaves, or nobody reads us any more."""
    deadline = None if timeout is None else time.monotonic() + timeout
    ended = os.pidfd_open(child.pid)
    keys = Keys(child.stdin) if keyboard else None
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    poll.register(1, 0)  # its errors only
    while True:
        if keys:
            poll.register(0, select.POLLIN)
            poll.register(keys.pipe, select.POLLOUT if keys.waiting else 0)
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        ready = dict(poll.poll(None if left is None else left * 1000))
        if ended in ready:
            return child.wait()
        if not ready:
            say(f'still running after {timeout:g} s: stopped')
            return TIMED_OUT
        if 1 in ready:
            return 128 + signal.SIGPIPE
        if 0 in ready and not keys.read():
            return INTERRUPTED
        if keys:
            keys.hand_over()


def end(child):
    """Whatever happens, nothing stays behind."""
    if child.poll() is None:
        child.terminate()  # run_qemu puts things right and ends its QEMU
        try:
            child.wait(2)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
