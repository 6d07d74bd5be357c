#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""One case of one compiler: it must fail with its message, on the user's own line; its twin must compile.

usage: run_case.py KIND CASE.c -- COMPILER FLAGS...

Lines 2 and 3 of a case have what GCC and what Clang must say, as regular expressions.
The line that must be blamed ends with the comment "here". With -DFIXED the same file compiles without a word,
so a case cannot fail for another reason. A case with /* link: FILES */ fails when it is linked with these.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FLAGS = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror=return-type', '-Werror=implicit-function-declaration',
         '-Werror=incompatible-pointer-types', '-Werror=int-conversion', '-Werror=unused-result']
OF_KIND = {
    'gcc': ['-ftrack-macro-expansion=0', '-Werror=maybe-uninitialized'],
    'clang': ['-fmacro-backtrace-limit=1', '-Werror=conditional-uninitialized', '-Wno-unused-function'],
}


class Case:
    def __init__(self, kind, path, command):
        text = path.read_text()
        self.path = path
        self.command = [*command, *FLAGS, *OF_KIND[kind], '-fno-diagnostics-color']
        self.pattern = re.search(rf'/\* {kind}: (.*) \*/', text).group(1)
        link = re.search(r'/\* link: (.*) \*/', text)
        self.others = [path.parent / name for name in link.group(1).split()] if link else []
        self.lines = [n for n, line in enumerate(text.splitlines(), 1) if line.endswith('/* here */')]

    def build(self, folder, *defines):
        """The exit status and the messages, of compiling, or of linking with the others."""
        objects = []
        for source in [self.path, *self.others]:
            objects.append(f'{folder}/{source.stem}.o')
            run = self.run(['-c', '-o', objects[-1], *(defines if source == self.path else ()), '-x', 'c', str(source)])
            if run[0] or run[1]:
                return run
        return self.run(['-o', f'{folder}/case', *objects]) if self.others else run

    def run(self, arguments):
        linking = [] if '-c' in arguments else ['-nostartfiles', '-nostdlib', '-Wl,-e,main']
        done = subprocess.run([*self.command, *linking, *arguments], env={**os.environ, 'LC_ALL': 'C'}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout

    def complaint(self, folder):
        """What is wrong with this case, or None."""
        status, output = self.build(folder, '-DFIXED')
        if status or output:
            return f'the corrected twin does not compile without a word:\n{output}'
        status, output = self.build(folder)
        if status == 0:
            return f'it compiles:\n{output}'
        if self.others:
            return None if re.search(self.pattern, output) else f'no "{self.pattern}" in:\n{output}'
        blamed = [int(n) for n, text in re.findall(
            rf'^{re.escape(str(self.path))}:(\d+):\d+: error: (.*)$', output, re.M) if re.search(self.pattern, text)]
        if not blamed:
            return f'no error "{self.pattern}" in:\n{output}'
        if not set(blamed) & set(self.lines):
            return f'line {blamed[0]} is blamed, not {self.lines}:\n{output}'
        return None


def main():
    kind, path, dashes, *command = sys.argv[1:]
    assert dashes == '--'
    with tempfile.TemporaryDirectory() as folder:
        complaint = Case(kind, Path(path), command).complaint(folder)
    if complaint:
        sys.exit(f'{path}: {complaint}')


if __name__ == '__main__':
    main()
