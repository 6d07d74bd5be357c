# SPDX-License-Identifier: Apache-2.0 OR MIT
"""docs/sequences.md draws what the programs do: call by call, and nothing else."""
import re
from concurrent.futures import ThreadPoolExecutor

import calls
import pytest
import sequences
from trace import Instruction

PAGE = sequences.PAGE.read_text()
SUBJECTS = ['Spawn', 'First poll', 'Await of a timer', 'Woken by the timer, from sleep',
            'Woken by the timer, while a task runs', 'Woken by another task', 'The end of a task, and who waits for it',
            'Cancel', 'A level preempts', 'Another hart is woken']


def spoiled(page):
    """The page with one line of a diagram gone, one twice, two exchanged, one from elsewhere, each in turn."""
    lines = page.split('\n')
    for i, line in enumerate(lines):
        if not sequences.MESSAGE.fullmatch(line):
            continue
        yield f'without {line}', [*lines[:i], *lines[i + 1:]]
        yield f'twice {line}', [*lines[:i], line, *lines[i:]]
        yield f'from another one: {line}', [*lines[:i], re.sub(r'^ +\w+', '    other', line), *lines[i + 1:]]
        if sequences.MESSAGE.fullmatch(lines[i + 1]) and lines[i + 1] != line:
            yield f'exchanged {line}', [*lines[:i], lines[i + 1], line, *lines[i + 2:]]


def test_the_diagrams_are_what_happens():
    """One test, since what takes the time is to build and run."""
    elfs = sequences.built(dict.fromkeys(d.program for d in sequences.diagrams(PAGE)))
    with ThreadPoolExecutor(2) as pool:
        scenes = dict(zip(elfs, pool.map(sequences.recorded, elfs.keys(), elfs.values())))
    compared = sequences.Comparison(PAGE, scenes)
    wrong = compared.violations(PAGE)
    assert not wrong, '\n'.join(wrong)
    assert compared.never_called() == []
    unseen = [what for what, lines in spoiled(PAGE) if not compared.violations('\n'.join(lines))]
    assert unseen == []
    first_call = PAGE.replace('hal->>hal: main', '', 1)
    assert compared.violations(first_call.replace('<!-- of examples/02_ticker/main.c -->', '')) != []
    more = compared.violations(PAGE.replace('as hal/: main.c, pend.c', 'as hal/: main.c', 1))
    assert more == ['participant hal as hal/: main.c, pend.c']


def test_each_subject_has_a_diagram():
    for subject in SUBJECTS:
        section = PAGE[PAGE.index(f'\n## {subject}\n') + 1:]
        assert sequences.diagrams(section[:section.find('\n## ')]), subject


def test_a_line_that_is_none_of_a_diagram_is_found():
    with pytest.raises(AssertionError, match='no line of a diagram'):
        sequences.diagrams('<!-- of x.c -->\n```mermaid\nsequenceDiagram\n    a->b: c\n```')


# -- the calls ---------------------------------------------------------------------------------------

def x(address, name, operands='', function='f'):
    return Instruction(address, '00000013', name, operands, function)


def run(*steps):
    known = {at: calls.Function(name, f'executor/{name}.c') for at, name in ((0x100, 'f'), (0x200, 'g'), (0x300, 'h'))}
    known[0x900] = calls.Function(calls.VECTORS, 'hal/riscv/trap.S')
    hart = calls.Hart(0, known)
    events = [event for step in steps for event in hart.step(step)]
    return [(e.kind, e.function and e.function.name, [f.name for f in e.stack]) for e in events]


CALL_F, IN_F = x(0x10, 'jal', 'ra,100', 'main'), x(0x100, 'addi')


def test_a_call_and_its_return():
    assert run(CALL_F, IN_F, x(0x104, 'jal', 'ra,200'), x(0x200, 'ret', '', 'g'), x(0x108, 'ret'), x(0x14, 'wfi')) == [
        ('call', 'f', []), ('call', 'g', ['f']), ('return', 'g', ['f']), ('return', 'f', []), ('wfi', None, [])]


def test_a_jump_is_a_call_by_the_caller():
    assert run(CALL_F, IN_F, x(0x104, 'j', '200'), x(0x200, 'jal', 'ra,300', 'g'), x(0x300, 'addi')) == [
        ('call', 'f', []), ('call', 'g', []), ('call', 'h', ['g'])]


def test_going_on_into_the_next_function_or_round_a_loop_is_no_call():
    assert run(CALL_F, IN_F, x(0x1fc, 'addi'), x(0x200, 'addi', '', 'g')) == [('call', 'f', [])]
    assert run(CALL_F, IN_F, x(0x104, 'bnez', 'a0,104'), x(0x104, 'bnez', 'a0,104')) == [('call', 'f', [])]


@pytest.mark.parametrize('last', [x(0x104, 'ret'), x(0x104, 'jal', 'ra,200')])
def test_a_trap_between_an_instruction_and_where_it_goes(last):
    trap = [x(0x900, 'j', '910', calls.VECTORS), x(0x910, 'jal', 'ra,300', 'on'), x(0x300, 'ret', '', 'h'),
            x(0x914, 'mret', '', 'on')]
    after = x(0x14, 'addi', '', 'main') if last.name == 'ret' else x(0x200, 'addi', '', 'g')
    assert run(CALL_F, IN_F, last, *trap, after) == [
        ('call', 'f', []), ('trap', calls.VECTORS, ['f']), ('call', 'h', ['f', calls.VECTORS]),
        ('return', 'h', ['f', calls.VECTORS]), ('mret', None, ['f', calls.VECTORS]), ('return', calls.VECTORS, ['f']),
        ('return', 'f', []) if last.name == 'ret' else ('call', 'g', ['f'])]
