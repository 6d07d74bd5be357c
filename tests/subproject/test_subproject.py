# SPDX-License-Identifier: Apache-2.0 OR MIT
"""An application outside the tree that has Emissary as a meson subproject: on every board, in each mode."""
import shutil
import subprocess

import builder
import pytest
import runner
from config import TREE, Config

CONFIGS = [Config('host'), Config('host', cc='clang'), Config('qemu_virt', 'm'), Config('qemu_virt', 's', 'clang'),
           Config('visionfive2', 'm', 'clang'), Config('visionfive2', 's')]
NOT_SHIPPED = shutil.ignore_patterns('.git', 'build*', '__pycache__')


@pytest.fixture(scope='session')
def application(tmp_path_factory):
    """A copy of the application with a copy of the tree as its subproject."""
    folder = tmp_path_factory.mktemp('outside') / 'application'
    shutil.copytree(TREE / 'tests' / 'subproject' / 'application', folder)
    shutil.copytree(TREE, folder / 'subprojects' / 'emissary', ignore=NOT_SHIPPED, symlinks=True)
    return folder


def call(config, *words):
    done = subprocess.run(words, capture_output=True, text=True, env=builder.tool_env(config), stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_an_application_outside_the_tree(application, tmp_path, dut, config):
    build = tmp_path / 'build'
    shipped = application / 'subprojects' / 'emissary'
    options = [f'-Demissary:board={config.folder}']
    if not config.is_host:
        options += ['--cross-file', str(shipped / 'cross' / config.cross_file().name), f'-Demissary:mode={config.mode}']
    call(config, 'meson', 'setup', *options, str(build), str(application))
    call(config, 'ninja', '-C', str(build))
    if config.board != 'visionfive2':  # whose QEMU it would build anew, for itself
        call(config, 'meson', 'test', '-C', str(build), '--no-rebuild')
    device = dut(runner.command(config, build / 'counter.elf'))
    assert device.rest() == b'counted to 10\n'
    assert device.status() == 0
    assert not list(build.glob('subprojects/emissary/**/tests')), 'a subproject builds no tests'
