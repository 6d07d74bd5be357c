# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the locals hold at one place of a body: a dict from the id of a local to its Value."""


class Value:
    """What one local holds: parts stored since the last await, and parts that an await made stale.

    A part is '' (all of it), '.member', '[3]' or '[]'. stale maps a part to the line of the await.
    """
    def __init__(self, live=frozenset(), stale=()):
        self.live = frozenset(live)
        self.stale = dict(stale)

    def __eq__(self, other):
        return self.live == other.live and self.stale == other.stale

    def join(self, other):
        return Value(self.live | other.live, {**other.stale, **self.stale})

    def stored(self, part):
        if part == '':
            return Value({''})
        gone = {part} | ({p for p in self.stale if p.startswith('[')} if part == '[]' else set())
        return Value(self.live | {part}, {p: n for p, n in self.stale.items() if p not in gone})

    def awaited(self, line):
        return Value(frozenset(), {**self.stale, **{part: line for part in self.live}})

    def stale_line(self, part):
        """The await that made this part stale, or None."""
        if part == '':
            return max(self.stale.values(), default=None)
        if part in self.stale:
            return self.stale[part]
        return self.stale.get('') if part not in self.live else None

    def is_unset(self):
        return not self.live and not self.stale


def join(a, b):
    """Where two flows meet. None is a place that control does not reach."""
    if a is None or b is None:
        return b if a is None else a
    return {v: a[v].join(b[v]) if v in a and v in b else (a if v in a else b)[v] for v in a.keys() | b.keys()}


def copy(env):
    return None if env is None else dict(env)
