# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tasks of the program: their types, their slots, their states."""
import re

import gdb

from . import memory

CLAIMED, SPAWNED, CANCEL, QUEUED = 1, 1 << 12, 1 << 14, 1 << 31  # em/task.h


class Type:
    """An em_task_type."""

    def __init__(self, value):
        self.address = int(value.address)
        self.name = memory.text(int(value['ops']['name'])) or '?'
        self.file = memory.text(int(value['file'])) or '?'
        self.drop = int(value['ops']['drop'])
        self.count = int(value['count'])
        self.slots = [Task(self, i, int(value['slots']) + i * int(value['slot_bytes'])) for i in range(self.count)]
        symbol = re.match(r'(\w+)__type$', memory.name_of(self.address))
        self.frame = symbol[1] if symbol else None  # the struct of its frame


class Task:
    """A slot of a pool."""

    def __init__(self, type_, index, address):
        self.type, self.index, self.address = type_, index, address

    @property
    def name(self):
        return self.type.name + (f'[{self.index}]' if self.type.count > 1 else '')

    @property
    def value(self):
        return memory.typed(self.address, 'em_task')

    @property
    def root(self):
        """The address of its frame."""
        return self.address + self.value.type.sizeof

    @property
    def state(self):
        return int(self.value['state']) & 0xffffffff

    @property
    def is_claimed(self):
        return bool(self.state & CLAIMED)

    @property
    def is_spawned(self):
        return self.is_claimed and bool(self.state & SPAWNED)

    @property
    def executor(self):
        return int(self.value['executor'])

    def state_name(self):
        state = self.state
        if not state & CLAIMED:
            return 'free'
        if not state & SPAWNED:
            return 'claimed'
        if int(self.value['executor'].dereference()['running']) == self.address:
            return 'running'
        return 'cancelled' if state & CANCEL else 'ready' if state & QUEUED else 'waiting'


def types():
    """All task types: as the program lists them if it makes dumps, else as the ELF's symbols say."""
    begin, end = memory.address_of('__start_em_tasks'), memory.address_of('__stop_em_tasks')
    if begin and end:
        found = [a for a in memory.words(begin, (end - begin) // memory.WORD) or [] if a]
        return [Type(memory.typed(a, 'em_task_type')) for a in found]
    return [Type(v) for v in by_symbols()]


def by_symbols():
    """The variables of type em_task_type in the debugging information."""
    said = gdb.execute('info variables -q __type$', to_string=True)
    file = None
    for line in said.splitlines():
        if match := re.match(r'File (.*):$', line):
            file = match[1]
        elif match := re.search(r'\bem_task_type (\w+);$', line):
            value = memory.value(f"'{file}'::{match[1]}")
            if value is not None and int(value.address):
                yield value


def all_tasks():
    """Every slot that is taken."""
    return [task for type_ in types() for task in type_.slots if task.is_claimed]


def at(address):
    """The task in the slot there; None: there is none."""
    return next((t for type_ in types() for t in type_.slots if t.address == address), None)


def name_at(address):
    """Of the task there, alive or not."""
    if not address:
        return 'nobody'
    task = at(address & ~1)
    return task.name if task else f'{address:#x}'


def executors():
    """name -> address, of those that every program has and of its levels."""
    found = {}
    thread = memory.value('em_thread_executors_')
    for hart in range(thread.type.range()[1] + 1 if thread is not None else 0):
        found[f'hart {hart}'] = int(thread[hart].address)
    levels = memory.value('em_levels_')
    for hart in range(levels.type.range()[1] + 1 if levels is not None else 0):
        for level in range(levels[hart]['executors'].type.range()[1] + 1):
            found[f'hart {hart} level {level + 1}'] = int(levels[hart]['executors'][level].address)
    return found


def executor_name(address):
    return next((name for name, at_ in executors().items() if at_ == address), f'executor {memory.name_of(address)}')
