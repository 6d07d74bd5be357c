# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The port: which one, and why not. The command line's own errors."""
import contextlib
import fcntl
import os
import pty
import socket
import threading
import tty
from types import SimpleNamespace

import pytest
from flash import command_run, ports
from flash.errors import KINDS, FlashError
from serial import rfc2217

FTDI = SimpleNamespace(device='/dev/ttyUSB0', vid=0x0403, pid=0x6001, serial_number='A1', product='FT232R',
                       description='')
PL2303 = SimpleNamespace(device='/dev/ttyUSB1', vid=0x067b, pid=0x2303, serial_number=None, product=None,
                         description='USB')
BUILT_IN = SimpleNamespace(device='/dev/ttyS0', vid=None, pid=None, serial_number=None, product=None,
                           description='ttyS0')


def raw_pty():
    """Both ends; without the echo that a board would hear before the tool has set its modes."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    return master, slave


def test_the_only_adapter_is_chosen_and_built_in_ports_are_not():
    assert ports.choose([], [BUILT_IN, FTDI]) == '/dev/ttyUSB0'
    with pytest.raises(FlashError, match='no serial port') as e:
        ports.choose([], [BUILT_IN])
    assert e.value.status == 3


def test_two_adapters_are_shown_and_not_tried():
    with pytest.raises(FlashError) as e:
        ports.choose([], [PL2303, FTDI])
    assert e.value.status == 3 and '0403:6001  A1' in str(e.value) and '067b:2303' in str(e.value)


@pytest.mark.parametrize('words, chosen', [(['vid=0403'], 0), (['pid=2303'], 1), (['serial=A1'], 0),
                                           (['name=ttyUSB1'], 1),
                                           (['name=ttyS*'], 2), (['vid=0403', 'serial=A1'], 0)])
def test_filters(words, chosen):
    listed = [FTDI, PL2303, BUILT_IN]
    assert ports.choose(words, listed) == listed[chosen].device


def test_a_filter_that_is_none():
    with pytest.raises(FlashError) as e:
        ports.choose(['colour=red'], [FTDI])
    assert e.value.status == 2


def test_adapters_that_are_known_to_fail_are_named():
    assert 'BootROM' in ports.warning_of('/dev/ttyUSB1', [FTDI, PL2303])
    assert ports.warning_of('/dev/ttyUSB0', [FTDI, PL2303]) is None


@pytest.mark.parametrize('port, words', [('/dev/ttyNONE', 'missing'), ('unix:/nowhere', 'missing'),
                                         ('socket://127.0.0.1:1', 'cannot be opened|nobody listens')])
def test_a_wrong_port(flash, raw, port, words):
    err = flash('run', raw(), '-p', port, status=3).err
    assert any(w in err for w in words.split('|')), err


def test_a_port_of_a_kind_that_there_is_not(flash, raw):
    flash('run', raw(), '-p', 'pigeon://coop', status=2)


def test_a_busy_port_names_who_has_it(flash, raw):
    master, slave = raw_pty()
    fcntl.flock(slave, fcntl.LOCK_EX)
    assert 'busy' in flash('run', raw(), '-p', os.ttyname(slave), status=3).err
    os.close(master)
    os.close(slave)


def test_permission_is_explained():
    refusal = ports.refusal('/dev/null', PermissionError(13, 'Permission denied'))
    assert refusal.status == 3 and 'usermod' in str(refusal)


def bridge(fd, path):
    """Joins a descriptor and a socket, both ways."""
    line = socket.socket(socket.AF_UNIX)
    line.connect(path)

    def copy(take, give):
        try:
            while data := take():
                give(data)
        except OSError:
            pass
    for ends in ((lambda: os.read(fd, 4096), line.sendall), (lambda: line.recv(4096), lambda data: os.write(fd, data))):
        threading.Thread(target=copy, args=ends, daemon=True).start()
    return line


def test_a_pty_and_a_url(flash, uboot, raw):
    """The same board over a terminal, by pyserial, and over TCP, by a URL of pyserial."""
    board = uboot()
    master, slave = raw_pty()
    line = bridge(master, board.uart.path)
    flash('run', raw(), '--via', 'xmodem', '--timeout', '20', '-p', os.ttyname(slave))
    line.shutdown(socket.SHUT_RDWR)
    os.close(slave)
    with socket.create_server(('127.0.0.1', 0)) as server:
        accepted = threading.Thread(target=lambda: links.append(bridge_socket(server.accept()[0], board.uart.path)))
        links = []
        accepted.start()
        flash('run', raw(), '--via', 'xmodem', '--timeout', '20', '-p',
              f'socket://127.0.0.1:{server.getsockname()[1]}')
        accepted.join()
    assert len(board.started) == 2


def bridge_socket(sock, path):
    return bridge(sock.detach(), path)


@pytest.mark.parametrize('words', [['run'], ['fly'], ['run', 'x', '--via', 'owl'], ['run', 'x', '--timeout', 'soon'],
                                   ['write', 'x', '--to', 'tape:1', '-n'], ['write', 'x'], ['run', 'x',
                                                                                            '--addr', '12z'],
                                   ['image', 'x'], ['image', 'x', '--sd', '--bin']])
def test_usage(flash, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'x').write_bytes(b'x')
    flash(*words, status=2)


def test_options_from_the_environment(flash, uboot, raw, monkeypatch):
    board = uboot()
    monkeypatch.setenv('EMISSARY_PORT', board.port[1])
    monkeypatch.setenv('EMISSARY_TIMEOUT', '20')
    monkeypatch.setenv('EMISSARY_VIA', 'xmodem')
    monkeypatch.setenv('EMISSARY_NO_START', '1')
    assert flash('run', raw()).json['via'] == 'xmodem' and not board.started
    monkeypatch.setenv('EMISSARY_VIA', 'owl')
    flash('run', raw(), status=2)


def test_each_kind_of_failure_has_a_status_of_its_own():
    numbers = [number for number, _ in KINDS.values()]
    assert len(numbers) == len(set(numbers)) and KINDS['done'][0] == 0


def test_the_only_adapter_is_used_without_being_named(flash, uboot, raw, monkeypatch):
    board = uboot()
    master, slave = raw_pty()
    line = bridge(master, board.uart.path)
    only = SimpleNamespace(**{**vars(FTDI), 'device': os.ttyname(slave)})
    monkeypatch.setattr(ports.list_ports, 'comports', lambda: [BUILT_IN, only])
    flash('run', raw(), '--via', 'xmodem', '--timeout', '20')
    assert board.started
    line.shutdown(socket.SHUT_RDWR)
    os.close(slave)


class Served:
    """What pyserial's own server of RFC 2217 needs to know of its serial port: a board's socket."""
    cts = dsr = ri = cd = rts = dtr = break_condition = rtscts = xonxoff = False
    baudrate, bytesize, parity, stopbits = 115200, 8, 'N', 1

    def get_settings(self):
        return {}

    def apply_settings(self, settings):
        pass

    def reset_input_buffer(self):
        pass

    reset_output_buffer = reset_input_buffer


def serve_rfc2217(listener, path):
    """One client of a serial port over the network, until it goes."""
    client = listener.accept()[0]
    board = socket.socket(socket.AF_UNIX)
    board.connect(path)
    manager = rfc2217.PortManager(Served(), SimpleNamespace(write=client.sendall))

    def to_client():
        with contextlib.suppress(OSError):
            while data := board.recv(4096):
                client.sendall(b''.join(manager.escape(data)))
    threading.Thread(target=to_client, daemon=True).start()
    with contextlib.suppress(OSError):
        while data := client.recv(4096):
            board.sendall(b''.join(manager.filter(data)))
    board.shutdown(socket.SHUT_RDWR)


def test_a_port_over_the_network_with_its_settings(flash, uboot, raw):
    """RFC 2217, with pyserial's server: a port without a file descriptor."""
    board = uboot()
    with socket.create_server(('127.0.0.1', 0)) as listener:
        threading.Thread(target=serve_rfc2217, args=(listener, board.uart.path), daemon=True).start()
        flash('run', raw(), '--via', 'xmodem', '--timeout', '20', '-p',
              f'rfc2217://127.0.0.1:{listener.getsockname()[1]}?timeout=20')
    assert board.started


def test_a_program_that_is_missing_here(flash, app, monkeypatch):
    monkeypatch.setenv('PATH', '/nowhere')
    assert 'apt install gdb-multiarch' in flash('run', app(), '--via', 'gdb', status=15).err
    assert 'apt install mtools' in flash('image', '--sd', app(), '-o', 'x.img', status=15).err


def test_a_fault_of_the_tool_is_not_called_one_of_the_board(flash, raw, monkeypatch):
    monkeypatch.setattr(command_run, 'prepared', lambda args: 1 // 0)
    assert 'a fault of this tool' in flash('run', raw(), status=1).err
