# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The numbers of hal/jh7110, as the compiler sees them, against the table of facts.toml and the board's device tree."""
import subprocess
import tomllib
from pathlib import Path

import apps
import device_tree
import machines
import pytest
from config import TREE

HERE = Path(__file__).resolve().parent
HEADERS = ['memory_map.h', 'crg.h', 'iomux.h', 'watchdog_regs.h', 'random_regs.h', 'timer_regs.h', 'uart16550_regs.h',
           'em/pinmux.h']
INCLUDES = ['hal/jh7110', 'hal/riscv', 'hal/common', 'hal/include', 'executor/include', 'executor/arch/riscv',
            'time/include', 'sync/include', 'futures/include']


def facts():
    """expression -> (value, who says so)"""
    tables = tomllib.loads((HERE / 'facts.toml').read_text())
    tree = device_tree.properties(Path(machines.VisionFive2().whole_tree()).read_bytes())
    found = {text: (device_tree.cell(tree, where), where) for text, where in tables.pop('tree').items()}
    for source, table in tables.items():
        found.update({text: (value, source) for text, value in table.items()})
    return found


def disagreements(claims, folder):
    """What the compiler says of the claims that do not hold."""
    config = apps.tree('m') / 'executor' / 'include'
    lines = [f'#include <{header}>' for header in HEADERS]
    lines += [f'_Static_assert(({text}) == {value}u, "{text} is {value:#x}: {source}");'
              for text, (value, source) in claims.items()]
    (folder / 'facts.c').write_text('\n'.join(lines) + '\n')
    done = subprocess.run(['riscv64-unknown-elf-gcc', '-std=gnu11', '-fsyntax-only', '--specs=picolibc.specs',
                           f'-I{config}', *(f'-I{TREE / i}' for i in INCLUDES), str(folder / 'facts.c')],
                          capture_output=True, text=True)
    return [line for line in done.stderr.splitlines() if 'error' in line]


def test_the_numbers_are_those_of_the_sources(tmp_path):
    claims = facts()
    assert len(claims) > 100
    assert disagreements(claims, tmp_path) == []


@pytest.mark.parametrize('text', ['IOMUX_IEV', 'UART_IRQ(1)', 'SYSCRG_RESET_STATUS'])
def test_a_wrong_number_is_found(tmp_path, text):
    claims = facts()
    value, source = claims[text]
    claims[text] = (value + 1, source)
    found = disagreements(claims, tmp_path)
    assert len(found) == 1 and source in found[0]


def test_contexts_of_the_plic_are_those_of_the_tree(tmp_path):
    """interrupts-extended names, context by context, a hart and a mode (11 machine, 9 supervisor)."""
    tree = device_tree.properties(Path(machines.VisionFive2().whole_tree()).read_bytes())
    harts = {device_tree.cell(tree, f'/cpus/cpu@{h}/interrupt-controller:phandle[0]'): h for h in range(5)}
    wires = tree['/soc/interrupt-controller@c000000']['interrupts-extended']
    cells = [int.from_bytes(wires[i:i + 4], 'big') for i in range(0, len(wires), 4)]
    claims = {f"PLIC_CONTEXT_{'M' if mode == 11 else 'S'}({harts[phandle]})": (context, 'interrupts-extended')
              for context, (phandle, mode) in enumerate(zip(cells[::2], cells[1::2]))}
    claims['PLIC_CONTEXTS'] = (len(claims), 'interrupts-extended')
    assert len(claims) == 10
    assert disagreements(claims, tmp_path) == []
