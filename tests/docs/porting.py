# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The steps of docs/PORTING.md, carried out for hal/sifive_u, on a copy of the tree made of links that lacks it."""
import re
import subprocess

import builder
from config import TREE

PORT = TREE / 'hal' / 'sifive_u'
SKIPPED = re.compile(r'^(build.*|\..*|subprojects|hal|meson_options\.txt)$')
QEMU = ['qemu-system-riscv64', '-machine', 'sifive_u', '-smp', '2', '-m', '128M', '-bios', 'none', '-display', 'none',
        '-monitor', 'none', '-chardev', 'stdio,id=console', '-serial', 'chardev:console',
        '-semihosting-config', 'enable=on,target=native', '-kernel']


OTHERS = re.compile(r'^(mock_|sbi_)|harts|hart_start|levels|doorbell')  # for another machine, or linked if named


def ported_tree(folder):
    """The tree at @p folder, with the new board: steps 1 and 2 of docs/PORTING.md."""
    (folder / 'hal').mkdir(parents=True)
    for entry in TREE.iterdir():
        if not SKIPPED.match(entry.name):
            (folder / entry.name).symlink_to(entry)
    for entry in (TREE / 'hal').iterdir():
        if not entry.name.startswith(PORT.name):
            (folder / 'hal' / entry.name).symlink_to(entry)
    (folder / 'hal' / PORT.name).symlink_to(PORT)
    options = re.sub(rf", '{PORT.name}\w*'", '', (TREE / 'meson_options.txt').read_text())
    wider, found = re.subn(r"(option\('board', type: 'combo', choices: \[)", rf"\1'{PORT.name}', ", options)
    assert found == 1
    (folder / 'meson_options.txt').write_text(wider)
    return folder


def build(tree, source):
    """@p source for the new board: its ELF."""
    folder = tree / 'build'
    options = [f'-Dboard={PORT.name}', '-Dtests=false', f'-Dapp={source}']
    if folder.exists():
        run('meson', 'configure', folder, *options[2:])
    else:
        run('meson', 'setup', folder, tree, '--cross-file', tree / 'cross' / 'riscv64-gcc.ini', *options)
    run('ninja', '-C', folder, 'examples/app.elf')
    return folder / 'examples' / 'app.elf'


def run(*words):
    done = subprocess.run([str(w) for w in words], env=builder.tool_env(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, '…' + done.stdout[-2000:]


def lines(path):
    """How many lines of @p path say something: not blank, and not only a comment."""
    text = re.sub(r'/\*.*?\*/|^#.*?$' if path.suffix in ('.conf', '.build') else r'/\*.*?\*/', '', path.read_text(),
                  flags=re.S | re.M)
    return sum(1 for line in text.splitlines() if line.strip())


def by_hand(folder, program):
    """@p program for QEMU's virt without meson: "Another build system"."""
    sources = [s for layer in ('executor', 'time', 'sync', 'futures', 'hal/common', 'hal/qemu_virt', 'hal/riscv')
               for s in sorted((TREE / layer).iterdir()) if s.suffix in ('.c', '.S')]
    sources = [s for s in sources if not OTHERS.search(s.name)]
    include = [TREE / 'tests' / 'docs' / 'by_hand', TREE / 'executor' / 'arch' / 'riscv',
               *(TREE / layer / 'include' for layer in ('executor', 'time', 'sync', 'futures', 'macros', 'hal')),
               *(TREE / 'hal' / part for part in ('common', 'riscv', 'qemu_virt'))]
    elf = folder / 'program.elf'
    run('riscv64-unknown-elf-gcc', '-O2', '-std=gnu11', '-march=rv64imac', '-mabi=lp64', '-misa-spec=2.2',
        '-mcmodel=medany', '--specs=picolibc.specs', '-nostartfiles', '-ffunction-sections', '-fdata-sections',
        '-Wl,--gc-sections', *(f'-I{i}' for i in include), f'-L{TREE}/hal/riscv',
        f'-T{TREE}/hal/qemu_virt/link_m.ld', *sources, program, '-o', elf)
    return elf
