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
    'test_uart': ['uart.c'],
    'test_uart_random': ['uart.c'],
    'test_print': ['uart.c', 'format.c'],
}
LAYERS = ['executor', 'time', 'sync', 'futures', 'macros', 'hal']
REST = ['executor/*.c', 'time/timer*.c', 'time/mock_clock.c', 'sync/wait_list.c', 'tests/host/fake_uart.c',
        *(f'tests/unit/{name}.c' for name in ('test', 'fake_port', 'fake_host', 'runner', 'let_pass_mock'))]


class Stale(Exception):
    pass


def compile_one(source, output, includes):
    subprocess.run([*CC, *FLAGS, *[f'-I{i}' for i in includes], '-c', source, '-o', output], check=True,
                   stderr=subprocess.PIPE, text=True)


def includes(root, build, common):
    own = [HERE, root / 'tests/unit', build / 'executor/include', root / 'executor/arch/host']
    return [common, *own, *[root / layer / 'include' for layer in LAYERS]]


def failed_test(root, build, common, rest, folder):
    """The first test that fails with this hal/common, or None."""
    for test, sources in TESTS.items():
        objects = list(rest)
        for source in [*(common / s for s in sources), HERE / f'{test}.c']:
            objects.append(folder / f'{source.stem}.o')
            compile_one(source, objects[-1], includes(root, build, common))
        program = folder / test
        subprocess.run([*CC, *FLAGS, '-o', program, *objects, '-lpthread'], check=True)
        try:
            if subprocess.run([program], timeout=LIMIT, capture_output=True).returncode != 0:
                return test
        except subprocess.TimeoutExpired:
            return f'{test} (hangs)'
    return None


def try_mutant(mutant, root, build, rest, folder):
    folder.mkdir()
    common = folder / 'common'
    shutil.copytree(root / 'hal/common', common)
    path = common / pathlib.Path(mutant['file']).name
    text = path.read_text()
    if text.count(mutant['old']) != 1:
        raise Stale(f"its text occurs {text.count(mutant['old'])} times in {mutant['file']}")
    path.write_text(text.replace(mutant['old'], mutant['new']))
    return failed_test(root, build, common, rest, folder)


def main():
    root, build = (pathlib.Path(a).resolve() for a in sys.argv[1:])
    mutants = tomllib.loads((HERE / 'mutants.toml').read_text())['mutant']
    caught = 0
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(name)
        rest = []
        for source in sorted(path for pattern in REST for path in root.glob(pattern)):
            rest.append(folder / f'rest_{source.stem}.o')
            compile_one(source, rest[-1], includes(root, build, root / 'hal/common'))
        jobs = [(m, pool.submit(try_mutant, m, root, build, rest, folder / str(i))) for i, m in enumerate(mutants)]
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
