# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The log of a program (em/log.h), as lines: its texts are in the ELF, only numbers come from the program.

em log PROGRAM               runs it to its end, and looks into its memory; needs nothing else in the program
em log --gdb :1234 PROGRAM   that runs elsewhere: QEMU (em run --gdb :1234), OpenOCD; it stands still for each look
em log --port PORT PROGRAM   a board, whose program has an em_trace_stream() on that line, as flash.py names it
em run --log PROGRAM         the same of a stream on the console of one that runs here, with the keyboard

What else the program prints is passed on, each line whole. Lines of the log that were lost, since a ring is full or a
line too slow, are counted.
"""
import contextlib
import os
import signal
import subprocess
import sys
import threading

import builder
import debug
import packages
import runner
import stub
from config import TREE
from errors import FAILED, EmError, say

PACKAGES = ['python3-pyelftools']
EVERY = 0.1   # seconds between two looks
EVERY_OF_OTHERS = 1.0
QUIET = 0.5   # seconds without a byte: no frame is half there, and a line without an end is a prompt
KEPT = 100    # lines of the log that wait for the end of the program's line
END = 'em_board_exit'  # panics, too
RINGS = 'EM_TRACE'     # a host program's: the file into which it writes its rings at its end


def em_trace():
    """The host side of traces, a package of its own."""
    packages.need(PACKAGES)
    sys.path.insert(0, str(TREE / 'tools' / 'trace'))
    from em_trace import errors, log, mixed, records
    return errors, log, mixed, records


class Shown:
    """Where text of the program and lines of its log come together: on stdout, each line whole."""

    def __init__(self, elf, args):
        errors, log, self.mixed, self.records = em_trace()
        try:
            self.program = log.Program(elf)
        except errors.TraceError as error:
            raise EmError(str(error), FAILED) from error
        self.log = log
        self.lines = log.Lines(self.program)
        self.printer = log.Printer(self.program, args.level, args.module, not args.no_times)
        self.lock = threading.Lock()
        self.column = 0  # is the program in the middle of a line?
        self.kept = []   # until its end

    def write(self, data):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def text(self, data):
        with self.lock:
            for piece in data.splitlines(keepends=True) if self.kept else [data]:
                self.write(piece)
                self.column = not piece.endswith((b'\n', b'\r'))
                if not self.column:
                    self.write_kept()

    def record(self, record):
        for line in self.lines.take(record):
            if self.printer.shows(line):
                with self.lock:
                    self.kept.append(self.printer(line).encode() + b'\n')
                    if not self.column or len(self.kept) > KEPT:
                        self.write_kept()

    def write_kept(self):
        if self.kept:
            self.write(b'\n' * self.column + b''.join(self.kept))
            self.kept, self.column = [], 0

    def no_more(self):
        """For now, or at the end: nothing waits."""
        with self.lock:
            self.write_kept()

    def frame(self, data):
        self.record(self.records.unpack(data[0], data[1:]))

    def stream(self):
        """For bytes of a console with frames."""
        return self.mixed.Mixed(self.text, self.frame)


def from_pipe(pipe, shown, frames=True):
    """All that comes from a console, to its end. @p frames: they are shown, else only taken away."""
    stream = shown.mixed.Mixed(shown.text, shown.frame if frames else lambda data: None)
    waiter = runner.select.poll()
    waiter.register(pipe, runner.select.POLLIN)
    while True:
        if not waiter.poll(QUIET * 1000):
            stream.idle()
            shown.no_more()
        elif data := os.read(pipe.fileno(), 65536):
            stream.feed(data)
        else:
            stream.idle()
            shown.no_more()
            return


def reader(elf, args):
    """For runner.run: what shows the console of a program with a stream on it."""
    shown = Shown(elf, args)
    return lambda pipe: from_pipe(pipe, shown)


def look(shown, rings):
    for record in shown.log.in_order(rings):
        shown.record(record)


def follow(place, shown, every=EVERY):
    """Look at the rings in the memory behind the stub at @p place until the program ends, or Ctrl-C."""
    target = stub.Stub(place)
    rings = shown.log.rings(shown.program, target.read)
    end = shown.program.elf.symbols[END][0]
    with contextlib.suppress(stub.Gone):
        target.stop_at(end)
        try:
            over = False
            while not over:
                target.go()
                over = target.stopped(every) or target.halt()
                look(shown, rings)
        except KeyboardInterrupt:
            target.halt()
            look(shown, rings)
            raise
        finally:
            target.stop_at(end, False)
            target.detach()


def keyboard():
    """What the program reads: our stdin, unless that is a terminal: that is what em run --log is for."""
    return subprocess.DEVNULL if sys.stdin is None or sys.stdin.isatty() else sys.stdin


def in_qemu(config, elf, shown):
    """Run it, its console passed on. Its status."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(debug.tempfile.TemporaryDirectory(prefix='em-'))
        place = os.path.join(folder, 'gdb')
        tool, *words = runner.command(config, elf, place)
        child = subprocess.Popen([tool, '--qemu-arg=-S', *words], stdin=keyboard(), stdout=subprocess.PIPE,
                                 env=builder.tool_env(), preexec_fn=runner.die_with_us)
        stack.callback(runner.end, child)
        console = threading.Thread(target=from_pipe, args=(child.stdout, shown, False), daemon=True)
        console.start()
        debug.listening(place, child)
        follow(place, shown)
        status = child.wait()
        console.join(5)
        shown.no_more()
        return status


def on_host(elf, shown):
    """Run it; its rings are in a file at its end. Its status."""
    with debug.tempfile.TemporaryDirectory(prefix='em-') as folder:
        name = os.path.join(folder, 'rings')
        child = subprocess.Popen([str(elf)], stdin=keyboard(), stdout=subprocess.PIPE, preexec_fn=runner.die_with_us,
                                 env={**builder.tool_env(), RINGS: name})
        try:
            from_pipe(child.stdout, shown, False)
            status = child.wait()
        finally:
            runner.end(child)
        data = open(name, 'rb').read() if os.path.exists(name) else b''
    begin = shown.program.rings
    if data:
        look(shown, shown.log.rings(shown.program, lambda address, size: data[address - begin:address - begin + size]))
    shown.no_more()
    return status


def from_port(port, baud, shown):
    """A serial line, until Ctrl-C."""
    packages.need(['python3-serial'])
    sys.path.insert(0, str(TREE / 'tools'))
    from flash import errors, ports  # which knows ports by name
    stream = shown.stream()
    try:
        link = ports.open_link(port, baud=baud)
        say(f'the log of {port}, until Ctrl-C')
        while True:
            data = link.read(QUIET)
            if data:
                stream.feed(data)
            else:
                stream.idle()
                shown.no_more()
    except errors.FlashError as error:
        raise EmError(f'log: {error}', FAILED) from error


def run(config, elf, args):
    """`em log`."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
    shown = Shown(elf, args)
    if args.port:
        return from_port(args.port, args.baud, shown)
    if args.gdb:
        follow(args.gdb, shown, EVERY_OF_OTHERS)
        return 0
    return on_host(elf, shown) if config.is_host else in_qemu(config, elf, shown)
