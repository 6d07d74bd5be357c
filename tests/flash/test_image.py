# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`image`, the debuggers, the console, and our TFTP server, each against something that is not ours."""
import os
import pty
import re
import select
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import app as hello
import debug
import machines
import pytest
from conftest import noise
from fake_uboot import FakeUboot
from flash import disk, gdb, monitor, progress
from flash.image import load
from flash.tftp import Server


def test_the_header_field_by_field(flash, app, tmp_path):
    flash('image', '--bootrom', app(address=0x08000000, tag='em_image_for_visionfive2_m'), '-o', tmp_path / 'x.spl')
    data = (tmp_path / 'x.spl').read_bytes()
    assert struct.unpack_from('<II', data) == (0x240,
                                               0x200000) and not any(data[8:0x284]) and not any(data[0x294:0x400])
    version, size, head, _ = struct.unpack_from('<IIII', data, 0x284)
    assert (version, size, head) == (0x01010101, len(data) - 0x400, 0x400) and data[0x400:][:3000] == noise(3000)


def test_srecords_are_read_by_others(flash, app, tmp_path):
    flash('image', '--srec', app(), '-o', tmp_path / 'x.srec')
    subprocess.run(['objcopy', '-I', 'srec', '-O', 'binary', tmp_path / 'x.srec', tmp_path / 'x.bin'], check=True)
    assert (tmp_path / 'x.bin').read_bytes() == noise(3000)


@pytest.mark.parametrize('make, status', [(dict(tag='em_image_for_qemu_virt_s'), 11), (dict(address=0x40000000), 7)])
def test_images_of_what_does_not_fit(flash, app, tmp_path, make, status):
    for kind in ('--fit', '--sd'):
        flash('image', kind, app(**make), '--board', 'visionfive2', '-o', tmp_path / 'x', status=status)
    assert not (tmp_path / 'x').exists()


def test_an_sd_card_has_two_tables_and_its_files(flash, app, raw, tmp_path):
    flash('image', '--sd', app(), '--spl', raw(5000, 's'), '--uboot', raw(9000, 'u', 3), '-o', tmp_path / 'x.img')
    data = (tmp_path / 'x.img').read_bytes()
    for at in (512, len(data) - 512):  # a CRC over each header, its own field as zero
        head = bytearray(data[at:at + 92])
        crc, = struct.unpack_from('<I', head, 16)
        head[16:20] = bytes(4)
        assert head[:8] == b'EFI PART' and __import__('zlib').crc32(head) == crc
    assert data[2 << 20:][:5000] == noise(5000) and data[4 << 20:][:9000] == noise(9000, 3)
    (tmp_path / 'fat').write_bytes(data[8 << 20:-(1 << 20)])
    listed = subprocess.run(['mdir', '-b', '-i', tmp_path / 'fat', '::'], capture_output=True, text=True,
                            check=True).stdout
    assert 'app.bin' in listed and 'boot.scr' in listed
    again = tmp_path / 'y.img'
    flash('image', '--sd', app(), '--spl', tmp_path / 's', '--uboot', tmp_path / 'u', '-o', again)
    assert data == again.read_bytes()


def test_a_flash_image(flash, app, raw, tmp_path):
    flash('image', '--nor', app(), '--spl', raw(5000, 's'), '--uboot', raw(9000, 'u', 3), '--env', 'bootdelay=1',
          '--env', 'bootcmd=echo', '-o', tmp_path / 'x.img')
    data = (tmp_path / 'x.img').read_bytes()
    assert len(data) == 16 << 20 and data[:5000] == noise(5000) and data[0x800000:][:3000] == noise(3000)
    crc, = struct.unpack_from('<I', data, 0xf0000)
    assert __import__('zlib').crc32(data[0xf0004:0x100000]) == crc and b'bootdelay=1\0bootcmd=echo\0\0' in data
    with pytest.raises(Exception, match='overlaps'):
        disk.nor(None, 1000, [(0, b'x' * 20), (10, b'y')])


# ---------------------------------------------------------------------- debuggers

def test_over_qemus_debug_server(flash, tmp_path):
    path, log = tmp_path / 'x.elf', tmp_path / 'gdb'
    path.write_bytes(hello.build('qemu_virt'))
    subprocess.run(['riscv64-unknown-elf-gcc', '-march=rv64imac', '-mabi=lp64', '-nostdlib',
                    '-Wl,-Ttext=0x80200000', '-o', path,
                    '-x', 'assembler', '-'],
                    input=b'.globl _start\n_start: j _start\n.rept 300\n.word 42\n.endr\n', check=True)
    machine = machines.virt(tmp_path, '-S', '-gdb', f'unix:{log},server=on,wait=off')
    try:
        debug.listening(log, machine.process)
        done = flash('run', path, '--via', 'gdb', '--remote', log)
        assert done.json['verified'] and done.json['started']
    finally:
        machine.close()
    assert 'no debug server' in flash('run', path, '--via', 'gdb', '--remote', 'localhost:1', status=4).err


def test_what_gdb_says_is_not_believed_when_it_compares_nothing(monkeypatch, tmp_path):
    found = load(write_elf(tmp_path))
    args = SimpleNamespace(remote='x', no_verify=False, no_start=False)
    quiet = progress.Progress(quiet=True)
    same = 'Section .text, range 0x1 -- 0x2: matched.\n'
    for text, status, says in (('Transfer rate: 1\nSection .text, range 0x1 -- 0x2: MIS-MATCHED!\n', 6, 'changed'),
                               ('Transfer rate: 1\n', 6, 'nothing'), ('Load failed', 5, 'Load failed'),
                               ('Transfer rate: 1\n' + same, 5, 'could not start'),
                               ('x: No such file or directory.\n' + same, 4, 'x: No such file'),
                               ('localhost:1: Connection refused.', 4, 'refused')):
        monkeypatch.setattr(gdb, 'ran', lambda words, limit=0, t=text: t)
        with pytest.raises(gdb.FlashError, match=says) as e:
            gdb.by_gdb(args, found, quiet)
        assert e.value.status == status


def write_elf(folder):
    (folder / 'x.elf').write_bytes(hello.build('visionfive2'))
    return folder / 'x.elf'


def test_openocd_without_an_adapter_is_no_success(flash, tmp_path):
    """OpenOCD's own configuration of the board is read; the adapter is a dummy, where no chip answers."""
    config = tmp_path / 'dummy.cfg'
    config.write_text('adapter driver dummy\n')
    done = flash('openocd', write_elf(tmp_path), '--interface', config, status=4)
    assert 'OpenOCD could not load it' in done.err
    flash('openocd', write_elf(tmp_path), '--config', tmp_path / 'none.cfg', status=4)


# ---------------------------------------------------------------------- the console

def test_the_console_with_times_until_a_word(flash, uboot, tmp_path):
    board = uboot(at_prompt=True)
    log = tmp_path / 'log'
    assert flash('monitor', '--timestamps', '--until', 'StarFive', '--until-timeout', '20', '--log', log,
                 *board.port).json['matched']
    assert b'StarFive' in log.read_bytes()
    flash('monitor', '--until', 'never', '--until-timeout', '0.3', *board.port, status=13)


def test_times_are_put_before_lines():
    stamp = monitor.Stamper(True)
    assert re.fullmatch(rb'\[ *\d+\.\d{3}\] one\n\[ *\d+\.\d{3}\] two', stamp(b'one\ntw') + stamp(b'o'))


def test_keys_go_to_the_board_and_ctrl_bracket_leaves(uboot):
    """At a terminal: every key but one goes to the board, Ctrl-C too, and the terminal is as it was."""
    board = uboot(at_prompt=True)
    master, slave = pty.openpty()
    import termios
    before = termios.tcgetattr(slave)
    os.write(master, b'vers')  # before it looks
    tool = Path(__file__).resolve().parents[2] / 'tools' / 'flash.py'
    run = subprocess.Popen([sys.executable, tool, 'monitor', *board.port], stdin=slave, stdout=slave, stderr=slave)
    seen = b''

    def until(text):
        nonlocal seen
        while text not in seen:
            assert select.select([master], [], [], 30)[0], seen
            seen += os.read(master, 100)
    until(b'leaves')
    os.write(master, b'ion\r')
    until(b'U-Boot 2025.01-3')
    os.write(master, b'\x03')
    until(b'<INTERRUPT>')
    os.write(master, b'\x1d')
    assert run.wait(30) == 0
    assert termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)


# ---------------------------------------------------------------------- TFTP

def ask(port, name, options=b'', lose=0):
    """A client: the file, or the error. The first @p lose blocks are not acknowledged."""
    out, size = b'', 512
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(20)
        s.sendto(b'\0\1' + name + b'\0octet\0' + options, ('127.0.0.1', port))
        while True:
            data, server = s.recvfrom(2048)
            kind, number = struct.unpack_from('>HH', data)
            if kind == 5:
                return data[4:]
            if kind == 6:
                size = int(re.search(rb'blksize\0(\d+)', data).group(1))
                s.sendto(b'\0\4\0\0', server)
                continue
            if lose:
                lose -= 1
                continue
            if number == len(out) // size + 1:
                out += data[4:]
            s.sendto(struct.pack('>HH', 4, number), server)
            if len(data) < size + 4:
                return out


@pytest.mark.parametrize('size', [0, 1, 511, 512, 1468, 5000])
def test_our_tftp_server(size):
    server = Server('x.bin', noise(size), '127.0.0.1', 0)
    server.start()
    assert ask(server.port, b'x.bin') == noise(size)
    assert ask(server.port, b'/x.bin', b'blksize\x001468\0tsize\x000\0') == noise(size)
    assert b'no such file' in ask(server.port, b'y.bin')
    server.stop()


def test_our_tftp_server_sends_again():
    server = Server('x.bin', noise(700), '127.0.0.1', 0)
    server.start()
    assert ask(server.port, b'x.bin', lose=1) == noise(700)
    server.stop()


def test_tftp_through_a_board(flash, started, raw):
    """The dialogue: addresses, the file from our own server, the CRC; and what goes wrong."""
    class Networked(FakeUboot):
        def do_tftpboot(self, address, name):
            got = ask(int(self.env['tftpdstp']), name.encode())
            if b'no such' in got:
                return 1
            self.memory.write(int(address, 16), got)
            self.uart.put(f'Bytes transferred = {len(got)} ({len(got):x} hex)\r\n')
            return 0
    board = started(Networked, commands=['help', 'printenv', 'setenv', 'crc32', 'go', 'bdinfo', 'tftpboot',
                                         'dhcp', 'version'])
    board.do_dhcp = lambda: 1
    port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port.bind(('', 0))
    number = port.getsockname()[1]
    words = ['run', raw(5000), '--via', 'tftp', '--server-ip', '127.0.0.1', '--tftp-port']
    assert 'UDP port' in flash(*words, number, '--ip', '127.0.0.1', *board.port, status=2).err
    port.close()
    words += ['0']
    flash(*words, '--ip', '127.0.0.1', '--expect', 'hello', *board.port)
    assert board.memory.read(0x80200000, 5000) == noise(5000)
    board.env.pop('ipaddr')
    assert 'DHCP' in flash(*words, *board.port, status=5).err
    board.do_tftpboot = lambda address, name: 1
    flash(*words, '--ip', '127.0.0.1', *board.port, status=5)
