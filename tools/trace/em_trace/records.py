# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Records and recordings: what was written, by which hart, when, in one order (executor/include/em/trace.h)."""
import heapq
import struct
from dataclasses import dataclass, field

from .errors import EMPTY, GARBAGE, TraceError

EVENTS = ('LOST', 'SPAWN', 'WAKE', 'WAKE_AGAIN', 'POLL_BEGIN', 'POLL_END', 'AWAIT', 'TASK_END', 'EXECUTOR_BEGIN',
          'EXECUTOR_END', 'IDLE_BEGIN', 'IDLE_END', 'IRQ_BEGIN', 'IRQ_END', 'SOURCE_BEGIN', 'SOURCE_END', 'ALARM',
          'TIMER_DUE', 'IPI', 'MARK', 'MARK_BEGIN', 'MARK_END', 'LOG', 'LOG_ARG')
FORMAT = struct.Struct('<QII')
TICKS = 1 << 56  # a clock of a record wraps there
UNKNOWN_MAX = 8  # of the newest events we may know nothing, but not of so many


@dataclass(frozen=True)
class Record:
    hart: int
    tick: int
    event: int
    object: int
    arg: int

    @property
    def kind(self):
        return EVENTS[self.event] if self.event < len(EVENTS) else f'EVENT_{self.event}'


@dataclass(frozen=True)
class Stretch:
    """The longest one of a hart without interrupts: em_trace_stretch."""
    hart: int
    what: str    # 'masked' by software, from place to place; a 'handler': interrupt and source
    cycles: int  # of the processor
    begin: int
    end: int


@dataclass
class Recording:
    """Of one run of one program."""
    records: list = field(default_factory=list)
    lost: dict = field(default_factory=dict)     # hart -> how many records
    stretches: list = field(default_factory=list)
    harts: tuple = ()                             # those that have recorded something


def unpack(hart, data):
    stamp, object_, arg = FORMAT.unpack(data)
    return Record(hart, stamp >> 8, stamp & 0xff, object_, arg)


def unwrapped(records):
    """With a clock that goes on where 56 bits end. One that runs backwards is no clock."""
    found, before, more = [], None, 0
    for r in records:
        tick = r.tick + more
        if before is not None and tick < before:
            if before - tick < TICKS // 2:
                raise TraceError(f'hart {r.hart} goes back in time, from tick {before} to {tick}: damaged, '
                                 'or of another program', GARBAGE)
            more += TICKS
            tick += TICKS
        before = tick
        found.append(r if tick == r.tick else Record(r.hart, tick, r.event, r.object, r.arg))
    return found


def rounded(recording, ticks):
    """With times in steps from the first event on: what is a little faster or slower looks the same."""
    begin = recording.records[0].tick
    at = [Record(r.hart, (r.tick - begin + ticks // 2) // ticks * ticks, r.event, r.object, r.arg)
          for r in recording.records]
    return Recording(at, recording.lost, recording.stretches, recording.harts)


def merge(by_hart, lost=None, stretches=()):
    """The recording of several harts: @p by_hart: hart -> its records, the oldest first."""
    for hart, records in by_hart.items():
        check(hart, records)
    lines = [unwrapped(records) for _, records in sorted(by_hart.items())]
    every = list(heapq.merge(*lines, key=lambda r: (r.tick, r.hart)))
    if not every:
        raise TraceError('nothing was recorded', EMPTY)
    counts = {hart: n for hart, n in (lost or {}).items() if n}
    for r in every:
        if r.kind == 'LOST':
            counts[r.hart] = counts.get(r.hart, 0) + r.arg
    return Recording(every, counts, list(stretches), tuple(hart for hart, line in sorted(by_hart.items()) if line))


def check(hart, records):
    unknown = sum(1 for r in records if r.event >= len(EVENTS))
    if unknown > UNKNOWN_MAX and unknown * 4 > len(records):
        raise TraceError(f'{unknown} of the {len(records)} records of hart {hart} are of no known kind: this is no '
                         'recording', GARBAGE)
