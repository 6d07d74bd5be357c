# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The checklist, and how one check is carried out: two commands, as somebody would type them."""
import contextlib
import os
import subprocess
import tomllib

from config import TREE

CHECKS = tomllib.loads((TREE / 'tests' / 'board' / 'checklist.toml').read_text())['check']
LIMIT = 600  # seconds, for anything
ANSWER = 60  # seconds: to be at U-Boot's prompt, and for a program to end


def build_words(check):
    smp = ['--smp', str(check['smp'])] if 'smp' in check else []
    return ['build', '--board', 'visionfive2', '--mode', 's', *smp, check['program']]


def run_words(check, elf, port):
    return ['run', elf, '--port', port, '--monitor', '--until', check['until']]


def start(tool, words):
    return subprocess.Popen([TREE / 'tools' / tool, *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def finish(process, output=b''):
    """What it said on stdout; what it says on stderr is the test's."""
    output += process.communicate(timeout=LIMIT)[0]
    text = output.decode('utf-8', 'backslashreplace')
    assert process.returncode == 0, f'{process.args}: status {process.returncode}\n{text[-2000:]}'
    return text


def read_to(process, text):
    """What it says up to @p text, or to its end."""
    output = b''
    while text not in output and (more := os.read(process.stdout.fileno(), 4096)):
        output += more
    return output


def carry_out(check, port):
    """What the board's console said. It is typed at when the first line that is expected has come."""
    elf = finish(start('em', build_words(check))).strip().splitlines()[-1]
    limits = ['--timeout', ANSWER, '--until-timeout', ANSWER, '--no-progress']
    process = start('flash.py', [*run_words(check, elf, port), *limits])
    output = b''
    if 'type' in check:
        output = read_to(process, check['expect'][0].encode())
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(check['type'].encode())
            process.stdin.flush()
    return finish(process, output)


def missing(check, output):
    """What it should have said, in this order, and did not."""
    at = 0
    for line in check['expect']:
        found = output.find(line, at)
        if found < 0:
            return line
        at = found + len(line)
    return None
