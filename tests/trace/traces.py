# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Programs that are recorded, and em trace."""
import functools
import subprocess
from pathlib import Path

import builder
from config import TREE, Config

HERE = Path(__file__).resolve().parent
EM = TREE / 'tools' / 'em'
# whose traces are the same on every board, but for times
EXAMPLES = ['04_channel', '05_async_fn', '06_select', '07_pool', '08_future', '10_sharing', '11_event_flags',
            '22_priorities']
HOST = Config('host', trace=True)
VIRT = Config('qemu_virt', 'm', trace=True)
CONFIGS = [HOST, VIRT, Config('qemu_virt', 's', 'clang', 'Os', trace=True)]


PROGRAMS = EXAMPLES + ['trace_marked']
# for other tests
MORE = {HOST: ['21_harts', 'log_stream', 'dump_chains'], VIRT: ['03_echo', 'trace_shown', 'dump_chains']}


def path(config, name):
    kind = name.partition('_')[0]
    folder = f'tests/{kind}' if kind in ('trace', 'dump', 'log') else 'examples'
    return f'{folder}/{name}' + ('' if config.is_host else '.elf')


@functools.lru_cache(maxsize=None)
def tree(config):
    """Its build directory, with all that is run there."""
    return builder.build_tree(config, *(path(config, name) for name in PROGRAMS + MORE.get(config, [])))


def elf(config, name):
    return tree(config) / path(config, name)


def em_words(config, *words):
    where = ['--board', config.board] + ([] if config.is_host else ['--mode', config.mode])
    return [EM, 'trace', *where, *map(str, words)]


def em_trace(config, *words):
    """The completed process; outputs are text."""
    return subprocess.run(em_words(config, *words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60)


def plain(config, name, prefix):
    """What the tasks of an example do, in the words that are the same everywhere."""
    done = em_trace(config, '--steady', '--text', '--tasks', '--no-times', '-o', prefix, elf(config, name))
    assert done.returncode == 0, done.stderr
    return done.stdout


def golden(name):
    return (HERE / 'golden' / f'{name}.txt').read_text()
