#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The stress under Clang's ThreadSanitizer: clean, and each of mutants.toml reported.

    run_tsan.py stress ROOT     EM_STRESS_REPEAT seeds (default 10), EM_STRESS_WAKES a producer (default 100000)
    run_tsan.py priorities ROOT the same with priorities that change, three seeds
    run_tsan.py harts ROOT      tests/harts/stress.c on four executors; EM_HARTS_ROUNDS (default 100000) of each kind
    run_tsan.py mutants ROOT [NAME...]

A mutant has up to 60 runs; one that hangs says nothing about it, and is given up. Status 77, which meson counts as
skipped, without Clang or its ThreadSanitizer.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'explore'))
from mutation import Stale, load, make_tree  # noqa: E402

CLANG = os.environ.get('EM_CLANG', 'clang').split()
FLAGS = ['-std=gnu11', '-O1', '-g', '-fsanitize=thread', '-DEM_STRICT_LOCALS=0', '-ffunction-sections']
LINK = ['-Wl,--gc-sections', '-lpthread']
SOURCES = [f'executor/{name}.c' for name in ('executor', 'spawner', 'task', 'waker', 'join')]
SOURCES += sorted(f'sync/{path.name}' for path in (HERE.parents[1] / 'sync').glob('*.c'))
SOURCES += [f'futures/{name}.c'
            for name in ('await_line', 'check_storage', 'frame', 'join', 'poll_fn', 'poll_once', 'select',
                         'select_fair', 'try_join', 'yield')]
INCLUDES = ['executor/arch/host'] + [f'{layer}/include' for layer in ('executor', 'sync', 'futures', 'time', 'macros')]
OPTIONS = 'halt_on_error=1 exitcode=66 report_atomic_races=1'
MUTANT_RUNS = 60
MUTANT_WAKES = '50000'
HANGS = 'it does not end'


def compiler(tree):
    return [*CLANG, *FLAGS, f'-I{HERE / "config"}', *(f'-I{tree / i}' for i in INCLUDES)]


def build(tree, output, sources=None, flags=()):
    subprocess.run([*compiler(tree), *flags, *(tree / s for s in SOURCES), *(sources or sorted(HERE.glob('*.c'))),
                    *LINK, '-o', output], check=True)


class Stress:
    """The stress in objects: of a mutant only those are compiled anew that its edits are in.

    Of one in a header that all have, only those `within`: the others keep the order that it misses.
    """

    def __init__(self, root, folder):
        self.root = root
        self.objects = {}
        self.files = {}
        for source in [*SOURCES, *sorted(HERE.glob('*.c'))]:
            made = folder / f'{str(source).replace("/", "_")}.o'
            subprocess.run([*compiler(root), '-MMD', '-c', root / source, '-o', made], check=True)
            words = made.with_suffix('.d').read_text().replace('\\\n', ' ').split()[1:]
            self.objects[source] = made
            self.files[source] = {pathlib.Path(word).resolve() for word in words}

    def build(self, tree, mutant, output):
        edited, within = (self.root / mutant['file']).resolve(), tuple(mutant.get('within', ['']))
        anew = [source for source, files in self.files.items() if edited in files and str(source).startswith(within)]
        kept = [made for source, made in self.objects.items() if source not in anew]
        subprocess.run([*compiler(tree), '-g0', '-include', HERE / 'linger.h', *(tree / source for source in anew),
                        *kept, *LINK, '-o', output], check=True)


def run(program, seed, wakes=None, patience=150):
    """Returns (what was found or None, output)."""
    env = dict(os.environ, TSAN_OPTIONS=OPTIONS)
    if wakes:
        env['EM_STRESS_WAKES'] = wakes
    try:
        done = subprocess.run([program, str(seed)], text=True, capture_output=True, timeout=patience, env=env)
    except subprocess.TimeoutExpired:
        return HANGS, ''
    output = done.stdout + done.stderr
    if done.returncode == 0:
        return None, output
    found = re.search(r'WARNING: ThreadSanitizer: (.*?) \(pid|(FAILED: .*)', output)
    return (found.group(1) or found.group(2)) if found else f'status {done.returncode}', output


def priorities(root, folder):
    sources = [*sorted(HERE.glob('*.c')), *sorted((HERE / 'priorities').glob('*.c')), root / 'executor/priority.c']
    return stress(root, folder, '3', sources, ['-DPRIORITIES', f'-I{HERE}'])


def stress(root, folder, repeat='10', sources=None, flags=()):
    program = folder / 'stress'
    build(root, program, sources, flags)
    start = time.monotonic()
    repeat = int(os.environ.get('EM_STRESS_REPEAT', repeat))
    for seed in range(1, repeat + 1):
        found, output = run(program, seed)
        print(f'seed {seed}: {output}', end='', flush=True)
        if found:
            print('FAILED:', found)
            return False
    print(f'{repeat} runs clean, {time.monotonic() - start:.0f} s')
    return True


def harts(root, folder):
    program = folder / 'harts'
    place = root / 'tests' / 'harts'
    rounds = os.environ.get('EM_HARTS_ROUNDS', '100000')
    build(root, program, [HERE / 'port.c', place / 'on_threads.c', place / 'stress.c'],
          [f'-DROUNDS={rounds}u', '-DPORT_EXECUTORS=4', f'-I{HERE}', f'-I{root / "hal/include"}'])
    start = time.monotonic()
    found, output = run(program, 1)
    print(output, f'FAILED: {found}' if found else f'{time.monotonic() - start:.0f} s')
    return not found


def try_mutant(without_edits, root, mutant, folder):
    """Returns (run in which it was found, what), or (0, None)."""
    program = folder / f"stress_{mutant['name']}"
    without_edits.build(make_tree(root, mutant, folder), mutant, program)
    for seed in range(1, MUTANT_RUNS + 1):
        found, _ = run(program, seed, MUTANT_WAKES, patience=15)
        if found and found != HANGS:
            return seed, found
    return 0, None


def mutants(root, folder, names):
    listed = load(names, HERE / 'mutants.toml')
    start = time.monotonic()
    caught = 0
    without_edits = Stress(root, folder)
    for mutant in listed:
        try:
            seed, found = try_mutant(without_edits, root, mutant, folder)
        except (Stale, subprocess.SubprocessError) as error:
            print(f"FAIL {mutant['name']}: {error}", flush=True)
            continue
        caught += found is not None
        print(f"{'ok  ' if found else 'FAIL'} {mutant['name']:28} run {seed:2}  {found or 'NOT FOUND'}", flush=True)
    print(f'mutants caught: {caught}/{len(listed)}, {time.monotonic() - start:.0f} s')
    return caught == len(listed)


def have_tsan(folder):
    source = folder / 'probe.c'
    source.write_text('int main(void) { return 0; }\n')
    try:
        probe = subprocess.run([*CLANG, '-fsanitize=thread', source, '-o', folder / 'probe'], capture_output=True)
    except FileNotFoundError:
        return False
    return probe.returncode == 0


def main():
    what, root = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if not have_tsan(folder):
            print('no Clang with ThreadSanitizer')
            sys.exit(77)
        if what == 'mutants':
            ok = mutants(root, folder, sys.argv[3:])
        else:
            ok = {'stress': stress, 'priorities': priorities, 'harts': harts}[what](root, folder)
    sys.exit(0 if ok else 1)


main()
