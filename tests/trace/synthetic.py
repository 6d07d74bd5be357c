# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Recordings made by hand, and a program for them to be of."""
import struct
import sys

from config import TREE

sys.path.insert(0, str(TREE / 'tools' / 'trace'))

from em_trace import facts as facts_  # noqa: E402
from em_trace import model, names, records  # noqa: E402

CAPACITY = 16
A, B, C = 0x100, 0x200, 0x300  # tasks
EXECUTOR, TIMER, TEXT, PLACE = 0x800, 0x110, 0x900, 0xa00
RUNS = 0x80000000


class Facts:
    """As em_trace.facts.Facts, of a program with three tasks."""
    tick_hz = 1000000
    harts = 2
    TASKS = {A: 'a', B: 'b', C: 'c[1]'}

    def address(self, number):
        return number or None

    def task_name(self, address):
        return self.TASKS.get(address)

    def owner_name(self, address):
        return 'a' if address == TIMER else None

    def executor_name(self, address):
        return 'hart 0' if address == EXECUTOR else f'{address or 0:#x}'

    def symbol(self, address):
        return f'{address or 0:#x}'

    def place(self, address):
        return facts_.Place('a', 'a.c', 7) if address == PLACE else None

    def text(self, number):
        return 'a <"text">'

    def log_line(self, number, args):
        return f'{number}: {args}'

    def records_of(self, harts):
        return CAPACITY


class Places:
    def of(self, address):
        return f'{address or 0:#x}'


def record(tick, kind, object_=0, arg=0, hart=0):
    return records.Record(hart, tick, records.EVENTS.index(kind), object_, arg)


def packed(r):
    return struct.pack('<QII', r.tick << 8 | r.event, r.object, r.arg)


def ring(written, capacity=CAPACITY, says=None, first=0):
    """A ring into which so many wakes went, the n-th at tick n with arg n."""
    data = bytearray(64 + 16 * capacity)
    struct.pack_into('<II', data, 0, written, (capacity | RUNS if written else 0) if says is None else says)
    for n in range(first, written):
        data[64 + 16 * (n % capacity):80 + 16 * (n % capacity)] = packed(record(n, 'WAKE', A, n))
    return bytes(data)


def names_of():
    found = names.Names(Facts())
    found.places = Places()
    return found


def model_of(*rows):
    """Of rows (tick, kind, object, arg, hart)."""
    by_hart = {}
    for row in rows:
        r = record(*row)
        by_hart.setdefault(r.hart, []).append(r)
    return model.Model(records.merge(by_hart))
