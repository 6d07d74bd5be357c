# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The log in a recording: records, one after the other as they come -> lines for people."""
import heapq
from dataclasses import dataclass

from .elf import Elf
from .errors import FOREIGN, TraceError
from .facts import HEADER, RECORD, is_power_of_two
from .records import EVENTS, Record, unpack
from .texts import Text, Texts


class Program:
    """What has to be known of a program to read its log: where its rings are, its clock, its texts."""

    def __init__(self, path):
        self.elf = Elf(path)
        if 'em_trace_rings_' not in self.elf.symbols:
            raise TraceError(f'{path}: has no log: it says em_log_info() or the like nowhere, or is stripped', FOREIGN)
        self.rings, size = self.elf.symbols['em_trace_rings_']
        self.tick_hz = self.elf.symbols.get('em_tick_hz_', (10000000, 0))[0]
        self.texts = Texts(self.elf)
        # each has a power of two of records, which leaves one answer
        self.harts = next((n for n in range(1, 9) if is_power_of_two((size / n - HEADER) / RECORD)), 1)
        self.capacity = (size // self.harts - HEADER) // RECORD

    @property
    def is_host(self):
        return self.elf.machine != 'EM_RISCV'


@dataclass(frozen=True)
class Line:
    """Of the log. Without a text: a message of ours."""
    hart: int
    tick: int
    text: Text
    message: str


class Lines:
    """take() records in the order in which a hart wrote them: each gives the lines that are whole now."""

    def __init__(self, program):
        self.texts = program.texts
        self.open = {}     # hart -> (its LOG, the arguments so far)
        self.missing = {}  # hart -> how many records are lost and not yet said
        self.lost = 0      # records, of all harts

    def take(self, record):
        hart = record.hart
        if record.kind == 'LOG_ARG':
            if hart not in self.open:
                self.miss(hart, 1)  # its line began in what is lost
                return
            self.open[hart][1].append(record.object | record.arg << 32)
        else:
            if hart in self.open:
                self.miss(hart, 1 + len(self.open.pop(hart)[1]))  # it does not go on
            if record.kind == 'LOST':
                self.miss(hart, record.arg)
                return
            yield from self.say_lost(hart, record.tick)
            if record.kind != 'LOG':
                return
            self.open[hart] = record, []
        head, words = self.open[hart]
        if len(words) == head.arg:
            del self.open[hart]
            yield self.line(head, words)

    def miss(self, hart, count):
        self.missing[hart] = self.missing.get(hart, 0) + count

    def say_lost(self, hart, tick):
        count = self.missing.pop(hart, 0)
        self.lost += count
        if count:
            yield Line(hart, tick, None, f'{count} records lost')

    def line(self, head, words):
        text = self.texts.get(head.object)
        if text is None:
            message = f'a line of another program, or of another build of it: {head.object:#x}'
            return Line(head.hart, head.tick, None, message)
        return Line(head.hart, head.tick, text, self.texts.message(text, words).rstrip('\n'))


class Printer:
    """Lines as people read them. @p level: the last one that is shown; @p modules: those that are, or all."""

    def __init__(self, program, level=5, modules=(), times=True):
        self.program, self.level, self.modules, self.times = program, level, modules, times
        self.several = program.harts > 1 and not program.is_host

    def shows(self, line):
        text = line.text
        return text is None or text.level <= self.level and (not self.modules or text.module in self.modules)

    def __call__(self, line):
        """`   1.250113 INFO  net main.c:61  connected to 3`"""
        time = f'{line.tick / self.program.tick_hz:11.6f} ' if self.times else ''
        hart = f'{line.hart} ' if self.several else ''
        if line.text is None:
            return f'{time}{hart}----- {line.message}'
        return f'{time}{hart}{line.text.level_name:<5} {line.text.where}  {line.message}'


class Ring:
    """One ring in a memory that is looked at again and again: read(address, size) gives bytes of it."""

    HALF = 7  # so many of the oldest may be half overwritten: the records of one line (inspect/log.c)

    def __init__(self, hart, address, capacity, read):
        self.hart, self.address, self.capacity, self.read = hart, address, capacity, read
        self.seen = 0  # how many have been taken, or were lost

    def new(self):
        """The records since the last look, behind a LOST if some of them have been overwritten."""
        written = int.from_bytes(self.read(self.address, 4), 'little')
        count = (written - self.seen) % (1 << 32)
        self.seen = written
        kept = min(count, self.capacity - self.HALF)
        data = self.bytes((written - kept) % self.capacity, kept)
        found = [unpack(self.hart, data[at:at + RECORD]) for at in range(0, len(data), RECORD)]
        if count > kept:
            found.insert(0, Record(self.hart, found[0].tick, EVENTS.index('LOST'), 0, count - kept))
        return found

    def bytes(self, at, count):
        """Of @p count records from @p at on, around the end."""
        first = min(count, self.capacity - at)
        data = self.read(self.address + HEADER + RECORD * at, RECORD * first) if first else b''
        return data + (self.bytes(0, count - first) if count > first else b'')


def rings(program, read):
    """All rings of a program in a memory."""
    stride = HEADER + RECORD * program.capacity
    return [Ring(hart, program.rings + hart * stride, program.capacity, read) for hart in range(program.harts)]


def in_order(rings_):
    """What is new in all of them, by time."""
    return heapq.merge(*[ring.new() for ring in rings_], key=lambda r: (r.tick, r.hart))
