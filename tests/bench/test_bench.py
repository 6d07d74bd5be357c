# SPDX-License-Identifier: Apache-2.0 OR MIT
"""bench/run itself: it refuses conditions under which nothing is exact, and finds a difference of one instruction."""
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'bench'))

import measure  # noqa: E402
import table  # noqa: E402
import trace  # noqa: E402

HEADER = ['compiler: cc 1.0', 'flags: -O2']


@pytest.fixture(scope='module')
def irq():
    return measure.build('O2') / 'bench_irq.elf'


def run_qemu(*words):
    return subprocess.run([str(trace.RUN_QEMU), '--timeout', '60', *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)


def test_two_runs_say_the_same(irq):
    assert measure.run_image(irq) == measure.run_image(irq)


def test_a_benchmark_refuses_other_conditions(irq):
    done = run_qemu(irq)  # without -icount the counters are the host's time
    assert done.returncode == 1 and 'not exact here' in done.stdout
    assert not re.search(r'^irq_', done.stdout, re.M)


def test_stamps_and_trace_agree(irq):
    said = measure.run_image(irq)['irq_due_task']
    stretches = list(trace.after_sleeps(irq, 20))[measure.WARMUP:]
    task = 'em_MAIN_defines_the_first_task__body'
    for stretch in stretches:
        code = [x for x, _ in stretch]
        polled = next(i for i, x in enumerate(code) if x.function == 'irq_wait_poll')
        resumed = next(i for i, x in enumerate(code) if i > polled and x.function == task and x.name == 'csrr')
        assert str(resumed) == said


def results(rows, header=None):
    return measure.Results(header or HEADER, rows)


@pytest.fixture
def runner(tmp_path, monkeypatch):
    """bench/run as a module, with baselines in a folder of its own."""
    source = (ROOT / 'bench' / 'run').read_text()
    module = {'__name__': 'bench_run'}
    exec(compile(source, 'bench/run', 'exec'), module)
    monkeypatch.setattr(measure, 'baseline_path', lambda config: tmp_path / f'baseline-{config}.txt')
    results({'irq_body': '18', 'yield_2': '38..39'}).write(tmp_path / 'baseline-O2.txt')
    return module


def test_equal_numbers_pass(runner, capsys):
    assert not runner['compare']('O2', results({'irq_body': '18', 'yield_2': '38..39'}), True)
    assert 'all as in baseline-O2.txt' in capsys.readouterr().out


@pytest.mark.parametrize('rows, said', [
    ({'irq_body': '19', 'yield_2': '38..39'}, r'irq_body +18 -> 19 +\(\+1\)'),
    ({'irq_body': '17', 'yield_2': '38..39'}, r'irq_body +18 -> 17 +\(-1\)'),
    ({'irq_body': '18', 'yield_2': '37..39'}, r'yield_2 +38\.\.39 -> 37\.\.39'),
    ({'irq_body': '18'}, r'yield_2 +38\.\.39 -> - '),
    ({'irq_body': '18', 'yield_2': '38..39', 'more': '1'}, r'more +- -> 1 '),
])
def test_any_difference_fails_and_is_printed(runner, capsys, rows, said):
    assert runner['compare']('O2', results(rows), True)
    assert re.search(said, capsys.readouterr().out)


def test_another_compiler_is_refused(runner, capsys):
    other = results({'irq_body': '18', 'yield_2': '38..39'}, ['compiler: cc 2.0', 'flags: -O2'])
    with pytest.raises(measure.BenchError, match='--no-gate') as refused:
        runner['compare']('O2', other, True)
    assert refused.value.status == 2 and 'is  compiler: cc 2.0' in capsys.readouterr().out
    assert not runner['compare']('O2', other, False)


def test_only_new_rows_are_added(runner, tmp_path):
    fresh = results({'irq_body': '19', 'yield_2': '38..39', 'more': '1'})
    runner['add']('O2', fresh)
    rows = measure.Results.read(tmp_path / 'baseline-O2.txt').rows
    assert rows == {'irq_body': '18', 'yield_2': '38..39', 'more': '1'}
    assert runner['compare']('O2', fresh, True)  # irq_body


def test_another_compilers_rows_are_not_added(runner, tmp_path):
    runner['add']('O2', results({'more': '1'}, ['compiler: cc 2.0', 'flags: -O2']))
    assert 'more' not in measure.Results.read(tmp_path / 'baseline-O2.txt').rows


SYNC = '| object | use | not | isr | bytes |\n|---|---|---|---|---|\n| `em_x`, `em_y` | a | b | c | 1 |\n'


def test_costs_take_the_place_of_the_last_columns():
    made = table.with_costs(SYNC, {'em_x': ['16', 'set 3', '9']})
    assert made.splitlines()[0] == f"| object | use | not | isr | {' | '.join(table.COSTS)} |"
    assert made.splitlines()[2] == '| `em_x`, `em_y` | a | b | c | 16 | set 3 | 9 |'
    assert table.with_costs(made, {'em_x': ['16', 'set 3', '9']}) == made
    assert table.with_costs(made, {'em_x': ['16', 'set 4', '9']}) != made


@pytest.mark.parametrize('costs', [{}, {'em_x': ['', '', ''], 'em_z': ['', '', '']}, {'em_y': ['', '', '']}])
def test_an_object_that_only_one_of_them_has_is_refused(costs):
    with pytest.raises(measure.BenchError, match='only one of'):
        table.with_costs(SYNC, costs)


@pytest.mark.parametrize('value, goal, verdict', [
    ('irq', '18', 'met'), ('irq', '17', 'missed by 1'),
    ('low … high', '39', 'met'), ('low … high', '38', 'missed by 1'),
    ('irq / high', '17 / 39', 'missed by 1 / –'),
])
def test_verdicts_of_the_table(value, goal, verdict):
    rows = {'irq': '18', 'low': '32', 'high': '38..39'}
    made = table.comparison({'O2': rows}, [['metric', '1', '2', goal, value, 'O2']])
    assert made.splitlines()[-1].endswith(f'| {verdict} |')


def test_the_longest_masked_stretch():
    def code(*instructions):
        return [(trace.Instruction(0, '00000013', name, operands, function), 0)
                for name, operands, function in instructions]

    nop = ('nop', '', 'f')
    save, restore = ('csrrc', 'a5,mstatus,8', 'f'), ('csrs', 'mstatus,a5', 'f')
    unmask = ('csrs', 'mstatus,8', 'f')
    assert trace.longest_masked(code(nop, nop, unmask, nop, nop, nop, nop)) == 3  # awake, but masked still
    assert trace.longest_masked(code(unmask, save, nop, nop, restore, nop)) == 3
    assert trace.longest_masked(code(unmask, save, nop, save, nop, restore, nop, restore)) == 6  # nested
    trap, back = ('j', '', 'em_trap_vectors_'), ('mret', '', 'f')
    assert trace.longest_masked(code(unmask, nop, trap, nop, save, nop, restore, nop, back, nop)) == 7
