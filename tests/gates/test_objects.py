# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Gates on compiled code, both compilers, both optimisations, one hart and several, as other suites build it."""
import re
import subprocess

import builder
import firmware
import objects
import pytest
import suites
from config import TREE

LAYERS = ('executor', 'time', 'sync', 'futures')
FIRMWARE = [c for c in firmware.CONFIGS if not c.is_host]
CONFIGS = [*FIRMWARE, *suites.HARTS]


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_the_layers_hold_no_lr_sc_and_no_library_atomics(config):
    libraries = [f'{layer}/libem_{layer}.a' for layer in LAYERS]
    folder = builder.build_tree(config, *libraries)
    for library in libraries:
        assert objects.reserved_access(folder / library) == []
        assert objects.library_atomics(folder / library) == []
        assert objects.heap(folder / library) == []


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_nothing_is_counted_from_gp_before_it_is_set(config):
    hal = builder.build_tree(config, 'hal/libem_hal.a') / 'hal/libem_hal.a'
    assert {'_start'} <= objects.ENTERED_WITHOUT_GP & {name for _, name in objects.symbols(hal)}
    assert objects.relaxed_before_gp(hal) == []


@pytest.mark.parametrize('config', FIRMWARE, ids=lambda c: c.key)
def test_programs_hold_no_heap_and_their_pools_are_in_bss(config):
    folder = firmware.tree(config)
    elves = sorted(folder.glob('examples/*.elf')) + sorted(folder.glob('tests/programs/*.elf'))
    assert len(elves) > len(firmware.programs())
    for elf in elves:
        assert objects.heap(elf) == []
        assert objects.pools_outside_bss(elf) == []
        assert objects.pools(elf) != [] or 'foreign' in elf.name


@pytest.mark.parametrize('config', FIRMWARE, ids=lambda c: c.key)
def test_what_is_written_shares_no_page_with_code(config):
    """A machine that translates code looks at each store to such a page: stores took ten times as long."""
    folder = firmware.tree(config)
    for elf in [*folder.glob('examples/*.elf'), *folder.glob('tests/programs/*.elf')]:
        code = objects.begin_of('.rodata', elf) - 1
        assert objects.begin_of('.data', elf) // 4096 > code // 4096, elf.stem


@pytest.mark.parametrize('config', FIRMWARE, ids=lambda c: c.key)
def test_what_the_macros_expand_to_holds_no_lr_sc(config):
    folder = firmware.tree(config)
    made = sorted(folder.glob('examples/*.elf.p/*.o')) + sorted(folder.glob('tests/programs/*.elf.p/*.o'))
    assert made
    for path in made:
        assert objects.reserved_access(path) == []
        assert objects.library_atomics(path) == []


# of levels, and of what they need
LEVELS = {'em_levels_', 'em_levels_run_', 'em_trap_levels_', 'em_ipi_raise_'}


@pytest.mark.parametrize('config', FIRMWARE, ids=lambda c: c.key)
def test_who_names_no_level_has_none(config):
    folder = firmware.tree(config)
    have = {elf.stem: {name for _, name in objects.symbols(elf)}
            for elf in [*folder.glob('examples/*.elf'), *folder.glob('tests/programs/*.elf')]}
    assert {stem for stem, names in have.items() if 'em_spawner_level' in names} >= {'preempt', '20_preempt'}
    for stem, names in have.items():
        assert names & LEVELS == (LEVELS if 'em_spawner_level' in names else set()), stem


PRIORITIES = {'regroup', 'in_turn', 'is_ours'}  # of executor/priority.c, in whatever has its loop


@pytest.mark.parametrize('config', FIRMWARE, ids=lambda c: c.key)
def test_who_names_no_priority_has_none(config):
    folder = firmware.tree(config)
    sources = {p.stem: p for p in firmware.programs()} | {p.parent.name: p for p in TREE.glob('examples/*/main.c')}
    named = {stem for stem, path in sources.items()
             if re.search(r'\bPRIORITY\(|\bem_(task_)?set_(priority|deadline)\(', path.read_text())}
    assert '22_priorities' in named and '01_blink' not in named
    for elf in [*folder.glob('examples/*.elf'), *folder.glob('tests/programs/*.elf')]:
        have = {name.partition('.')[0] for _, name in objects.symbols(elf)} & PRIORITIES
        assert have == (PRIORITIES if elf.stem in named else set()), elf.stem


# of the dump of tasks, and of what it needs of the linker
DUMP = re.compile(r'em_dump_|__(start|stop)_em_tasks|\w+__type_listed_$|em_monitor|em_level_of_|em_stats')


@pytest.mark.parametrize('config', FIRMWARE, ids=lambda c: c.key)
def test_who_makes_no_dump_has_nothing_of_it(config):
    folder = firmware.tree(config)
    for elf in [*folder.glob('examples/[012]*.elf'), *folder.glob('tests/programs/*.elf')]:
        assert [name for _, name in objects.symbols(elf) if DUMP.match(name)] == [], elf.stem


SEEDED = '''
#include <stdint.h>
#include <stdlib.h>
int32_t word; uint8_t byte; char *p;
int seeded_pair(int32_t old, int32_t new)
{
    return __atomic_compare_exchange_n(&word, &old, new, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
uint8_t seeded_byte(void) { return __atomic_fetch_add(&byte, 1, __ATOMIC_SEQ_CST); }
void seeded_heap(void) { p = malloc(1); }
int worker__pool[2] = {1, 2};
'''


def test_each_violation_is_found(tmp_path):
    source = tmp_path / 'seeded.c'
    source.write_text(SEEDED)
    made = tmp_path / 'seeded.o'
    subprocess.run(['riscv64-unknown-elf-gcc', '-march=rv64imac', '-mabi=lp64', '-misa-spec=2.2', '-O2',
                    '--specs=picolibc.specs', '-c', source, '-o', made], check=True)
    assert [line.split(': ')[2] for line in objects.reserved_access(made)] == ['lr.w.aq', 'sc.w.aq']
    assert objects.library_atomics(made) == ['seeded.o: __atomic_fetch_add_1']
    assert objects.heap(made) == ['seeded.o: malloc']
    assert objects.pools_outside_bss(made) == ['seeded.o: worker__pool is "D"']


def test_an_address_that_gp_may_serve_is_found(tmp_path):
    made = tmp_path / 'seeded.o'
    subprocess.run(['riscv64-unknown-elf-as', '-march=rv64imac', '-mabi=lp64', '-', '-o', made],
                   input='_start: la t0, early\n.option push\n.option norelax\nla t1, apart\nla gp, gp_is_here\n'
                         '.option pop\nla t0, late\nother: la t0, free\n', text=True, check=True)
    assert objects.relaxed_before_gp(made) == ['_start: early']
