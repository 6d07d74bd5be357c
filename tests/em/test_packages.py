# SPDX-License-Identifier: Apache-2.0 OR MIT
"""em installs what is missing by apt, says so, and does nothing when all is there. apt is a stand-in here."""
import os
import shutil

import pytest

COMMANDS = ['sh', 'id', 'dirname', 'readlink', 'env', 'gcc', 'meson', 'riscv64-unknown-elf-gcc', 'qemu-system-riscv64']
APT = '''#!/bin/sh
echo "$@" >> {log}
echo "apt says this"
case "$*" in *install*) {install} ;; esac
'''


@pytest.fixture
def machine(tmp_path, source):
    """A PATH without ninja, with an apt-get that does @p install."""
    place = tmp_path / 'bin'
    place.mkdir()
    for name in COMMANDS:
        (place / name).symlink_to(shutil.which(name))

    def make(install=None):
        if install is not None:
            (place / 'apt-get').write_text(APT.format(log=tmp_path / 'apt.log', install=install))
            (place / 'apt-get').chmod(0o755)
        return {**os.environ, 'PATH': str(place)}
    make.log = tmp_path / 'apt.log'
    make.place = place
    return make


def test_what_is_missing_is_installed_and_named(em, source, machine):
    env = machine(install=f'/bin/ln -s /usr/bin/ninja {machine.place}/ninja')
    done = em('run', source(), env=env)
    assert b'em: installing ninja-build (apt)\n' in done.stderr
    assert (done.stdout, done.returncode) == (b'hello\n', 42)
    words = machine.log.read_text().splitlines()[-1].split()
    assert words[-1] == 'ninja-build' and 'install' in words and '-y' in words


def test_nothing_is_asked_of_apt_when_all_is_there(em, source, machine):
    env = machine(install='exit 1')
    (machine.place / 'ninja').symlink_to('/usr/bin/ninja')
    done = em('run', source(), env=env)
    assert (done.stdout, done.returncode, done.stderr) == (b'hello\n', 42, b'')
    assert not machine.log.exists()


def test_a_failing_apt_is_said_with_its_own_words(em, source, machine):
    done = em('run', source(), env=machine(install='exit 100'))
    assert (done.stdout, done.returncode) == (b'', 3)
    assert b'apt says this' in done.stderr
    assert b'em: apt could not install ninja-build (its own words are above; is there a network?)' in done.stderr
    assert len(machine.log.read_text().splitlines()) == 3  # install, update, install again


def test_without_apt_the_missing_package_is_named(em, source, machine):
    done = em('run', source(), env=machine())
    assert (done.stdout, done.returncode) == (b'', 3)
    assert b'em: missing: ninja-build (names of Debian packages); there is no apt-get here' in done.stderr
    assert b'Traceback' not in done.stderr
