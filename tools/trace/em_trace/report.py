# SPDX-License-Identifier: Apache-2.0 OR MIT
"""From the bytes of a recording to all outputs."""
from pathlib import Path

from . import chrome, ctf, lines, records, sources, stats, summary, svg
from .facts import Facts as facts  # noqa: F401
from .model import Model
from .names import Names


class Report:
    def __init__(self, facts_, data, step=None):
        """@p step: times are in steps of so many seconds."""
        self.facts = facts_
        recording = sources.read(data, facts_)
        if step:
            recording = records.rounded(recording, round(step * facts_.tick_hz))
        self.model = Model(recording, facts_.text)
        self.names = Names(facts_)
        self.names.places.ask({facts_.address(n) for n in self.code()})

    def code(self):
        """The places in code, for which a tool is asked at once: each time takes a while."""
        recording = self.model.recording
        return [r.arg for r in recording.records if r.kind in ('WAKE', 'WAKE_AGAIN')] + \
            [n for s in recording.stretches if s.what == 'masked' for n in (s.begin, s.end)]

    def lines(self, times=True, tasks=False):
        return list(lines.Lines(self.model, self.names, times, tasks).all())

    def summary(self, late=0.01, long=0.001):
        hz = self.facts.tick_hz
        return list(summary.lines(stats.Stats(self.model), self.names, late * hz, long * hz))

    def chrome(self):
        return chrome.text(self.model, self.names, lines.words)

    def svg(self, title):
        return svg.text(self.model, self.names, title, lines.words)

    def write(self, prefix, title):
        """All files. Their names."""
        for ending, text in (('.txt', '\n'.join([*self.lines(), ''])), ('.json', self.chrome()),
                             ('.svg', self.svg(title))):
            Path(f'{prefix}{ending}').write_text(text)
        ctf.Writer(self.model, self.names, title).write(f'{prefix}.ctf')
        return [f'{prefix}{ending}' for ending in ('.txt', '.json', '.svg', '.ctf')]
