# SPDX-License-Identifier: Apache-2.0 OR MIT
"""em trace: the same traces on all boards, files that other tools read, right numbers, clear errors."""
import collections
import json
import math
import os
import re
import signal
import struct
import subprocess
import xml.etree.ElementTree as ElementTree

import debug
import jsonschema
import pytest
import runner
from config import TREE
from traces import CONFIGS, HERE, HOST, PROGRAMS, VIRT, elf, em_trace, em_words, golden, plain

PICTURE = TREE / 'docs' / 'trace.svg'


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_traces_are_the_same_on_all_boards(config, tmp_path):
    for name in PROGRAMS:
        assert plain(config, name, tmp_path / name) == golden(name), name


@pytest.mark.parametrize('config', [HOST, VIRT], ids=lambda c: c.key)
def test_a_console_says_what_memory_says(config, tmp_path):
    program, console = elf(config, 'trace_marked'), tmp_path / 'console.txt'
    rings = em_trace(config, '--text', '-o', tmp_path / 'rings', program)
    console.write_text(rings.stderr)
    text = em_trace(config, '--from', console, '--text', '-o', tmp_path / 'text', program)
    assert text.returncode == 0 and len(text.stdout.splitlines()) > 20
    assert text.stdout == rings.stdout


# -- what other tools read

class Made:
    """A recording, and all that was made of it."""

    def __init__(self, config, name, prefix, *words):
        self.prefix, self.config, self.elf = prefix, config, elf(config, name)
        self.done = em_trace(config, *words, '-o', prefix, self.elf)
        assert self.done.returncode == 0, self.done.stderr
        self.document = json.loads(self.read('json'))

    def read(self, ending):
        return self.prefix.with_name(f'{self.prefix.name}.{ending}').read_text()

    def raw(self):
        """(hart, tick, event, object, arg), found by hand: all rings have the same size."""
        data = self.prefix.with_name(f'{self.prefix.name}.rings').read_bytes()
        capacity = struct.unpack_from('<I', data, 4)[0] & 0x7fffffff
        found = []
        for hart, begin in enumerate(range(0, len(data), 64 + 16 * capacity)):
            written, = struct.unpack_from('<I', data, begin)
            assert written < capacity, 'all is in it'
            for n in range(written):
                stamp, object_, arg = struct.unpack_from('<QII', data, begin + 64 + 16 * n)
                found.append((hart, stamp >> 8, stamp & 0xff, object_, arg))
        return sorted(found, key=lambda r: r[:2])

    def of(self, ph):
        return [e for e in self.document['traceEvents'] if e['ph'] == ph]


@pytest.fixture(scope='module')
def shown(tmp_path_factory):
    return Made(VIRT, 'trace_shown', tmp_path_factory.mktemp('trace') / 'shown', '--steady')


@pytest.fixture(scope='module')
def harts(tmp_path_factory):
    return Made(HOST, '21_harts', tmp_path_factory.mktemp('trace') / 'harts')


@pytest.fixture(params=['shown', 'harts'])
def made(request):
    return request.getfixturevalue(request.param)


NAMES = {n: name.lower() for n, name in enumerate(re.findall(
    r'EM_TRACE_(\w+)_ = \d+', (TREE / 'executor/include/em/trace.h').read_text()))}


def test_babeltrace_reads_as_many_events_as_were_recorded(made):
    said = subprocess.run(['babeltrace2', '--clock-seconds', f'{made.prefix}.ctf'], capture_output=True, text=True)
    assert said.returncode == 0 and not said.stderr, said.stderr
    found = collections.Counter(re.findall(r'^\[\S+\] \(\S+\) (\w+): \{ cpu_id = (\d+) \}', said.stdout, re.M))
    assert found == collections.Counter((NAMES[event], str(hart)) for hart, _, event, *_ in made.raw()
                                        if NAMES[event] != 'log_arg')
    assert len(said.stdout.splitlines()) == sum(found.values())
    assert len({hart for _, hart in found}) == (1 if made.config == VIRT else len({r[0] for r in made.raw()}))


def test_the_json_is_what_its_schema_says(made):
    schema = json.loads((HERE / 'chrome.schema.json').read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(made.document, schema)
    for event in made.of('X')[:1]:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({'traceEvents': [{k: v for k, v in event.items() if k != 'dur'}]}, schema)


def test_the_tracks_of_the_json_can_be_drawn(shown):
    """What overlaps on a track lies within the other; each arrow has two ends, in a slice."""
    tracks = collections.defaultdict(list)
    for e in shown.of('X'):
        tracks[e['pid'], e['tid']].append((e['ts'], round(e['ts'] + e['dur'], 3)))
    for slices in tracks.values():
        open_ = []
        for begin, end in sorted(slices, key=lambda s: (s[0], -s[1])):
            while open_ and open_[-1] <= begin:
                open_.pop()
            assert not open_ or end <= open_[-1]
            open_.append(end)
    begins, ends = ({e['id']: e for e in shown.of(ph)} for ph in 'sf')
    assert begins.keys() == ends.keys() and len(begins) > 10
    for number, end in ends.items():
        assert begins[number]['ts'] <= end['ts']
        for one in (begins[number], end):
            assert any(b <= one['ts'] <= e for b, e in tracks[one['pid'], one['tid']]), one
    filters = [round(e['dur'] / 1000) for e in shown.of('X') if (e['name'], e['cat']) == ('filter', 'poll')]
    assert sorted(filters) == [0] + [3] * 6  # microseconds
    named = {(e['pid'], e['tid']) for e in shown.of('M') if e['name'] == 'thread_name'}
    assert named == tracks.keys() | {(e['pid'], e['tid']) for e in shown.of('i')}


def test_the_picture_in_the_documentation_is_what_the_tool_draws(shown, tmp_path):
    again = em_trace(VIRT, '--from', f'{shown.prefix}.rings', '--step', '0.25', '-o', tmp_path / 'shown', shown.elf)
    assert again.returncode == 0, again.stderr
    text = (tmp_path / 'shown.svg').read_text()
    ElementTree.fromstring(text)
    assert text == PICTURE.read_text(), f'if it is right: cp {tmp_path}/shown.svg docs/trace.svg'


def test_latencies_are_those_that_the_records_have(made):
    wake, poll, end = 2, 4, 7
    woken, waits = {}, []
    for _, tick, event, task, _ in made.raw():
        if event == wake:
            woken[task] = tick
        elif event == poll and task in woken:
            waits.append(tick - woken.pop(task))
        elif event == end:
            woken.pop(task, None)
    waits.sort()
    numbers = [waits[math.ceil(len(waits) * p / 100) - 1] for p in (50, 99, 100)]
    said = re.search(r'^wake to poll: median (.*), 99 % (.*), worst (.*)$', made.done.stdout, re.M)
    scale = {'s': 1e7, 'ms': 1e4, 'µs': 10, 'ns': 0.01}
    for words, ticks in zip(said.groups(), numbers):
        number, _, unit = words.partition(' ')
        assert float(number) * scale.get(unit, 1) == pytest.approx(ticks, rel=0.005)
    assert len(waits) > 5


def test_loads_of_a_known_program(shown):
    """It works for 6 times 3 ms, 4 times 4, of which some are taken by the sampler's 6 times 1 ms, and 2 ms."""
    loads = dict(re.findall(r'^(\S+) +(\d+\.\d) %', shown.done.stdout, re.M))
    assert {name: round(float(loads[name]) * 0.69) for name in ('filter', 'report', 'sampler', 'watcher[0]')} == {
        'filter': 18, 'report': 14, 'sampler': 6, 'watcher[0]': 2}
    assert re.search(r'^longest poll: 5 ms, report at ', shown.done.stdout, re.M)
    assert re.search(r'^longest without interrupts, hart 0: \d+ cycles, from \w+, [\w/]+\.[ch]:\d+ to ',
                     shown.done.stdout, re.M)
    assert re.search(r'^look at: a poll of report at ', shown.done.stdout, re.M)


def test_text_says_where_wakes_come_from(shown):
    text = shown.read('txt')
    assert re.search(r' wake filter by sampler, from \w+, sync/\S+:\d+\n', text)
    assert re.search(r'^ +0\.0000\d{3}        at sampler, tests/trace/shown\.c:26$', text, re.M)
    assert 'executor of hart 0 level 2 begins' in text and 'timer of watcher[0] due since 0.01' in text


# -- ways to record

def test_a_program_that_runs_elsewhere(tmp_path):
    echo = elf(VIRT, '03_echo')
    with debug.qemu(VIRT, echo, False, subprocess.PIPE, subprocess.DEVNULL) as place:
        for _ in range(50):  # until it waits for a key; it goes on after each look
            done = em_trace(VIRT, '--gdb', place, '--text', '--tasks', '-o', tmp_path / 'p', echo)
            if 'MAIN waits' in done.stdout:
                break
        assert done.returncode == 0 and re.search(r'at MAIN, examples/03_echo/main.c:\d+\n +0\.\d{7}  MAIN waits\n',
                                                  done.stdout), done


@pytest.mark.parametrize('config, name, seconds, says', [
    (VIRT, 'dump_chains', 4, 'spawn em_monitor on hart 0\n'), (HOST, 'log_stream', 1, 'poll talker\n')])
def test_over_a_serial_line(config, name, seconds, says, tmp_path):
    """A monitor that is asked, and a stream."""
    program = elf(config, name)
    with debug.terminal() as (theirs, port):
        child = subprocess.Popen(runner.command(config, program), stdin=theirs, stdout=theirs,
                                 preexec_fn=runner.die_with_us)
        try:
            for _ in range(10):  # a key is lost while the monitor is not there yet
                done = em_trace(config, '--port', port, '--seconds', seconds, '--text', '-o', tmp_path / 'p', program)
                if done.returncode == 0 and says in done.stdout:
                    break
        finally:
            runner.end(child)
    assert done.returncode == 0 and says in done.stdout, done


def test_a_stream_between_text(tmp_path, dut):
    """Of the console of a program with em_trace_stream(), which prints, logs and echoes."""
    program = elf(HOST, 'log_stream')
    device = dut([program])
    device.expect(b' 199')
    device.send(b'q')
    device.rest()
    assert device.status() == 0
    done = em_trace(HOST, '--from', device.log_path, '--text', '--tasks', '--no-times', '-o', tmp_path / 'p', program)
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    said = [re.fullmatch(r'log INFO net stream\.c:\d+  line (\d+)', line) for line in lines]
    assert [int(match[1]) for match in said if match] == list(range(200))
    assert lines.count('poll talker') in (200, 201)
    assert not [line for line in lines if line.startswith('lost')]


@pytest.mark.parametrize('config', [HOST, VIRT], ids=lambda c: c.key)
def test_a_program_that_does_not_end(config, tmp_path):
    for seconds in ('0.3', '2', '20'):  # some of which it may need to begin
        done = em_trace(config, '--seconds', seconds, '--text', '-o', tmp_path / 'p', elf(config, 'dump_chains'))
        if 'waiter ends\n' in done.stdout:
            break
    assert done.returncode == 0 and f'still running after {seconds} s: stopped' in done.stderr, done
    assert 'waiter ends\n' in done.stdout


@pytest.mark.parametrize('config', [HOST, VIRT], ids=lambda c: c.key)
def test_ctrl_c_ends_a_recording_not_the_tool(config, tmp_path):
    words = [str(word) for word in em_words(config, '--text', '-o', tmp_path / 'p', elf(config, '07_pool'))]
    tool = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            start_new_session=True)
    assert tool.stderr.read(10) == b'a third wo'  # and is sleeping next, for a while
    os.killpg(tool.pid, signal.SIGINT)
    said, _ = tool.communicate(timeout=60)
    assert tool.returncode == 0 and b'poll MAIN\n' in said


# -- errors

def failure(*words):
    done = em_trace(HOST, *words)
    assert done.returncode and not done.stdout and done.stderr.startswith('em: ') and 'Traceback' not in done.stderr
    return done.returncode, done.stderr


def test_errors_have_a_status_and_words(tmp_path, harts):
    rings = (harts.prefix.parent / 'harts.rings').read_bytes()
    cases = {'empty': (b'', 4, 'nothing was recorded'), 'zeros': (bytes(len(rings)), 4, 'nothing was recorded'),
             'garbage': (bytes(range(256)) * 40, 5, 'no recording'), 'half': (rings[:-100], 6, 'not whole rings')}
    for name, (data, status, words) in cases.items():
        (tmp_path / name).write_bytes(data)
        found, said = failure('--from', tmp_path / name, '-o', tmp_path / 'out', harts.elf)
        assert (found, words in said) == (status, True), (name, found, said)
        assert not (tmp_path / 'out.json').exists()
    foreign = elf(HOST, '04_channel')
    status, said = failure('--from', harts.prefix.parent / 'harts.rings', '-o', tmp_path / 'out', foreign)
    assert status == 7 and 'another program' in said
    assert failure('--from', tmp_path / 'nothing', harts.elf)[0] == 2
    assert failure('--from', tmp_path / 'empty', '-o', '/dev/null/no', harts.elf)[0] == 2
    assert failure('--from', tmp_path / 'empty', '--gdb', ':1', harts.elf)[0] == 2
    status, said = failure('/bin/true')
    assert status == 7 and 'not built with -Dtrace=true' in said
