# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Builds the images of one optimisation, runs each once, and collects what they say: one Results."""
import concurrent.futures
import contextlib
import fcntl
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import trace

HERE = Path(__file__).resolve().parent
TREE = HERE.parent
# name -> (compiler, its cross file, meson's optimisation). The first two are the gate.
CONFIGS = {
    'O2': ('riscv64-unknown-elf-gcc', 'riscv64-gcc.ini', '2'),
    'Os': ('riscv64-unknown-elf-gcc', 'riscv64-gcc.ini', 's'),
    'O2-rv64gc': ('riscv64-unknown-elf-gcc', 'riscv64gc-gcc.ini', '2'),
    'O2-clang': ('clang', 'riscv64-clang.ini', '2'),
    'Os-clang': ('clang', 'riscv64-clang.ini', 's'),
}
GATE = ('O2', 'Os')
SIZE = 'riscv64-unknown-elf-size'
TIMEOUT = 120  # seconds, of one image

WARMUP, ROUNDS = 8, 40  # bench.h
# image -> (prefix of its rows, the handler whose body is counted in the trace)
HANDLERS = {
    'irq': ('irq', 'em_irq_timer_'),
    'plic': ('plic', 'on_alarm'),
    'showdown': ('showdown', 'on_button'),
    'showdown_format': ('showdown_format', 'on_button'),
}
# image -> after how many of its sleeps the longest stretch with interrupts masked is looked for
MASKED = {'wakeall_10': 40, 'wakeall_100': 40, 'wakeall_1000': 4, 'timer': 160}
ROW = re.compile(r'^([a-z]\w*) ([\d.]+)$')
NOT_IN_MEMORY = re.compile(r'^\.(debug|riscv|comment|stack)')


class BenchError(Exception):
    def __init__(self, text, status=1):
        super().__init__(text)
        self.status = status


@dataclass
class Results:
    header: list  # lines without '# '
    rows: dict    # name -> 'n' or 'min..max'

    def write(self, path):
        lines = [f'# {line}' for line in self.header] + [f'{name} {self.rows[name]}' for name in sorted(self.rows)]
        path.write_text('\n'.join(lines) + '\n')

    @classmethod
    def read(cls, path):
        lines = path.read_text().splitlines()
        return cls([line[2:] for line in lines if line.startswith('# ')],
                   dict(line.split(' ', 1) for line in lines if line and not line.startswith('#')))


def result_path(config):
    return HERE / f'result-{config}.txt'


def baseline_path(config):
    return HERE / f'baseline-{config}.txt'


def breakdown_path():
    return HERE / 'baseline-O2-where.txt'


def build_folder(config):
    return TREE / 'build' / 'bench' / config


def worst(value):
    """The larger end of 'n' or 'min..max'."""
    return float(value.split('..')[-1])


def change(was, now):
    """By how much a row has become better or worse."""
    try:
        by = worst(now) - worst(was)
    except ValueError:
        return ''
    return f'({by:+g})' if by else ''


def call(command, **options):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        raise BenchError(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


@contextlib.contextmanager
def locked(folder):
    """One at a time, among all processes."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f'{folder}.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(config):
    """The folder with the images."""
    folder = build_folder(config)
    with locked(folder):
        make(config, folder)
    return folder / 'bench'


def make(config, folder):
    _, cross, optimisation = CONFIGS[config]
    env = {k: v for k, v in os.environ.items() if k not in ('CFLAGS', 'CPPFLAGS', 'LDFLAGS')}
    env['PATH'] = '/usr/bin:/bin:' + env.get('PATH', '')
    if not (folder / 'build.ninja').exists():
        call(['meson', 'setup', '-Dboard=qemu_virt', '-Dmode=m', f'-Doptimization={optimisation}', '-Dtests=false',
              '-Dbench=true', '-Dlint=disabled', '--cross-file', TREE / 'cross' / cross, folder, TREE], env=env)
    call(['ninja', '--quiet', '-C', folder, 'bench'], env=env)


def header(config):
    """The compiler and the flags that make a difference to the code."""
    compiler = CONFIGS[config][0]
    version = call([compiler, '--version' if compiler == 'clang' else '-dumpfullversion']).splitlines()[0]
    version = re.search(r'\d+\.\d+\.\d+', version).group(0)
    commands = json.loads((build_folder(config) / 'compile_commands.json').read_text())
    command = next(c['command'] for c in commands if c['file'].endswith('executor/executor.c'))
    kept = [word for word in command.split()[1:]
            if re.match(r'-(O|m|g|std=|-specs|f(?!diagnostics|color|file-prefix|track|macro-backtrace))', word)]
    return [f'compiler: {compiler} {version}', f"flags: {' '.join(dict.fromkeys(kept))}",
            'retired instructions, of rounds 8 to 39; bytes_ and size_: bytes']


def run_image(elf):
    """What the image says: name -> value."""
    text = call([trace.RUN_QEMU, *trace.EXACT, '--timeout', TIMEOUT, elf])
    rows = dict(match.groups() for match in map(ROW.match, text.splitlines()) if match)
    if not rows:
        raise BenchError(f'{elf.name} said nothing:\n{text}')
    return rows


def span(values):
    """'n' or 'min..max'"""
    low, high = min(values), max(values)
    return f'{low}' if low == high else f'{low}..{high}'


def trace_image(elf, said):
    """What the trace of the image says, which itself has @p said its rows: name -> value."""
    name = elf.stem.removeprefix('bench_')
    rows = {}
    if name in HANDLERS:
        prefix, handler = HANDLERS[name]
        calls = [trace.call_of(s, handler) for s in trace.after_sleeps(elf, 4 * ROUNDS)]
        calls = [c for c in calls if c][WARMUP:ROUNDS]
        if not calls:
            raise BenchError(f'{elf.name}: {handler} was not called')
        rows[f'{prefix}_due_body'] = span([entry for entry, _ in calls])
        rows[f'{prefix}_body'] = span([length for _, length in calls])
        rows[f'{prefix}_latency'] = f"{worst(said[f'{prefix}_due_task']) - max(entry for entry, _ in calls):g}"
    if name in MASKED:
        rows[f'{name}_masked'] = str(max(map(trace.longest_masked, trace.after_sleeps(elf, MASKED[name]))))
    return rows


def sizes(elf):
    """Code with constants, and RAM without the stack: name -> bytes."""
    name = elf.stem
    text = ram = 0
    for line in call([SIZE, '-A', elf]).splitlines():
        words = line.split()
        if len(words) != 3 or not words[1].isdigit() or NOT_IN_MEMORY.match(words[0]) or words[0] == 'Total':
            continue
        if words[0] in ('.data', '.bss'):
            ram += int(words[1])
        else:
            text += int(words[1])
    return {f'{name}_text': str(text), f'{name}_static': str(ram)}


def rows_of(elf):
    said = run_image(elf)
    return {**said, **trace_image(elf, said)}


def measure(config, jobs):
    folder = build(config)
    rows = {}
    for elf in sorted(folder.glob('size_*.elf')):
        rows.update(sizes(elf))
    images = sorted(folder.glob('bench_*.elf'))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for found in pool.map(rows_of, images):
            twice = rows.keys() & found.keys()
            if twice:
                raise BenchError(f"two images have the row {', '.join(twice)}")
            rows.update(found)
    return Results(header(config), rows)
