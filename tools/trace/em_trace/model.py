# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Who did what, when, and why: a recording as events with a context, and spans of time with their own share of it.

Each hart has a stack: an interrupt lies on what it interrupts, a poll on its executor. What lies on top has the hart.
"""
from dataclasses import dataclass, field
from typing import Optional

PAIRS = {'POLL_BEGIN': 'poll', 'EXECUTOR_BEGIN': 'executor', 'IDLE_BEGIN': 'idle', 'IRQ_BEGIN': 'irq',
         'SOURCE_BEGIN': 'source'}
ENDS = {'POLL_END': 'poll', 'EXECUTOR_END': 'executor', 'IDLE_END': 'idle', 'IRQ_END': 'irq', 'SOURCE_END': 'source'}
ORDER = ('idle', 'irq', 'source', 'executor', 'poll', 'mark')  # of two that took the same time the outer one first
BY_NUMBER = ('irq', 'source')


@dataclass
class Span:
    """Something that took time on a hart."""
    kind: str
    hart: int
    key: int    # object, or number
    begin: int
    end: Optional[int] = None
    nested: int = 0      # ticks of what lay on it
    open: bool = False   # was cut off by the end of the recording
    wake: 'Optional[Wake]' = None  # of a poll: why
    awaits: list = field(default_factory=list)  # of a poll: (future, place) of each frame, the innermost first
    done: Optional[int] = None  # of a poll: did the task end?
    number: int = 0      # of a mark
    executor: int = 0    # of a poll: of which, if that is recorded
    preempted: list = field(default_factory=list)  # of a poll: (begin, end) of the polls that lay on it

    @property
    def ticks(self):
        return self.end - self.begin

    @property
    def own(self):
        """What it took without what lay on it."""
        return max(self.ticks - self.nested, 0)


@dataclass
class Wake:
    """A task became ready."""
    tick: int
    hart: int
    task: int
    by: tuple            # (kind, key): ('task', its object), ('timer', 0), ('irq', number), ('source', number), …
    place: int = 0       # from where
    spawn: bool = False
    poll: Optional[Span] = None  # what came of it
    finished: bool = False  # the task had ended
    inside: bool = False    # who woke it has the hart

    @property
    def own(self):
        """The task woke itself."""
        return self.by == ('task', self.task)


@dataclass
class Event:
    """A record, with what the model knows about it."""
    record: object
    depth: int
    by: tuple = ('nobody', 0)
    span: Optional[Span] = None
    task: int = 0  # whose poll it is in
    args: list = field(default_factory=list)  # of a log


@dataclass
class Life:
    """Of a task in a slot."""
    task: int
    begin: int
    end: Optional[int] = None


class Model:
    def __init__(self, recording, text=lambda number: number):
        """@p text: what a mark says; those that say the same are the same."""
        self.recording = recording
        self.text = text
        records = recording.records
        self.begin, self.end = records[0].tick, records[-1].tick
        self.hart_begin = {}
        self.since = {}    # hart -> from when on all of it is recorded
        self.gaps = {}     # hart -> ticks that are not
        self.before = {}   # hart -> the tick of its last record
        self.events, self.spans, self.wakes, self.again, self.lives = [], [], [], {}, []
        self.stacks = {hart: [] for hart in recording.harts}
        self.ready = {}    # task -> Wake: those that are queued
        self.last = {}     # hart -> the kind of its last record
        self.polling = {}  # task -> its open poll
        self.alive = {}    # task -> Life
        self.ended = set()
        self.ending = {}   # hart -> the task whose end it is at
        self.below = {}    # hart -> ticks that lay below nothing known
        self.marks = {}    # text -> its open spans
        for r in records:
            self.hart_begin.setdefault(r.hart, r.tick)
            self.since.setdefault(r.hart, r.tick)
            self.take(r)
            self.before[r.hart] = r.tick
        for stack in self.stacks.values():
            while stack:
                self.close(stack, len(stack) - 1, self.end).open = True
        for span in [span for marks in self.marks.values() for span in marks]:
            span.end, span.open = self.end, True
            self.spans.append(span)
        for life in self.alive.values():
            life.end = self.end
        self.spans.sort(key=lambda s: (s.begin, s.hart, -s.end, ORDER.index(s.kind)))

    # -- records

    def take(self, r):
        stack = self.stacks[r.hart]
        kind = r.kind
        if kind == 'LOG_ARG':
            if self.events and self.events[-1].record.kind == 'LOG':
                self.events[-1].args.append(r.object | r.arg << 32)
            return
        if kind not in ('WAKE', 'WAKE_AGAIN'):
            self.ending.pop(r.hart, None)
        event = Event(r, len(stack), self.who(r.hart), task=self.task_on(r.hart))
        if kind in PAIRS:
            self.open(stack, r, event)
        elif kind in ENDS:
            self.finish(stack, r, event)
        elif kind in ('WAKE', 'WAKE_AGAIN'):
            self.woken(r, event)
        elif kind == 'SPAWN':
            self.spawned(r, event)
        elif kind == 'AWAIT' and (poll := self.poll_on(r.hart)):
            poll.awaits.append((r.object, r.arg))
        elif kind == 'TASK_END':
            self.gone(r)
            self.ending[r.hart] = r.object
        elif kind.startswith('MARK'):
            self.mark(r, event)
        elif kind == 'LOST':
            self.gap(r, stack)
        self.last[r.hart] = kind
        self.events.append(event)

    def open(self, stack, r, event):
        kind = PAIRS[r.kind]
        span = Span(kind, r.hart, r.arg if kind in BY_NUMBER else r.object, r.tick)
        if kind == 'poll':
            span.wake = self.ready.pop(r.object, None)
            if span.wake:
                span.wake.poll = span
            span.executor = stack[-1].key if stack and stack[-1].kind == 'executor' else 0
            self.polling[r.object] = span
            self.live(r.object, self.since[r.hart])
        event.span = span
        stack.append(span)

    def finish(self, stack, r, event):
        kind = ENDS[r.kind]
        key = r.arg if kind in BY_NUMBER else r.object
        at = next((n for n in reversed(range(len(stack))) if (stack[n].kind, stack[n].key) == (kind, key)), None)
        span = self.begun_before(kind, key, r) if at is None else self.close(stack, at, r.tick)
        if kind == 'poll':
            span.done = r.arg
            self.polling.pop(r.object, None)
        event.depth, event.span = len(stack), span

    def begun_before(self, kind, key, r):
        """A span of which only the end is recorded: all that the hart did since then lay on it."""
        span = Span(kind, r.hart, key, self.since[r.hart], r.tick, self.below.get(r.hart, 0))
        self.below[r.hart] = span.ticks
        self.spans.append(span)
        return span

    def close(self, stack, at, tick):
        """It ends. On a host what lies on it goes on: interrupts are threads there."""
        span = stack.pop(at)
        span.end = tick
        below = next((s for s in reversed(stack[:at]) if s.kind == 'poll'), None) if span.kind == 'poll' else None
        if below:
            below.preempted.append((span.begin, tick))
        if at and at == len(stack):
            stack[-1].nested += span.ticks
        elif not at:
            self.below[span.hart] = self.below.get(span.hart, 0) + span.ticks
        self.spans.append(span)
        return span

    def gap(self, r, stack):
        """Nothing is known of what this hart did since its last record."""
        last = self.before.get(r.hart, r.tick)
        while stack:
            span = self.close(stack, len(stack) - 1, last)
            span.open = True
            if span.kind == 'poll':
                self.polling.pop(span.key, None)
        self.ready = {task: wake for task, wake in self.ready.items() if wake.hart != r.hart}
        self.gaps[r.hart] = self.gaps.get(r.hart, 0) + r.tick - last
        self.since[r.hart] = r.tick
        self.below.pop(r.hart, None)

    def mark(self, r, event):
        """Marks do not lie on anything: one may begin in a task, which waits and ends it later."""
        key = self.text(r.object)
        if r.kind == 'MARK_BEGIN':
            event.span = Span('mark', r.hart, r.object, r.tick, number=r.arg)
            self.marks.setdefault(key, []).append(event.span)
        elif r.kind == 'MARK_END' and self.marks.get(key):
            event.span = self.marks[key].pop()
            event.span.end = r.tick
            self.spans.append(event.span)

    # -- tasks

    def live(self, task, since):
        if task not in self.alive:
            self.alive[task] = Life(task, since)
            self.lives.append(self.alive[task])

    def spawned(self, r, event):
        self.ended.discard(r.object)
        self.live(r.object, r.tick)
        wake = Wake(r.tick, r.hart, r.object, event.by, spawn=True, inside=bool(self.stacks[r.hart]))
        self.ready.setdefault(r.object, wake)
        self.wakes.append(wake)

    def woken(self, r, event):
        inside = bool(self.stacks[r.hart])
        if self.last.get(r.hart) == 'TIMER_DUE':
            event.by, inside = ('timer', 0), False
        elif ended := self.ending.get(r.hart):
            event.by, inside = ('task', ended), False  # who waits for its end
        if r.kind == 'WAKE_AGAIN':
            self.again[r.object] = self.again.get(r.object, 0) + 1
            return
        wake = Wake(r.tick, r.hart, r.object, event.by, r.arg, finished=r.object in self.ended,
                    inside=inside)
        poll = self.polling.get(r.object)
        self.wakes.append(wake)
        if poll and poll.wake is None and poll.hart != r.hart and poll.begin == r.tick:
            poll.wake, wake.poll = wake, poll  # in one tick another hart was quicker to write it down
        else:
            self.ready[r.object] = wake

    def gone(self, r):
        life = self.alive.pop(r.object, None)
        if life:
            life.end = r.tick
        self.ready.pop(r.object, None)
        self.ended.add(r.object)

    # -- contexts

    def poll_on(self, hart):
        stack = self.stacks[hart]
        return stack[-1] if stack and stack[-1].kind == 'poll' else None

    def task_on(self, hart):
        poll = self.poll_on(hart)
        return poll.key if poll else 0

    def who(self, hart):
        """What has the hart: (kind, key)."""
        if not self.stacks[hart]:
            return 'nobody', 0
        top = self.stacks[hart][-1]
        return ('task' if top.kind == 'poll' else top.kind), top.key

    # -- for the outputs

    def spans_of(self, kind):
        return [s for s in self.spans if s.kind == kind]

    def tasks(self):
        """The tasks in the order in which they are first seen."""
        seen = {}
        for event in self.events:
            if event.record.kind in ('SPAWN', 'WAKE', 'WAKE_AGAIN', 'POLL_BEGIN', 'POLL_END', 'TASK_END'):
                seen[event.record.object] = True
        return list(seen)

    def window(self, hart):
        """Ticks that the recording has of a hart."""
        return self.end - self.hart_begin.get(hart, self.end) - self.gaps.get(hart, 0)
