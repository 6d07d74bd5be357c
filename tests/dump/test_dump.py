# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The dump of tasks says the same wherever it is made: on each board, by the program, by GDB, from a core file."""
import re
import socket
import subprocess

import debug
import dumps
import pytest
import runner
import top
from config import TREE, Config
from errors import EmError

CONFIGS = [Config('host'), Config('host', cc='clang', opt='Os'), Config('qemu_virt', 'm', 'clang', 'Os'),
           Config('qemu_virt', 's')]
BOARDS = [c for c in CONFIGS if not c.is_host]
COUNTED = Config('host', stats=True)
EM = TREE / 'tools' / 'em'


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_the_program_says_what_each_task_waits_for(config, dut):
    elf = dumps.program(config, 'chains')
    device = dut(runner.command(config, elf))
    device.expect(b'end of tasks\n')
    first = device.log()
    assert dumps.plain(first, elf) == dumps.golden('chains')

    device.send(b'xt')  # x means nothing
    device.expect(b'end of tasks\n')
    later = device.log()[len(first):]
    by = dumps.plain(first + later, elf, skip=['em_monitor'])
    assert by == dumps.golden('later')
    assert re.search(r'\nem_monitor  hart 0  running\n', later)


@pytest.mark.parametrize('config', BOARDS, ids=lambda c: c.key)
def test_gdb_says_the_same_of_a_running_program(config):
    elf = dumps.program(config, 'chains')
    with debug.qemu(config, elf, False, stdout=subprocess.DEVNULL) as place:
        text = dumps.seen_by_gdb(elf, place)
        assert dumps.plain(text, skip=['em_monitor']) == dumps.golden('later')
        assert 'em_monitor  hart 0  waiting\n  em_monitor, inspect/monitor.c:' in text
        said = gdb(elf, [f'target remote {place}', *LOOKS])
    check_looks(said)


LOOKS = ['em timers', 'em waiters door', 'em waiters', 'em task sender[1]', 'p full', 'p own__pool[0].frame.frame_',
         'p permits', 'em task nobody']


def gdb(elf, words, first=('-nx',)):
    done = subprocess.run(['gdb-multiarch', *first, '-batch', *debug.commands(
        ['set width 0', f'source {debug.SCRIPT}', *words]), elf], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=60)
    return done.stdout


def check_looks(said):
    """What GDB says of the later state, but for the tasks."""
    timers = re.findall(r'^hart 0  (?:\d+\.\d{6} s|never)  (\S+)', said, re.M)
    assert timers[:3] == ['all_or_none', 'joiner', 'joiner'] and timers[6] == 'ticking'
    assert sorted(timers[3:6]) == ['all_or_none', 'asker', 'joiner'] and sorted(timers[7:]) == ['MAIN', 'forever[1]']
    assert 'waiters: locker[1]\n' in said
    assert re.search(r'^full: sender\[0\] \(letters_send\), sender\[1\] \(letters_send\)$', said, re.M)
    assert re.search(r'^empty: .*asker \(letters_receive\)', said, re.M)
    assert re.search(r"^self->c = 98 'b'$", said, re.M)
    assert "= 1 of 1, senders [sensor" not in said
    assert re.search(r"= 1 of 1, senders \[sender\[0\], sender\[1\]\], receivers \[\]", said), said
    assert re.search(r'= own, line \d+: own_wait$', said, re.M)
    assert re.search(r'= \{waiters = \[acquirer\]', said)
    assert "no task 'nobody'; there are: " in said


def test_gdb_says_the_same_of_a_core_file(tmp_path):
    elf = dumps.program(CONFIGS[0], 'chains')
    core = tmp_path / 'core'
    # stopped where it sleeps next, after the dump
    made = gdb(elf, ['tbreak em_dump_tasks', f'run < /dev/zero > {tmp_path}/console', 'tbreak em_port_idle', 'continue',
                     f'generate-core-file {core}', 'kill'])
    assert core.exists(), made
    said = gdb(elf, [f'core-file {core}', 'em tasks', *LOOKS])
    assert dumps.plain(said, skip=['em_monitor']) == dumps.golden('later')
    check_looks(said)


@pytest.mark.parametrize('config', BOARDS, ids=lambda c: c.key)
def test_what_is_nested_deeply_ends_in_dots_also_on_the_stack_of_exceptions(config, dut):
    elf = dumps.program(config, 'deep')
    device = dut(runner.command(config, elf))
    said = device.rest().decode()
    assert device.status() != 0
    assert '*** panic: ' in said and 'end of tasks\n' in said
    nested = said[said.index('nested  hart 0  waiting\n'):].splitlines()[1:7]
    assert nested == ['  nested, tests/dump/deep.c:15: timeout until never', '    timeout until never',
                      '      timeout until never', '        timeout until never', '          timeout until never',
                      '            ...']


def test_nothing_traps_while_everything_changes(dut):
    config = Config('qemu_virt', 'm', smp=4)
    device = dut(runner.command(config, dumps.program(config, 'busy')))
    assert device.rest(60) == b'all dumped\n'
    assert device.status() == 0


def test_stats_count_polls_and_wakes(dut):
    elf = dumps.program(COUNTED, 'chains')
    device = dut(runner.command(COUNTED, elf))
    device.expect(b'end of tasks\n')
    said = device.log()
    assert re.search(r'^acquirer  hart 0  waiting  1 polls, 0 wakes, ran 0\.\d{6} s, longest poll 0\.\d{6} s$', said,
                     re.M)
    assert re.search(r'^sender\[0\]  hart 0  waiting  1 polls, 0 wakes, ', said, re.M)
    assert re.search(r'^asker  hart 0  waiting  2 polls, 1 wakes, ', said, re.M)
    assert re.search(r'^forever\[0\]  hart 0  cancelled  1 polls, 1 wakes, ', said, re.M)
    assert re.search(r'^forever\[1\]  hart 0  ready  0 polls, 0 wakes, ran 0\.000000 s', said, re.M)
    assert dumps.plain(said, elf) == dumps.golden('chains')


def em(*words, **more):
    return subprocess.run([EM, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60, **more)


def test_em_top_by_the_stub_of_a_program_that_it_starts():
    for after in ('0.2', '2', '20'):  # OpenSBI comes before it
        done = em('top', '--once', '--after', after, '--mode', 's', dumps.program(BOARDS[1], 'chains'))
        if 'sender[1]  hart 0  waiting\n' in done.stdout:
            break
    assert done.returncode == 0 and 'end of tasks' in done.stdout, done.stdout


def test_em_top_by_the_serial_line_of_a_monitor():
    elf = dumps.program(BOARDS[0], 'chains')
    with debug.terminal() as (theirs, name):
        child = subprocess.Popen(runner.command(BOARDS[0], elf), stdin=theirs, stdout=theirs,
                                 preexec_fn=runner.die_with_us)
        try:
            done = em('top', '--once', '--port', name, elf)
        finally:
            runner.end(child)
    assert done.returncode == 0, done.stdout
    assert re.search(r'  locker, tests/dump/chains.c:\d+: ledger_lock on book\n', done.stdout)


def test_em_top_says_that_the_program_has_ended(tmp_path):
    with socket.socket(socket.AF_UNIX) as link:
        link.bind(str(tmp_path / 'gdb'))
    with pytest.raises(EmError, match='the program has ended'):
        top.in_qemu(dumps.program(BOARDS[1], 'chains'), tmp_path / 'gdb')


def test_em_top_says_that_nobody_answers():
    done = em('top', '--once', '--gdb', '/nowhere/gdb', dumps.program(BOARDS[1], 'chains'))
    assert done.returncode == 1 and 'no tasks at /nowhere/gdb' in done.stdout


def test_em_debug_starts_gdb_at_the_first_instruction():
    done = em('debug', '--mode', 's', dumps.program(BOARDS[1], 'chains'), '--', '-batch', '-ex', 'tbreak em_dump_tasks',
              '-ex', 'continue', '-ex', 'em task MAIN')
    assert done.returncode == 0, done.stdout
    assert re.search(r'^MAIN  hart 0  running\n  MAIN, tests/dump/chains.c:\d+: yield$', done.stdout, re.M)
    assert re.search(r'^self->spawner = hart 0$', done.stdout, re.M)
