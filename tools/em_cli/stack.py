# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The worst case of the stack: of each executor, the interrupt on top, and what a report of a panic needs.

Out of the ELF alone (callgraph.py); calls through pointers by the tables of futures and tasks that are in it, and by
stack_rules.py. What an await may poll is what its body, or a function that it calls, makes: its operations tables.
"""
import dataclasses
import functools
import json
import re
import sys
from dataclasses import dataclass

import callgraph
import frames
import image as images
import stack_rules as rules
from errors import FAILED, EmError, say

LEVELS = (1, 2, 3)
ENTRY = 'em_trap_vectors_'
sys.setrecursionlimit(20000)


@dataclass(frozen=True)
class Context:
    """What a poll may poll: operations tables, and how many of each that waits for others may be nested."""
    tables: frozenset
    budget: tuple = ()  # (table, n); not there: any number
    root: int = 0       # the table of the frame that is at work
    past: tuple = ()    # those of rules.AT_MOST that are at work

    def less(self, table):
        """One of them is in use."""
        return dataclasses.replace(self, budget=tuple((t, n - (t == table)) for t, n in self.budget))

    def allows(self, table):
        return table in self.tables and dict(self.budget).get(table, 1) > 0


@dataclass(frozen=True)
class Path:
    bytes: int
    steps: tuple = ()  # (function, bytes of its frame at the call), from the outermost inwards


NOTHING = Path(0)


class Analysis:
    def __init__(self, path):
        self.image = images.Image(path)
        if not self.image.is_riscv:
            raise EmError(f'{path}: em stack knows RISC-V images only')
        self.frames = frames.Frames(path)
        self.graph = callgraph.Graph(self.image)
        self.functions = self.graph.functions
        self.named = {name: self.functions[at] for name, at in self.image.values.items() if at in self.functions}
        self.tables = {o.address: (o, self.image.ops(o.address)) for o in self.image.objects
                       if o.kind in 'rd' and self.image.ops(o.address)}
        self.tasks = {t.address: t for t in self.image.task_types}
        self.unknown = []  # what the bound does not know
        self.cycles = {}
        self.memo = {}
        self.at_work = {}  # -> the depth at which it calls now
        self.incomplete = set()
        self.cut = frozenset()
        self.check_pointers()

    # -- what is made where ------------------------------------------------------------------------

    def layer(self, f):
        return images.layer_of(f.file) if f.symbol else 'libc'

    def is_assembly(self, f):
        return f.address not in self.image.functions

    @functools.cached_property
    def taken(self):
        """Functions whose address something takes: not those that a table of futures has."""
        in_tables = {p for _, ops in self.tables.values() for p in ops[:2]}
        words = set(self.image.all_words())
        found = {a for a in self.image.functions if a in words}
        for f in self.functions.values():
            found |= {a for a in f.refers if a in self.image.functions}
        return {a for a in found if a in self.functions} - in_tables

    def check_pointers(self):
        for address in sorted(self.taken):
            f = self.functions[address]
            if self.layer(f) == 'program' or self.is_assembly(f):
                continue
            if not any(rules.is_of(f.symbol.where, kind) for kind in rules.KINDS) and self.layer(f) != 'libc':
                self.unknown.append(f'{f.symbol.where}: its address is taken, and stack_rules.py names no caller')

    @functools.lru_cache(maxsize=None)
    def of_kind(self, kind):
        found = {a for a in self.taken if rules.is_of(self.functions[a].symbol.where, kind)}
        if kind in rules.OPEN:
            found |= {a for a in self.taken if self.layer(self.functions[a]) == 'program'}
        if kind == 'handlers':
            found |= {f.address for f in self.functions.values() if rules.is_of(f.symbol.where, kind)}
        return found

    @functools.lru_cache(maxsize=None)
    def made_by(self, address):
        """The tables that a function, or one that it calls directly, names: of the futures that it makes."""
        seen, todo, found = set(), [address], set()
        while todo:
            f = self.functions.get(todo.pop())
            if not f or f.address in seen or f.name in rules.PANIC or f.file.startswith(rules.NO_MAKERS):
                continue
            seen.add(f.address)
            for at in f.refers:
                found |= self.tables_at(at, 0)
                if at in self.image.functions:
                    todo.append(at)
            todo += [c.target for c in f.calls if c.target]
        return frozenset(found - self.tasks.keys())

    def tables_at(self, address, depth):
        """A table, or those that an object that is there from the start points to."""
        o = self.image.object_at(address)
        if not o or depth > 2:
            return set()
        if o.address in self.tables:
            return {o.address}
        found = set()
        for word in self.image.words(o.address, o.size // 8) if o.size < 4096 else ():
            if word != o.address:
                found |= self.tables_at(word, depth + 1)
        return found

    def is_frame(self, table):
        """Of a task or an async function."""
        drop = self.functions.get(self.tables[table][1][1])
        return drop is not None and drop.name == 'em_frame_drop'

    @functools.lru_cache(maxsize=None)
    def waits_for_others(self, table):
        """Does its poll poll what it was given?"""
        todo, seen = list(self.tables[table][1][:2]), set()
        while todo:
            f = self.functions.get(todo.pop())
            if f and f.address not in seen:
                seen.add(f.address)
                if any(c.target is None and c.slot in (0, 8, None) for c in f.calls) and \
                        ('future', '') in (self.kinds(f) or []):
                    return True
                todo += [c.target for c in f.calls if c.target]
        return False

    @functools.lru_cache(maxsize=None)
    def context_of(self, table):
        """For the frame of a task or an async function."""
        poll = self.tables[table][1][0]
        struct = self.functions[poll].name.removesuffix('__body')
        tables = self.made_by(poll)
        return Context(tables, self.budget(tables, struct), table)

    def budget(self, tables, struct):
        found = []
        for t in sorted(tables):
            if not self.is_frame(t) and self.waits_for_others(t):
                stem = re.sub(r'_ops_*$', '', self.tables[t][0].plain)
                stem = rules.STORAGE.get(stem, stem)
                n = (self.frames.count(struct, stem) if struct else 0) + self.frames.count_variables(stem)
                if n:
                    found.append((t, n))
        return tuple(found)

    # -- depth -------------------------------------------------------------------------------------

    def kinds(self, f):
        return rules.kinds_of(f, self.is_assembly(f), self.layer(f))

    def targets(self, f, call, context):
        """(address, context) of all that a call may reach."""
        if call.target is not None:
            return [(call.target, context)]
        kinds = self.kinds(f)
        if kinds is None:
            self.note(f'{f.symbol.where}: it calls by a pointer, and stack_rules.py does not know what')
            return []
        found = []
        for kind, where in kinds:
            if kind == 'future':
                found += self.futures(f, call.slot, context)
            elif rules.wanted(where, call.slot):
                found += [(a, context) for a in sorted(self.of_kind(kind))]
        return found

    def futures(self, f, slot, context):
        if f.name == 'em_frame_drop' and slot == 0:  # the body, to clean up
            table = context.root
            return [(self.tables[table][1][0], context)] if table else []
        found = []
        for table in sorted(context.tables):
            if not context.allows(table):
                continue
            poll, drop, _ = self.tables[table][1]
            below = self.below(table, context)
            found += [(poll, below)] if slot in (0, None) else []
            found += [(drop, below)] if drop and slot in (8, None) else []
        return found

    def below(self, table, context):
        """The context in which a future is polled by who has @p context."""
        if not self.is_frame(table):
            inner = self.made_by(self.tables[table][1][0]) - context.tables
            less = context.less(table) if self.waits_for_others(table) else context
            return dataclasses.replace(less, tables=less.tables | inner) if inner else less
        own = self.context_of(table)
        struct = self.functions[self.tables[table][1][0]].name.removesuffix('__body')
        if table in self.tasks or self.frames.known(struct) and not self.frames.waits_for_others(struct):
            return own
        budget = dict(context.budget)
        for t, n in own.budget:
            budget[t] = budget.get(t, 0) + n
        tables = own.tables | context.tables
        return Context(tables, tuple(sorted((t, n) for t, n in budget.items())), table)

    def note(self, text):
        if text not in self.unknown:
            self.unknown.append(text)

    def worst(self, address, context, stack='own'):
        """The deepest Path from a function on."""
        f = self.functions[address]
        limit = rules.AT_MOST.get(f.symbol.where)
        if f.name in self.cut or limit and context.past.count(f.symbol.where) >= limit:
            return NOTHING
        if limit:
            context = dataclasses.replace(context, past=tuple(sorted((*context.past, f.symbol.where))))
        key = (address, context, stack)
        if key in self.memo:
            return self.memo[key]
        if key in self.at_work:
            self.found_cycle(key)
            return NOTHING
        if f.dynamic:
            self.note(f'{f.symbol.where}: its frame has no fixed size')
        self.at_work[key] = 0
        own = f.frame if stack == 'own' else f.emergency
        best = Path(own, ((f, own),))
        for call in f.calls:
            if call.stack != stack or self.enters_level(f, call):
                continue
            self.at_work[key] = call.depth
            for target, below in self.targets(f, call, context):
                inner = self.worst(target, below)
                if call.depth + inner.bytes > best.bytes and inner.steps:
                    best = Path(call.depth + inner.bytes, ((f, call.depth), *inner.steps))
        del self.at_work[key]
        if key in self.incomplete:
            self.incomplete.discard(key)
        else:
            self.memo[key] = best
        return best

    def found_cycle(self, key):
        """Back at what is at work. Tail calls alone cost no stack, but what is between does not know its worst yet."""
        chain = list(self.at_work)
        self.incomplete.update(chain[chain.index(key) + 1:])
        if not any(self.at_work[k] for k in chain[chain.index(key):]):
            return
        names = [self.functions[k[0]].symbol.where for k in chain[chain.index(key):]]
        first = names.index(min(names))
        names = names[first:] + names[:first]
        self.cycles[tuple(names)] = names

    def enters_level(self, f, call):
        """A trap that goes on into a level: counted by itself."""
        return self.is_assembly(f) and call.target is not None and self.functions[call.target].name == 'em_executor_poll'


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
        poll = a.worst(a.named['em_executor_poll'].address, Context(frozenset(tasks)))
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
        found = ['recursion, so there is no bound: ' + ' > '.join([*names, names[0]]) for names in self.a.cycles.values()]
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
