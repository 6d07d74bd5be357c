# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Real U-Boots in QEMU: Debian's for `virt`; trixie's for the HiFive Unleashed, which has SPI NOR, SD, saveenv."""
import ctypes
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import builder

VIRT = '/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin'
CACHE = Path(builder.BUILD) / 'flash-firmware'
SOURCES = 'Types: deb\nURIs: http://deb.debian.org/debian\nSuites: trixie\nComponents: main\nArchitectures: riscv64\n' \
          'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n'
SIFIVE = 'usr/lib/u-boot/sifive_unleashed/u-boot.bin'
STARFIVE = 'usr/lib/u-boot/starfive_visionfive2/u-boot-spl.bin.normal.out'
LIFE = 1200  # seconds, after which a machine ends by itself


def trixie(package, path):
    """A file of a package of trixie for riscv64: fetched once by apt, unpacked, not installed."""
    with builder.locked(CACHE):
        if not (CACHE / path).exists():
            fetch(package)
    return CACHE / path


def fetch(package):
    place = CACHE / 'apt'
    for folder in ('lists/partial', 'cache/archives/partial'):
        (place / folder).mkdir(parents=True, exist_ok=True)
    (place / 'trixie.sources').write_text(SOURCES)
    options = ['-oDir::Etc::sourcelist=/dev/null', f'-oDir::Etc::sourceparts={place}',
               f'-oDir::State::lists={place}/lists',
               f'-oDir::Cache={place}/cache', '-oAPT::Architecture=riscv64', '-oAPT::Architectures::=riscv64', '-qq',
               '-oAPT::Sandbox::User=root', '-oAPT::Get::List-Cleanup=0']
    for words in (['update'], ['download', f'{package}:riscv64']):
        subprocess.run(['apt-get', *options, *words], cwd=place, check=True, stdin=subprocess.DEVNULL)
    for deb in place.glob(f'{package}_*.deb'):
        subprocess.run(['dpkg-deb', '-x', str(deb), str(CACHE)], check=True)
        deb.unlink()
    shutil.rmtree(place)


class Machine:
    """QEMU with its console at a TCP port, which loses nothing: a Unix socket is full after some 250 single bytes, and
    QEMU's model of SiFive's UART does not wait. It ends with us."""

    def __init__(self, words, log):
        with socket.create_server(('127.0.0.1', 0)) as server:
            self.port = server.getsockname()[1]
            fd = server.fileno()
            self.process = subprocess.Popen(
                ['timeout', '--foreground', '-k1', str(LIFE), 'qemu-system-riscv64', '-display', 'none',
                 '-monitor', 'none',
                 '-chardev', f'socket,id=s,server=on,wait=off,nodelay=on,fd={fd},logfile={log}', '-serial', 'chardev:s',
                 '-bios', 'default', *map(str, words)],
                pass_fds=[fd], stdin=subprocess.DEVNULL, preexec_fn=die_with_us)
        self.words = ['--port', f'socket://127.0.0.1:{self.port}', '--timeout', '20', '--connect-attempts', '3']

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)


def die_with_us():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: timeout(1) hands it on


def virt(folder, *more):
    disk = folder / 'disk'
    if not disk.exists():
        disk.touch()
        os.truncate(disk, 4 << 20)
    return Machine(['-M', 'virt', '-m', '256M', '-kernel', VIRT, '-netdev', f'user,id=n,tftp={folder}',
                    '-device', 'virtio-net-device,netdev=n', '-drive', f'file={disk},if=none,id=d,format=raw',
                    '-device', 'virtio-blk-device,drive=d', *more], folder / 'virt.log')


def unleashed(folder):
    for name, size, fill in (('nor', 32 << 20, b'\xff'), ('sd', 64 << 20, b'')):
        path = folder / name
        if not path.exists():
            path.write_bytes(fill * size)
            os.truncate(path, size)
    return Machine(['-M', 'sifive_u', '-smp', '2', '-m', '2G', '-kernel', trixie('u-boot-sifive', SIFIVE),
                    '-drive', f'file={folder}/nor,if=mtd,format=raw', '-drive', f'file={folder}/sd,if=sd,format=raw'],
                   folder / 'unleashed.log')
