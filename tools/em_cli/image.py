# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What is in a program's ELF: its symbols and where they come from, its memory, its task types."""
import bisect
import os
import re
import struct
import subprocess
from dataclasses import dataclass, replace
from functools import cached_property

import builder
import packages
from config import TREE
from errors import EmError

LAYERS = ('executor', 'time', 'sync', 'futures', 'macros', 'hal', 'inspect')
LINE = re.compile(r'([0-9a-f]+) (?:([0-9a-f]+) )?([A-Za-z]) (\S+)(?:\t(.*):\d+)?$')
SUFFIX = re.compile(r'\.(?:part|constprop|isra|cold)\b.*')  # of a function that the compiler made of another
# the compiler is told to forget where the tree is, and names sources as if they were in the build directory
IN_BUILD = re.compile(r'^build[^/]*/(?:.*/)?(?=(?:' + '|'.join((*LAYERS, 'examples', 'tests', 'bench')) + ')/)')
PACKAGES = ['python3-pyelftools']
KINDS = {'t': 'text', 'r': 'text', 'd': 'data', 'b': 'bss'}
TASK_TYPE = 64  # bytes of an em_task_type


@dataclass(frozen=True)
class Symbol:
    address: int
    size: int
    kind: str  # nm's letter, small
    name: str
    file: str  # from the top of the tree; of a program outside of it its whole path; '' of the C library

    @property
    def plain(self):
        return SUFFIX.sub('', self.name)

    @property
    def where(self):
        return f'{self.file}:{self.plain}'

    @property
    def layer(self):
        return layer_of(self.file)


@dataclass(frozen=True)
class TaskType:
    """What TASK, or somebody by hand, said of a task: em_task_type (em/task.h)."""
    name: str
    file: str
    line: int
    frame: int
    slot: int
    count: int
    pool: int
    address: int


def layer_of(file):
    """Of a source file: a layer, `program` or `libc`."""
    top = file.partition('/')[0]
    return top if top in LAYERS else 'program' if file else 'libc'


def in_tree(path):
    """The path of a source, as nm says it, from the top of the tree. '': it was not compiled here."""
    if not path or path.startswith('./'):
        return ''
    path = os.path.normpath(os.path.join(TREE, path)).removeprefix(f'{TREE}/')
    return IN_BUILD.sub('', path)


class Image:
    def __init__(self, path):
        packages.need(PACKAGES)
        from elftools.common.exceptions import ELFError
        from elftools.elf.elffile import ELFFile
        self.path = path
        try:
            with open(path, 'rb') as file:
                elf = ELFFile(file)
                self.is_riscv = elf['e_machine'] == 'EM_RISCV'
                self.sections = [(s['sh_addr'], s['sh_size'], b'' if s['sh_type'] == 'SHT_NOBITS' else s.data(),
                                  s.name, s['sh_flags']) for s in elf.iter_sections() if s['sh_flags'] & 2]
                self.functions = {s['st_value']: s['st_size'] for s in elf.get_section_by_name('.symtab').iter_symbols()
                                  if s['st_info']['type'] == 'STT_FUNC'}
        except (OSError, ELFError, AttributeError) as error:
            raise EmError(f'{path}: no ELF file with symbols ({error})') from error
        self.tools = 'riscv64-unknown-elf-' if self.is_riscv else ''

    def run(self, tool, *words):
        done = subprocess.run([self.tools + tool, *words, str(self.path)], capture_output=True, text=True,
                              errors='replace', env=builder.tool_env())
        if done.returncode:
            raise EmError(f'{self.tools}{tool} {self.path}: {done.stderr.strip()}')
        return done.stdout

    @cached_property
    def symbols(self):
        """By address. Of weak and aliased names each."""
        found = []
        for line in self.run('nm', '-l', '-S', '--defined-only').splitlines():
            if m := LINE.match(line):
                address, size, kind, name, path = m.groups()
                kind = {'w': 't', 'v': 'd', 'g': 'd', 's': 'b'}.get(kind.lower(), kind.lower())
                found.append(Symbol(int(address, 16), int(size or '0', 16), kind, name, in_tree(path)))
        return sorted(found, key=lambda s: (s.address, s.name))

    @cached_property
    def objects(self):
        """Those that take room, one of each place, by address."""
        best = {}
        for s in self.with_sizes():
            if s.size and s.kind in KINDS and (s.address not in best or s.size > best[s.address].size):
                best[s.address] = s
        return [best[a] for a in sorted(best)]

    def with_sizes(self):
        """Assembly says none: its labels reach to the next one, or to the end of what is there."""
        code = sorted({s.address for s in self.symbols if s.kind == 't' and not s.name.startswith(('.L', '$'))})
        for s in self.symbols:
            if s.kind == 't' and not s.size and s.file.endswith('.S') and not s.name.startswith(('.L', '$', '__')):
                at = bisect.bisect_right(code, s.address)
                end = next((begin + size for begin, size, *_ in self.sections if begin <= s.address < begin + size), 0)
                s = replace(s, size=(code[at] if at < len(code) else end) - s.address)
            yield s

    @cached_property
    def values(self):
        return {s.name: s.address for s in self.symbols}

    def object_at(self, address):
        """The object that @p address lies in, or None."""
        at = bisect.bisect_right([o.address for o in self.objects], address) - 1
        found = self.objects[at] if at >= 0 else None
        return found if found and address < found.address + found.size else None

    def size_at(self, address):
        found = self.object_at(address)
        return found.size if found else 0

    def read(self, address, count):
        """Bytes of the image; None where it has none (.bss, or nothing at all)."""
        for begin, size, data, _, _ in self.sections:
            if begin <= address and address + count <= begin + size:
                return data[address - begin:address - begin + count] if data else None
        return None

    def words(self, address, count):
        """Pointers from there on."""
        data = self.read(address, 8 * count)
        return struct.unpack(f'<{count}Q', data) if data else ()

    def all_words(self):
        """All pointers of the image's data."""
        for begin, size, data, _, flags in self.sections:
            if data and not flags & 4:
                yield from struct.unpack_from(f'<{(size - -begin % 8) // 8}Q', data, -begin % 8)

    def text(self, address):
        """The C string there, or None."""
        for begin, size, data, _, _ in self.sections:
            if data and begin <= address < begin + size:
                found = data[address - begin:data.find(b'\0', address - begin)]
                return found.decode() if found.isascii() else None
        return None

    def in_ram(self, address):
        return any(begin <= address < begin + size and flags & 1 for begin, size, _, _, flags in self.sections)

    def ops(self, address):
        """(poll, drop, name) if an operations table of a future is there, or None."""
        poll, drop, name = self.words(address, 3) or (0, 0, 0)
        if poll in self.functions and (not drop or drop in self.functions) and name not in self.functions:
            text = self.text(name)
            return (poll, drop, text) if text and text.isprintable() else None
        return None

    def task_type(self, address):
        """The em_task_type there, or None: an operations table, slots in RAM, and numbers that fit one another."""
        ops = self.ops(address)
        data = self.read(address, TASK_TYPE)
        if not ops or not data:
            return None
        slots, pool, file, slot, bytes_, line, count, priority, header = struct.unpack('<QQQIIIHBB', data[24:])
        if not (self.in_ram(slots) and count and slot > header and bytes_ == slot * count and priority < 8):
            return None
        return TaskType(ops[2], self.text(file) or '', line, slot - header, slot, count, bytes_ + self.size_at(pool),
                        address)

    @cached_property
    def task_types(self):
        found = (self.task_type(o.address) for o in self.objects if o.kind in 'rd' and o.size >= TASK_TYPE)
        return sorted((t for t in found if t), key=lambda t: (t.file, t.line, t.name))
