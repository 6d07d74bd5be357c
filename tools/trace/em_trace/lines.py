# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A trace as text: a line for each event. Without times, and of tasks only, it is the same on every board."""

OF_TASKS = ('SPAWN', 'WAKE', 'WAKE_AGAIN', 'POLL_BEGIN', 'POLL_END', 'AWAIT', 'TASK_END', 'MARK',
            'MARK_BEGIN', 'MARK_END', 'LOG', 'LOST')


class Lines:
    def __init__(self, model, names, times=True, tasks=False):
        self.model, self.names, self.times, self.tasks = model, names, times, tasks
        self.several = len(model.recording.harts) > 1

    def all(self):
        for event in self.model.events:
            if not self.tasks or event.record.kind in OF_TASKS:
                yield self.head(event) + words(event, self.names, self.tasks)

    def head(self, event):
        r = event.record
        time = f'{self.names.seconds(r.tick):13.7f}  ' if self.times else ''
        hart = f'{r.hart}  ' if self.several else ''
        depth = 1 if event.task and r.kind not in ('POLL_BEGIN', 'POLL_END', 'TASK_END') else 0
        return time + hart + '  ' * (depth if self.tasks else event.depth)


def words(event, names, tasks=False):
    """What happened, without when and where. @p tasks: in words that are the same on every board."""
    r = event.record
    said = WORDS.get(r.kind)
    return said(event, r, names, tasks) if said else f'{r.kind} {r.object:08x} {r.arg:08x}'


def by(event, names, tasks):
    if tasks and event.by[0] not in ('task', 'timer'):
        return 'outside'
    return names.by(event.by)


def wake(event, r, names, tasks):
    said = f'wake {names.task(r.object)}' + (' again' if r.kind == 'WAKE_AGAIN' else '')
    said += f' by {by(event, names, tasks)}'
    return said if tasks or not r.arg else f'{said}, from {names.code(r.arg)}'


def poll_end(_, r, names, __):
    return f'{names.task(r.object)} {"is done" if r.arg else "waits"}'


def deadline(r, names):
    """The moment near the event whose low word of ticks is @p r.arg."""
    at = (r.tick & ~0xffffffff) | r.arg
    at += (1 << 32) * ((at < r.tick - (1 << 31)) - (at > r.tick + (1 << 31)))
    return f'{names.seconds(at):.6f} s'


def mark(event, r, names, _):
    how = {'MARK': '', 'MARK_BEGIN': ' begins', 'MARK_END': ' ends'}[r.kind]
    return f'mark {names.text(r.object)}' + (how or f' {r.arg}')


def log(event, r, names, _):
    return f'log {names.facts.log_line(r.object, event.args)}'


def begin(event, r, names, tasks):
    return f'poll {names.task(r.object)}' if r.kind == 'POLL_BEGIN' else f'{names.span(event.span)} begins'


def end(event, r, names, _):
    return f'{names.span(event.span)} ends'


WORDS = {
    'LOST': lambda e, r, n, t: f'lost {r.arg} events' if r.arg else 'the recording was stopped here',
    'SPAWN': lambda e, r, n, t: f'spawn {n.task(r.object)} on {n.executor(r.arg)}',
    'WAKE': wake,
    'WAKE_AGAIN': wake,
    'POLL_BEGIN': begin,
    'POLL_END': poll_end,
    'AWAIT': lambda e, r, n, t: f'at {n.place(r.arg)}',
    'TASK_END': lambda e, r, n, t: f'{n.task(r.object)} ends' + (', cancelled' if r.arg else ''),
    'EXECUTOR_BEGIN': begin,
    'EXECUTOR_END': end,
    'IDLE_BEGIN': begin,
    'IDLE_END': end,
    'IRQ_BEGIN': begin,
    'IRQ_END': end,
    'SOURCE_BEGIN': begin,
    'SOURCE_END': end,
    'ALARM': lambda e, r, n, t: f'alarm of {n.executor(r.object)} at {deadline(r, n)}',
    'TIMER_DUE': lambda e, r, n, t: f'timer of {n.owner(r.object)} due since {deadline(r, n)}',
    'IPI': lambda e, r, n, t: f'interrupt for hart {r.arg}',
    'MARK': mark,
    'MARK_BEGIN': mark,
    'MARK_END': mark,
    'LOG': log,
}
