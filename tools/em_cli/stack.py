# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The worst case of the stack: of each executor, the interrupt on top, and what a report of a panic needs.

Out of the ELF alone. What a call through a pointer may reach is read from its tables of futures and tasks, and declared
in stack_rules.py; what is neither, recursion, and frames without a size are named, with status 1.
"""
import json

import stack_rules as rules
from errors import FAILED, EmError, say
from stack_paths import NOTHING, POLL, Analysis, Context, Path

LEVELS = (1, 2, 3)
SHOWN = 6  # cycles
ENTRY = 'em_trap_vectors_'


class Stack:
    """What is said of one program."""

    def __init__(self, path, on=None):
        self.a = Analysis(path)
        self.on = on or {}
        values = self.a.image.values
        try:
            self.size = values['__stack_top'] - values['__stack_bottom']
            self.emergency_size = values['__emergency_size']
        except KeyError as error:
            raise EmError(f'{path}: it has no {error}: not an image of Emissary') from error
        self.harts = values.get('__max_harts', 1)
        a = self.a
        a.cut = frozenset(rules.PANIC)
        above = {address for n in self.on for address in self.tasks_of(self.on[n])}
        self.thread = max((a.worst(f.address, self.root(f, self.tasks_of(None) - above)) for f in self.starts()),
                          key=lambda p: p.bytes)
        first = {address for address, t in a.tasks.items() if t.name == 'MAIN'}  # hal/common/main.c spawns it
        self.level_paths = {n: self.level_path(n, self.tasks_of(self.on.get(n)) - first) for n in self.levels()}
        self.interrupt = a.worst(a.named[ENTRY].address, Context(frozenset()))
        self.report = self.own_report(a.named.get('em_port_panic'))
        self.exception = a.worst(a.named['em_trap_exception_'].address, Context(frozenset()), 'emergency')
        a.frames.close()

    def starts(self):
        names = ['_start', 'em_hart_start_']
        return [self.a.named[n] for n in names if n in self.a.named]

    def root(self, start, tasks):
        """Whoever polls tasks, and whatever main() itself makes."""
        made = self.a.made_by(start.address)
        return Context(frozenset(tasks) | made, self.a.budget(made, None))

    def tasks_of(self, names):
        """The tables of the tasks that are named so; None: all."""
        known = {t.name: address for address, t in self.a.tasks.items()}
        for name in names or ():
            if name not in known:
                raise EmError(f"no task '{name}'; there are: {', '.join(sorted(known))}")
        if names is not None:
            return {known[n] for n in names}
        return set(known.values())

    def levels(self):
        """Which levels the program uses, by the constants that it gives to em_spawner_level()."""
        spawner = self.a.named.get('em_spawner_level')
        if not spawner:
            return []
        given = {n for f in self.a.functions.values() for target, n in f.arguments if target == spawner.address}
        return list(LEVELS) if None in given or not given else sorted(given & set(LEVELS))

    def level_path(self, level, tasks):
        """A trap that does not return before the level has run: its frame, and the level's polls."""
        a = self.a
        entry = self.entry_depth(a.named[ENTRY], ())
        if not entry.steps:
            raise EmError(f'{ENTRY}: it leads to no level')
        poll = a.worst(a.named[POLL].address, Context(frozenset(tasks)))
        return Path(entry.bytes + poll.bytes, entry.steps + poll.steps)

    def entry_depth(self, f, seen):
        """From a trap's entry to where it calls the level's executor."""
        best = NOTHING
        for call in f.calls:
            if self.a.enters_level(f, call):
                best = max(Path(call.depth, ((f, call.depth),)), best, key=lambda p: p.bytes)
            elif call.target and call.target not in seen and self.a.is_assembly(self.a.functions[call.target]):
                inner = self.entry_depth(self.a.functions[call.target], (*seen, call.target))
                if inner.steps and call.depth + inner.bytes > best.bytes:
                    best = Path(call.depth + inner.bytes, ((f, call.depth), *inner.steps))
        return best

    def own_report(self, panic):
        """A panic inside the report ends it at once: not counted."""
        if not panic:
            return NOTHING
        a = self.a
        best = Path(panic.frame, ((panic, panic.frame),))
        for call in panic.calls:
            inner = a.worst(call.target, Context(frozenset())) if call.target else NOTHING
            if call.depth + inner.bytes > best.bytes:
                best = Path(call.depth + inner.bytes, ((panic, call.depth), *inner.steps))
        return best

    @property
    def total(self):
        return self.thread.bytes + sum(p.bytes for p in self.level_paths.values()) + self.interrupt.bytes

    @property
    def problems(self):
        cycles = sorted(self.a.cycles.values(), key=lambda text: (len(text), text))
        found = [f'recursion, so there is no bound: {text}' for text in cycles[:SHOWN]]
        found += [f'and {len(cycles) - SHOWN} more such cycles'] if len(cycles) > SHOWN else []
        found += [f'not known: {text}' for text in self.a.unknown]
        if self.total > self.size:
            found.append(f'the stack may overflow: {self.total} of {self.size} bytes')
        if self.exception.bytes > self.emergency_size:
            found.append(f'the stack of exceptions may overflow: {self.exception.bytes} of {self.emergency_size} bytes')
        return found

    def rows(self):
        yield 'thread executor', self.thread
        for level, path in self.level_paths.items():
            yield f'level {level}', path
        yield 'interrupt', self.interrupt

    def as_json(self):
        def path(p):
            return {'bytes': p.bytes, 'path': [{'function': f.name, 'file': f.file, 'bytes': n} for f, n in p.steps]}
        return {'stack': self.size, 'harts': self.harts, 'total': self.total,
                'parts': {name: path(p) for name, p in self.rows()}, 'report': path(self.report),
                'exceptions': {'stack': self.emergency_size, **path(self.exception)}, 'problems': self.problems}


def show(title, stack):
    """For people."""
    each = f', of each of {stack.harts} harts' if stack.harts > 1 else ''
    print(f'{title}: {stack.total} of {stack.size} bytes{each}')
    for name, path in stack.rows():
        show_path(name, path)
    print(f"{stack.total:>7}  together; {stack.total + stack.report.bytes} with a panic's report at the deepest place")
    show_path(f'exceptions, on their own stack of {stack.emergency_size}', stack.exception)


def show_path(name, path):
    print(f'{path.bytes:>7}  {name}')
    for f, n in path.steps:
        if n:
            print(f'{n:>16}  {f.name}  {f.file}')


def on_levels(words):
    """LEVEL=TASK,… -> {level: {names}}"""
    found = {}
    for word in words or ():
        level, _, names = word.partition('=')
        if level not in ('1', '2', '3') or not names:
            raise EmError(f"'{word}' is no LEVEL=TASK[,TASK…], LEVEL 1 to 3")
        found.setdefault(int(level), set()).update(names.split(','))
    return found


def run(elves, args):
    """`em stack`. The status: is there a bound for each, and does it fit?"""
    on = on_levels(args.on)
    found = {title: Stack(elf, on) for title, elf in elves.items()}
    if args.json:
        print(json.dumps({name: s.as_json() for name, s in found.items()}, indent=1))
    else:
        for name, s in found.items():
            show(name, s)
    for name, s in found.items():
        for problem in s.problems:
            say(f'{name}: {problem}')
    return FAILED if any(s.problems for s in found.values()) else 0
