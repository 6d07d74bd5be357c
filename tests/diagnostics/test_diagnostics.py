# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Builds with `checks`: the usual mistakes are named with task and line, and correct programs are left alone."""
import re
import subprocess
from pathlib import Path

import builder
import firmware
import program
import pytest
import runner
from config import Config

HERE = Path(__file__).resolve().parent
CONFIGS = [Config('host', opt='debug'), Config('qemu_virt', 'm', opt='debug'), Config('qemu_virt', 's', opt='debug')]
LINES = {match[1]: n for n, line in enumerate((HERE / 'mistakes.c').read_text().splitlines(), 1)
         if (match := re.search(r'/\* @(\w+) \*/$', line))}

# a letter -> what is said of it, a regular expression; @NAME is the file and the line that ends with this comment
TIMER = 'a timer that task {0} awaits at @{1}'
MISTAKES = {
    'h': 'task hog: has not yielded for 500 ms{pc}, @hog_await',
    'H': 'task hog_at_once: has not yielded for 1000 ms{pc}, @hog_at_once',
    'i': 'task masks: has yielded with interrupts masked, @masks_await',
    'e': f'task leaver: ended, but left linked: {TIMER.format("leaver", "leaver_await")}, @leaver_await',
    'r': f'task reuser: constructs anew what is linked: {TIMER.format("reuser", "reuser_first")}, @reuser_again',
    'o': f'task scribbler: overwritten while it was linked: {TIMER.format("scribbler", "scribbler_await")}, '
         '@scribbler_yield',
    's': 'task local: waits with what is on its stack: a wait, @local',
    'f': rf'task sleeper\[1\]: constructs anew what is linked: {TIMER.format("sleeper.0.", "nap_await")}, '
         '@sleeper_await',
    'c': 'task copier: polls what was copied, or never constructed: a timer, @copier_await',
    '2': f'task joins_timer: awaits what another task awaits: {TIMER.format("begins_timer", "begins_timer")}, '
         '@joins_timer',
    'x': f"task joins_timer: awaits what is another executor's: {TIMER.format('begins_timer', 'begins_timer')}, "
         '@joins_timer',
    'z': f"task drops_timer: drops what is another executor's: {TIMER.format('begins_timer', 'begins_timer')}, "
         '@drops_timer',
    '3': r'task waiter\[1\]: constructs anew what is linked: a wait that task waiter\[0\] awaits at @waiter_await, '
         '@waiter_await',
    'j': r'task second_joiner: awaits what another task awaits: an em_task_wait\(\) that task joiner awaits at '
         '@joiner_await, @second_joiner_await',
    'd': 'task dropper: dropped, but still linked: a wait that task dropper awaits at @dropper_await, @dropper_await',
    'y': 'task hurried: ready, but still linked: a wait that task hurried awaits at @hurried_await, @hurried_await',
    'w': 'task forgotten: pending, but nobody has its waker: poll_fn, @forgotten_await',
    'n': 'task impostor: polls in the name of another task: timer, @impostor_await',
    'a': 'task twice: polls again what was ready already: timer, @twice_again',
    'v': r'task asker: ended without RETURN\(value\): answer, @asker_await',
    't': 'task patient: spawned twice, first at @first_spawn, @second_spawn',
    'u': 'task brief: spawned twice, and has ended since the first time, @second_spawn',
}
ON_MACHINES = {'m': r'task masked: has yielded, but only after 1[1-9]\d\d ms, @masked_await'}
CASES = [pytest.param(config, letter, said, id=f'{letter}-{config.key}') for config in CONFIGS
         for letter, said in {**MISTAKES, **({} if config.is_host else ON_MACHINES)}.items()]


def tree(config, target):
    """Without the lint, which has a look at the same files elsewhere."""
    folder = builder.tree_folder(config, 'checks', ['-Dlint=disabled'])
    with builder.locked(folder):
        builder.ninja(folder, config, target)
    return folder


def steady(config, elf):
    """On a clock that stands while the machine is busy with others."""
    words = runner.command(config, elf)
    if config.is_host:
        return ['env', 'EM_HOST_CLOCK=warp', *words]
    return [words[0], *(firmware.SLOW_CORE if elf.stem in firmware.COMPUTES else ['--icount']), *words[1:]]


def own(config, name):
    target = f'tests/diagnostics/{name}' + ('' if config.is_host else '.elf')
    return tree(config, target) / target


def function_at(elf, pc):
    done = subprocess.run(['addr2line', '-f', '-e', elf, pc], capture_output=True, text=True, check=True)
    return done.stdout.split('\n')[0]


def wanted(said, config):
    said = said.replace('{pc}', '' if config.is_host else r', it is at pc (0x[0-9a-f]+)')
    return re.sub(r'@(\w+)', lambda m: rf'tests/diagnostics/mistakes\.c:{LINES[m[1]]}', said)


@pytest.mark.parametrize('config, letter, said', CASES)
def test_a_mistake_is_named(dut, config, letter, said):
    elf = own(config, 'mistakes')
    device = dut(runner.command(config, elf), watch=False)
    device.expect(b'which\\?\n')
    device.send(letter.encode())
    output = device.rest().decode()
    found = re.search(r'^\*\*\* panic: (.*)$', output, re.M)
    assert found, output
    match = re.fullmatch(wanted(said, config), found[1])
    assert match, f'{found[1]}\nis not\n{wanted(said, config)}'
    assert device.status() == 134
    if match.groups():
        assert function_at(elf, match[1]) == 'compute'


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_nothing_is_said_of_what_only_looks_like_a_mistake(dut, config):
    device = dut(runner.command(config, own(config, 'correct')))
    assert device.rest() == b'nothing was said\n'
    assert device.status() == 0


PROGRAMS = {p.stem: program.read(p) for p in firmware.programs()}
RUNS = [pytest.param(config, 'programs', name, id=f'{name}-{config.key}') for config in CONFIGS[:2]
        for name, promise in PROGRAMS.items() if config.board in promise.boards] + \
       [pytest.param(config, 'examples', folder.name, id=f'{folder.name}-{config.key}') for config in CONFIGS[:2]
        for folder in firmware.examples(config.board)]


@pytest.mark.parametrize('config, kind, name', RUNS)
def test_nothing_is_said_of_a_correct_program(dut, config, kind, name):
    folder = 'examples' if kind == 'examples' else 'tests/programs'
    device = dut(steady(config, tree(config, 'firmware') / folder / (name if config.is_host else f'{name}.elf')))
    folder = firmware.TREE / 'examples' / name
    if kind == 'programs':
        device.send(PROGRAMS[name].typed)
        assert program.difference(PROGRAMS[name].on(1), device.rest()) is None
        assert device.status() == PROGRAMS[name].status
    else:
        typed = folder / 'input.txt'
        device.send(typed.read_bytes() if typed.exists() else b'')
        assert device.rest().decode() == (folder / 'expected.txt').read_text()
        assert device.status() == 0
