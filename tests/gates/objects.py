# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What compiled code must not hold: LR/SC, calls of libatomic, a heap, gp before it is set; and where pools must lie.

JH7110's hart 0 and its L2 LIM fault on LR/SC, and GCC 12 compiles compare-exchange wrongly: the four
portable layers use single AMOs only.
"""
import re
import subprocess

TOOLS = 'riscv64-unknown-elf-'
INSTRUCTION = re.compile(r'\t((?:lr|sc)\.[wd]\S*)\t')
FUNCTION = re.compile(r'^[0-9a-f]+ <(.+)>:$')
LIBATOMIC = re.compile(r'\b(__atomic_\w+|__sync_\w+)')
HEAP = re.compile(r'\b(_?(malloc|calloc|realloc|free)(_r)?|aligned_alloc|posix_memalign|_?sbrk)$')
ENTERED_WITHOUT_GP = {'_start', 'em_hart_start_', 'em_hart_park_', 'em_others_park_'}
ADDRESS = re.compile(r': R_RISCV_(?:PCREL_)?HI20\t(\S+)')
POOL = re.compile(r'\w+__(pool|free)$')


def output(tool, *args):
    return subprocess.run([TOOLS + tool, *map(str, args)], check=True, capture_output=True, text=True).stdout


def reserved_access(path):
    """LR and SC instructions in an object or archive, each with its function."""
    found = []
    function = '?'
    for line in output('objdump', '-d', path).splitlines():
        if match := FUNCTION.match(line):
            function = match.group(1)
        elif match := INSTRUCTION.search(line):
            found.append(f'{path.name}: {function}: {match.group(1)}')
    return found


def relaxed_before_gp(path):
    """Addresses that the linker may count from gp while it is not set yet, each with its function."""
    found, function, early, address = [], '?', False, None
    for line in output('objdump', '-dr', path).splitlines():
        if match := FUNCTION.match(line):
            function = match.group(1)
            early = function in ENTERED_WITHOUT_GP
        elif match := ADDRESS.search(line):
            address = match.group(1)
        elif 'R_RISCV_RELAX' in line and address and early:
            found.append(f'{function}: {address}')
        elif 'R_RISCV' not in line:
            address, early = None, early and '\tgp,gp' not in line
    return found


def begin_of(section, path):
    return int(re.search(rf' {re.escape(section)} +\w+ +(\w+)', output('readelf', '-SW', path))[1], 16)


def symbols(path):
    """(kind of nm, name) of every symbol."""
    return [(fields[-2], fields[-1]) for line in output('nm', path).splitlines() if len(fields := line.split()) >= 2]


def library_atomics(path):
    return [f'{path.name}: {name}' for _, name in symbols(path) if LIBATOMIC.match(name)]


def heap(path):
    """A pool's own list of free slots is called free, too: it is data."""
    return [f'{path.name}: {name}' for kind, name in symbols(path) if HEAP.match(name) and kind in 'UTtWw']


def pools(path):
    """(kind, name) of the pools of tasks in a linked program."""
    return [(kind, name) for kind, name in symbols(path) if POOL.match(name)]


def pools_outside_bss(path):
    return [f'{path.name}: {name} is "{kind}"' for kind, name in pools(path) if kind not in 'bB']
