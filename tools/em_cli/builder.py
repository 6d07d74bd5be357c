# SPDX-License-Identifier: Apache-2.0 OR MIT
"""meson and ninja: build directories below build/, set up once and then kept up to date."""
import contextlib
import dataclasses
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys

import packages
import programs
from config import TREE
from errors import ENVIRONMENT, FAILED, EmError, say

BUILD = TREE / 'build'
STAMP = 'em-setup.json'  # how this directory was set up
BUILD_PATH = re.compile(r'(?<![\w/.])(?:\.\./)+[^:\n]+(?=:\d)')  # of a file, from the build directory
DEADLINES = re.compile(r'\bem_(?:task_set_|set_)?deadline\b(?=\s*\()')  # of em/deadline.h
# the caller's own settings would leak into build directories that others use too
FOREIGN = ('CC', 'CFLAGS', 'CPPFLAGS', 'LDFLAGS', 'AR', 'PYTHONPATH', 'PYTHONHOME', 'MAKEFLAGS', 'NINJA_STATUS')


def tool_env(config=None):
    """The environment for build tools: Debian's own come first, also before another python3."""
    env = {k: v for k, v in os.environ.items() if k not in FOREIGN}
    env['PATH'] = '/usr/bin:/bin:' + env.get('PATH', '')
    if sys.stderr.isatty():
        env['CLICOLOR_FORCE'] = '1'  # or ninja strips the compiler's colours
    if config and config.is_host:
        env['CC'] = config.cc
    return env


@contextlib.contextmanager
def locked(folder):
    """One at a time below @p folder, among all processes."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = open(f'{folder}.lock', 'w')
    except OSError as e:
        raise EmError(f'cannot write {e.filename}: {e.strerror}', ENVIRONMENT) from e
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_program(config, program):
    """Build @p program against the framework. Its ELF, a copy that later builds leave alone."""
    packages.need(config.build_packages())
    if name := programs.names(program, DEADLINES):
        say(f'{program.name} names {name}: built with deadlines, which cost 24 bytes a task')
        config = dataclasses.replace(config, deadlines=True)
    folder = BUILD / config.key
    with locked(folder):
        setup(folder, config, ['-Dtests=false', f'-Dapp={list(program.sources)!r}'])
        app = 'examples/app' if config.is_host else 'examples/app.elf'
        ninja(folder, config, app)
        return keep(folder / app, folder / 'apps' / program.name)


def keep(built, kept):
    """Under a name of its own, for a program that still runs while the next one is built."""
    kept.parent.mkdir(exist_ok=True)
    fresh = kept.with_name(f'.{kept.name}.{os.getpid()}')
    shutil.copy2(built, fresh)
    os.replace(fresh, kept)
    return kept


def tree_folder(config, name='tests', extra=()):
    """A build directory of the whole tree with its tests and examples, set up."""
    packages.need(config.build_packages())
    folder = BUILD / name / config.key
    # what the lint says of a file does not depend on the compiler: here GCC looks for stale locals in its own way
    once = [] if (config.cc, config.opt) in (('gcc', 'O2'), ('gcc', 'debug')) else ['-Dlint=disabled']
    with locked(folder):
        setup(folder, config, ['-Dtests=true', *once, *extra])
    return folder


def build_tree(config, *targets, name='tests', extra=()):
    """Build @p targets in such a directory. Which one it is."""
    folder = tree_folder(config, name, extra)
    with locked(folder):
        ninja(folder, config, *targets)
    return folder


def setup(folder, config, options):
    """meson setup, unless @p folder is set up in just this way."""
    args = [*config.meson_args(), *options]
    cross = config.cross_file()
    fixed = {'tree': str(TREE), 'cross': cross.read_text() if cross else ''}  # meson takes these up once only
    stamp = {**fixed, 'args': args}
    old = read_stamp(folder)
    if old == stamp:
        return
    command = ['meson', 'setup', *args, str(folder), str(TREE)]
    if old and fixed.items() <= old.items() and (folder / 'build.ninja').exists():
        command.insert(2, '--reconfigure')
    else:
        shutil.rmtree(folder, ignore_errors=True)
    (folder / STAMP).unlink(missing_ok=True)
    done = subprocess.run(command, env=tool_env(config), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise EmError(f'meson could not set up {folder}:\n{done.stdout}{done.stderr}', FAILED)
    (folder / STAMP).write_text(json.dumps(stamp))


def read_stamp(folder):
    try:
        return json.loads((folder / STAMP).read_text())
    except (OSError, ValueError):
        return None


def ninja(folder, config, *targets):
    """Bring @p targets up to date. Says nothing when all is well, all that the compiler says when not."""
    meson = call_ninja(folder, config, 'build.ninja')  # runs meson again if a meson.build has changed
    if meson.returncode:
        raise EmError(f'meson could not set up {folder}:\n{meson.stdout}', FAILED)
    done = call_ninja(folder, config, *targets)
    sys.stderr.write(compiler_output(done.stdout, folder))
    sys.stderr.flush()
    if done.returncode:
        raise EmError("the build failed (the compiler's words are above)", FAILED)


def call_ninja(folder, config, *targets):
    return subprocess.run(['ninja', '--quiet', '-C', str(folder), *targets], env=tool_env(config),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def compiler_output(text, folder):
    """What the compiler said: without ninja's own lines, and with paths as the caller would write them."""
    kept = []
    skip = 0
    for line in text.splitlines(keepends=True):
        if line.startswith('FAILED: '):
            skip = 2  # this line, and the command
        elif line.startswith(('ninja: Entering', 'ninja: build stopped', 'ninja: no work')):
            skip = 1
        if skip:
            skip -= 1
        else:
            kept.append(BUILD_PATH.sub(lambda m: caller_path(folder / m.group(0)), line))
    return ''.join(kept)


def caller_path(path):
    path = os.path.normpath(path)
    short = os.path.relpath(path)
    return short if not short.startswith('../../') else path
