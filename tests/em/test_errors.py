# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What em says when something is wrong, and its status: 2 asked for what there is not, 1 the build failed."""
import pytest

MISTAKES = [
    (['run', 'blnk'], "no example 'blnk', and no file or folder of that name; did you mean blink"),
    (['run', 'nothing_like_it_at_all'], 'there are: '),
    (['run', './missing.c'], './missing.c: no such file or folder'),
    (['run', 'missing/folder'], 'missing/folder: no such file or folder'),
    (['run', 'missing.c'], 'missing.c: no such file or folder'),
    (['run', 'notes.txt'], 'neither a .c file nor a folder'),
    (['run', 'empty'], 'no .c file in this folder'),
    (['run', '--board', 'arduino', 'blink'], "unknown board 'arduino'; there are: qemu_virt, visionfive2, host"),
    (['run', '--mode', 'x', 'blink'], "argument --mode: invalid choice: 'x'"),
    (['run', '--smp', '9', 'blink'], "'9' is no number of harts, 1 to 8"),
    (['run', '--timeout', 'soon', 'blink'], "'soon' is no number of seconds"),
    (['run'], 'the following arguments are required: PROGRAM'),
    ([], 'the following arguments are required: COMMAND'),
    (['rnu', 'blink'], "invalid choice: 'rnu'"),
    (['build'], 'build what?'),
    (['test', 'everything'], "unknown suite 'everything'; there are: host, "),
    (['new', 'full'], 'full exists already and is not an empty folder'),
    (['debug'], 'the following arguments are required: PROGRAM'),
    (['top'], 'top of what? A PROGRAM, or --port'),
    (['trace'], 'the following arguments are required: PROGRAM'),
    (['trace', '--gdb', ':1', '--from', 'x', 'blink'], 'not allowed with argument'),
]


@pytest.mark.parametrize('words, says', MISTAKES, ids=lambda v: ' '.join(v) if isinstance(v, list) else '')
def test_a_mistake_is_named_with_status_2(em, tmp_path, words, says):
    (tmp_path / 'notes.txt').write_text('x')
    (tmp_path / 'empty').mkdir()
    (tmp_path / 'full').mkdir()
    (tmp_path / 'full' / 'x').write_text('')
    done = em(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b'')
    assert done.stderr.startswith(b'em: ') and says in done.stderr.decode()


@pytest.mark.parametrize('board', ['qemu_virt', 'host'])
def test_a_compile_error_is_shown_at_the_users_line(em, source, tmp_path, board):
    path = source('wrong', text='#include <em/async.h>\nMAIN()\n{\n    ASYNC {\n        no_such_thing();\n    }\n}\n')
    done = em('run', '--board', board, 'wrong.c', cwd=tmp_path)
    says = done.stderr.decode()
    assert (done.returncode, done.stdout) == (1, b'')
    assert f'{path}:5:9: error: implicit declaration of function' in says
    assert 'FAILED' not in says and '-march' not in says


def test_a_link_error_is_shown(em, source):
    path = source('unlinked', text='void nowhere(void);\n#include <em/async.h>\nMAIN() { ASYNC { nowhere(); } }\n')
    done = em('run', path)
    assert (done.returncode, done.stdout) == (1, b'')
    assert b"undefined reference to `nowhere'" in done.stderr


def test_help_names_no_command_that_is_not_there(em):
    done = em('--help')
    assert done.returncode == 0
    words = done.stdout.decode().split()
    assert {'run', 'debug', 'top', 'trace'} <= set(words)
