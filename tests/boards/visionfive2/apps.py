# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The applications in apps/, run on the machine with more than a console."""
import functools
import json
import socket

import builder
import runner
from config import Config

MODES = ('m', 's')


@functools.lru_cache(maxsize=None)
def tree(mode):
    return builder.build_tree(Config('visionfive2', mode), 'board_apps')


def build(name, mode):
    """Its ELF."""
    return tree(mode) / 'tests' / 'boards' / f'board_{name}.elf'


def build_with(option, name):
    """Its ELF for S-mode in a tree of its own, with an option of meson."""
    config = Config('visionfive2', 's')
    folder = builder.tree_folder(config, 'boards', [option])
    with builder.locked(folder):
        builder.ninja(folder, config, f'tests/boards/board_{name}.elf')
    return folder / 'tests' / 'boards' / f'board_{name}.elf'


def command(elf, mode, *qemu_args, icount=True):
    """How to run it: in exact time, unless somebody outside has a part in it. (When all harts sleep, exact time goes on
    to the next timer at once, and OpenSBI's stands at the end of time.)"""
    words = runner.command(Config('visionfive2', mode), elf)
    return [words[0], *(['--icount'] if icount else []), *(f'--qemu-arg={a}' for a in qemu_args), *words[1:]]


class Line:
    """A socket that QEMU connects to as it starts: one of its serial ports, or its monitor."""

    def __init__(self, path):
        self.path = path
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen()
        self.server.settimeout(30)
        self.socket = None

    def accept(self):
        self.socket, _ = self.server.accept()
        self.socket.settimeout(30)
        return self

    def read(self, n):
        data = b''
        while len(data) < n:
            more = self.socket.recv(n - len(data))
            assert more, f'the line ended after {data!r}'
            data += more
        return data

    def close(self):
        for s in (self.socket, self.server):
            if s:
                s.close()


class Monitor(Line):
    """QMP: the machine's objects."""
    qemu_args = property(lambda self: ['-qmp', f'unix:{self.path}'])

    def accept(self):
        super().accept()
        self.file = self.socket.makefile('rw')
        self.file.readline()
        self.execute('qmp_capabilities')
        return self

    def execute(self, what, **arguments):
        self.file.write(json.dumps({'execute': what, 'arguments': arguments}) + '\n')
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            assert 'error' not in answer, answer
            if 'return' in answer:
                return answer['return']

    def get(self, name, what):
        return self.execute('qom-get', path=f'/machine/{name}', property=what)

    def set(self, name, what, value):
        self.execute('qom-set', path=f'/machine/{name}', property=what, value=value)
