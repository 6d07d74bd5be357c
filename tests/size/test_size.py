# SPDX-License-Identifier: Apache-2.0 OR MIT
"""em size adds up, and sees what grows."""
import json
import re
import subprocess

import budget
import built
import pytest
import size
from config import TREE, Config
from errors import EmError

CONFIG = Config('qemu_virt', 'm', 'gcc', 'Os')
EM = str(TREE / 'tools' / 'em')


def em(*words):
    return subprocess.run([EM, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=280)


def sizes(name):
    return budget.Sizes.of(size.Program(CONFIG, built.elf(CONFIG, name)))


def test_the_examples_are_within_the_budget():
    done = em('size', '--check')
    assert done.returncode == 0, done.stdout + done.stderr
    assert '28 programs are within the budget' in done.stdout


def test_what_grows_is_named():
    before, after = sizes('plain'), sizes('grown')
    grown, shrunk = budget.compare({'k': {'p': before}}, {'k': {'p': after}})
    assert len(grown) == 1 and not shrunk
    first, largest, *rest = grown[0].splitlines()
    assert first.startswith(f"p (k): text {before.totals['text']} -> {after.totals['text']}, +")
    assert largest.split()[1] == 'tests/size/seeds.c:work' and int(largest.split()[0]) > 256
    assert all(int(line.split()[0]) < 64 for line in rest), grown[0]


def test_what_shrinks_is_said_and_is_no_failure(monkeypatch, capsys):
    small, large = sizes('plain'), sizes('grown')
    assert budget.compare({'k': {'p': large}}, {'k': {'p': small}})[0] == []
    assert len(budget.compare({'k': {'p': large}}, {'k': {'p': small}})[1]) == 1
    monkeypatch.setattr(budget, 'known', lambda: ({'k': {'p': large}}, budget.compiler()))
    assert budget.check({'k': {'p': size.Program(CONFIG, built.elf(CONFIG, 'plain'))}}) == 0
    assert '--accept' in capsys.readouterr().out


@pytest.mark.parametrize('was, more, allowed', [(1000, 256, True), (1000, 257, False), (20000, 400, True),
                                                (20000, 401, False)])
def test_how_much_growth_is_allowed(was, more, allowed):
    old = budget.Sizes({'text': was, 'data': 0, 'bss': 0})
    new = budget.Sizes({'text': was + more, 'data': 0, 'bss': 0})
    assert (not budget.compare({'k': {'p': old}}, {'k': {'p': new}})[0]) == allowed


def test_each_example_has_a_budget_and_each_budget_an_example():
    one = budget.Sizes({'text': 1, 'data': 1, 'bss': 1})
    assert 'has no budget' in budget.compare({'k': {}}, {'k': {'p': one}})[0][0]
    assert 'no example any more' in budget.compare({'k': {'p': one}}, {'k': {}})[0][0]


def test_the_file_says_what_was_measured_and_always_the_same():
    programs = {'01_plain': built.elf(CONFIG, 'plain'), '02_grown': built.elf(CONFIG, 'grown')}
    made = {'k': {name: budget.Sizes.of(size.Program(CONFIG, elf)) for name, elf in programs.items()}}
    text = budget.text_of(made)
    again, whose = budget.read(text)
    assert whose == budget.compiler()
    assert again == made
    assert budget.text_of(again) == text
    for each in made['k'].values():
        for kind in budget.KINDS:
            assert sum(n for (k, _), n in each.symbols.items() if k == kind) == each.totals[kind]


def test_sizes_of_another_compiler_are_not_compared(monkeypatch):
    monkeypatch.setattr(budget, 'known', lambda: ({}, 'riscv64-unknown-elf-gcc 1.0'))
    with pytest.raises(EmError, match='of riscv64-unknown-elf-gcc 1.0, and here is'):
        budget.check({})


@pytest.mark.parametrize('cc', ['gcc', 'clang'])
def test_the_views_add_up(cc):
    done = em('size', '--small', '--cc', cc, '--json', '--tasks', '--layers', '--symbols', '0', 'pool')
    assert done.returncode == 0, done.stderr
    (found,) = next(iter(json.loads(done.stdout).values())).values()
    for kind in budget.KINDS:
        assert sum(row[kind] for row in found['layers'].values()) == found[kind]
    tasks = {t['name']: t for t in found['tasks']}
    assert set(tasks) == {'MAIN', 'worker'}
    assert tasks['worker']['pool'] == 2 * tasks['worker']['slot'] + 16  # and the list of the free ones
    symbols = [(s['bytes'], s['name']) for s in found['symbols']]
    assert symbols == sorted(symbols, key=lambda s: (-s[0], s[1]))
    pools = {s['name']: s['bytes'] for s in found['symbols']}
    assert pools['worker__pool'] == 2 * tasks['worker']['slot']
    program = [s for s in found['symbols'] if s['file'] == 'examples/07_pool/main.c']
    assert sum(s['bytes'] for s in program if s['kind'] == 'bss') == found['layers']['program']['bss']
    assert found['layers']['executor']['text'] > found['layers']['futures']['text'] > 0


@pytest.mark.parametrize('options', [[], ['--stats'], ['--debug']], ids=['plain', 'stats', 'checks'])
def test_a_slot_is_a_header_and_a_frame(options):
    """As the compiler says how large they are: options make the header larger."""
    found = json.loads(em('size', *options, '--json', '--tasks', 'pool').stdout)
    (pool,) = next(iter(found.values())).values()
    task = next(t for t in pool['tasks'] if t['name'] == 'worker')
    elf = em('build', *options, 'pool').stdout.strip()
    asked = ['-ex', 'p sizeof(em_task)', '-ex', 'p sizeof(struct worker)']
    said = subprocess.run(['gdb-multiarch', '-nx', '-batch', *asked, elf], capture_output=True, text=True).stdout
    header, frame = map(int, re.findall(r'= (\d+)', said))
    assert (task['slot'], task['frame']) == (header + frame, frame)


def test_the_check_takes_no_program():
    done = em('size', '--check', 'pool')
    assert done.returncode == 2 and 'all examples' in done.stderr
