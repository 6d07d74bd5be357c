# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a program with the option `trace` records, and how it comes out."""
import re
import struct
import subprocess

import builder
import pytest
import recordings
from config import TREE
from recordings import CONFIGS, HARTS, HOST, Names, elf, records, run, said, words

BOARDS = [c for c in CONFIGS if not c.is_host]
IDS = {'ids': lambda c: c.key}
TASKS = (TREE / 'tests' / 'recording' / 'tasks.txt').read_text().splitlines()


@pytest.mark.parametrize('config', CONFIGS, **IDS)
def test_what_tasks_do_is_recorded_in_order(config):
    assert recordings.of_tasks(config, 'tasks') == TASKS
    assert said(config, 'tasks')[1] == 0


@pytest.mark.parametrize('config', BOARDS, **IDS)
def test_a_timer_from_sleep_to_poll(config):
    names = Names(elf(config, 'tasks'))
    found = [words(names, r) for r in records(said(config, 'tasks')[0])]
    begin = found.index('IDLE_BEGIN em_thread_executors_')
    timer = 7 if config.mode == 'm' else 5
    assert found[begin:begin + 8] == [
        'IDLE_BEGIN em_thread_executors_', f'IRQ_BEGIN nothing {timer}', f'IRQ_END nothing {timer}',
        'IDLE_END em_thread_executors_', 'TIMER_DUE sleeper+56', 'WAKE sleeper', 'ALARM em_thread_executors_',
        'POLL_BEGIN sleeper 0']


@pytest.mark.parametrize('config', CONFIGS, **IDS)
def test_a_wake_says_from_where(config):
    names = Names(elf(config, 'tasks'))
    wakes = [r for r in records(said(config, 'tasks')[0]) if r[2].startswith('WAKE')]
    by = [names.function(r[4]) for r in wakes if r[2] == 'WAKE_AGAIN']
    assert by in (['em_task_cancel'], ['MAIN'])  # the compiler may jump to em_wake


@pytest.mark.parametrize('config', CONFIGS, **IDS)
def test_times_do_not_go_back(config):
    ticks = [r[1] for r in records(said(config, 'tasks')[0])]
    assert ticks == sorted(ticks) and ticks[-1] > ticks[0]


@pytest.mark.parametrize('config', CONFIGS, **IDS)
def test_the_last_are_kept_and_nothing_while_it_is_stopped(config):
    text = said(config, 'wrap')[0]
    first, second = text.split('trace end\n')[:2]
    marks = [r[4] for r in records(first) if r[2] == 'MARK']
    assert marks == list(range(3000 - len(marks), 3000)) and len(marks) > 1000
    lost = int(re.search(r'^trace lost 0 (\d+)$', first, re.M)[1])
    assert lost + len(records(first)) == 3000 + 2  # SPAWN, POLL_BEGIN

    kinds = [(r[2], r[4]) for r in records(second) if r[2] in ('MARK', 'LOST')]
    assert kinds[-502:] == [('LOST', 0), ('LOST', 0)] + [('MARK', n) for n in range(5000, 5500)]
    assert not {n for kind, n in kinds if kind == 'MARK'} & set(range(3000, 5000))


@pytest.mark.parametrize('config', BOARDS[:1], **IDS)
def test_the_longest_masked_stretch(config):
    path = elf(config, 'masked')
    text = said(config, 'masked')[0]
    cycles, begin, end = re.search(r'^trace masked 0 (\d+) (\w+) (\w+)$', text, re.M).groups()
    names = Names(path)
    assert 50000 <= int(cycles) < 60000  # 10000 rounds of five instructions
    assert names.function(int(begin, 16)) == names.function(int(end, 16)) == 'mask'
    handler = re.search(r'^trace handler 0 (\d+) (\d+) (\d+)$', text, re.M)
    assert 0 < int(handler[1]) < 5000


@pytest.mark.parametrize('config', CONFIGS, **IDS)
def test_a_panic_report_ends_with_the_recording(config):
    text, status = said(config, 'panic')
    assert status == 134
    report = text[text.index('*** panic: assertion failed'):]
    assert report.endswith('trace end\n')
    assert [(r[2], r[4]) for r in records(report)][-1] == ('MARK', 7)


@pytest.mark.parametrize('config', BOARDS, **IDS)
def test_a_level_is_recorded_inside_what_it_preempts(config):
    names = Names(elf(config, 'level'))
    found = [words(names, r) for r in records(said(config, 'level')[0]) if not r[2].startswith('IRQ')]
    assert found[-8:] == ['POLL_BEGIN MAIN 0', 'WAKE above', 'IPI nothing 0', 'EXECUTOR_BEGIN em_levels_',
                          'POLL_BEGIN above 0', 'AWAIT above+48 in above', 'POLL_END above 0',
                          'EXECUTOR_END em_levels_']


@pytest.mark.parametrize('config', HARTS, **IDS)
def test_each_hart_has_its_own_ring(config):
    names = Names(elf(config, 'harts'))
    text, status = run(config, elf(config, 'harts'))
    assert status == 0
    by = {hart: [r for r in records(text) if r[0] == hart] for hart in (0, 1)}
    polls = {hart: {names.of(r[3]) for r in by[hart] if r[2] == 'POLL_BEGIN'} for hart in by}
    assert polls == {0: {'MAIN'}, 1: {'other'}}
    assert [r[4] for r in by[1] if r[2] == 'MARK'] == [1] * 10
    assert {r[4] for r in by[0] if r[2] == 'IPI'} >= {1} and 'IRQ_BEGIN' in {r[2] for r in by[1]}
    assert all(ticks == sorted(ticks) for ticks in ([r[1] for r in by[h]] for h in by))


def test_a_key_of_the_monitor(dut):
    device = dut(recordings.command(HOST, elf(HOST, 'monitor')))
    device.expect(b'ready\n')
    for _ in range(2):
        before = len(device.log())
        device.send(b'r')
        device.expect(b'trace end\n')
        found = records(device.log()[before:])
        assert ('MARK', 1) in [(r[2], r[4]) for r in found] and len(found) < 60
    assert found[-1][2] in ('POLL_BEGIN', 'WAKE', 'IDLE_END', 'LOST', 'AWAIT')


def test_a_host_program_leaves_its_rings_in_a_file(tmp_path):
    path = elf(HOST, 'tasks')
    text, _ = run(HOST, path, EM_TRACE=str(tmp_path / 'rings'))
    rings = (tmp_path / 'rings').read_bytes()
    written, capacity = struct.unpack_from('<II', rings)
    assert capacity == 1024 | 1 << 31 and len(rings) == 8 * (64 + 16 * 1024)
    printed = records(text)
    for n, (_, tick, event, o, a) in enumerate(printed):
        stamp, in_file, arg = struct.unpack_from('<QII', rings, 64 + 16 * n)
        assert (stamp >> 8, recordings.EVENTS[stamp & 0xff], in_file, arg) == (tick, event, o, a)
    assert written > len(printed)  # the gap


def straight(path, function):
    """How many instructions there are on the way through it that is the rule: to the last return, without the first."""
    objdump = ['riscv64-unknown-elf-objdump', '-d', '--no-show-raw-insn', f'--disassemble={function}', path]
    text = subprocess.run(objdump, capture_output=True, text=True, check=True).stdout
    code = [(int(m[1], 16), m[2], m[3]) for m in re.finditer(r'^\s*([0-9a-f]+):\t(\S+)\t?([^\n]*)', text, re.M)]
    at, count = 0, 0
    index = {address: n for n, (address, _, _) in enumerate(code)}
    while True:
        count += 1
        _, name, operands = code[at]
        if name == 'ret':
            return count
        to = re.search(r'([0-9a-f]+) <', operands)
        if name == 'bltz':  # the ring runs
            at = index[int(to[1], 16)]
        else:
            assert name[0] != 'j' and name != 'tail', code[at]
            at += 1


@pytest.mark.parametrize('config', [*BOARDS, *HARTS], **IDS)
def test_an_event_costs_at_most_thirty_instructions(config):
    path = elf(config, 'tasks')
    assert straight(path, 'em_trace_record_') + 4 <= 30  # three arguments and the call
    assert straight(path, 'em_trace_record_at_') + 4 <= 30
    assert straight(path, 'em_trace_await_') + 2 <= 30


@pytest.mark.parametrize('config', CONFIGS, **IDS)
def test_without_the_option_there_is_nothing_of_it(config):
    config = recordings.plain_config(config)
    libraries = [f'{layer}/libem_{layer}.a' for layer in ('executor', 'time', 'sync', 'futures', 'hal')]
    program = 'examples/02_ticker' + ('' if config.is_host else '.elf')
    folder = builder.build_tree(config, *libraries, program)
    nm = 'nm' if config.is_host else 'riscv64-unknown-elf-nm'
    for file in [folder / name for name in (*libraries, program)]:
        symbols = subprocess.run([nm, file], capture_output=True, text=True, check=True).stdout
        assert not re.findall(r'\bem_trace_\w+', symbols), file

def frames(data):
    """The records in a stream: COBS of a hart's number and a record without its last zeros, a zero on both sides."""
    for frame in data.split(b'\0'):
        at, inside = 0, bytearray()
        while at < len(frame):
            code = frame[at]
            assert at + code <= len(frame), frame
            inside += frame[at + 1:at + code] + b'\0'
            at += code
        if inside:
            inside = bytes(inside[:17]).ljust(17, b'\0')
            stamp, o, a = struct.unpack_from('<QII', inside, 1)
            yield inside[0], stamp >> 8, recordings.EVENTS[stamp & 0xff], o, a


@pytest.mark.parametrize('config', CONFIGS, **IDS)
def test_a_stream_counts_what_it_cannot_send_and_is_not_about_itself(config):
    path = elf(config, 'stream')
    names = Names(path)
    data = subprocess.run(recordings.command(config, path), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          env=recordings.WARPED, timeout=60).stdout
    found = list(frames(data))
    said_of = [names.text(r[3]) if r[2] == 'MARK' else r[2] for r in found]
    numbers = [r[4] for r, text in zip(found, said_of) if text == 'n']
    assert numbers[:100] == list(range(100)) and numbers == sorted(set(numbers)) and numbers[-1] == 5099
    assert 'em_trace_stream' not in {names.of(r[3]) for r in found if r[2] in ('POLL_BEGIN', 'WAKE')}

    quiet = said_of[said_of.index('quiet') + 1:said_of.index('burst')]
    assert len(quiet) < 300, quiet[:40]  # a hundred looks at the rings, of which each ends a sleep by an interrupt
    lost = sum(r[4] for r in found if r[2] == 'LOST')
    assert 0 <= lost - (5100 - len(numbers)) < 100 and lost > 3000
