# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The functions of a RISC-V image, from its instructions: how deep each is on the stack, and what it calls there.

Read from the disassembly, so assembly and the libraries are in it. Each instruction is followed on every path with the
depth below the stack pointer at entry; a call counts at the depth that it is made at.
"""
import re
from dataclasses import dataclass, field

from errors import EmError

INSTRUCTION = re.compile(r'^\s*([0-9a-f]+):\t(\S+)(?:\t([^#<\n]*?))?\s*(?:<[^>]*>)?\s*(?:# ([0-9a-f]+)\b.*)?$')
LOAD = re.compile(r'(-?\d+)\((\w+)\)')
ENDS = {'ret', 'mret', 'sret', 'uret', 'unimp', 'ebreak'}
TOO_DEEP = 1 << 24  # no stack: a walk that grows round by round
SAVE = re.compile(r'__riscv_(save|restore)_\d+$')


@dataclass(frozen=True)
class Instruction:
    address: int
    op: str
    args: tuple
    note: int  # the address that objdump worked out, or None
    next: int


@dataclass(frozen=True)
class Place:
    address: int


@dataclass(frozen=True)
class Call:
    stack: str    # 'own', or that of exceptions: 'emergency'
    depth: int    # of the caller's frame there
    target: int   # a function's address; None: by a pointer
    slot: int     # the pointer was read from this offset, or None if that is not to be seen
    tail: bool


@dataclass
class Function:
    address: int
    symbol: object
    code: list
    frame: int = 0
    emergency: int = 0
    calls: list = field(default_factory=list)
    refers: set = field(default_factory=set)  # addresses that it computes
    arguments: set = field(default_factory=set)  # of each call: (target, a0 if it is a constant)
    returns: bool = False
    dynamic: bool = False  # its frame has no fixed size
    unreached: list = field(default_factory=list)  # calls that no path leads to: the walk has lost its way

    @property
    def name(self):
        return self.symbol.plain

    @property
    def file(self):
        return self.symbol.file


def number(word):
    try:
        return int(word, 0)
    except ValueError:
        return None


def is_boundary(symbol):
    return symbol.kind == 't' and not symbol.name.startswith(('.L', '$'))


def read_code(image):
    """All instructions, by address."""
    lines = [m.groups() for m in map(INSTRUCTION.match, image.run('objdump', '-d', '--no-show-raw-insn').splitlines())
             if m]
    addresses = [int(line[0], 16) for line in lines]
    after = [*addresses[1:], addresses[-1] + 2 if addresses else 0]
    return [Instruction(at, op, tuple(args.split(',')) if args else (), int(note, 16) if note else None, then)
            for at, then, (_, op, args, note) in zip(addresses, after, lines)]


class Graph:
    def __init__(self, image):
        self.image = image
        self.functions = {}
        names = {}
        for s in sorted(filter(is_boundary, image.symbols), key=lambda s: self.rank(s)):
            names.setdefault(s.address, s)
        self.code = read_code(image)
        for i in self.code:
            if i.address in names:
                self.functions[i.address] = Function(i.address, names[i.address], [])
                current = self.functions[i.address]
                end = i.address + image.functions[i.address] if image.functions.get(i.address) else None
            if self.functions and (end is None or i.address < end):
                current.code.append(i)
        ends = {i.address for i in self.code} - self.functions.keys()
        self.inner = {w for w in image.all_words() if w in ends}
        self.starts = {i.address: f for f in self.functions.values() for i in f.code}
        self.find_returns()
        for f in self.functions.values():
            Walk(self, f).go()

    def rank(self, s):
        """Of several names of one place the best first: a function's, not one of unlinked handlers or the script."""
        weak = s.name.startswith(('em_irq_', '__'))
        return (s.address, s.address not in self.image.functions, weak, s.name)

    def function_of(self, address):
        return self.starts.get(address)

    def find_returns(self):
        """Which functions return. One that does not is followed by nothing."""
        changed = True
        while changed:
            changed = False
            for f in self.functions.values():
                if not f.returns and self.may_return(f):
                    f.returns = changed = True

    def may_return(self, f):
        for i in f.code:
            if i.op in ENDS - {'unimp', 'ebreak'}:
                return True
            if i.op == 'jr':
                to = self.function_of(i.note) if i.note else None
                if not to or to.returns:
                    return True
            elif i.op in ('j', 'tail') or i.op.startswith('b'):
                to = self.function_of(int(i.args[-1], 16))
                if to and to is not f and to.returns:
                    return True
        last = f.code[-1]
        after = self.function_of(last.next)
        return bool(after and after is not f and after.returns and not is_jump(last) and not is_call(last))


def is_call(i):
    return i.op == 'jalr' or i.op == 'jal'


def is_jump(i):
    return i.op in ENDS or i.op in ('j', 'jr')


class Constants:
    """Registers whose value the last instructions have made, in the order of the code."""

    def __init__(self):
        self.known = {}

    def step(self, i):
        known = self.known
        if is_call(i):
            known.clear()
            return
        if not i.args or i.op.startswith(('s', 'b')) and i.op not in ('sub', 'sll', 'slli', 'srl'):
            return
        to, *rest = i.args
        value = None
        if i.op == 'li':
            value = number(rest[0])
        elif i.op == 'lui':
            value = number(rest[0])
            value = None if value is None else ((value << 12 ^ 1 << 31) & 0xffffffff) - (1 << 31)
        elif i.op == 'auipc':
            value = number(rest[0])
            value = None if value is None else i.address + ((value << 12 ^ 1 << 31) & 0xffffffff) - (1 << 31)
        elif i.op in ('add', 'addi', 'addw', 'addiw') and len(rest) == 2 and rest[0] in known:
            other = number(rest[1])
            other = known.get(rest[1]) if other is None else other
            value = None if other is None else known[rest[0]] + other
        elif i.op == 'mv' and rest[0] in known:
            value = known[rest[0]]
        elif i.op in ('sll', 'slli') and rest[0] in known and number(rest[-1]) is not None:
            value = known[rest[0]] << number(rest[-1])
        elif i.op == 'neg' and rest[0] in known:
            value = -known[rest[0]]
        if value is None:
            known.pop(to, None)
        else:
            known[to] = value


class Walk:
    """Through one function, with its stack pointer."""

    def __init__(self, graph, function):
        self.graph = graph
        self.f = function
        self.by_address = {i.address: i for i in function.code}
        self.effects = {}
        self.slots = {}  # of an indirect jump: the offset that its register was read from; 'table' of a switch

    def go(self):
        self.look_ahead()
        seen, todo, jumps = {}, [(at, ('own', 0)) for at in self.entries()], []
        while todo or self.only_jumped_to(seen, todo, jumps):
            at, state = todo.pop()
            before = seen.get(at)
            if before is not None and (before[0] != state[0] or before[1] >= state[1]):
                continue
            if state[1] > TOO_DEEP:
                self.f.dynamic = True
                break
            seen[at] = state
            i = self.by_address[at]
            state = self.apply(i, state)
            for target in self.successors(i, state, jumps):
                todo.append((target, state))
        self.f.unreached = [i.address for i in self.f.code if i.address not in seen and is_call(i)]
        self.record(seen)

    def only_jumped_to(self, seen, todo, jumps):
        """What only a computed jump leads to, as deep as the deepest of those; False: no more."""
        left = next((at for at in self.by_address if at not in seen), None) if jumps else None
        if left is not None:
            todo.append((left, max(jumps, key=lambda state: state[1])))
        return left is not None

    def entries(self):
        """Where it begins; a table of jumps, as of vectors, begins at each."""
        first = self.f.code[0]
        table = all(i.op == 'j' for i in self.f.code)
        return list(self.by_address) if table else [first.address]

    def look_ahead(self):
        constants, loaded, joins = Constants(), {}, self.joins()
        for i in self.f.code:
            if i.address in joins:  # from elsewhere too, with other values
                constants.known.clear()
                loaded.clear()
            effect = self.effect(i, constants.known)
            if effect:
                self.effects[i.address] = effect
            if i.note is not None and not is_call(i) and i.op != 'jr':
                self.f.refers.add(i.note)
            if i.op in ('jalr', 'jr') and i.args and i.note is None:
                self.slots[i.address] = loaded.get(i.args[0])
                if isinstance(loaded.get(i.args[0]), Place):
                    self.slots[i.address] = self.constant(loaded[i.args[0]].address)
            if is_call(i):
                target = i.note if i.note else number('0x' + i.args[-1]) if i.op == 'jal' else None
                self.f.arguments.add((target, constants.known.get('a0')))
            if i.args and not i.op.startswith(('s', 'b')) or i.op in ('sub', 'sll', 'srl', 'slli', 'sext.w'):
                loaded[i.args[0]] = self.origin(i, loaded, constants.known)
            constants.step(i)
            if i.op in ('add', 'addi', 'mv') and i.args[0] in constants.known:
                self.f.refers.add(constants.known[i.args[0]])

    def joins(self):
        """Where jumps of its own lead to."""
        found = {int(i.args[-1], 16) for i in self.f.code if i.args and (i.op == 'j' or i.op.startswith('b'))}
        return found | {i.note for i in self.f.code if i.note in self.by_address} | self.graph.inner

    def origin(self, i, loaded, known):
        """What an instruction leaves in its register: an offset, a place, 'table', or nothing to know."""
        if i.op == 'mv':
            return loaded.get(i.args[1])
        if i.op != 'ld':
            return 'table' if i.op in ('lw', 'lwu') or i.op == 'add' and number(i.args[-1]) is None else None
        offset, base = LOAD.match(i.args[1]).groups()
        if i.note is not None or base in known:
            return Place(known[base] + int(offset) if i.note is None else i.note)
        return 'table' if loaded.get(base) == 'table' and self.is_switch() else int(offset)

    def is_switch(self):
        """Do constants point into the middle of it?"""
        return bool(self.graph.inner & self.by_address.keys())

    def constant(self, address):
        """The function that a pointer in constants is to, as a Place; or None."""
        word = self.graph.image.words(address, 1) if not self.graph.image.in_ram(address) else None
        return Place(word[0]) if word and word[0] in self.graph.image.functions else None

    def effect(self, i, known):
        """What an instruction does to the stack pointer: ('by', n), ('is', stack, depth), 'unknown', or None."""
        if not i.args or i.args[0] != 'sp' or i.op.startswith(('sd', 'sw', 'b')):
            return None
        rest = i.args[1:]
        values = self.graph.image.values
        if i.op in ('add', 'addi', 'sub'):
            amount = number(rest[-1])
            amount = known.get(rest[-1]) if amount is None else amount
            address = i.note if i.note is not None else known.get('sp', -1) + (amount or 0)
            if values.get('__stack_bottom', 0) <= address <= values.get('__stacks_end', 0):
                return self.stack_of(address)
            if i.note is not None:
                return None  # a number in the making
            if rest[-1] == 'tp' and known.get('sp') is not None:  # several harts: its own emergency stack
                return ('is', 'emergency', values.get('__emergency_from_tp', 0) - known['sp'])
            if rest[0] == 'tp':
                return ('is', 'own', 0)
            if rest[0] == 's0' and amount is not None:  # the frame pointer, where sp was at entry
                return ('is', 'own', -amount)
            if amount is None:
                return 'unknown'
            return ('by', amount if i.op == 'sub' else -amount)
        if i.op == 'mv' and rest[0] == 'sp':
            return self.stack_of(known['sp']) if 'sp' in known else None
        if i.op in ('and', 'andi'):
            align = number(rest[-1])
            return ('by', -align - 16) if align and -4096 < align < -16 else 'unknown'
        if i.op.startswith('csrr') and i.args[-1] == 'scause':  # no stack for a while
            return ('is', 'none', 0)
        if i.op.startswith('csrr') or i.op == 'ld':  # an entry puts back what it had
            return ('is', 'own', 0)
        return None if i.op in ('auipc', 'lui', 'li', 'sll', 'slli') else 'unknown'

    def stack_of(self, address):
        values = self.graph.image.values
        top, emergency = values.get('__stack_top', 0), values.get('__emergency_top', 0)
        if top < address <= emergency:
            return ('is', 'emergency', emergency - address)
        return ('is', 'own', top - address)

    def apply(self, i, state):
        effect = self.effects.get(i.address)
        if effect == 'unknown':
            self.f.dynamic = True
        elif effect and effect[0] == 'by' and state[0] == 'none':
            pass
        elif effect and effect[0] == 'by':
            state = (state[0], max(state[1] + effect[1], -4096))
        elif effect:
            state = effect[1:]
        return state

    def successors(self, i, state, jumps):
        if i.op in ENDS:
            return []
        if i.op == 'jr':
            if i.note is None and (self.slots.get(i.address) == 'table' or self.f.name.endswith('__body')):
                jumps.append(state)
            return []
        if is_call(i):
            to = self.graph.function_of(self.target(i)) if self.target(i) else None
            return [i.next] if i.next in self.by_address and (not to or to.returns) else []
        found = [] if i.op == 'j' else [i.next]
        if i.op == 'j' or i.op.startswith('b') and i.args:
            found.append(int(i.args[-1], 16))
        return [a for a in found if a in self.by_address]

    def target(self, i):
        if i.op == 'jal' or i.op == 'j':
            return int(i.args[-1], 16)
        return i.note

    def record(self, seen):
        f = self.f
        for at, state in seen.items():
            i = self.by_address[at]
            stack, depth = self.apply(i, state)
            if stack == 'own':
                f.frame = max(f.frame, depth)
            else:
                f.emergency = max(f.emergency, depth)
            self.record_calls(i, stack, depth)

    def record_calls(self, i, stack, depth):
        add = self.add
        if is_call(i):
            add(stack, depth, self.target(i), self.slots.get(i.address), False)
        elif i.op == 'jr':
            slot = self.slots.get(i.address)
            if i.note is not None:
                add(stack, depth, i.note, None, True)
            elif slot != 'table' and not self.f.name.endswith('__body'):
                add(stack, depth, None, slot, True)
        elif i.op == 'j' or i.op.startswith('b') and i.args:
            target = int(i.args[-1], 16)
            if target not in self.by_address:
                add(stack, depth, target, None, True)
        if not is_jump(i) and i.next not in self.by_address and not is_call(i) and self.graph.function_of(i.next):
            add(stack, depth, i.next, None, True)  # it goes on in what follows: assembly

    def add(self, stack, depth, target, slot, tail):
        if isinstance(slot, Place):
            target = slot.address
        if target == 0:
            return  # weak, and not linked: nobody gets there
        if target is not None:
            to = self.graph.function_of(target)
            if not to:
                raise EmError(f'{self.f.name}: it calls {target:#x}, where no function is')
            if SAVE.match(to.name):
                raise EmError(f'{to.name}: em stack does not know images made with -msave-restore')
            target = to.address
        stack = 'own' if stack == 'none' else stack
        self.f.calls.append(Call(stack, depth, target, slot if isinstance(slot, int) else None, tail))
