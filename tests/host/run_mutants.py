#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Build the tests of hal/common with each seeded bug of mutants.toml; every one must make a test fail.

    run_mutants.py ROOT BUILD

An edit whose text does not occur exactly once, or that does not compile, fails: the mutant must follow the source.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
CC = os.environ.get('CC', 'cc').split()
FLAGS = ['-std=gnu11', '-O1', '-g', '-w', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
LIMIT = 60  # seconds: a mutant may hang
TESTS = {
    'test_uart_read': ['uart.c'],
    'test_uart_write': ['uart.c'],
    'test_uart_random': ['uart.c'],
    'test_print': ['uart.c', 'format.c'],
}
LAYERS = ['executor', 'time', 'sync', 'futures', 'macros', 'hal']
REST = ['executor/*.c', 'time/timer*.c', 'time/mock_clock.c', 'sync/wait_list.c', 'tests/host/fake_uart.c',
        *(f'tests/unit/{name}.c' for name in ('test', 'fake_port', 'fake_host', 'runner', 'let_pass_mock'))]


class Stale(Exception):
    pass


def includes(root, build, common):
    own = [HERE, root / 'tests/unit', build / 'executor/include', root / 'executor/arch/host']
    return [f'-I{folder}' for folder in [common, *own, *[root / layer / 'include' for layer in LAYERS]]]


def compile_one(source, output, places):
    subprocess.run([*CC, *FLAGS, *places, '-MMD', '-c', source, '-o', output], check=True,
                   stderr=subprocess.PIPE, text=True)


class Parts:
    """All objects without an edit: of a mutant only those are compiled anew that its edit is in."""

    def __init__(self, root, build, folder):
        self.root, self.build = root, build
        common = root / 'hal/common'
        shared = {common / source for sources in TESTS.values() for source in sources}
        sources = [path for pattern in REST for path in root.glob(pattern)]
        self.rest = {path: folder / f'rest_{path.stem}.o' for path in sorted(sources)}
        self.own = {path: folder / f'{path.stem}.o' for path in [*sorted(shared), *(HERE / f'{t}.c' for t in TESTS)]}
        for source, made in {**self.rest, **self.own}.items():
            compile_one(source, made, includes(root, build, common))
        self.files = {source: self.read_files(made) for source, made in self.own.items()}

    @staticmethod
    def read_files(made):
        words = made.with_suffix('.d').read_text().replace('\\\n', ' ').split()[1:]
        return {pathlib.Path(word).resolve() for word in words}

    def with_edit(self, file, folder):
        """source -> object, with the copy of hal/common in @p folder instead of @p file."""
        common = folder / 'common'
        made = dict(self.own)
        for source, files in self.files.items():
            if (self.root / file).resolve() in files:
                made[source] = folder / f'{source.stem}.o'
                edited = common / source.name if source.parent == self.root / 'hal/common' else source
                compile_one(edited, made[source], includes(self.root, self.build, common))
        return made


def failed_test(parts, file, folder):
    """The first test that fails with the hal/common in @p folder, or None."""
    made = parts.with_edit(file, folder)
    for test, sources in TESTS.items():
        program = folder / test
        objects = [made[path] for path in made if path.name in (*sources, f'{test}.c')]
        subprocess.run([*CC, *FLAGS, '-o', program, *parts.rest.values(), *objects, '-lpthread'], check=True)
        try:
            if subprocess.run([program], timeout=LIMIT, capture_output=True).returncode != 0:
                return test
        except subprocess.TimeoutExpired:
            return f'{test} (hangs)'
    return None


def try_mutant(mutant, parts, folder):
    folder.mkdir()
    common = folder / 'common'
    shutil.copytree(parts.root / 'hal/common', common)
    path = common / pathlib.Path(mutant['file']).name
    text = path.read_text()
    if text.count(mutant['old']) != 1:
        raise Stale(f"its text occurs {text.count(mutant['old'])} times in {mutant['file']}")
    path.write_text(text.replace(mutant['old'], mutant['new']))
    return failed_test(parts, mutant['file'], folder)


def main():
    root, build = (pathlib.Path(a).resolve() for a in sys.argv[1:])
    mutants = tomllib.loads((HERE / 'mutants.toml').read_text())['mutant']
    caught = 0
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(cores) as pool:
        folder = pathlib.Path(name)
        parts = Parts(root, build, folder)
        jobs = [(m, pool.submit(try_mutant, m, parts, folder / str(i))) for i, m in enumerate(mutants)]
        for mutant, job in jobs:
            try:
                found = job.result()
            except (Stale, subprocess.SubprocessError) as error:
                print(f"FAIL {mutant['name']}: {error}\n{getattr(error, 'stderr', None) or ''}", flush=True)
                continue
            caught += found is not None
            print(f"{'ok  ' if found else 'FAIL'} {mutant['name']:56} {found or 'NOT FOUND'}", flush=True)
    print(f'mutants caught: {caught}/{len(mutants)}')
    sys.exit(0 if mutants and caught == len(mutants) else 1)


main()
