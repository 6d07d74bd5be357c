# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the linker misses in the framework without a port, and in hal/riscv without a board."""
import re
import subprocess

import builder
from config import TREE, Config

CONFIG = Config('qemu_virt', 'm')
LAYERS = ('executor', 'time', 'sync', 'futures')
FLAGS = ['-march=rv64imac', '-mabi=lp64', '-misa-spec=2.2', '-mcmodel=medany', '--specs=picolibc.specs',
         '-nostartfiles', '-Wl,--no-gc-sections']
MISSING = re.compile(r'undefined reference to `(\w+)')


def built():
    return builder.build_tree(CONFIG, 'examples/01_blink.elf')


def framework():
    folder = built()
    return [str(folder / layer / f'libem_{layer}.a') for layer in LAYERS]


def objects_of_hal():
    """The objects of hal/riscv and hal/common: without those of the board."""
    archive = built() / 'hal' / 'libem_hal.a'
    names = subprocess.run(['riscv64-unknown-elf-ar', 't', archive], check=True, capture_output=True, text=True).stdout
    return [str(built() / name) for name in re.findall(r'\S*libem_hal\.a\.p/(?:riscv|common)_\S+', names)]


def missed(folder, words, source='int main(void)\n{\n    return 0;\n}\n'):
    """The symbols that the linker asks for when it links @p source with @p words."""
    program = folder / 'program.c'
    program.write_text(source)
    done = subprocess.run(['riscv64-unknown-elf-gcc', *FLAGS, program, *words, '-o', folder / 'program.elf'],
                          capture_output=True, text=True, env={**builder.tool_env(CONFIG), 'LC_ALL': 'C'})
    return set(MISSING.findall(done.stderr))


def of_framework(folder, source='int main(void)\n{\n    return 0;\n}\n'):
    return missed(folder, ['-Wl,-e,main', '-Wl,--whole-archive', *framework(), '-Wl,--no-whole-archive'], source)


def of_board(folder):
    script = folder / 'board.ld'
    script.write_text((TREE / 'hal' / 'qemu_virt' / 'link_m.ld').read_text())
    left_out = ('common_main.c.o', 'uart16550_console.c.o', 'uart16550_report.c.o')  # for boards that want them
    objects = [o for o in objects_of_hal() if not o.endswith(left_out)]
    return missed(folder, [*objects, *framework(), f'-L{TREE}/hal/riscv', f'-T{script}'])


def of_arch(isa):
    """The functions of an em/arch.h."""
    text = (TREE / 'executor' / 'arch' / isa / 'em' / 'arch.h').read_text()
    return set(re.findall(r'^(?:static inline|EM_ARCH_INLINE_) [^;{]*?\b(em_\w+)\(', text, re.M))


def constants():
    """What hal/riscv uses of a memory_map.h."""
    known = re.findall(r'^#define (\w+)', (TREE / 'hal' / 'qemu_virt' / 'memory_map.h').read_text(), re.M)
    used = ''.join(p.read_text() for p in (TREE / 'hal' / 'riscv').iterdir() if p.suffix in ('.c', '.h', '.S'))
    return {name for name in known if re.search(rf'\b{name}\b', used)}
