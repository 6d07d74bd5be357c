# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Where the instructions of a row go: what is executed between two stamps, by function, from the trace."""
import itertools

import trace

MAIN = 'em_MAIN_defines_the_first_task__body'
IDLE = 'em_port_idle'  # its wfi is a stamp, too
AROUND_SLEEP = ('__wrap_em_port_idle', 'bench_sleeps_')  # idle.S, on the way
# row -> (image, the function of the first stamp, the function of the second): for docs/performance.md
ROWS = {
    'irq_due_task': ('irq', IDLE, MAIN),
    'irq_block_idle': ('irq', MAIN, IDLE),
    'plic_due_task': ('plic', IDLE, MAIN),
    'pingpong_signal': ('pingpong', 'signal_a__body', 'signal_a__body'),
    'pingpong_channel': ('pingpong', 'channel_a__body', 'channel_a__body'),
    'timer_0_due_task': ('timer', IDLE, 'delays__body'),
    'timer_0_call_idle': ('timer', 'delays__body', IDLE),
    'timer_1000_due_task': ('timer', IDLE, 'delays__body'),
    'timer_1000_call_idle': ('timer', 'delays__body', IDLE),
    'spawn_single': ('spawn', MAIN, MAIN),
    'spawn_pool64': ('spawn', 'spawn_pool', 'spawn_pool'),
    'showdown_thread': ('showdown', 'button__body', 'button__body'),
}


class Stretch:
    """All runs between the same two stamps: their lengths, and one run of each length."""

    def __init__(self):
        self.lengths = []
        self.of_length = {}
        self.last = []

    def add(self, run):
        self.lengths.append(len(run))
        self.of_length[len(run)] = self.last = run


def is_stamp(x):
    return not x.is_harness and (x.name == 'wfi' or x.name == 'csrr' and x.operands.endswith('mcycle'))


def stretches(elf, limit):
    """(place of the first stamp, place of the second) -> Stretch; of the first @p limit instructions"""
    found = {}
    run = None
    start = None
    for x in itertools.islice(trace.executed(elf), limit):
        if is_stamp(x):
            if run:
                found.setdefault((start, (x.address, x.function)), Stretch()).add(run)
            run = []
            start = x.address, x.function
        elif x.is_harness:
            run = run if x.function in AROUND_SLEEP else None
        elif run is not None:
            run.append(x)
    return found


def by_function(run):
    """(function, its instructions) of each visit, in order"""
    return [(name, list(part)) for name, part in itertools.groupby(run, key=lambda x: x.function)]


def of_row(found, start, end, count):
    """The visits whose sum is @p count, among what @p found has between two functions; None if there are none."""
    stored = 0 if start == IDLE else 1  # the store of BENCH_START() is not counted
    for ((_, start_in), (_, end_in)), stretch in found.items():
        run = stretch.of_length.get(count + stored)
        if run and (start_in, end_in) == (start, end):
            return [(name, len(part)) for name, part in by_function(run[stored:])]
    return None


def of_all_rows(folder, rows):
    """Text: each of ROWS with its visits."""
    lines = []
    traces = {}
    for name, (image, start, end) in ROWS.items():
        if image not in traces:
            traces[image] = stretches(folder / f'bench_{image}.elf', 3000000)
        count = int(rows[name].split('..')[-1])
        visits = of_row(traces[image], start, end, count)
        if visits is None:
            raise LookupError(f'{name}: no stretch of {count} instructions in the trace')
        lines.append(f'{name}: {count}')
        lines += [f'  {n:5}  {function.replace(MAIN, "MAIN__body")}' for function, n in visits]
    return '\n'.join(lines) + '\n'
