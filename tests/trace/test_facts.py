# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The layouts that the decoder counts on are those of the program."""
import re
import struct
import subprocess

import traces
from config import TREE

from em_trace import facts, records

MEMBERS = {'ops': 0, 'slots': 24, 'file': 40, 'slot_bytes': 48, 'line': 56, 'count': 60}


def offsets_in(form):
    """Where struct puts each member of a format."""
    words = re.findall(r'\d*[A-Za-z]', form.lstrip('<'))
    return [struct.calcsize('<' + ''.join(words[:n])) for n, word in enumerate(words) if not word.endswith('x')]


def test_task_types_and_functions():
    looks = [f'(long)&((struct em_task_type *)0)->{name}' for name in MEMBERS]
    looks += ['sizeof(struct em_task_type)', '(long)&((struct em_future_ops *)0)->name',
              'sizeof(struct em_future_ops)', 'sizeof(struct em_executor)']
    words = [word for look in looks for word in ('-ex', f'output (long)({look})', '-ex', 'echo \\n')]
    said = subprocess.run(['gdb-multiarch', '-nx', '-batch', *words, traces.elf(traces.VIRT, 'trace_shown')],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    numbers = [int(line) for line in said.stdout.split()]
    assert numbers == [*MEMBERS.values(), facts.TASK_TYPE.size, 16, 24, 56], said
    assert set(MEMBERS.values()) <= set(offsets_in(facts.TASK_TYPE.format))


def test_levels():
    text = (TREE / 'hal/riscv/levels.h').read_text()
    several, one = ([int(n) for n in re.findall(r'^#define LEVELS_EXECUTOR(?:S|_BYTES) (\d+)', half, re.M)]
                    for half in text.partition('#endif')[0].split('#else'))
    assert [*facts.LEVELS_OF_SEVERAL, *facts.LEVELS_OF_ONE] == several + one


def test_events_have_the_numbers_of_the_header():
    found = re.findall(r'^ +EM_TRACE_(\w+)_ = (\d+),', (TREE / 'executor/include/em/trace.h').read_text(), re.M)
    assert [(name, int(n)) for name, n in found] == [(name, n) for n, name in enumerate(records.EVENTS)]


def test_names_of_tasks_executors_and_places():
    shown = facts.Facts(traces.elf(traces.VIRT, 'trace_shown'))
    assert {pool.name: pool.count for pool in shown.pools} == {'MAIN': 1, 'sampler': 1, 'filter': 1, 'report': 1,
                                                              'watcher': 2}
    pool = next(pool for pool in shown.pools if pool.name == 'watcher')
    assert shown.task_name(pool.begin + pool.slot_bytes) == 'watcher[1]' and pool.file == 'tests/trace/shown.c'
    assert shown.task_name(pool.begin + 8) is None and shown.owner_name(pool.begin + 8) == 'watcher[0]'
    levels, _ = shown.elf.symbols['em_levels_']
    assert shown.executor_name(levels + facts.LEVELS_OF_ONE[0] + 56) == 'hart 0 level 2'
    assert shown.executor_name(shown.elf.symbols['em_thread_executors_'][0]) == 'hart 0'
    assert shown.tick_hz == 10000000 and shown.harts == 1 and shown.records_of(1) == 1024
    assert shown.address(0) is None and shown.address(0xfffffff0) == shown.base - 16
