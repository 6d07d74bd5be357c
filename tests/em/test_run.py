# SPDX-License-Identifier: Apache-2.0 OR MIT
"""em run: what it runs, what comes out, and what it ends with."""
import os
import subprocess

import pytest
from config import TREE
from tool import EM, LIMIT, SLEEPER

BOARDS = [['--board', 'qemu_virt'], ['--board', 'qemu_virt', '--mode', 's'], ['--board', 'host']]
each_board = pytest.mark.parametrize('board', BOARDS, ids=['m', 's', 'host'])


@each_board
def test_stdout_is_the_firmwares_and_the_status_is_its(em, source, board):
    done = em('run', *board, source())
    assert (done.stdout, done.returncode) == (b'hello\n', 42)


@each_board
def test_bytes_pass_unchanged_both_ways(em, board):
    typed = bytes(b for b in range(256) if b != 4) * 3
    done = em('run', *board, TREE / 'tests/programs/echo.c', typed=typed + b'\x04')
    upper = bytes(b - 32 if 97 <= b <= 122 else b for b in typed)
    assert (done.stdout, done.returncode) == (b'ready\n' + upper + b'\n%d bytes\n' % (len(typed) + 1), 7)


@each_board
def test_a_firmware_that_never_ends_is_stopped_at_the_timeout(em, source, board):
    for limit in ('2', '20'):  # which a busy machine may need to begin
        done = em('run', *board, '--timeout', limit, source('sleeper', text=SLEEPER))
        if done.stdout:
            break
    assert (done.stdout, done.returncode) == (b'sleeping\n', 124)
    assert f'em: still running after {limit} s: stopped'.encode() in done.stderr


def test_a_path_with_spaces_and_quotes(em, source, tmp_path):
    path = source('my program', folder=tmp_path / "it's a, [folder]")
    assert em('run', path).stdout == b'my program\n'


def test_a_folder_with_several_files_relative_to_the_caller(em, source, tmp_path):
    folder = tmp_path / 'application'
    source('main', folder, text='#include "lib/name.h"\n#include <em/async.h>\n#include <em/board.h>\n'
           'MAIN() { ASYNC { em_print("%s\\n", name()); em_board_exit(0); } }\n')
    source('name', folder / 'lib', text='#include "name.h"\nconst char *name(void) { return NAME; }\n')
    (folder / 'lib' / 'name.h').write_text('const char *name(void);\n')
    source('not_a_part', folder / 'build-x', text='#error not a part of it\n')
    done = em('run', 'application', cwd=tmp_path)
    assert (done.stdout, done.returncode, done.stderr) == (b'name\n', 0, b'')


@pytest.mark.parametrize('harts', [1, 2])
def test_as_many_harts_as_one_says(em, harts):
    done = em('run', '--smp', str(harts), TREE / 'tests/programs/harts.c')
    assert done.stdout.decode() == f'{harts} harts, 1000 rounds, token {harts}000\nevery hart ticked\n'
    assert done.returncode == 0


DEADLINES = '''
#include <em/async.h>
#include <em/board.h>
#include "later.h"
TASK(job, POOL(3), ARGS((int, n))) { ASYNC { em_print("job %d\\n", self->n); } }
MAIN()
{
    ASYNC {
        for (int n = 0; n < 3; n++) {
            em_task_handle h;
            if (em_spawn_handle(self->spawner, job(n), &h) == EM_OK) {
                LATER(h, (n + 1) % 3);
            }
        }
        YIELD();
        em_board_exit(0);
    }
}
'''


def test_a_program_that_names_deadlines_is_built_with_them(em, source, tmp_path):
    path = source('due', folder=tmp_path, text=DEADLINES)
    header = tmp_path / 'later.h'
    header.write_text('#define LATER(h, n) em_task_set_deadline(h, em_instant_add(em_now(), em_secs(10 + n)))\n')
    done = em('run', path)
    assert (done.stdout, done.returncode) == (b'job 2\njob 0\njob 1\n', 0)
    assert b'em: due names em_task_set_deadline: built with deadlines' in done.stderr
    header.write_text('#define LATER(h, n) (void)h /* no em_task_set_deadline(h, n) */\n')
    done = em('run', path)
    assert (done.stdout, done.stderr, done.returncode) == (b'job 0\njob 1\njob 2\n', b'', 0)


@pytest.mark.parametrize('word', ['blink', '01_blink'])
def test_an_example_by_name_from_anywhere(em, tmp_path, word):
    assert em('build', word, cwd=tmp_path).stdout.endswith(b'/01_blink\n')


def test_a_changed_program_is_built_again_and_another_one_between_does_not_matter(em, source):
    first = source('first')
    assert em('run', first).stdout == b'first\n'
    assert em('run', source('second')).stdout == b'second\n'
    first.write_text(first.read_text().replace('"first"', '"changed"'))
    assert em('run', first).stdout == b'changed\n'


def test_warnings_of_a_program_are_shown_and_no_errors(em, source):
    text = 'static int unused_thing;\nint f(int a);\nint f(int a) { long x = a; unsigned short s = x; return s; }\n'
    path = source('warned')
    path.write_text(text + path.read_text())
    done = em('run', path)
    assert (done.stdout, done.returncode) == (b'warned\n', 42)
    assert b'unused_thing' in done.stderr and b'conversion' not in done.stderr


def test_another_python3_first_in_path_is_not_asked(em, source, tmp_path):
    fake = tmp_path / 'bin'
    fake.mkdir()
    for name in ('python3', 'python', 'pytest'):
        (fake / name).write_text('#!/bin/sh\necho wrong python >&2\nexit 99\n')
        (fake / name).chmod(0o755)
    env = {**os.environ, 'PATH': f'{fake}:{os.environ["PATH"]}', 'PYTHONPATH': str(fake), 'PYTHONHOME': str(fake)}
    (fake / 'argparse.py').write_text('raise SystemExit(98)\n')
    done = em('run', source('python'), env=env)
    assert (done.stdout, done.returncode, done.stderr) == (b'python\n', 42, b'')


def test_the_callers_compiler_settings_do_not_leak_in(em, source):
    env = {**os.environ, 'CC': 'false', 'CFLAGS': '-DNO_SUCH -Wrong', 'LDFLAGS': '-lnone'}
    assert em('run', '--board', 'host', '--small', source('leak'), env=env).stdout == b'leak\n'


def test_without_a_reader_it_ends(source):
    path = source('sleeper', text=SLEEPER)
    done = subprocess.run(f'"{EM}" run "{path}" | head -c 3; echo "${{PIPESTATUS[0]}}"', shell=True,
                          executable='/bin/bash', capture_output=True, timeout=LIMIT)
    assert done.stdout == b'sle141\n'
