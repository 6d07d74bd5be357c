# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Programs that record themselves, and what they print, in names instead of addresses: without tools/trace."""
import functools
import os
import re
import subprocess

import builder
import runner
from config import Config
from elftools.elf.elffile import ELFFile

HOST = Config('host', trace=True)
CONFIGS = [HOST, Config('qemu_virt', 'm', trace=True), Config('qemu_virt', 's', 'clang', 'Os', trace=True)]
HARTS = [Config('qemu_virt', 'm', smp=2, trace=True), Config('qemu_virt', 's', smp=2, trace=True)]
RECORD = re.compile(r'^trace (\d+) ([0-9a-f]{14})([0-9a-f]{2}) ([0-9a-f]{8}) ([0-9a-f]{8})$', re.M)
EVENTS = dict(enumerate('LOST SPAWN WAKE WAKE_AGAIN POLL_BEGIN POLL_END AWAIT TASK_END EXECUTOR_BEGIN EXECUTOR_END '
                        'IDLE_BEGIN IDLE_END IRQ_BEGIN IRQ_END SOURCE_BEGIN SOURCE_END ALARM TIMER_DUE IPI MARK '
                        'MARK_BEGIN MARK_END LOG LOG_ARG'.split()))
OF_TASKS = {'LOST', 'SPAWN', 'WAKE', 'WAKE_AGAIN', 'POLL_BEGIN', 'POLL_END', 'AWAIT', 'TASK_END', 'TIMER_DUE', 'MARK',
            'MARK_BEGIN', 'MARK_END'}
MAIN = 'em_MAIN_defines_the_first_task'


def elf(config, name):
    target = f'tests/recording/recording_{name}' + ('' if config.is_host else '.elf')
    return builder.build_tree(config, target) / target


def command(config, path):
    """Exact where it can be: one instruction a nanosecond, time asleep skipped."""
    words = runner.command(config, path)
    return words if config.is_host else [*words[:1], '--icount', '--timeout', '30', *words[1:]]


WARPED = {**os.environ, 'EM_HOST_CLOCK': 'warp'}


def run(config, path, **env):
    """What it prints, and its status."""
    done = subprocess.run(command(config, path), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60,
                          env={**WARPED, **env})
    return done.stdout.decode('utf-8', 'replace').replace('\r', ''), done.returncode


class Names:
    """Objects and functions by address."""

    def __init__(self, path):
        with open(path, 'rb') as file:
            elf = ELFFile(file)
            symbols = [s for s in elf.get_section_by_name('.symtab').iter_symbols() if s.name]
            self.known = [(s['st_value'], s['st_size'], s.name) for s in symbols
                          if s['st_info']['type'] in ('STT_OBJECT', 'STT_FUNC') and s['st_size']]
            self.base = next(s['st_value'] for s in symbols if s.name == 'em_trace_record_')
            self.texts = [(s['sh_addr'], s.data()) for s in elf.iter_sections()
                          if s.name == 'em_marks' or s.name.startswith('.rodata')]

    def address(self, word):
        signed = word - (1 << 32) if word >> 31 else word
        return (self.base + signed) % (1 << 64) if self.base < 1 << 31 else (self.base + word) % (1 << 32)

    def of(self, word):
        """worker__pool+24 -> worker+24: the frames of all boards are laid out alike."""
        if word == 0:
            return 'nothing'
        at = self.address(word)
        for begin, size, name in self.known:
            if begin <= at < begin + size:
                name = re.sub(r'__(pool|body)(\.\w+)*$', '', name).replace(MAIN, 'MAIN')
                return f'{name}+{at - begin}' if at != begin else name
        return hex(at)

    def function(self, word):
        return self.of(word).split('+')[0]

    def text(self, word):
        at = self.address(word)
        for begin, data in self.texts:
            if begin <= at < begin + len(data):
                return data[at - begin:data.index(0, at - begin)].decode()
        return hex(at)


def records(text):
    """[(hart, tick, event's name, object, arg)]"""
    return [(int(h), int(tick, 16), EVENTS[int(event, 16)], int(o, 16), int(a, 16))
            for h, tick, event, o, a in RECORD.findall(text)]


def words(names, record):
    """A record without its time, the same on every board but for where a wake came from."""
    _, _, event, o, a = record
    if event == 'AWAIT':
        return f'{event} {names.of(o)} in {names.function(a)}'
    if event.startswith('MARK'):
        return f'{event} {names.text(o)} {a}'
    if event in ('WAKE', 'WAKE_AGAIN', 'SPAWN', 'TIMER_DUE', 'ALARM') or event.startswith('IDLE'):
        return f'{event} {names.of(o)}'
    if event.startswith('EXECUTOR'):
        return f'{event} {names.function(o)}'
    return f'{event} {names.of(o)} {a}'


@functools.lru_cache(maxsize=None)
def said(config, name):
    """(text, status) of one run that nobody types to."""
    return run(config, elf(config, name))


def of_tasks(config, name):
    names = Names(elf(config, name))
    return [words(names, r) for r in records(said(config, name)[0]) if r[2] in OF_TASKS]


def plain_config(config):
    """The same without the option."""
    return Config(config.board, config.mode, config.cc, config.opt, config.smp)
