# SPDX-License-Identifier: Apache-2.0 OR MIT
"""em stack is right: nothing that runs uses more, and nothing is counted that does not happen, but for rare cases.

What a program uses is seen on a stack that was painted before the start (paint.py).
"""
import json
import re
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor

import built
import callgraph
import firmware
import image
import paint
import program
import pytest
import runner
import stack
import stack_rules
from config import TREE, Config

OS, O2 = Config('qemu_virt', 'm', 'gcc', 'Os'), Config('qemu_virt', 's', 'clang', 'O2')
SMALL_AND_FAST = pytest.mark.parametrize('config', [OS, O2], ids=lambda c: c.key)
EM = str(TREE / 'tools' / 'em')
# In a run of some ms interrupts seldom meet the deepest place, no characters are dropped (em_print says how many, in a
# line that it formats in the interrupt), and nobody is cancelled. Measured: 1.5 to 2.4; with levels, which hardly ever
# stand one upon the other, 2.1 to 3.7.
ORDINARY, WITH_LEVELS = 2.6, 4.0
PROVOKED = 1.2  # where a program stands at the deepest place of each level, and waits for what comes: up to 1.09
EXAMPLES = ('05_async_fn', '06_select', '10_sharing', '11_event_flags', '20_preempt', '22_priorities')
PROGRAMS = ('preempt', 'pool', 'handwritten', 'echo', 'select_timeout')
CASES = [(kind, name) for kind, names in (('examples', EXAMPLES), ('programs', PROGRAMS)) for name in names]


def typed_by(kind, name):
    if kind == 'examples':
        path = TREE / 'examples' / name / 'input.txt'
        return path.read_bytes() if path.exists() else b''
    return program.read(TREE / 'tests' / 'programs' / f'{name}.c').typed


def run(config, elf, folder, typed=b'', extra=('--icount',)):
    """Its memory after a run on painted stacks, and its status."""
    painted = paint.Painted(elf, folder / 'memory')
    words = runner.command(config, elf)
    words = [words[0], '--timeout', '60', *extra, *words[1:]]
    done = subprocess.run(painted.command(words), input=typed, capture_output=True, timeout=90)
    return painted, done


@SMALL_AND_FAST
@pytest.mark.parametrize('kind, name', CASES, ids=lambda word: word)
def test_nothing_uses_more_than_the_bound(config, kind, name, tmp_path):
    elf, typed = firmware.elf(config, kind, name), typed_by(kind, name)
    slow = firmware.SLOW_CORE if name in firmware.COMPUTES else ['--icount']
    painted, done = run(config, elf, tmp_path, typed, () if typed else slow)
    assert done.returncode in (0, 7), done
    bound = stack.Stack(elf)
    assert bound.problems == []
    used = painted.stacks()[0]
    print(f'{name}: used {used}, bound {bound.total}, {bound.total / used:.2f} times that')
    assert 0 < used <= bound.total <= (WITH_LEVELS if bound.level_paths else ORDINARY) * used
    assert painted.exceptions() == 0


OTHERS = ('dump/dump_chains', 'docs/cookbook_timeouts', 'docs/cookbook_lazy', 'docs/cookbook_latest',
          'docs/cookbook_blocking_init')


def test_there_is_a_bound_with_dumps_and_functions_given_to_the_library():
    folder = firmware.builder.build_tree(OS, *(f'tests/{name}.elf' for name in OTHERS))
    for name in OTHERS:
        assert stack.Stack(folder / 'tests' / f'{name}.elf').problems == [], name


def test_there_is_a_bound_with_checks():
    config = Config('qemu_virt', 'm', opt='debug')
    names = ['examples/06_select.elf', 'tests/dump/dump_deep.elf']
    folder = firmware.builder.build_tree(config, *names)
    for name in names:
        assert stack.Stack(folder / name).problems == [], name  # also: the stack of exceptions is large enough


@pytest.mark.parametrize('config', [OS, O2, Config('qemu_virt', 's', 'gcc', 'Os')], ids=lambda c: c.key)
def test_the_worst_case_can_happen(config, tmp_path):
    elf = built.elf(config, 'levels')
    painted, done = run(config, elf, tmp_path)
    assert done.returncode == 0, done
    bound = stack.Stack(elf)
    assert bound.problems == []
    assert list(bound.level_paths) == [1, 2, 3]
    used = painted.stacks()[0]
    print(f'used {used}, bound {bound.total}, {bound.total / used:.2f} times that')
    assert used <= bound.total <= PROVOKED * used


def test_each_hart_keeps_to_the_bound(tmp_path):
    config = Config('qemu_virt', 'm', smp=2)
    elf = firmware.builder.build_tree(config, 'tests/programs/harts.elf') / 'tests' / 'programs' / 'harts.elf'
    painted, done = run(config, elf, tmp_path)
    assert done.returncode == 0, done
    bound = stack.Stack(elf)
    assert bound.problems == [] and bound.harts == 8
    for used in painted.stacks(2):
        assert 0 < used <= bound.total
    assert painted.stacks(3)[2] == 0


@SMALL_AND_FAST
def test_the_stack_of_exceptions_is_as_deep_as_it_says(config, tmp_path):
    elf = built.elf(config, 'fault')
    painted, done = run(config, elf, tmp_path)
    assert b'illegal instruction' in done.stdout
    bound = stack.Stack(elf)
    assert bound.exception.bytes == painted.exceptions()  # each report says registers, so goes all the way


@SMALL_AND_FAST
def test_the_report_of_a_panic_is_counted(config, tmp_path):
    elf = built.elf(config, 'panic')
    painted, done = run(config, elf, tmp_path)
    assert b'panic: assertion failed' in done.stdout
    bound = stack.Stack(elf)
    assert bound.thread.bytes < painted.stacks()[0] <= bound.thread.bytes + bound.report.bytes


@SMALL_AND_FAST
def test_a_deep_chain_of_calls_raises_the_bound(config):
    plain, deep = stack.Stack(built.elf(config, 'plain')), stack.Stack(built.elf(config, 'deep'))
    assert deep.problems == []
    assert deep.thread.bytes > plain.thread.bytes + 3600 - 200
    assert [f.name for f, _ in deep.thread.steps[-3:]] == ['work', 'second', 'third']
    assert dict((f.name, n) for f, n in deep.thread.steps)['second'] >= 3000
    assert deep.interrupt == plain.interrupt or deep.interrupt.bytes == plain.interrupt.bytes


def test_recursion_is_named():
    (problem,) = stack.Stack(built.elf(OS, 'recursion')).problems
    assert problem.startswith('recursion')
    assert 'tests/size/seeds.c:odd > tests/size/seeds.c:work > tests/size/seeds.c:odd' in problem
    (problem,) = stack.Stack(built.elf(OS, 'by_pointer')).problems
    assert problem.endswith('tests/size/seeds.c:again > tests/size/seeds.c:again')


def test_a_frame_without_a_size_is_named():
    assert stack.Stack(built.elf(OS, 'no_size')).problems == [
        'not known: tests/size/seeds.c:work: its frame has no fixed size']


@SMALL_AND_FAST
def test_selects_in_selects_nest_as_deep_as_there_is_storage_for_them(config):
    for name, times in (('plain', 1), ('nested_arms', 2)):
        bound = stack.Stack(built.elf(config, name))
        assert bound.problems == []
        analysis = bound.a
        worker = next(a for a, t in analysis.tasks.items() if t.name == 'worker')
        limits = {analysis.tables[t][0].name: n for t, n in analysis.context_of(worker).budget}
        assert limits['em_select_ops'] == times
        assert limits.get('em_timeout_ops') == (1 if times == 2 else None)


def test_tasks_can_be_put_on_their_levels():
    elf = firmware.elf(OS, 'programs', 'preempt')
    anywhere = stack.Stack(elf)
    names = {t.name for t in anywhere.a.tasks.values()} - {'MAIN'}
    for name in names:
        put = stack.Stack(elf, {1: {name}, 3: {name}})
        assert put.total <= anywhere.total
    with pytest.raises(stack.EmError, match="no task 'nobody'; there are: MAIN"):
        stack.Stack(elf, {1: {'nobody'}})


def test_what_is_not_declared_is_said(monkeypatch):
    elf = firmware.elf(OS, 'examples', '01_blink')
    monkeypatch.setattr(stack_rules, 'CALLERS', tuple(r for r in stack_rules.CALLERS if r[0] != 'hal/riscv/plic.c'))
    assert any('hal/riscv/plic.c:em_irq_external_: it calls by a pointer' in p for p in stack.Stack(elf).problems)
    monkeypatch.undo()
    monkeypatch.setitem(stack_rules.KINDS, 'service', ())
    assert any('pop_due: its address is taken' in p for p in stack.Stack(elf).problems)


def test_a_stack_that_is_too_small_is_said():
    bound = stack.Stack(built.elf(OS, 'plain'))
    bound.size = bound.total - 1
    bound.emergency_size = bound.exception.bytes - 1
    assert [p.partition(':')[0] for p in bound.problems] == ['the stack may overflow',
                                                             'the stack of exceptions may overflow']


def frames_by_the_compiler(folder, work):
    """(file, name) -> bytes, as -fstack-usage says them, of the framework and this folder's programs."""
    sources = re.compile(r'(?:executor|time|futures|hal/common|hal/riscv)/\w+\.c$')
    commands = [c for c in json.loads((folder / 'compile_commands.json').read_text())
                if sources.search(c['file']) and '/lib' in c['output'] or '/size_plain.elf.p/' in c['output']]

    def compile_one(at):
        words = shlex.split(commands[at]['command'])
        words = [w for w in words if not w.startswith(('-M', '-o'))]
        words = [w for w in words if not w.endswith(('.o.d', '.o'))]
        words = words[next(i for i, w in enumerate(words) if 'gcc' in w and 'ccache' not in w):]
        subprocess.run([*words, '-fstack-usage', '-o', str(work / f'{at}.o')], cwd=commands[at]['directory'],
                       check=True, capture_output=True)
        return (work / f'{at}.su').read_text()

    with ThreadPoolExecutor(2) as pool:
        text = ''.join(pool.map(compile_one, range(len(commands))))
    found = {}
    for line in text.splitlines():
        place, size, kind = line.split('\t')
        file, _, _, name = place.rsplit(':', 3)
        found.setdefault((image.in_tree(str((folder / file).resolve())), name), set()).add((int(size), kind))
    return found


def test_frames_are_what_the_compiler_says(tmp_path):
    says = frames_by_the_compiler(built.folder(OS), tmp_path)
    graph = callgraph.Graph(image.Image(built.elf(OS, 'plain')))
    compared = 0
    for f in graph.functions.values():
        expected = says.get((f.file, f.symbol.name))
        if expected:
            compared += 1
            assert (f.frame, 'static') in expected, f.symbol
    assert compared > 50


def test_the_command(tmp_path):
    def em(*words):
        return subprocess.run([EM, 'stack', *map(str, words)], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL)
    plain, recursion = built.elf(OS, 'plain'), built.elf(OS, 'recursion')
    done = em(plain)
    bound = stack.Stack(plain)
    assert done.returncode == 0 and done.stdout.startswith(f'size_plain.elf: {bound.total} of {bound.size} bytes\n')
    assert f'\n{bound.thread.bytes:>7}  thread executor\n' in done.stdout
    found = json.loads(em('--json', plain).stdout)['size_plain.elf']
    assert found['total'] == sum(p['bytes'] for p in found['parts'].values()) == bound.total
    assert sum(step['bytes'] for step in found['parts']['interrupt']['path']) == found['parts']['interrupt']['bytes']
    done = em(recursion)
    assert done.returncode == 1 and 'size_recursion.elf: recursion' in done.stderr
    assert em('--on', '4=x', plain).returncode == 2
    (tmp_path / 'text').write_text('no ELF')
    assert em(tmp_path / 'text').returncode == 2
    assert em('--board', 'host', 'blink').returncode == 2
