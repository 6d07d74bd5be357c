# SPDX-License-Identifier: Apache-2.0 OR MIT
"""em new: the folder that it makes builds as it is, by em and by meson alone. em build and em size."""
import subprocess

import builder
from config import TREE


def meson(*words, cwd):
    done = subprocess.run(['meson', *words], cwd=cwd, capture_output=True, text=True, env=builder.tool_env())
    assert done.returncode == 0, done.stdout + done.stderr


def until(run):
    """What it did in two seconds, or in twenty, if a busy machine needed the two to begin."""
    done = run('2')
    return done if done.stdout.count(b'\n') >= 3 else run('20')


def test_a_new_application_runs(em, tmp_path):
    assert em('new', 'my app', cwd=tmp_path).returncode == 0
    done = until(lambda limit: em('run', '--timeout', limit, 'my app', cwd=tmp_path))
    assert done.returncode == 124
    assert done.stdout.startswith(b'LED0 on\nLED0 off\nLED0 on\n')


def test_a_new_application_builds_with_meson_alone(em, tmp_path):
    assert em('new', 'app', cwd=tmp_path).returncode == 0
    folder = tmp_path / 'app'
    meson('setup', 'build', '--cross-file', 'subprojects/emissary/cross/riscv64-gcc.ini', '-Demissary:board=qemu_virt',
          cwd=folder)
    meson('compile', '-C', 'build', cwd=folder)
    run = until(lambda limit: subprocess.run([TREE / 'tools' / 'run_qemu', '--timeout', limit, 'build/app.elf'],
                                             cwd=folder, stdin=subprocess.DEVNULL, capture_output=True))
    assert run.returncode == 124
    assert run.stdout.startswith(b'LED0 on\nLED0 off\nLED0 on\n')


def test_the_size_of_a_program(em):
    done = em('size', '--small', 'blink')
    head, line = done.stdout.decode().splitlines()
    assert head.split() == ['qemu_virt-m-gcc-Os', 'text', 'data', 'bss', 'bytes']
    name, text, data, bss = line.split()
    assert name == '01_blink' and int(text) > 500 and int(data) >= 0 and int(bss) > 0


def test_all_examples_build(em):
    done = em('build', '--all', '--board', 'qemu_virt')
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(list((TREE / 'examples').glob('*/main.c')))
