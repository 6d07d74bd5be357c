# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the numbers in the records of one program mean: its tasks, executors, awaits, texts and its clock.

The layouts are those of em_task_type (executor/include/em/task.h), em_fn_type (macros/) and em_hart_levels
(hal/riscv/levels.h) with pointers of 8 bytes; tests/trace/test_facts.py compares.
"""
import bisect
import struct
from dataclasses import dataclass

from .elf import Elf
from .errors import FOREIGN, TraceError
from .texts import Texts

HEADER = 64   # bytes of a ring before its records
RECORD = 16   # bytes
TASK_TYPE = struct.Struct('<QQQQQQIIIHBx')
FN_TYPE = struct.Struct('<QQQQ')
LEVELS_OF_ONE, LEVELS_OF_SEVERAL = (32, 56), (64, 64)  # with one hart and more: the first executor, the size of each
INTERRUPTS = {1: 'software', 3: 'software', 5: 'timer', 7: 'timer', 9: 'external', 11: 'external'}  # [PRIV] 3.6


@dataclass(frozen=True)
class Pool:
    """The slots of one task type."""
    begin: int
    slot_bytes: int
    count: int
    name: str
    file: str
    line: int


@dataclass(frozen=True)
class Place:
    """Of an await: in which body, file and line."""
    function: str
    file: str
    line: int

    def __str__(self):
        return f'{self.function}, {self.file}:{self.line or "?"}'


class Facts:
    def __init__(self, path):
        self.elf = elf = Elf(path)
        missing = [name for name in ('em_trace_record_', 'em_trace_rings_') if name not in elf.symbols]
        if missing:
            raise TraceError(f'{path}: not built with -Dtrace=true: it has no {missing[0]}', FOREIGN)
        self.base = elf.symbols['em_trace_record_'][0]
        self.rings, self.rings_bytes = elf.symbols['em_trace_rings_']
        self.tick_hz = elf.symbols.get('em_tick_hz_', (10000000, 0))[0]
        self.bodies = {}  # address -> (name, file)
        self.pools = sorted(self._pools(), key=lambda pool: pool.begin)
        self._begins = [pool.begin for pool in self.pools]
        self._functions()
        self._awaits = self._await_lines()
        self._executors = self._executor_names()
        self.texts = Texts(elf)

    def address(self, number):
        """Of the object or code that a record names by @p number; None: none."""
        return (self.base + (number ^ 0x80000000) - 0x80000000) & 0xffffffffffffffff if number else None

    # -- tasks

    def _types(self):
        """Where the task types are: as they list themselves, else by their names."""
        begin, data = self.elf.sections.get('em_tasks', (0, b''))
        listed = [self.elf.word(begin + at) for at in range(0, len(data), 8)]
        return {a for a in listed if a} or {a for a, size in self.elf.named('__type') if size == TASK_TYPE.size}

    def _pools(self):
        for address in self._types():
            data = self.elf.bytes_at(address, TASK_TYPE.size)
            if data is None:
                continue
            poll, _, name, slots, _, file, slot_bytes, _, line, count, _ = TASK_TYPE.unpack(data)
            pool = Pool(slots, slot_bytes, count, self.elf.string(name) or '?', self.elf.string(file) or '?', line)
            self.bodies[poll] = pool.name, pool.file
            yield pool

    def slot(self, address):
        """(pool, index, offset in the slot) of what lies in a task's slot; None."""
        at = bisect.bisect_right(self._begins, address) - 1
        if at < 0:
            return None
        pool = self.pools[at]
        index, offset = divmod(address - pool.begin, pool.slot_bytes)
        return (pool, index, offset) if index < pool.count else None

    def task_name(self, address):
        """Of the task whose slot begins there; None: there is none."""
        found = self.slot(address) if address is not None else None
        return slot_name(*found[:2]) if found and found[2] == 0 else None

    def owner_name(self, address):
        """The task in whose slot something lies; None."""
        found = self.slot(address) if address is not None else None
        return slot_name(*found[:2]) if found else None

    # -- executors

    def _executor_names(self):
        found = {}
        address, size = self.elf.symbols.get('em_thread_executors_', (0, 0))
        harts = self.harts
        for hart in range(harts if size else 0):
            found[address + hart * (size // harts)] = f'hart {hart}'
        levels, size = self.elf.symbols.get('em_levels_', (0, 0))
        first, each = LEVELS_OF_SEVERAL if harts > 1 else LEVELS_OF_ONE
        for hart in range(harts if size else 0):
            begin = levels + hart * (size // harts)
            found.update({begin + first + n * each: f'hart {hart} level {n + 1}'
                          for n in range((size // harts - first) // each)})
        return found

    def executor_name(self, address):
        return self._executors.get(address) or self.symbol(address)

    # -- places

    def _functions(self):
        """The bodies of async functions: their types have operations and a file."""
        for address, size in self.elf.named('__type'):
            data = self.elf.bytes_at(address, FN_TYPE.size) if size == FN_TYPE.size else None
            if data:
                poll, _, name, file = FN_TYPE.unpack(data)
                self.bodies[poll] = self.elf.string(name) or '?', self.elf.string(file) or '?'

    def _await_lines(self):
        """Address of an await's code -> line (EM_MARK_AWAIT_ in macros/include/em/await.h)."""
        begin, data = self.elf.sections.get('em_awaits', (0, b''))
        found = {}
        for at in range(0, len(data) - 7, 8):
            distance, line = struct.unpack_from('<iI', data, at)
            found[begin + at + distance] = line
        return found

    def place(self, address):
        """Of an await; None: not in the body of a task or an async function."""
        found = self.elf.symbol_at(address) if address is not None else None
        body = self.bodies.get(address - found[1]) if found else None
        return Place(*body, self._awaits.get(address, 0)) if body else None

    def symbol(self, address):
        """What the program calls what is there: `queue`, `pool+24`, or its number."""
        found = self.elf.symbol_at(address) if address is not None else None
        if not found:
            return 'nothing' if address is None else f'{address:#x}'
        return found[0] + (f'+{found[1]}' if found[1] else '')

    # -- texts

    def text(self, number):
        """Of a mark (inspect/include/em/mark.h)."""
        address = self.address(number) or 0
        found = self.elf.string(address)
        if found is None:
            found = self.elf.string(address & 0xffffffff)  # at 0, which is further than 2 GiB away
        return self.symbol(address) if found is None else found

    def log_line(self, number, args):
        """A line of the log: the text of this number with its arguments in it."""
        text = self.texts.get(number)
        if text is None:
            return f'text {number}, which is not in this program'
        return f'{text.level_name} {text.where}  {self.texts.message(text, args)}'.rstrip()

    # -- rings

    @property
    def harts(self):
        """How many rings the program has; each has a power of two of records, which leaves one answer."""
        return next((n for n in range(1, 9) if is_power_of_two(self.records_of(n))), 1)

    def records_of(self, harts):
        return (self.rings_bytes / harts - HEADER) / RECORD


def is_power_of_two(number):
    return number >= 16 and number == int(number) and int(number) & (int(number) - 1) == 0


def slot_name(pool, index):
    return pool.name + (f'[{index}]' if pool.count > 1 else '')


def interrupt_name(number):
    return f'{INTERRUPTS[number]} interrupt' if number in INTERRUPTS else f'interrupt {number}'
