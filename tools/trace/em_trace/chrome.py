# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A trace in Chrome's trace-event format, which Perfetto reads: harts are processes, tasks and interrupts tracks."""
import json

INTERRUPTS, EXECUTORS, MARKS, WAKES, TASKS = 1, 2, 3, 4, 10  # numbers of tracks
INSTANTS = {'MARK': 'mark', 'LOG': 'log', 'ALARM': 'alarm', 'TIMER_DUE': 'timer', 'IPI': 'ipi', 'LOST': 'lost'}
TRACK_OF = {'irq': INTERRUPTS, 'source': INTERRUPTS, 'executor': EXECUTORS, 'idle': EXECUTORS, 'mark': MARKS}


class Chrome:
    def __init__(self, model, names, words):
        self.model, self.names, self.words = model, names, words
        self.tracks = {task: TASKS + n for n, task in enumerate(model.tasks())}
        self.events = []

    def us(self, ticks):
        return round(ticks * 1000000 / self.names.facts.tick_hz, 3)

    def at(self, tick):
        return self.us(tick - self.model.begin)

    def add(self, ph, name, hart, track, tick, **more):
        self.events.append({'ph': ph, 'name': name, 'pid': hart, 'tid': track, 'ts': self.at(tick), **more})

    def document(self):
        self.heads()
        for span in self.model.spans:
            self.span(span)
        for number, wake in enumerate(self.model.wakes):
            if wake.poll:
                self.wake(number, wake)
        for event in self.model.events:
            if event.record.kind in INSTANTS:
                self.instant(event)
        other = {'tick_hz': self.names.facts.tick_hz, 'begin_tick': self.model.begin}
        return {'traceEvents': self.events, 'displayTimeUnit': 'ns', 'otherData': other}

    def heads(self):
        seen = {(s.hart, self.track(s)) for s in self.model.spans}
        seen |= {(e.record.hart, self.track_of_event(e)) for e in self.model.events if e.record.kind in INSTANTS}
        seen |= {(w.hart, WAKES) for w in self.model.wakes if w.poll and not w.inside}
        called = {INTERRUPTS: 'interrupts', EXECUTORS: 'executors', MARKS: 'marks', WAKES: 'timers and others'}
        called.update({track: self.names.task(task) for task, track in self.tracks.items()})
        for hart in self.model.recording.harts:
            self.meta('process_name', hart, 0, name=f'hart {hart}')
            self.meta('process_sort_index', hart, 0, sort_index=hart)
        for hart, track in sorted(seen):
            self.meta('thread_name', hart, track, name=called[track])
            self.meta('thread_sort_index', hart, track, sort_index=track)

    def meta(self, what, hart, track, **args):
        self.events.append({'ph': 'M', 'name': what, 'pid': hart, 'tid': track, 'args': args})

    def track(self, span):
        return self.tracks[span.key] if span.kind == 'poll' else TRACK_OF[span.kind]

    def track_of_event(self, event):
        kind, key = event.by
        if kind == 'task':
            return self.tracks[key]
        return TRACK_OF.get(kind, EXECUTORS)

    def span(self, span):
        args = {}
        if span.kind == 'poll':
            args = {'result': {None: 'cut off', 0: 'waits'}.get(span.done, 'done')}
            if span.awaits:
                args['awaits'] = [self.names.place(place) for _, place in span.awaits]
            if span.wake:
                args['woken by'] = self.names.by(span.wake.by)
        elif span.kind == 'mark':
            args = {'number': span.number}
        self.add('X', self.names.span(span), span.hart, self.track(span), span.begin, dur=self.us(span.ticks),
                 cat=span.kind, args=args)

    def wake(self, number, wake):
        """An arrow from who woke it to the poll that came of it."""
        kind, key = wake.by
        what = 'spawn' if wake.spawn else 'wake'
        track = WAKES
        if wake.inside:
            track = self.tracks[key] if kind == 'task' else TRACK_OF[kind]
        else:  # an arrow has to begin in something
            name = f'{what} {self.names.task(wake.task)}'
            self.add('X', name, wake.hart, track, wake.tick, dur=self.us(1), cat='wake')
        self.add('s', what, wake.hart, track, wake.tick, id=number, cat='wake')
        self.add('f', what, wake.poll.hart, self.tracks[wake.task], wake.poll.begin, id=number, cat='wake', bp='e')

    def instant(self, event):
        r = event.record
        self.add('i', self.words(event, self.names), r.hart, self.track_of_event(event), r.tick, s='t',
                 cat=INSTANTS[r.kind])


def text(model, names, words):
    document = Chrome(model, names, words).document()
    lines = ',\n'.join(json.dumps(event, ensure_ascii=False) for event in document.pop('traceEvents'))
    return json.dumps(document)[:-1] + ', "traceEvents": [\n' + lines + '\n]}\n'
