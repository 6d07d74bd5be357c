# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The deepest path of calls from a function on, calls through pointers included.

Futures and tasks by the operations tables that are in the ELF: what an await may poll is what its body, or a function
that it calls, makes. All other pointers by stack_rules.py.
"""
import dataclasses
import functools
import re
import sys
from dataclasses import dataclass

import callgraph
import frames
import image as images
import stack_rules as rules
from errors import EmError

POLL = 'em_executor_poll'
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
        self.uncounted = {}  # poll function -> the name of the storage that was looked for
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

    def waits_for_others(self, table):
        """Does it poll, or drop, what it was given?"""
        return any(self.calls_futures(address) for address in self.tables[table][1][:2] if address)

    @functools.lru_cache(maxsize=None)
    def calls_futures(self, address):
        """A function, or one that it calls directly."""
        todo, seen = [address], set()
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
        if not tables and self.calls_futures(poll):  # of what others have made: it may be any
            tables = frozenset(self.tables.keys() - self.tasks.keys())
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
                else:
                    self.uncounted[self.tables[t][1][0]] = stem
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
        if f.unreached:
            self.note(f'{f.symbol.where}: a call at {f.unreached[0]:#x} that no path leads to')
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
        functions = [k[0] for k in chain[chain.index(key):]]
        names = [self.functions[a].symbol.where for a in functions]
        first = names.index(min(names))
        names = names[first:] + names[:first]
        text = ' > '.join([*names, names[0]])
        for stem in sorted({self.uncounted[a] for a in functions if a in self.uncounted}):
            text += f' (as deep as there is storage, but of {stem}, {stem}_future, {stem}2 … none is in the frame)'
        self.cycles[tuple(names)] = text

    def enters_level(self, f, call):
        """A trap that goes on into a level: counted by itself."""
        return self.is_assembly(f) and call.target is not None and call.target == self.image.values.get(POLL)
