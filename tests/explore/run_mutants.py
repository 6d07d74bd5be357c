#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Build the explorer with each seeded bug of mutants*.toml; every one must be found.

    run_mutants.py ROOT [NAME...]

A mutant is a copy of executor/ and sync/ with its edits. An edit whose text does not occur exactly once,
or that does not compile, fails: the source has moved on, the mutant must follow. A mutant is searched with
0, 1, 2, then 3 preemptions, at most LIMIT schedules each, and the schedules up to the failure are counted.

What takes the time is to compile. So of a mutant only that is compiled anew which includes what is edited, and
which its scenarios reach; everything else is linked as it is without the edit.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from mutation import Stale, load, make_tree

HERE = pathlib.Path(__file__).resolve().parent
CC = os.environ.get('CC', 'cc').split()
FLAGS = ['-std=gnu11', '-O1', '-w', '-MMD']
LIMIT = 2_000_000
EXPLORER = ['choose.c', 'coroutine.c', 'explorer.c', 'main.c', 'retell.c', 'users.c', 'watchers.c', 'world.c']
# what of it is built, as meson.build does: for several harts, for one, with priorities
BUILDS = ('harts', 'one_hart', 'priorities')
DEFINES = {'harts': [], 'one_hart': ['-DEM_CFG_MAX_HARTS=1'], 'priorities': ['-DPRIORITIES']}
SCENARIOS = {'one_hart': ['scenarios_one_hart.c'],
             'priorities': ['scenarios_lives.c', 'scenarios_pi_mutex.c', 'scenarios_priorities.c', 'scenarios_tasks.c']}
SCENARIOS['harts'] = sorted({p.name for p in HERE.glob('scenarios_*.c')} -
                            {'scenarios_one_hart.c', 'scenarios_pi_mutex.c', 'scenarios_priorities.c'})
EXECUTOR = ['executor/executor.c', 'executor/spawner.c', 'executor/task.c', 'executor/waker.c',
            'executor/join.c']
PRODUCT = {'one_hart': EXECUTOR,
           'priorities': [*EXECUTOR, 'executor/priority.c', 'sync/pi_mutex.c', 'sync/wait_list.c'],
           'harts': EXECUTOR + sorted(f'sync/{p.name}' for p in (HERE.parents[1] / 'sync').glob('*.c')
                                      if p.name != 'pi_mutex.c')}


def compile_one(source, tree, build, output):
    includes = [f'-I{HERE / "arch"}', f'-I{tree / "executor/include"}', f'-I{tree / "sync/include"}', f'-I{HERE}']
    subprocess.run([*CC, *FLAGS, *DEFINES[build], *includes, '-c', source, '-o', output], check=True)


def objects(tree, build, folder, only=None):
    """Compile every source, or those in only; returns {source: object}."""
    made = {}
    for source in EXPLORER + SCENARIOS[build] + PRODUCT[build]:
        if only is None or source in only:
            mutated = tree / 'tests/explore' / source
            path = tree / source if source in PRODUCT[build] else mutated if mutated.exists() else HERE / source
            made[source] = folder / (f'{build}_' + source.replace('/', '_') + '.o')
            compile_one(path, tree, build, made[source])
    return made


class Parts:
    """What is made of the sources without an edit: source -> object, and what the objects are made of and refer to."""

    def __init__(self, root, build, folder):
        self.objects = objects(root, build, folder)
        self.build = build
        self.root = root
        self.files = {source: self.read_files(path) for source, path in self.objects.items()}
        self.defined, self.wanted = {}, {}
        for source, path in self.objects.items():
            rows = subprocess.run(['nm', path], capture_output=True, text=True, check=True).stdout
            self.defined |= {name: source for name in re.findall(r' [A-TV-Z] (\w+)$', rows, re.M)}
            self.wanted[source] = re.findall(r' U (\w+)$', rows, re.M)

    def read_files(self, path):
        words = path.with_suffix('.d').read_text().replace('\\\n', ' ').split()[1:]
        return {pathlib.Path(word).resolve() for word in words}

    def reached(self, scenarios):
        """The explorer's own, but main.c which names all scenarios, those of @p scenarios, and what they refer to."""
        todo = [source for source in EXPLORER if source != 'main.c']
        todo += [source for source in SCENARIOS[self.build]
                 if any(f'{{"{name}",' in (HERE / source).read_text() for name in scenarios)]
        found = set()
        while todo:
            source = todo.pop()
            if source not in found:
                found.add(source)
                todo += {self.defined[name] for name in self.wanted[source] if name in self.defined}
        return found

    def to_compile(self, mutant):
        edited = (self.root / mutant['file']).resolve()
        return [source for source in self.reached(mutant['scenarios']) if edited in self.files[source]]


def search(program, mutant):
    """Returns (schedules, what was found) or (schedules, None)."""
    total = 0
    for bound in range(mutant.get('bound', 0), 4):
        for scenario in mutant['scenarios']:
            out = subprocess.run([program, '--bound', str(bound), '--schedules', str(LIMIT), scenario], text=True,
                                 capture_output=True, timeout=300)
            failed = re.search(r'FAILED \S+ after (\d+) schedules, \d+ steps into this one: (.*)', out.stdout)
            if out.returncode == 1 and failed:
                return total + int(failed.group(1)), f'{scenario}, {bound} preemptions: {failed.group(2)}'
            if out.returncode != 0:
                raise Stale(f"{scenario} ended with {out.returncode}\n{out.stdout}{out.stderr}")
            total += int(re.search(r'scenarios, (\d+) schedules', out.stdout).group(1))
    return total, None


def try_mutant(mutant, root, base, folder):
    build = mutant.get('build', 'harts')
    tree = make_tree(root, mutant, folder, ('executor', 'sync'))
    linked = {**base[build].objects, **objects(tree, build, tree, base[build].to_compile(mutant))}
    program = tree / 'explore'
    subprocess.run([*CC, '-o', program, *linked.values()], check=True)
    found = search(program, mutant)
    shutil.rmtree(tree)
    return found


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    mutants = load(sys.argv[2:], *sorted(HERE.glob('mutants*.toml')))
    start = time.monotonic()
    caught, most = 0, 0
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(cores) as pool:
        folder = pathlib.Path(name)
        base = {build: Parts(root, build, folder)
                for build in BUILDS if any(m.get('build', 'harts') == build for m in mutants)}
        jobs = [(m, pool.submit(try_mutant, m, root, base, folder)) for m in mutants]
        for mutant, job in jobs:
            try:
                schedules, found = job.result()
            except subprocess.CalledProcessError:
                print(f"FAIL {mutant['name']}: does not build", flush=True)
                continue
            except (Stale, subprocess.SubprocessError) as error:
                print(f"FAIL {mutant['name']}: {error}", flush=True)
                continue
            caught += found is not None
            most = max(most, schedules)
            print(f"{'ok  ' if found else 'FAIL'} {mutant['name']:32} {schedules:8} schedules  {found or 'NOT FOUND'}",
                  flush=True)
    print(f'mutants caught: {caught}/{len(mutants)}, each within {most} schedules, {time.monotonic() - start:.0f} s')
    sys.exit(0 if mutants and caught == len(mutants) else 1)


main()
