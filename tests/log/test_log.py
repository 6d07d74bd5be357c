# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The log of a program, as `em log` shows it: what it kept as numbers are the lines that printf would have printed."""
import os
import pty
import re
import subprocess
import sys
import tempfile
import tty
from pathlib import Path
from types import SimpleNamespace

import builder
import debug
import log
import pytest
import runner
from config import TREE, Config
from elftools.elf.elffile import ELFFile

sys.path.insert(0, str(TREE / 'tools' / 'trace'))
import em_trace.log  # noqa: E402
import em_trace.mixed  # noqa: E402

HERE = Path(__file__).resolve().parent
EM = TREE / 'tools' / 'em'
HOST = Config('host')
CONFIGS = [HOST, Config('host', cc='clang', opt='Os'), Config('qemu_virt', 'm', 'clang', 'Os'),
           Config('qemu_virt', 's')]
QEMU = CONFIGS[2:]
TIME = re.compile(r' *\d+\.\d{6} ')
RECORDS = 1024  # of a ring
KEPT = RECORDS - 7


def program(config, name):
    """The ELF of tests/log."""
    target = f'tests/log/log_{name}' + ('' if config.is_host else '.elf')
    return builder.build_tree(config, target) / target


def em_log(config, elf, *words):
    """What it says: all of stdout."""
    selected = [f'--board={config.board}', f'--mode={config.mode}', f'--smp={config.smp or 1}']
    done = subprocess.run([EM, 'log', *selected, *words, elf], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          timeout=60)
    assert done.returncode == 0
    return done.stdout.decode()


def lines(config, name, *words):
    return em_log(config, program(config, name), '--no-times', *words).splitlines()


@pytest.fixture(scope='session')
def printed():
    """What printf makes of the lines of types.c, here."""
    done = subprocess.run([program(HOST, 'types')], stdout=subprocess.PIPE, timeout=60)
    return re.findall(r'^= (.*)$', done.stdout.decode(), re.M)


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_each_kind_of_argument_is_shown_as_printf_does(config, printed):
    source = (HERE / 'types.c').read_text().splitlines()
    found = [line for line in lines(config, 'types') if not line.startswith('= ')]
    infos = [re.fullmatch(r'INFO  kinds types\.c:(\d+)  (.*)', line) for line in found[:len(printed)]]
    assert [m[2] for m in infos] == printed and len(printed) > 25
    assert all('BOTH(' in source[int(m[1]) - 1] for m in infos)
    rest = [re.sub(r'types\.c:\d+', 'types.c:N', line) for line in found[len(printed):]]
    assert rest[:4] == ["WARN  kinds types.c:N  joined 'attic'", 'DEBUG kinds types.c:N  [     att]',
                        'TRACE kinds types.c:N  nothing []', f"ERROR kinds types.c:N  {'x' * 48}."]
    assert re.fullmatch(r'INFO  kinds types.c:N  address 0x[0-9a-f]+', rest[4])
    assert re.fullmatch(r'INFO  kinds types.c:N  pointer 0x[0-9a-f]+, none 0x0', rest[5])


@pytest.mark.parametrize('config', QEMU, ids=lambda c: c.key)
def test_no_text_is_in_the_image(config):
    path = program(config, 'types')
    with path.open('rb') as file:
        elf = ELFFile(file)
        loaded = b''.join(s.data() for s in elf.iter_segments() if s['p_type'] == 'PT_LOAD')
        aside = elf.get_section_by_name('em_texts')
        texts = aside.data()
        assert aside['sh_flags'] & 2 == 0 and aside['sh_addr'] == 0  # SHF_ALLOC
    for text in (b'no arguments', b'%d left', b'joined', b'kinds', b'umlauts'):
        assert text in texts and text not in loaded, text
    assert b'printer' in loaded  # an argument


LEVELS = {'levels': 3, 'levels_off': 0, 'levels_error': 1, 'levels_trace': 6}
ALL = ['ERROR levels.c:N  this is an error, 1', 'WARN  levels.c:N  this is a warning, 2',
       'INFO  levels.c:N  this is information, 3', 'DEBUG levels.c:N  this is for debugging, 4',
       'TRACE levels.c:N  this is a trace, 5', 'TRACE levels.c:N  this is a copy, x']


@pytest.mark.parametrize('name', LEVELS)
def test_of_other_levels_nothing_is_left(name):
    config, count = QEMU[0], LEVELS[name]
    elf = program(config, name)
    if count == 0:  # not even a ring
        done = subprocess.run([EM, 'log', elf], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1 and 'has no log' in done.stderr
    else:
        said = em_log(config, elf, '--no-times').splitlines()
        found = [re.sub(r':\d+', ':N', line) for line in said if ' levels.c:' in line]
        assert found == ALL[:count] and f'{count} evaluated' in said
    texts = elf.read_bytes()
    assert [text for text in ALL if text.split('  ')[-1].split(',')[0].encode() in texts] == ALL[:count]


def test_the_tool_shows_what_was_asked_for():
    found = [re.sub(r':\d+', ':N', line) for line in lines(QEMU[0], 'levels_trace', '--level', 'warn')]
    assert [line for line in found if 'levels.c' in line] == ALL[:2]
    assert not any('levels.c' in line for line in lines(QEMU[0], 'levels_trace', '--module', 'other'))
    times = [line for line in em_log(QEMU[0], program(QEMU[0], 'levels_trace')).splitlines() if 'levels.c' in line]
    assert len(times) == 6 and all(TIME.match(line) for line in times) and times == sorted(times)


def flood(i):
    if i % 3 == 0:
        return 'INFO ', f'line {i}', 2
    if i % 3 == 1:
        return 'WARN ', f'line {i} of 3000', 3
    return 'ERROR', f'line {i}: {i + 1} {i + 2} {i + 3} {i + 4} {i + 5}', 7


def flood_kept():
    """The newest lines that a ring has whole, and how many records are lost."""
    total = sum(flood(i)[2] for i in range(3000)) + 1
    kept, left = ['INFO  flood flood.c:N  over'], KEPT - 1
    for i in reversed(range(3000)):
        level, text, records = flood(i)
        if records > left:
            break
        kept.insert(0, f'{level} flood flood.c:N  {text}')
        left -= records
    return kept, total - (KEPT - left)


def test_a_full_ring_keeps_the_newest_and_the_loss_is_counted():
    kept, lost = flood_kept()
    found = [re.sub(r':\d+  ', ':N  ', line) for line in lines(HOST, 'flood')]
    assert found == [f'----- {lost} records lost', *kept]


@pytest.mark.parametrize('config', QEMU, ids=lambda c: c.key)
def test_what_is_seen_or_lost_while_it_runs_is_all(config):
    found = lines(config, 'flood')
    seen = [m[1] for line in found if (m := re.search(r'  (line.*|over)$', line))]
    lost = sum(int(m[1]) for line in found if (m := re.fullmatch(r'----- (\d+) records lost', line)))
    of = {text: records for _, text, records in map(flood, range(3000))} | {'over': 1}
    assert seen == [text for text in of if text in set(seen)]  # whole, in order, each once
    assert sum(of[text] for text in seen) + lost == sum(of.values()) and seen[-1] == 'over'


def of_interrupts(config):
    """isr.c on a machine that takes interrupts behind each instruction; its log by the stub of one that runs."""
    with tempfile.TemporaryDirectory() as folder:
        place = f'{folder}/gdb'
        command = runner.command(config, program(config, 'isr'), place)
        options = ['--qemu-arg=-singlestep', '--qemu-arg=-S', '--timeout=60']
        machine = subprocess.Popen([command[0], *options, *command[1:]], stdin=subprocess.DEVNULL)
        try:
            debug.listening(place, machine)
            found = lines(config, 'isr', '--gdb', place)
            assert machine.wait(30) == 0
            return found
        finally:
            runner.end(machine)


@pytest.mark.parametrize('config', QEMU, ids=lambda c: c.key)
def test_an_interrupt_logs_into_the_middle_of_a_task(config):
    found = of_interrupts(config)
    task = re.compile(r'INFO  isr isr\.c:\d+  task (\d+) (\d+)')
    interrupts = [line.split('  ')[-1] for line in found if line.startswith('WARN ')]
    every = [f'interrupt {n} of the clock at {n * 16:x}' for n in range(300)]
    assert interrupts == [line for line in every if line in interrupts]  # each once, in order
    tasks = [(int(m[1]), int(m[2])) for line in found if (m := task.fullmatch(line))]
    assert all(n ^ inverse == (1 << 64) - 1 for n, inverse in tasks) and interrupts and len(tasks) > 50
    lost = [int(m[1]) for line in found if (m := re.fullmatch(r'----- (\d+) records lost', line))]
    count = int(re.fullmatch(r'ERROR .* lines of the task: (\d+)', found[-1])[1])
    assert len(found) == len(interrupts) + len(tasks) + len(lost) + 1
    # none was written over another: 4 records an interrupt, 3 a line of the task, 2 the last one
    assert sum(lost) + 4 * len(interrupts) + 3 * len(tasks) == 4 * 300 + 3 * count


def test_each_hart_has_its_own_ring():
    config = Config('qemu_virt', 'm', smp=2)
    found = lines(config, 'harts')
    for hart, name in enumerate(('first', 'other')):
        mine = [line for line in found if line.startswith(f'{hart} ')]
        assert [line.split('  ')[-1] for line in mine] == [f'{name} {n}' for n in range(100)]
    assert len(found) == 200


def said_by_stream(text):
    """(what the program printed, the lines of its log) of a console that is decoded."""
    log = re.compile(r'(INFO |DEBUG|WARN ) net stream\.c:\d+  (.*)\n|(-----.*)\n')
    return log.sub('', text), [m[2] or m[3] for m in log.finditer(text)]


def expected_of_stream():
    lines_ = ['begin']
    for n in range(200):
        lines_ += [f'line {n}'] + [f'{n} of 200, and so on'] * (n % 3 == 0)
    return lines_ + ['end']


def em_run(config, name):
    """With its console decoded."""
    words = [f'--board={config.board}', f'--mode={config.mode}', '--log', '--no-times', '--timeout=60']
    return subprocess.Popen([EM, 'run', *words, program(config, name)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_a_stream_on_the_console_is_told_from_text(config):
    device = em_run(config, 'stream')
    text = b''
    while not re.search(rb'  line 199\n', text):  # the last one; then it is asked to end
        more = os.read(device.stdout.fileno(), 65536)
        assert more, text
        text += more
    device.stdin.write(b'abcq')
    device.stdin.close()
    text += device.stdout.read()
    assert device.wait() == 0
    printed, log = said_by_stream(text.decode())
    assert log == expected_of_stream()
    numbers = re.sub(r'[^\d]+', ' ', printed).split()
    assert numbers == [str(n) for n in range(200)]
    assert 'abcq\ndone\n' in printed.replace('\n\n', '\n')


def test_a_line_of_a_port_says_the_same():
    """As of a board: the program on one end of a terminal, em log on the other."""
    outside, inside = pty.openpty()
    tty.setraw(outside)
    tty.setraw(inside)
    elf = program(HOST, 'stream')
    reader = subprocess.Popen([EM, 'log', '--port', os.ttyname(inside), '--no-times', elf], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    assert b'the log of' in reader.stderr.readline()  # it listens
    device = subprocess.Popen([elf], stdin=subprocess.PIPE, stdout=outside)
    try:
        text = b''
        while b'  line 199\n' not in text:
            text += os.read(reader.stdout.fileno(), 65536)
        device.communicate(b'q', timeout=30)
        while b'  end\n' not in text:
            text += os.read(reader.stdout.fileno(), 65536)
    finally:
        device.kill()
        device.wait()
        reader.terminate()
        reader.wait()
        os.close(outside)
        os.close(inside)
    log = said_by_stream(text.decode())[1]
    assert log[-1] == 'end' and log == expected_of_stream()


@pytest.mark.parametrize('config', [HOST, QEMU[0]], ids=lambda c: c.key)
def test_what_the_stream_is_too_late_for_is_counted(config):
    found = em_run(config, 'flood_stream').communicate(timeout=60)[0].decode().splitlines()
    lost = re.fullmatch(r'----- (\d+) records lost', found[0])
    of = [flood(i)[1:] for i in range(3000)] + [('over', 1)]
    kept = of[len(of) - len(found) + 1:]
    assert [line.split('  ')[-1] for line in found[1:]] == [text for text, _ in kept] and len(kept) > 150
    assert int(lost[1]) + sum(records for _, records in kept) == sum(records for _, records in of)


def test_the_recipe_is_what_it_shows():
    """docs/cookbook/log.c, and the lines of docs/debugging.md."""
    config = QEMU[0]
    elf = builder.build_tree(config, 'tests/docs/cookbook_log.elf') / 'tests/docs/cookbook_log.elf'
    said = [line for line in em_log(config, elf, '--no-times').splitlines() if ' log.c:' in line]
    shown = re.findall(r'^ *\d+\.\d{6} (\w+ +\w+ log\.c:\d+  .*)$', (TREE / 'docs' / 'debugging.md').read_text(), re.M)
    assert said == shown and len(said) > 3


class Memory:
    """A program without a stream, and records as a wire would have them."""

    def __init__(self):
        self.program = em_trace.log.Program(program(QEMU[0], 'flood'))
        self.lines = em_trace.log.Lines(self.program)
        self.events = em_trace.records.EVENTS

    def take(self, kind, object_=0, arg=0, hart=0):
        record = em_trace.records.Record(hart, 7, self.events.index(kind), object_, arg)
        return [line.message for line in self.lines.take(record)]


@pytest.fixture
def shown(monkeypatch):
    """The tool's output, and a line of the log to put there."""
    said = log.Shown(program(QEMU[0], 'flood'), SimpleNamespace(level=5, module=[], no_times=True))
    written = []
    monkeypatch.setattr(said, 'write', written.append)
    texts = bytes(said.program.texts.data)
    over = next(n for n in range(0, len(texts), 4) if (t := said.program.texts.get(n)) and t.format == 'over')
    said.one = lambda: said.record(said.records.Record(0, 7, said.records.EVENTS.index('LOG'), over, 0))
    said.so_far = lambda: re.sub(rb'INFO .*  over', b'LOG', b''.join(written))
    return said


def test_a_line_of_the_program_stays_whole(shown):
    shown.one()
    for text, so_far in ((b'a', b'LOG\na'), (b'b', b'LOG\nab'), (b'c\nd', b'LOG\nabc\nLOG\nLOG\nd')):
        shown.text(text)
        assert shown.so_far() == so_far
        shown.one()
    shown.text(b'\n')
    shown.one()
    assert shown.so_far() == b'LOG\nabc\nLOG\nLOG\nd\nLOG\nLOG\n'


def test_a_prompt_of_the_program_does_not_hold_the_log_back(shown):
    shown.text(b'name? ')
    shown.one()
    assert shown.so_far() == b'name? '
    shown.no_more()
    assert shown.so_far() == b'name? \nLOG\n'
    shown.text(b'name? ')
    for _ in range(log.KEPT + 1):
        shown.one()
    assert shown.so_far().count(b'LOG') == 1 + log.KEPT + 1


def test_what_is_lost_is_said_where_it_is_missing():
    m = Memory()
    over = bytes(m.program.texts.data).index(b'over')
    number = next(n for n in range(0, over, 4) if (t := m.program.texts.get(n)) and t.format == 'over')
    assert m.take('LOG', number) == ['over']
    assert m.take('LOST', 0, 5) == [] and m.take('LOG_ARG', 1) == []  # of a line that began there
    assert m.take('LOG', number) == ['6 records lost', 'over']
    assert m.take('LOG', number, 2) == [] and m.take('LOG_ARG', 1) == []
    assert m.take('LOG', number, 0, hart=1) == ['over']  # another hart's stands between
    assert m.take('LOG', number) == ['2 records lost', 'over']  # that one was never whole
    assert m.lines.lost == 8
    assert 'another build' in m.take('LOG', 3)[0]


def test_frames_are_found_in_text_byte_by_byte():
    frame = bytes([1, 22, 5, 0, 7]).ljust(17, b'\0')
    wire = b'\0' + b'\x04\x01\x16\x05\x02\x07' + b'\0'
    for text in (b'', b'hello', b'\nabcdefghi', b'\n', b'\t12345678\t12345678', b'\x01', b'\xff' * 30, b'\x05abc'):
        for step in (1, 3, 100):
            out, found = [], []
            mixed = em_trace.mixed.Mixed(out.append, found.append)
            data = (text + wire) * 3 + text
            for at in range(0, len(data), step):
                mixed.feed(data[at:at + step])
            mixed.idle()
            assert b''.join(out) == text * 4 and found == [frame] * 3, (text, step)
