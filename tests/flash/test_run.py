# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`run`: each way into RAM, from each state that a board can be in, and what is refused."""
import subprocess
from pathlib import Path

import elf
import pytest
from fake_uboot import COMMANDS
from flash.image import load

WAYS = ['ymodem', 'xmodem', 'srec', 'kermit']


@pytest.mark.parametrize('via', WAYS)
def test_an_image_is_loaded_verified_and_started(flash, uboot, app, via):
    board, path = uboot(), app()
    done = flash('run', path, '--via', via, '--expect', 'hello from the image', *board.port)
    assert board.memory.read(0x80200000, 3000) == load(path).data
    assert board.started == [(0x80200000, ())]
    assert done.json['verified'] and done.json['board'] == 'visionfive2' and done.json['expected']


@pytest.mark.parametrize('via', ['ymodem', 'xmodem', 'kermit'])
@pytest.mark.parametrize('size', [1, 127, 128, 129, 1023, 1024, 1025, 2944])
def test_sizes_around_blocks(flash, uboot, raw, via, size):
    board, path = uboot(at_prompt=True), raw(size)
    path.write_bytes(path.read_bytes()[:-1] + b'\x1a')  # what XMODEM fills up with
    flash('run', path, '--via', via, '--no-start', *board.port)
    assert board.memory.read(0x80200000, size) == path.read_bytes()


def test_all_bytes_go_through_kermit_and_srec(flash, uboot, tmp_path):
    path = tmp_path / 'all.bin'
    path.write_bytes(bytes(range(256)) * 2)
    for via in ('kermit', 'srec'):
        board = uboot(at_prompt=True)
        flash('run', path, '--via', via, '--addr', '0x81000000', '--no-start', *board.port)
        assert board.memory.read(0x81000000, 512) == path.read_bytes()


@pytest.mark.parametrize('how', [
    {'at_prompt': True},
    {'prompt': '=> ', 'vendor': 'emulation', 'board': 'qemu-riscv', 'ram': 0x80000000},
    {'autoboot': 'Press SPACE to abort autoboot in 2 seconds\r\n', 'key': b' '},
    {'autoboot': 'Press <ESC> to stop\r\n', 'key': b'\x1b'},
    {'autoboot': 'Autobooting in 2 seconds, press "x7" to stop\r\n', 'key': b'x7'},
], ids=['at the prompt', 'qemu', 'space', 'escape', 'word'])
def test_the_prompt_is_reached(flash, uboot, raw, how):
    board = uboot(**how)
    assert flash('run', raw(), '--via', 'xmodem', *board.port).json['prompt'].encode() == board.prompt.encode()


def test_a_prompt_and_a_key_of_its_own(flash, uboot, spoken_first, raw):
    how = {'prompt': 'box> ', 'autoboot': 'Enter password: ', 'key': b'secret\r'}
    board = spoken_first(uboot(**how))
    assert 'autoboot-key' in flash('run', raw(), *board.port, '--timeout', '1', status=9).err
    board = spoken_first(uboot(**how))
    assert 'Enter password' in flash('run', raw(), *board.port, '--timeout', '1', '--prompt', 'box> ', status=9).err
    board = uboot(prompt='box> ', autoboot='Enter autoboot in 2 seconds: ', key=b'secret\r')
    flash('run', raw(), '--via', 'xmodem', '--prompt', 'box> ', '--autoboot-key', 'secret\\r', *board.port)


def test_arguments_and_entry(flash, uboot, raw):
    board = uboot()
    flash('run', raw(), '--via', 'xmodem', '--addr', '0x81000000', '--entry', '0x81000100', *board.port,
          '--args', 'a', '5')
    assert board.started == [(0x81000100, ('a', '5'))]


def test_what_is_there_is_not_sent_again(flash, uboot, raw):
    board, path = uboot(), raw()
    flash('run', path, '--via', 'xmodem', '--no-start', *board.port)
    assert flash('run', path, '--skip-same', *board.port).json['sent'] == 0
    assert b'loady' not in board.uart.heard


def test_a_faster_transfer_is_agreed_on(flash, uboot, raw):
    """The words of U-Boot's dialogue; a socket has no speed."""
    board = uboot()
    ready = board.uart.put

    def do_loadx(address, baud):
        ready(f'## Switch baudrate to {baud} bps and press ENTER ...\r\n')
        assert board.uart.getc(5) == b'\r'
        status = board._receive('xmodem', int(address, 16), __import__('receivers').xmodem)
        ready('## Switch baudrate to 115200 bps and press ESC ...\r\n')
        assert board.uart.getc(5) == b'\x1b'
        return status
    board.do_loadx = do_loadx
    flash('run', raw(), '--via', 'xmodem', '--transfer-baud', '460800', *board.port)
    assert board.started


@pytest.mark.parametrize('make, status, words', [
    (dict(tag='em_image_for_qemu_virt_s'), 11, 'linked for qemu_virt'),
    (dict(machine=62), 11, 'RISC-V'),
    (dict(tag=None, address=0x20000000), 11, 'RAM of visionfive2 begins'),
    (dict(tag=None, address=0x40000000), 7, 'OpenSBI'),
    (dict(tag=None, address=0x401ff000, size=9000), 7, 'OpenSBI'),
    (dict(bss=2 << 30), 7, 'too large'),
    (dict(tag='em_image_for_visionfive2_m', address=0x08000000), 7, 'bootrom'),
    (dict(tag=None, address=0x08000000), 7, 'bootrom'),
    (dict(tag='em_image_for_visionfive2_m'), 7, 'S-mode'),
], ids=['other board', 'other machine', 'no RAM', 'at OpenSBI', 'into OpenSBI', 'too large', 'LIM',
        'LIM untagged', 'M-mode'])
def test_images_that_do_not_fit_are_refused(flash, uboot, app, make, status, words):
    board = uboot()
    assert words in flash('run', app(**make), *board.port, status=status).err
    assert b'loady' not in board.uart.heard and not board.started


@pytest.mark.parametrize('part', [10, 63, 100, 0.5, 0.999])
def test_a_truncated_elf_is_refused_without_a_board(flash, app, part):
    path = app()
    data = path.read_bytes()
    path.write_bytes(data[:part if part > 1 else int(len(data) * part)])
    assert 'truncated' in flash('run', path, '--port', 'unix:/nowhere', status=10).err


def test_a_truncated_elf_without_symbols(flash, app):
    path = app(tag=None)
    data = path.read_bytes()
    stripped = data[:40] + bytes(8) + data[48:58] + bytes(6) + data[64:]  # no section headers
    path.write_bytes(stripped)
    assert flash('info', path).json['board'] is None
    path.write_bytes(stripped[:2000])
    assert 'truncated' in flash('run', path, '--port', 'unix:/nowhere', status=10).err


@pytest.mark.parametrize('kind, suffix', [('bootrom', '.spl'), ('fit', '.itb'), ('script', '.scr')])
def test_truncated_and_changed_containers_are_refused(flash, app, raw, tmp_path, kind, suffix):
    source = raw() if kind != 'script' else tmp_path / 'words'
    if kind == 'script':
        source.write_text('echo one\necho two\n')
    path = tmp_path / f'x{suffix}'
    flash('image', f'--{kind}', source, '-o', path)
    flash('info', path)
    data = path.read_bytes()
    path.write_bytes(data[:-5])
    assert 'truncated' in flash('run', path, '--port', 'unix:/nowhere', status=10).err
    path.write_bytes(data[:-5] + bytes([data[-5] ^ 1]) + data[-4:] if kind != 'fit' else data.replace(b'\x1a',
                                                                                                      b'\x1b', 1))
    if kind != 'fit':
        assert 'CRC' in flash('run', path, '--port', 'unix:/nowhere', status=10).err


def test_a_fit_is_started_by_bootm_and_its_parts_are_looked_at(flash, uboot, app, tmp_path):
    board, path = uboot(), tmp_path / 'x.itb'
    flash('image', '--fit', app(), '-o', path)
    flash('run', path, '--via', 'xmodem', '--expect', 'hello', *board.port)
    assert board.started[0] == ('bootm', 0x44000000, ('-', '1000'))  # with U-Boot's device tree
    data = path.read_bytes().replace(bytes.fromhex('0000000080200000'), bytes.fromhex('0000000040001000'))
    path.write_bytes(data)
    assert 'OpenSBI' in flash('run', path, *board.port, status=7).err


def test_a_missing_command_is_named(flash, uboot, raw):
    board = uboot(commands=[c for c in COMMANDS if c != 'loady'])
    assert 'loady' in flash('run', raw(), *board.port, status=12).err


def test_the_banner_that_does_not_come(flash, uboot, raw):
    board = uboot()
    board.app = '## Starting application at 0x%08X ...\r\nUnhandled exception: Illegal instruction\r\n'
    assert 'exception' in flash('run', raw(), '--via', 'xmodem', '--expect', 'hello', *board.port, status=13).err
    assert flash('run', raw(), '--via', 'xmodem', '--expect', 'never', '--expect-timeout', '0.2', *board.port,
                 status=13)


def test_dry_run_opens_nothing(flash, app):
    plan = flash('run', app(), '--board', 'visionfive2', '--dry-run', '--port', 'unix:/nowhere').json['plan']
    assert any('crc32' in line for line in plan) and plan[-1] == 'go 80200000'
    flash('run', app(tag='em_image_for_qemu_virt_s'), '--board', 'visionfive2', '-n', '--port', 'unix:/nowhere',
          status=11)


def test_an_elf_of_several_segments_is_one_image(tmp_path):
    path = tmp_path / 'two.elf'
    path.write_bytes(elf.build(0x80200000, b'', segments=[(0x80200100, b'two'), (0x80200000, b'one')]))
    found = load(path)
    assert found.address == 0x80200000 and found.data == b'one' + bytes(0xfd) + b'two'


def test_the_command_itself(tmp_path, raw):
    tool = Path(__file__).resolve().parents[2] / 'tools' / 'flash.py'
    assert 'statuses:' in subprocess.run([tool, '--help'], capture_output=True, text=True).stdout
    assert subprocess.run([tool, 'info', raw(), '-q'], capture_output=True).returncode == 0
    failed = subprocess.run([tool, 'run', raw(), '-p', 'unix:/nowhere'], capture_output=True, text=True)
    assert failed.returncode == 3 and failed.stdout == '' and failed.stderr.count('\n') == 1
