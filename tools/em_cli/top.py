# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tasks of a program that runs, and where each waits, again and again; Ctrl-C ends it.

em top PROGRAM               runs it in QEMU, its console aside
em top --gdb :1234 PROGRAM   that runs elsewhere: QEMU (em run --gdb :1234), OpenOCD; it stands still for each look
em top --port PORT PROGRAM   asks its em_monitor (em/monitor.h) over a serial line, as flash.py names it; PROGRAM
                             may be left out, then addresses stay numbers
"""
import bisect
import re
import signal
import socket
import subprocess
import sys
import time

import builder
import debug
import packages
from config import TREE
from errors import FAILED, TIMED_OUT, EmError

KEY = b't'  # EM_MONITOR_TASKS
BEGIN, END = re.compile(r'^tasks( at .*)?$', re.M), re.compile(r'^end of tasks$', re.M)
ADDRESS = re.compile(r'(?<= )0x[0-9a-f]+\b')
OBJECT = re.compile(r'[0-9a-f]+ [bBdDrR] [A-Za-z_]\w*$')  # a line of nm's
ANSWER = 5  # seconds
CONNECTED = 'python print("em is there" if gdb.selected_inferior().pid else "em sees nobody")'
CLEAR = '\x1b[H\x1b[2J'


def dump_in(text):
    """The last whole dump in @p text, or None."""
    begin = [m.start() for m in BEGIN.finditer(text)]
    end = next((m.end() for m in END.finditer(text) if begin and m.start() > begin[-1]), None)
    return text[begin[-1]:end] if end else None


def by_gdb(elf, target):
    """Stop it, look, let it go on."""
    words = ['set confirm off', 'set tcp connect-timeout 5', 'set remotetimeout 30',
             f'source {debug.SCRIPT}', f'target remote {target}', CONNECTED, 'em tasks', 'detach']
    done = subprocess.run(['gdb-multiarch', '-nx', '-batch', '-q', *debug.commands(words), str(elf)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors='replace', env=builder.tool_env())
    found = dump_in(done.stdout)
    if not found or 'em is there' not in done.stdout:  # GDB goes on after an error, and shows what the file says
        raise EmError(f'no tasks at {target}; GDB says:\n{done.stdout.strip()[-600:]}', FAILED)
    return found


class Names:
    """Symbols of an ELF, for the addresses in a dump."""

    def __init__(self, elf):
        said = subprocess.run(['nm', str(elf)], capture_output=True, text=True, check=True, env=builder.tool_env())
        found = [line.split() for line in said.stdout.splitlines() if OBJECT.match(line)]
        self.known = sorted((int(address, 16), name) for address, _, name in found)

    def of(self, address):
        at = bisect.bisect_right(self.known, (address, '\x7f')) - 1
        if at < 0:
            return None
        begin, name = self.known[at]
        return name if address == begin else f'{name}+{address - begin}'

    def put_into(self, text):
        return ADDRESS.sub(lambda m: self.of(int(m[0], 16)) or m[0], text)


class Line:
    """A serial line to a board with a monitor."""

    def __init__(self, port, baud):
        packages.need(['python3-serial'])
        sys.path.insert(0, str(TREE / 'tools'))
        from flash import errors, ports  # which knows ports by name
        self.lost = errors.FlashError
        try:
            self.link = ports.open_link(port, baud=baud)
        except self.lost as error:
            raise EmError(f'top: {error}', FAILED) from error

    def dump(self):
        text = ''
        try:
            self.link.write(KEY)
            deadline = time.monotonic() + ANSWER
            while time.monotonic() < deadline:
                text += self.link.read(0.2).decode('utf-8', 'replace').replace('\r', '')
                if found := dump_in(text):
                    return found
        except self.lost as error:
            raise EmError(f'top: {error}', FAILED) from error
        raise EmError(f'top: no dump within {ANSWER} s: has the program an em_monitor() on this line? '
                      f'It said: {text[-200:]!r}', TIMED_OUT)


def has_ended(place):
    """Whether nobody listens at the socket @p place any more: QEMU ends with its program."""
    with socket.socket(socket.AF_UNIX) as link:
        try:
            link.connect(str(place))
        except OSError:
            return True
    return False


def in_qemu(elf, place):
    """A look at the program that QEMU runs."""
    try:
        return by_gdb(elf, place)
    except EmError as error:
        if has_ended(place):
            raise EmError('top: the program has ended (--after S: when the first look is)', FAILED) from error
        raise


def show(look, args):
    """Until Ctrl-C."""
    while True:
        text = look()
        print((CLEAR if sys.stdout.isatty() and not args.once else '') + text, flush=True)
        if args.once:
            return 0
        time.sleep(args.every)


def run(config, elf, args):
    """`em top`. elf: None with a --port only."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
    if args.port:
        line, names = Line(args.port, args.baud), Names(elf) if elf else None
        return show(lambda: names.put_into(line.dump()) if names else line.dump(), args)
    packages.need(debug.PACKAGES)
    if args.gdb:
        return show(lambda: by_gdb(elf, args.gdb), args)
    if config.is_host:
        raise EmError('top: a host program has no GDB stub; `em debug --board host`, or --port with em_monitor()')
    with debug.qemu(config, elf, False, stdout=subprocess.DEVNULL) as place:
        time.sleep(args.after)
        return show(lambda: in_qemu(elf, place), args)
