# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What people call the things in a recording."""
from . import facts as facts_
from . import places


class Names:
    def __init__(self, facts):
        self.facts = facts
        self.known = {}
        self.places = places.Places(facts)

    def _once(self, what, number, make):
        key = what, number
        if key not in self.known:
            self.known[key] = make(self.facts.address(number))
        return self.known[key]

    def task(self, number):
        return self._once('task', number, lambda a: self.facts.task_name(a) or self.facts.symbol(a))

    def executor(self, number):
        return self._once('executor', number, self.facts.executor_name)

    def owner(self, number):
        """The task to which an object belongs, or what the object is called."""
        return self._once('owner', number, lambda a: self.facts.owner_name(a) or self.facts.symbol(a))

    def place(self, number):
        return self._once('place', number, lambda a: str(self.facts.place(a) or self.facts.symbol(a)))

    def code(self, number):
        """A place in code that was called from."""
        return self._once('code', number, self.places.of)

    def text(self, number):
        return self.facts.text(number)

    def interrupt(self, number):
        return facts_.interrupt_name(number)

    def by(self, by):
        kind, key = by
        if kind == 'task':
            return self.task(key)
        if kind == 'irq':
            return facts_.interrupt_name(key)
        if kind == 'source':
            return f'interrupt source {key}'
        if kind == 'executor':
            return f'the executor of {self.executor(key)}'
        return {'timer': 'its timer', 'idle': 'outside'}.get(kind, 'outside')

    def span(self, span):
        if span.kind == 'poll':
            return self.task(span.key)
        if span.kind == 'irq':
            return facts_.interrupt_name(span.key)
        if span.kind == 'source':
            return f'source {span.key}'
        if span.kind == 'mark':
            return self.text(span.key)
        return 'idle' if span.kind == 'idle' else f'executor of {self.executor(span.key)}'

    def seconds(self, ticks):
        return ticks / self.facts.tick_hz

    def duration(self, ticks):
        """For people: three digits and a unit."""
        s = self.seconds(ticks)
        for unit, scale in (('s', 1), ('ms', 1e3), ('µs', 1e6)):
            if s * scale >= 1:
                return f'{s * scale:.3g} {unit}' if s * scale < 1000 else f'{s * scale:.0f} {unit}'
        return f'{s * 1e9:.0f} ns' if ticks else '0'
