# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How much a program takes: code and constants, initialised RAM, zeroed RAM; of which task, which layer, which symbol.

em size [PROGRAM…]                 a line each
em size --tasks --layers --symbols what it is made of; --json for tools
em size --check                    the examples against bench/size_budget.txt; --accept writes that file
"""
import json
import subprocess

import budget
import builder
from errors import EmError
from frames import Frames
from image import KINDS, LAYERS, Image, layer_of

REST = 'strings, tables of awaits, padding'


def measure(config, elf):
    """(text, data, bss) in bytes, as size(1) counts them: text is code and constants."""
    tool = 'size' if config.is_host else 'riscv64-unknown-elf-size'
    done = subprocess.run([tool, str(elf)], capture_output=True, text=True, check=True, env=builder.tool_env())
    return tuple(int(n) for n in done.stdout.splitlines()[1].split()[:3])


class Program:
    """What one is made of."""

    def __init__(self, config, elf):
        self.totals = dict(zip(('text', 'data', 'bss'), measure(config, elf)))
        self.image = Image(elf)
        missing = [o for o in self.image.objects if o.kind in 'rdb' and not o.file]
        self.places = self.read_places(elf) if len(missing) > 3 else {}

    @staticmethod
    def read_places(elf):
        found = Frames(elf)
        places = dict(found.data)
        found.close()
        return places

    def file_of(self, symbol):
        return symbol.file or self.places.get(symbol.address, '')

    @property
    def stacks(self):
        values = self.image.values
        return values.get('__stacks_end', 0) - values.get('__stack_bottom', 0)

    @property
    def kind_of_stacks(self):
        """As size(1) counts them: lld makes a section of them that is not writable."""
        flags = next((flags for *_, name, flags in self.image.sections if name == '.stack'), 1)
        return 'bss' if flags & 1 else 'text'

    def symbols(self):
        """(kind, bytes, name, file), the largest first."""
        found = [(KINDS[o.kind], o.size, o.name, self.file_of(o)) for o in self.image.objects]
        return sorted(found, key=lambda row: (-row[1], row[2], row[3], row[0]))

    def layers(self):
        """layer -> {kind: bytes}; all of the program is in one of them."""
        rows = {name: dict.fromkeys(self.totals, 0) for name in (*LAYERS, 'program', 'libc', 'stack', REST)}
        left = dict(self.totals)
        for kind, size, _, file in self.symbols():
            rows[layer_of(file)][kind] += size
            left[kind] -= size
        rows['stack'][self.kind_of_stacks] = self.stacks
        left[self.kind_of_stacks] -= self.stacks
        rows[REST] = left
        return {name: row for name, row in rows.items() if any(row.values())}

    def tasks(self):
        return [{'name': t.name, 'file': t.file, 'line': t.line, 'frame': t.frame, 'slot': t.slot, 'count': t.count,
                 'pool': t.pool} for t in self.image.task_types]

    def as_json(self, args):
        found = dict(self.totals)
        if args.tasks:
            found['tasks'] = self.tasks()
        if args.layers:
            found['layers'] = self.layers()
        if args.symbols is not None:
            found['symbols'] = [dict(zip(('kind', 'bytes', 'name', 'file'), row)) for row in self.chosen(args.symbols)]
        return found

    def chosen(self, count):
        return self.symbols()[:count or None]


def show_views(program, args):
    if args.tasks:
        print(f"    {'task':<28}{'frame':>7}{'slot':>7}{'slots':>7}{'pool':>8}   bytes")
        for t in program.tasks():
            print(f"    {t['name']:<28}{t['frame']:>7}{t['slot']:>7}{t['count']:>7}{t['pool']:>8}   "
                  f"{t['file']}:{t['line']}")
    if args.layers:
        print(f"    {'layer':<36}{'text':>8}{'data':>8}{'bss':>8}   bytes")
        for name, row in program.layers().items():
            print(f'    {name:<36}' + ''.join(f'{n:>8}' for n in row.values()))
    if args.symbols is not None:
        for kind, size, name, file in program.chosen(args.symbols):
            print(f"    {size:>8}  {kind:<6}{name}  {file or 'C library'}")


def table(config, programs, args):
    """Build @p programs and print one line each, and what was asked for below it."""
    views = args.tasks or args.layers or args.symbols is not None
    if not args.json:
        print(f"{config.key:<24}{'text':>9}{'data':>9}{'bss':>9}   bytes")
    found = {}
    for program in programs:
        elf = builder.build_program(config, program)
        made_of = Program(config, elf) if views or args.json else None
        if args.json:
            found[program.name] = made_of.as_json(args)
            continue
        numbers = made_of.totals.values() if made_of else measure(config, elf)
        print(f'{program.name:<24}' + ''.join(f'{n:>9}' for n in numbers), flush=True)
        if views:
            show_views(made_of, args)
    if args.json:
        print(json.dumps({config.key: found}, indent=1))


def run(config, programs, args):
    """`em size`. The status."""
    if not args.check and not args.accept:
        table(config, programs, args)
        return 0
    if args.program or args.json or args.tasks or args.layers or args.symbols is not None:
        raise EmError('--check and --accept are for all examples, and take nothing else')
    made = {c.key: {name: Program(c, elf) for name, elf in budget.build(c).items()} for c in budget.CONFIGS}
    return budget.accept(made) if args.accept else budget.check(made)
