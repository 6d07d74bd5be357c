# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The lint finds each seeded bug on its line, and nothing else."""
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LINT = ROOT / 'tools' / 'await_lint.py'
LAYERS = ('executor', 'time', 'sync', 'futures', 'macros', 'hal')
CONFIG = {'EM_CFG_MAX_HARTS': 1, 'EM_CFG_MODE_S': 0, 'EM_CFG_DEADLINES': 0, 'EM_CFG_STATS': 0, 'EM_CFG_TRACE': 0,
          'EM_CFG_TRACE_RECORDS': 1024, 'EM_CFG_LOG_LEVEL': 3, 'EM_CFG_CHECKS': 0, 'EM_CFG_DEBUG': 0,
          'EM_TICK_HZ': 1000000}


@pytest.fixture
def flags(tmp_path):
    (tmp_path / 'em_config.h').write_text(''.join(f'#define {k} {v}\n' for k, v in CONFIG.items()))
    includes = [tmp_path, ROOT / 'executor' / 'arch' / 'host', *(ROOT / layer / 'include' for layer in LAYERS)]
    return ['-std=gnu11', '-DEM_STRICT_LOCALS=0', *(f'-I{path}' for path in includes)]


def lint(source, flags, *options):
    return subprocess.run([sys.executable, LINT, *options, source, '--', *flags],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)


def found(run, source):
    return {(int(line), code) for line, code in
            re.findall(re.escape(str(source)) + r':(\d+):\d+: error: .* \[(E\d)\]', run.stderr)}


def expected(source):
    return {(number, code) for number, line in enumerate(source.read_text().splitlines(), 1)
            for code in re.findall(r'/\* (E\d) \*/', line)}


@pytest.mark.parametrize('name', ['stale.c', 'correct.c', 'holes.c'])
def test_exactly_what_is_marked_is_found(name, flags):
    source = HERE / name
    run = lint(source, flags)
    assert found(run, source) == expected(source), run.stderr
    assert run.returncode == bool(expected(source))
    assert 'not checked' not in run.stderr


@pytest.mark.parametrize('source', sorted((ROOT / 'examples').glob('*/*.c')), ids=lambda p: p.parent.name)
def test_the_examples_are_clean(source, flags):
    run = lint(source, flags)
    assert run.returncode == 0 and run.stderr == ''


def test_the_message_names_local_place_and_await(flags):
    run = lint(HERE / 'stale.c', flags)
    assert re.search(r"stale\.c:\d+:\d+: error: 'start' \(line \d+\) does not survive the await on line \d+: "
                     r'move it to VARS', run.stderr)
    assert re.search(r'\n +\d+ \|         use\(start\); .*\n +\| +\^', run.stderr)


def test_a_stamp_and_dependencies_are_written_if_all_is_well(flags, tmp_path):
    stamp, depfile = tmp_path / 'x.h', tmp_path / 'x.d'
    options = ['--stamp', str(stamp), '--depfile', str(depfile)]
    assert lint(HERE / 'stale.c', flags, *options).returncode == 1
    assert not stamp.exists()
    assert lint(HERE / 'correct.c', flags, *options).returncode == 0
    assert stamp.exists()
    assert depfile.read_text().startswith(f'{stamp}:')
    assert 'correct.c' in depfile.read_text() and 'macros/include/em/await.h' in depfile.read_text()


def test_what_clang_cannot_read_is_said(flags, tmp_path):
    source = tmp_path / 'broken.c'
    source.write_text('#include <no_such_header.h>\n')
    run = lint(source, flags)
    assert run.returncode == 0
    assert 'not checked for stale locals' in run.stderr and 'no_such_header.h' in run.stderr


def test_off_checks_nothing(flags, tmp_path):
    stamp = tmp_path / 'x.h'
    assert lint(HERE / 'stale.c', flags, '--off', '--stamp', str(stamp)).returncode == 0
    assert stamp.exists()
