# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Numbers of a trace: load, latencies, the longest of each kind, and what looks like a mistake."""
import math
from dataclasses import dataclass, field

PERCENTILES = (50, 99, 100)


def percentile(values, p):
    """The smallest of @p values that p % of them do not exceed."""
    return sorted(values)[max(math.ceil(len(values) * p / 100) - 1, 0)] if values else None


def histogram(values):
    """[(below, how many)]: powers of two; the first those that are 0."""
    counts = {}
    for value in values:
        counts[value.bit_length()] = counts.get(value.bit_length(), 0) + 1
    return [(1 << n, counts.get(n, 0)) for n in range(min(counts), max(counts) + 1)] if counts else []


@dataclass
class TaskStats:
    task: int
    polls: int = 0
    ran: int = 0        # ticks, without interrupts
    longest: int = 0    # ticks of one poll, with all that lay on it
    wakes: int = 0
    again: int = 0
    own: int = 0        # wakes by itself
    latencies: list = field(default_factory=list)  # ticks from wake to poll


@dataclass
class HartStats:
    hart: int
    window: int
    idle: int = 0
    irqs: int = 0
    tasks: int = 0
    executors: int = 0


class Stats:
    def __init__(self, model):
        self.model = model
        self.tasks = {task: TaskStats(task) for task in model.tasks()}
        self.harts = {hart: HartStats(hart, model.window(hart)) for hart in model.recording.harts}
        for span in model.spans:
            self._span(span)
        for wake in model.wakes:
            self._wake(wake)
        for task, count in model.again.items():
            self.tasks[task].again = count

    def _span(self, span):
        hart = self.harts[span.hart]
        if span.kind == 'poll':
            task = self.tasks[span.key]
            task.polls += 1
            task.ran += span.own
            task.longest = max(task.longest, span.ticks)
            hart.tasks += span.own
        elif span.kind == 'idle':
            hart.idle += span.own
        elif span.kind in ('irq', 'source'):
            hart.irqs += span.own
        elif span.kind == 'executor':
            hart.executors += span.own

    def _wake(self, wake):
        if wake.spawn:
            return
        task = self.tasks[wake.task]
        task.wakes += 1
        task.own += wake.own
        if wake.poll:
            task.latencies.append(wake.poll.begin - wake.tick)

    def all_latencies(self):
        return [ticks for task in self.tasks.values() for ticks in task.latencies]

    def longest(self, kind):
        """The longest span of a kind; None."""
        return max(self.model.spans_of(kind), key=lambda s: (s.ticks, -s.begin), default=None)


def share(part, whole):
    return f'{100 * part / whole:.1f} %' if whole else '-'


STORM_WAKES = 16  # by itself, before it looks like a storm


def lints(stats, names, late, long):
    """What looks like a mistake, in words; @p late, @p long: ticks."""
    model = stats.model
    for wake in model.wakes:
        waited = (wake.poll.begin if wake.poll else model.end) - wake.tick
        if not wake.finished and waited > late and (wake.poll or model.ready.get(wake.task) is wake):
            what = 'polled {} later' if wake.poll else 'not polled in {}'
            yield (f'{names.task(wake.task)} was {"spawned" if wake.spawn else "woken"} at {at(names, wake.tick)} and '
                   + what.format(names.duration(waited)))
        if wake.finished:
            yield f'{names.task(wake.task)} was woken at {at(names, wake.tick)} by {names.by(wake.by)}, but had ended'
    for span in model.spans_of('poll'):
        if span.own > long:
            yield f'a poll of {names.task(span.key)} at {at(names, span.begin)} took {names.duration(span.own)}'
    for task in stats.tasks.values():
        if task.own >= STORM_WAKES and task.own * 2 > task.wakes:
            yield f'{names.task(task.task)} woke itself {task.own} times of {task.wakes}'


def at(names, tick):
    return f'{names.seconds(tick):.6f} s'
