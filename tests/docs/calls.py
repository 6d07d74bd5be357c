# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The calls that a program makes on QEMU, from the log of its instructions: who calls whom, and the hardware's part.

The program is compiled so that each function is called: nothing inlined, no call turned into a jump. What remains of
jumps between functions are those of the assembly.
"""
import contextlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'bench'))
import trace  # noqa: E402

NOTHING_INLINED = ['-fno-inline', '-fno-optimize-sibling-calls', '-Dalways_inline=unused', '-Wno-attributes',
                   '-Wno-error']
VECTORS = 'em_trap_vectors_'
CALL, RETURN, TRAP = 'call', 'return', 'trap'


class Function:
    def __init__(self, name, path):
        self.name = name
        self.path = path  # from the top of the tree

    def __repr__(self):
        return f'{self.path}: {self.name}'


class Frame:
    def __init__(self, back, function, interrupted=None):
        self.back = back  # where its caller goes on; None: a trap
        self.function = function  # None: in the middle of the assembly's
        self.interrupted = interrupted  # of a trap: the last instruction before it


class Event:
    """@p stack: of Functions, outermost first, without @p function itself."""

    def __init__(self, kind, hart, function, stack):
        self.kind = kind  # CALL, RETURN, TRAP, or an instruction: wfi, mret
        self.hart = hart
        self.function = function
        self.stack = stack

    def __repr__(self):
        return f'{self.hart} {self.kind} {self.function}'


def functions(elf):
    """address -> Function, of all that can be called: functions, and the global labels of the assembly."""
    rows = subprocess.run([trace.NM, str(elf)], capture_output=True, text=True, check=True).stdout.splitlines()
    text = [(int(at, 16), kind, name) for at, kind, name in map(str.split, rows) if kind in 'TtW']
    asked = ''.join(f'{at:x}\n' for at, _, _ in text)
    places = subprocess.run(['riscv64-unknown-elf-addr2line', '-e', str(elf)], input=asked, capture_output=True,
                            text=True, check=True).stdout.splitlines()
    paths = [in_tree(place.rpartition(':')[0]) for place in places]
    return {at: Function(name, path) for (at, kind, name), path in zip(text, paths)
            if kind != 't' or not path.endswith('.S')}


def in_tree(path):
    """@p path from the top of the tree: the compiler names it from the build directory, whichever that was."""
    parts = [part for part in path.split('/') if part not in ('', '.', '..')]
    tails = ('/'.join(parts[i:]) for i in range(len(parts)))
    return next((tail for tail in tails if (ROOT / tail).is_file()), path)


class Hart:
    """Its frames, innermost last, and its last instruction."""

    def __init__(self, number, known):
        self.number = number
        self.known = known
        self.frames = []
        self.last = None

    def stack(self, depth=None):
        return [f.function for f in self.frames[:depth] if f.function]

    def step(self, x):
        """The events of instruction @p x."""
        last = self.last
        if last and last.name == 'mret':
            last = yield from self.resumed()
        self.last = x
        if last:
            yield from self.went(last, x)
        if x.name in ('wfi', 'mret'):
            yield Event(x.name, self.number, None, self.stack())

    def went(self, last, x):
        """The events of going from @p last to @p x."""
        function = self.known.get(x.address)
        if x.function == VECTORS and last.function != VECTORS:
            yield Event(TRAP, self.number, self.vectors(), self.stack())
            self.frames.append(Frame(None, self.vectors(), last))
        elif last.name in ('jal', 'jalr') and not last.operands.startswith('zero'):
            if function:
                yield Event(CALL, self.number, function, self.stack())
            self.frames.append(Frame(last.address + last.bytes, function))
        elif last.name in ('ret', 'jr') and self.frame_that_returns_to(x) is not None:
            yield from self.left(self.frame_that_returns_to(x))
        elif function and last.address + last.bytes != x.address and x.function != VECTORS:
            yield Event(CALL, self.number, function, self.stack(-1))  # a jump: the caller has gone
            self.frames[-1:] = [Frame(self.frames[-1].back if self.frames else 0, function)]

    def resumed(self):
        """A trap is over. The last instruction before it, whose effect on the frames is still to come."""
        at = max(i for i, f in enumerate(self.frames) if f.back is None)
        interrupted = self.frames[at].interrupted
        yield from self.left(at)
        return interrupted

    def frame_that_returns_to(self, x):
        for i in reversed(range(len(self.frames))):
            if self.frames[i].back is None:
                return None
            if self.frames[i].back == x.address:
                return i

    def left(self, depth):
        """The frames from @p depth on are gone."""
        for i in reversed(range(depth, len(self.frames))):
            if self.frames[i].function:
                yield Event(RETURN, self.number, self.frames[i].function, self.stack(i))
        del self.frames[depth:]

    def vectors(self):
        return next(f for f in self.known.values() if f.name == VECTORS)


def events(elf, harts=1):
    """All Events of the program, in order. May be closed early: that ends QEMU."""
    known = functions(elf)
    machine = [Hart(number, known) for number in range(harts)]
    with contextlib.closing(trace.executed_by_harts(elf, 60, harts)) as steps:
        for hart, instruction in steps:
            yield from machine[hart].step(instruction)
