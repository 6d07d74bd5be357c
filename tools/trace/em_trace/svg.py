# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A timeline to look at: a lane for each task, and of each hart one for interrupts and one for what it does otherwise.

The text is the same for the same recording, to the byte. Everything has a <title>, which browsers show as a tooltip.
"""
from html import escape

from . import axis

LEFT, RIGHT, TOP = 170, 24, 64
PLOT = 1006       # wide
LANE, GAP, BAR = 30, 14, 16
THIN = 1.2        # of a bar at least
ARROWS_MAX = 400
STYLE = '''
  text { font: 12px "DejaVu Sans", Verdana, sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: bold }
  .small { font-size: 11px; fill: #57606a }
  .group { font-weight: bold }
  .grid { stroke: #d8dee4; stroke-width: 1 }
  .lane { fill: #f6f8fa }
  .poll { fill: #2f6fb2 }
  .level { fill: #7a4fb3 }
  .preempted { fill: #a9c4e2 }
  .ready { fill: #f0b429 }
  .waits { fill: #b6c7da }
  .irq { fill: #c2413b }
  .source { fill: #e58a84 }
  .executor { fill: #d5c8ea }
  .idle { fill: #e3e8ee }
  .mark { fill: #3d9a5b }
  .wake { stroke: #6e7781; stroke-width: 0.9; fill: none; opacity: 0.7 }
  .spawn { stroke: #3d9a5b; stroke-width: 0.9; fill: none; opacity: 0.8 }
  .head { fill: #6e7781 }
'''.strip('\n')
LEGEND = (('poll', 'runs'), ('level', 'runs on a level'), ('preempted', 'preempted'),
          ('ready', 'ready, not yet polled'), ('waits', 'waits'), ('irq', 'interrupt'), ('idle', 'idle'))


class Lane:
    def __init__(self, label, y, group=False):
        self.label, self.y, self.group = label, y, group

    @property
    def middle(self):
        return self.y + LANE / 2


class Timeline:
    def __init__(self, model, names, title, words):
        self.model, self.names, self.title, self.words = model, names, title, words
        self.ticks = max(model.end - model.begin, 1)
        self.lanes, self.at_task, self.at_hart, self.at_irq, self.out = [], {}, {}, {}, []
        self.at_mark = None
        self.height = self.place_lanes()

    # -- places

    def lane(self, label, y, group=False):
        self.lanes.append(Lane(label, y, group))
        return self.lanes[-1]

    def place_lanes(self):
        y = TOP
        for hart in self.model.recording.harts:
            self.at_hart[hart] = self.lane(f'hart {hart}', y, True)
            y += LANE
            if any(s.hart == hart for s in self.model.spans if s.kind in ('irq', 'source')):
                self.at_irq[hart] = self.lane('interrupts', y)
                y += LANE
        y += GAP
        for task in self.model.tasks():
            self.at_task[task] = self.lane(self.names.task(task), y)
            y += LANE
        if any(e.record.kind.startswith(('MARK', 'LOG')) for e in self.model.events):
            self.at_mark = self.lane('marks', y + GAP)
            y += LANE + GAP
        return y

    def x(self, tick):
        return LEFT + PLOT * (tick - self.model.begin) / self.ticks

    def seconds(self, ticks):
        return self.names.duration(ticks)

    def since(self, tick):
        return f'{self.names.seconds(tick - self.model.begin) * 1e3:.4f} ms'

    # -- pieces

    def bar(self, kind, lane, begin, end, title, high=BAR):
        left, width = self.x(begin), max(self.x(end) - self.x(begin), THIN)
        self.out.append(f'<rect class="{kind}" x="{left:.2f}" y="{lane.middle - high / 2:g}" width="{width:.2f}" '
                        f'height="{high:g}"><title>{escape(title)}</title></rect>')

    def label(self, x, y, text, kind='', more=''):
        class_ = f' class="{kind}"' if kind else ''
        self.out.append(f'<text{class_} x="{x:g}" y="{y:g}"{more}>{escape(text)}</text>')

    def frame(self):
        width, height = LEFT + PLOT + RIGHT, self.height + 58
        self.out += ['<?xml version="1.0" encoding="UTF-8"?>',
                     f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" '
                     f'height="{height:g}">', '<style>', STYLE, '</style>',
                     '<defs><marker id="head" viewBox="0 0 6 6" refX="5.5" refY="3" markerWidth="6" markerHeight="6" '
                     'orient="auto"><path class="head" d="M0 0.5 L6 3 L0 5.5 z"/></marker></defs>',
                     f'<rect width="{width}" height="{height:g}" fill="#ffffff"/>']
        self.label(16, 26, self.title, 'title')
        x = LEFT
        for kind, what in LEGEND:
            self.out.append(f'<rect class="{kind}" x="{x:g}" y="38" width="14" height="10"/>')
            self.label(x + 19, 47, what, 'small')
            x += 36 + 6.3 * len(what)
        self.out.append(f'<path class="wake" d="M{x:g} 43 h22" marker-end="url(#head)"/>')
        self.label(x + 28, 47, 'wakes', 'small')
        self.out.append(f'<path class="spawn" d="M{x + 76:g} 43 h22" marker-end="url(#head)"/>')
        self.label(x + 104, 47, 'spawns', 'small')

    def grid(self):
        bottom = self.height + 6
        for lane in self.lanes:
            self.out.append(f'<rect class="lane" x="{LEFT}" y="{lane.y + 2:g}" width="{PLOT}" height="{LANE - 4}"/>')
            self.label(LEFT - 10, lane.middle + 4, lane.label, 'group' if lane.group else '', ' text-anchor="end"')
        for seconds, label in axis.labels(self.names.seconds(self.ticks)):
            x = LEFT + PLOT * seconds / self.names.seconds(self.ticks)
            self.out.append(f'<path class="grid" d="M{x:.2f} {TOP} V{bottom:g}"/>')
            self.label(round(x, 2), bottom + 16, label, 'small', ' text-anchor="middle"')
        begin = self.names.seconds(self.model.begin)
        note = f'0 is {begin:.6f} s on the clock of the program'
        if len(self.model.wakes) > ARROWS_MAX:
            note += f'; arrows for the first {ARROWS_MAX} of {len(self.model.wakes)} wakes'
        self.label(LEFT, bottom + 36, note, 'small')

    # -- contents

    def wait_of(self, poll):
        inner = self.names.place(poll.awaits[0][1]) if poll.awaits else None
        return f', at {inner}' if inner else ''

    def task(self, task, life):
        """Its life: a thin line where it waits, on it what it is ready for and its polls."""
        lane, name = self.at_task[task], self.names.task(task)
        polls = [s for s in self.model.spans_of('poll') if s.key == task and life.begin <= s.begin <= life.end]
        ends = [s.end for s in polls]
        begins = [s.begin for s in polls[1:]] + [life.end]
        for poll, begin, end in zip(polls, ends, begins):
            if not poll.done and not poll.open and end > begin:
                self.bar('waits', lane, begin, end, f'{name} waits{self.wait_of(poll)}\n'
                         f'{self.seconds(end - begin)} from {self.since(begin)}', 4)
        for wake in self.model.wakes:
            if wake.task == task and life.begin <= wake.tick <= life.end and not wake.finished:
                self.ready(lane, name, wake, life)
        for poll in polls:
            why = f', woken by {self.names.by(poll.wake.by)}' if poll.wake and not poll.wake.spawn else ''
            waits = 'done' if poll.done else 'waits' + self.wait_of(poll)
            result = 'to the end of the recording' if poll.open else waits
            where = f' on hart {poll.hart}' if len(self.model.recording.harts) > 1 else ''
            self.bar(self.kind(poll), lane, poll.begin, poll.end,
                     f'{name} runs{where}{why}\n{self.seconds(poll.ticks)} from {self.since(poll.begin)}\n'
                     f'then {result}')
            for begin, end in poll.preempted:
                if end > begin:
                    self.bar('preempted', lane, begin, end, f'{name} is preempted\n{self.seconds(end - begin)} from '
                             f'{self.since(begin)}')

    def kind(self, poll):
        return 'level' if poll.executor and ' level ' in self.names.executor(poll.executor) else 'poll'

    def ready(self, lane, name, wake, life):
        end = wake.poll.begin if wake.poll else life.end
        if end > wake.tick:
            how = 'spawned' if wake.spawn else 'woken'
            self.bar('ready', lane, wake.tick, end, f'{name} is ready, {how} by {self.names.by(wake.by)}\n'
                     f'{self.seconds(end - wake.tick)} from {self.since(wake.tick)}', 8)

    def hart(self, span):
        if span.kind in ('irq', 'source'):
            self.bar(span.kind, self.at_irq[span.hart], span.begin, span.end, f'{self.names.span(span)}\n'
                     f'{self.seconds(span.ticks)} from {self.since(span.begin)}', BAR if span.kind == 'irq' else 8)
        elif span.kind in ('executor', 'idle', 'poll'):
            kind = self.kind(span) if span.kind == 'poll' else span.kind
            self.bar(kind, self.at_hart[span.hart], span.begin, span.end, f'{self.names.span(span)}\n'
                     f'{self.seconds(span.ticks)} from {self.since(span.begin)}')

    def source_lane(self, wake):
        kind, key = wake.by
        if kind == 'task':
            return self.at_task[key]
        return self.at_irq.get(wake.hart, self.at_hart[wake.hart]) if kind in ('irq', 'source') else \
            self.at_hart[wake.hart]

    def arrow(self, wake):
        begin, end = self.source_lane(wake), self.at_task[wake.task]
        if begin is end:
            return
        down = 1 if end.y > begin.y else -1
        x, to = self.x(wake.tick), self.x(wake.poll.begin if wake.poll else wake.tick)
        y, y_to = begin.middle + down * BAR / 2, end.middle - down * BAR / 2
        bend = down * min(abs(y_to - y) * 0.6, 24)
        what = 'spawns' if wake.spawn else 'wakes'
        self.out.append(f'<path class="{what[:-1]}" d="M{x:.2f} {y:g} C{x:.2f} {y + bend:g} {to:.2f} {y_to - bend:g} '
                        f'{to:.2f} {y_to:g}" marker-end="url(#head)"><title>'
                        f'{escape(self.names.by(wake.by))} {what} {escape(self.names.task(wake.task))}</title></path>')

    def marks(self):
        for span in self.model.spans_of('mark'):
            self.bar('mark', self.at_mark, span.begin, span.end, f'{self.names.text(span.key)} {span.number}\n'
                     f'{self.seconds(span.ticks)} from {self.since(span.begin)}')
        for event in self.model.events:
            if event.record.kind in ('MARK', 'LOG'):
                x = self.x(event.record.tick)
                y = self.at_mark.middle
                title = f'{self.words(event, self.names)}\n{self.since(event.record.tick)}'
                self.out.append(f'<path class="mark" d="M{x:.2f} {y - 8:g} l5 8 l-5 8 l-5 -8 z">'
                                f'<title>{escape(title)}</title></path>')

    def text(self):
        self.frame()
        self.grid()
        for span in self.model.spans:
            self.hart(span)
        for life in self.model.lives:
            self.task(life.task, life)
        if self.at_mark:
            self.marks()
        for wake in self.model.wakes[:ARROWS_MAX]:
            self.arrow(wake)
        return '\n'.join([*self.out, '</svg>', ''])


def text(model, names, title, words):
    return Timeline(model, names, title, words).text()
