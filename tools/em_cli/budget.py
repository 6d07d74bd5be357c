# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The sizes that were accepted, and which may not grow unseen: bench/size_budget.txt.

Each example on QEMU virt in both modes, at -Os with GCC, and the symbols that it is made of, so that whoever makes one
larger is told which.
"""
import subprocess
from dataclasses import dataclass, field

import builder
import programs
from config import TREE, Config
from errors import FAILED, EmError

CONFIGS = (Config('qemu_virt', 'm', 'gcc', 'Os'), Config('qemu_virt', 's', 'gcc', 'Os'))
FILE = TREE / 'bench' / 'size_budget.txt'
KINDS = ('text', 'data', 'bss')
ALLOWED_PERCENT, ALLOWED_BYTES = 2, 256  # of growth, whichever is more
NAMED = 12  # symbols of one program
HEAD = '''\
# The bytes of the examples. `tools/em size --check` fails if one grows by more than {percent} % and {bytes} bytes;
# `tools/em size --accept` writes this file: commit it with the change that needs the room.
# Below each configuration its programs, then their symbols: kind, bytes, where, and the programs' numbers (*: all).
compiler {compiler}
'''
REST = '(strings, tables of awaits, padding)'


@dataclass
class Sizes:
    """Of one program."""
    totals: dict
    symbols: dict = field(default_factory=dict)  # (kind, where) -> bytes

    @classmethod
    def of(cls, program):
        symbols = {}
        left = dict(program.totals)
        left['bss'] -= program.stacks
        for o in program.image.objects:
            kind = {'t': 'text', 'r': 'text', 'd': 'data', 'b': 'bss'}[o.kind]
            where = f'{program.file_of(o)}:{o.plain}'
            symbols[kind, where] = symbols.get((kind, where), 0) + o.size
            left[kind] -= o.size
        symbols['bss', 'hal/riscv/sections.ld:stacks'] = program.stacks
        symbols.update({(kind, REST): n for kind, n in left.items() if n})
        return cls(dict(program.totals), symbols)


def compiler():
    """Its name and version: another one makes other sizes."""
    done = subprocess.run(['riscv64-unknown-elf-gcc', '-dumpfullversion'], capture_output=True, text=True, check=True,
                          env=builder.tool_env())
    return f'riscv64-unknown-elf-gcc {done.stdout.strip()}'


def build(config):
    """The examples' ELF files, in the build directory that the tests use."""
    names = list(programs.examples(config.board))
    folder = builder.build_tree(config, *(f'examples/{name}.elf' for name in names))
    return {name: folder / 'examples' / f'{name}.elf' for name in names}


def text_of(made):
    """The file: the same for the same programs, in one order."""
    lines = [HEAD.format(percent=ALLOWED_PERCENT, bytes=ALLOWED_BYTES, compiler=compiler())]
    for key, each in made.items():
        lines.append(f'\n[{key}]\n')
        for name, sizes in each.items():
            lines.append(f'{name:<20}' + ''.join(f' {kind} {sizes.totals[kind]:>6}' for kind in KINDS) + '\n')
        rows = {}
        for name, sizes in each.items():
            for (kind, where), n in sizes.symbols.items():
                rows.setdefault((where, kind, n), []).append(number_of(name))
        for (where, kind, n), numbers in sorted(rows.items()):
            lines.append(f"{kind} {n} {where} {'*' if len(numbers) == len(each) else ' '.join(numbers)}\n")
    return ''.join(lines)


def number_of(name):
    return name.partition('_')[0]


def read(text):
    """key -> name -> Sizes, and the compiler."""
    made, current, by, whose = {}, {}, {}, '?'
    for line in text.splitlines():
        words = line.split()
        if not words or line.startswith('#'):
            continue
        if words[0] == 'compiler':
            whose = ' '.join(words[1:])
        elif line.startswith('['):
            current = made.setdefault(line[1:-1], {})
            by = {}
        elif words[0] in KINDS:
            at = next((i for i, w in enumerate(words) if i > 2 and (w == '*' or w in by)), len(words))
            for name in current if words[at:] == ['*'] else [by[w] for w in words[at:]]:
                current[name].symbols[words[0], ' '.join(words[2:at])] = int(words[1])
        else:
            current[words[0]] = Sizes({kind: int(n) for kind, n in zip(words[1::2], words[2::2])})
            by[number_of(words[0])] = words[0]
    return made, whose


def known():
    try:
        return read(FILE.read_text())
    except OSError as error:
        raise EmError(f'{FILE}: {error.strerror}; tools/em size --accept writes it', FAILED) from error
    except (ValueError, KeyError, IndexError) as error:
        raise EmError(f'{FILE}: not as tools/em size --accept writes it ({error!r})', FAILED) from error


def limit(old):
    """How many bytes it may grow by."""
    return max(ALLOWED_BYTES, old * ALLOWED_PERCENT // 100)


def differences(old, new, kind):
    """What differs between two Sizes, the largest growth first: lines."""
    deltas = {}
    for k, where in {*old.symbols, *new.symbols}:
        if k == kind:
            before, after = old.symbols.get((k, where), 0), new.symbols.get((k, where), 0)
            if before != after:
                deltas[where] = (after - before, before, after)
    rows = sorted(deltas.items(), key=lambda row: (-row[1][0], row[0]))
    lines = [f'{delta:+8}  {where}  {before} -> {after}' if before and after else
             f"{delta:+8}  {where}  {'new' if after else 'gone'}" for where, (delta, before, after) in rows]
    return lines if len(lines) <= NAMED else [*lines[:NAMED], f'          and {len(lines) - NAMED} more']


def compare(old, new):
    """(what grew too much, what shrank so much that the budget is to be renewed): texts."""
    grown, shrunk = [], []
    for key in new:
        for name in sorted({*old.get(key, {}), *new[key]}):
            before, after = old.get(key, {}).get(name), new[key].get(name)
            if before is None or after is None:
                what = 'has no budget' if after else 'has a budget, and is no example any more'
                grown.append(f'{name} ({key}) {what}')
                continue
            for kind in KINDS:
                was, now = before.totals[kind], after.totals[kind]
                percent = 100 * (now - was) / max(was, 1)
                words = f'{name} ({key}): {kind} {was} -> {now}, {now - was:+} bytes ({percent:+.1f} %)'
                if now - was > limit(was):
                    words += f', where +{limit(was)} are allowed:'
                    grown.append('\n'.join([words, *differences(before, after, kind)]))
                elif was - now > limit(was):
                    shrunk.append(words)
    return grown, shrunk


def check(programs_):
    """The status. Says what grew, and in which symbols."""
    old, whose = known()
    if whose != compiler():
        raise EmError(f'{FILE} is of {whose}, and here is {compiler()}: the sizes cannot be compared', FAILED)
    new = {key: {name: Sizes.of(p) for name, p in each.items()} for key, each in programs_.items()}
    grown, shrunk = compare(old, new)
    for text in grown:
        print(text)
    for text in shrunk:
        print(f'{text}: tools/em size --accept, so that it stays so')
    if grown:
        print('larger than the budget; if that is meant: tools/em size --accept')
    else:
        print(f'{sum(len(each) for each in new.values())} programs are within the budget')
    return FAILED if grown else 0


def accept(programs_):
    FILE.write_text(text_of({key: {name: Sizes.of(p) for name, p in each.items()} for key, each in programs_.items()}))
    print(f'{FILE} is written')
    return 0
