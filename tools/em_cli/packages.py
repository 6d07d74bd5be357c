# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The Debian packages that a job needs: look whether they are there, install them by apt if not."""
import glob
import os
import shutil
import subprocess
import sys

from errors import ENVIRONMENT, EmError, say

# package -> what it brings: a command, or a file by its path. Looking for these needs no dpkg, so it
# costs nothing, and a machine that has the tools from elsewhere is content.
PROBES = {
    'meson': 'meson',
    'ninja-build': 'ninja',
    'gcc': 'gcc',
    'libc6-dev': '/usr/include/*/gnu/stubs.h',
    'gcc-riscv64-unknown-elf': 'riscv64-unknown-elf-gcc',
    'picolibc-riscv64-unknown-elf': '/usr/lib/picolibc/riscv64-unknown-elf/picolibc.specs',
    'clang': 'clang',
    'lld': 'ld.lld',
    'llvm': 'llvm-ar',
    'libclang-rt-14-dev': '/usr/lib/llvm-14/lib/clang/*/lib/linux/libclang_rt.tsan-x86_64.a',
    'qemu-system-misc': 'qemu-system-riscv64',
    'opensbi': '/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin',
    'u-boot-qemu': '/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin',
    'spin': 'spin',
    'pkg-config': 'pkg-config',
    'dpkg-dev': 'dpkg-source',
    'python3-venv': '/usr/lib/python3*/ensurepip/__init__.py',
    'libglib2.0-dev': '/usr/include/glib-2.0/glib.h',
    'libfdt-dev': '/usr/include/libfdt.h',
    'zlib1g-dev': '/usr/include/zlib.h',
    'git': 'git',
    'python3-pytest': '/usr/lib/python3/dist-packages/pytest/__init__.py',
    'python3-pytest-timeout': '/usr/lib/python3/dist-packages/pytest_timeout.py',
    'python3-pytest-xdist': '/usr/lib/python3/dist-packages/xdist/__init__.py',
    'python3-serial': '/usr/lib/python3/dist-packages/serial/__init__.py',
    'python3-pyelftools': '/usr/lib/python3/dist-packages/elftools/__init__.py',
    'python3-rich': '/usr/lib/python3/dist-packages/rich/__init__.py',
    'python3-xmodem': '/usr/lib/python3/dist-packages/xmodem/__init__.py',
    'python3-jsonschema': '/usr/lib/python3/dist-packages/jsonschema/__init__.py',
    'babeltrace2': 'babeltrace2',
    'mtools': 'mcopy',
    'gdb-multiarch': 'gdb-multiarch',
    'openocd': 'openocd',
    'python3-pexpect': '/usr/lib/python3/dist-packages/pexpect/__init__.py',
}


def is_present(package):
    probe = PROBES[package]
    return bool(glob.glob(probe)) if probe.startswith('/') else shutil.which(probe) is not None


def need(packages):
    """Install those of @p packages that are missing, and say which."""
    missing = [p for p in dict.fromkeys(packages) if not is_present(p)]
    if not missing:
        return
    names = ' '.join(missing)
    if not shutil.which('apt-get'):
        raise EmError(f'missing: {names} (names of Debian packages); there is no apt-get here, '
                      'so please install what they bring by hand', ENVIRONMENT)
    root = []
    if os.geteuid() != 0:
        if not shutil.which('sudo'):
            raise EmError(f'missing: {names}; as root: apt-get install {names}', ENVIRONMENT)
        root = ['sudo']
    say(f'installing {names} (apt)')
    if not (apt_install(root, missing) or (apt(root, 'update') and apt_install(root, missing))):
        raise EmError(f'apt could not install {names} (its own words are above; is there a network?)', ENVIRONMENT)
    still = [p for p in missing if not is_present(p)]
    if still:
        raise EmError(f'apt installed {names}, but {PROBES[still[0]]} is not there', ENVIRONMENT)


def apt_install(root, packages):
    return apt(root, 'install', '-y', '--no-install-recommends', *packages)


def apt(root, *words):
    quietly = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300']
    # its stdin is not ours: that may be a pipe to the firmware; its stdout is not ours: that is the firmware's
    done = subprocess.run([*root, *quietly, *words], stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno())
    return done.returncode == 0
