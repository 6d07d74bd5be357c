# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The JH7110's drivers: pins, UART 1 to 5, watchdog, random numbers."""
import re
import threading

import apps
import pytest

both_modes = pytest.mark.parametrize('mode', apps.MODES)


@pytest.fixture
def lines(tmp_path):
    """Makes lines for QEMU to connect to."""
    made = []

    def make(kind=apps.Line):
        made.append(kind(tmp_path / f'line-{len(made)}'))
        return made[-1]

    yield make
    for line in made:
        line.close()


@both_modes
def test_each_edge_is_awaited_once_and_levels_wait_and_switches_bounce(dut, mode):
    device = dut(apps.command(apps.build('pins', mode), mode))
    assert device.rest(timeout=60).decode().splitlines() == [
        'edges, each awaited once: 10000',
        'no edge: EM_ERR_TIMEOUT',
        'rising edges that nobody waited for: 7',
        'on 4 pins: 100 100 100 100',
        'low at once; high: EM_ERR_TIMEOUT',
        'high, low, now 0',
        'stable in time',
        'low: EM_ERR_TIMEOUT']
    assert device.status() == 0


@both_modes
def test_a_button_that_bounces_is_pressed_once(dut, lines, mode):
    monitor, pin = lines(apps.Monitor), 1 << 42
    device = dut(apps.command(apps.build('button', mode), mode, *monitor.qemu_args, icount=False))
    monitor.accept()
    device.expect(b'released\n')  # pulled up
    for press in range(1, 4):
        for level, says in ((0, b'pressed %d times\n' % press), (pin, b'released\n')):
            for _ in range(5):
                monitor.set('gpio', 'ext', pin ^ level)
                monitor.set('gpio', 'driven', pin)
                monitor.set('gpio', 'ext', level)
            device.expect(says)
            assert device.console.before == b''


@both_modes
def test_uarts_1_to_5_know_their_clocks(dut, mode):
    device = dut(apps.command(apps.build('uart_ports', mode), mode))
    device.expect(b'again: EM_ERR_BUSY\n')
    assert device.console.before.decode().splitlines() == [
        '0: EM_ERR_INVAL, 6: EM_ERR_INVAL, too fast: EM_ERR_INVAL',
        'divisor of 1: 13', 'divisor of 2: 1', 'divisor of 3: 32', 'divisor of 4: 32', 'divisor of 5: 32']


@both_modes
def test_uarts_1_to_5_talk_at_the_same_time(dut, lines, mode):
    ports = [lines() for _ in range(5)]
    args = [word for port in ports for word in ('-serial', f'unix:{port.path}')]
    device = dut(apps.command(apps.build('uart_ports', mode), mode, *args, icount=False))
    for port in ports:
        port.accept()
    data = [bytes(33 + (7 * i + n) % 90 + 1 for i in range(3000)) + b'!' for n in range(5)]
    for n, port in enumerate(ports):
        assert port.read(1) == b'%d' % (n + 1)
        threading.Thread(target=port.socket.sendall, args=(data[n],), daemon=True).start()
    assert [port.read(len(data[n])) for n, port in enumerate(ports)] == data
    device.expect(b'done\n')
    assert device.status() == 0


@both_modes
def test_a_kept_watchdog_does_nothing_and_a_stopped_one_too(dut, mode):
    device = dut(apps.command(apps.build('watchdog', mode), mode))
    device.send(b's')
    assert device.rest() == b'alive\nstill alive\n'
    assert device.status() == 0


@both_modes
@pytest.mark.parametrize('how', [b'h', b'm', b'c'], ids=['hang', 'masked', 'cancelled'])
def test_a_hang_resets_the_board(dut, mode, how):
    device = dut(apps.command(apps.build('watchdog', mode), mode, '-action', 'reboot=reset'))
    device.send(how)
    device.expect(b'alive\n')
    device.expect(b'alive\n')  # from the beginning
    said = device.console.before
    assert b'still' not in said and said.count(b'*** watchdog: not fed') == (0 if how == b'm' else 1)
    assert (b'  task MAIN (tests/boards/visionfive2/apps/watchdog.c:' in said) == (how == b'h')
    assert (b'  no task is running' in said) == (how == b'c')


@both_modes
def test_late_feeding_is_in_time_and_said_each_time(dut, mode):
    device = dut(apps.command(apps.build('watchdog', mode), mode, '-action', 'reboot=reset'))
    device.send(b'l')
    assert device.rest().count(b'*** watchdog: not fed') == 3
    assert device.status() == 0


@both_modes
def test_random_bytes(dut, lines, mode):
    monitor = lines(apps.Monitor)
    device = dut(apps.command(apps.build('random', mode), mode, *monitor.qemu_args, icount=False))
    monitor.accept()
    device.expect(b'all different, even\n')
    for lockups, result in ((0, b'40'), (8, b'40'), (9, b'-5'), (0, b'40')):
        monitor.set('trng', 'lockups', lockups)
        device.send(b'r')
        device.expect(b'fill: %b\n' % result)
    device.send(b'q')
    assert device.status() == 0


@both_modes
def test_a_timeout_of_an_empty_fifo_ends(dut, lines, mode):
    """It interrupts until RBR is read, which has nothing."""
    monitor = lines(apps.Monitor)
    device = dut(apps.command(apps.build('random', mode), mode, *monitor.qemu_args, icount=False))
    monitor.accept()
    device.expect(b'all different, even\n')
    for _ in range(3):
        monitor.set('uart0', 'timeout', True)
        while monitor.get('uart0', 'timeout'):
            pass
        device.send(b'r')
        device.expect(b'fill: 40\n')
    device.send(b'q')
    assert device.status() == 0


@pytest.mark.parametrize('clock', ['sbi', 'timer'])
def test_the_clock_is_right_for_half_an_hour_and_the_timer_block_costs_half(dut, clock):
    elf = apps.build('clock', 's') if clock == 'sbi' else apps.build_with('-Djh7110_clock=timer', 'clock')
    device = dut(apps.command(elf, 's'))
    read, wait, verdict = device.rest().decode().splitlines()
    assert verdict == 'right'
    assert device.status() == 0
    read, wait = (int(line.split()[-1]) for line in (read, wait))
    assert (read > 300 and wait > 1400) if clock == 'sbi' else (read < 60 and wait < 1000)


# what is left out of the bring-up, by a letter that bad_order.c knows -> what the machine says
BUS_ERRORS = {'C': 'sys_iomux\\+0x\\w+: access while clock 112 is off',
              'R': 'sys_iomux\\+0x\\w+: access while reset 2 is asserted',
              'a': 'uart1\\+0x\\w+: access while clock 147 is off',
              'c': 'uart1\\+0x\\w+: access while clock 148 is off',
              'b': 'uart1\\+0x\\w+: access while reset 85 is asserted',
              'r': 'uart1\\+0x\\w+: access while reset 86 is asserted'}


def cold(dut, lines):
    """A machine whose multiplexer, too, is off; its UART1 at our end of a line."""
    port = lines()
    device = dut(apps.command(apps.build('bad_order', 'm'), 'm', '-machine', 'cold=on', '-serial', f'unix:{port.path}',
                              icount=False), watch=False)
    return device, port.accept()


@pytest.mark.parametrize('step', BUS_ERRORS)
def test_a_bring_up_without_clock_or_reset_fails(dut, lines, capfd, step):
    device, _ = cold(dut, lines)
    device.send(step.encode())
    device.expect(b'\\*\\*\\* panic: (load|store) access fault')
    device.rest()
    assert device.status() == 134
    assert re.search(BUS_ERRORS[step], capfd.readouterr().err)


def test_a_bring_up_without_a_pin_to_send_to_says_nothing(dut, lines):
    device, port = cold(dut, lines)
    device.send(b't')
    device.expect(b'up\n')
    port.socket.sendall(b'x')
    device.expect(b'heard x\n')
    assert device.status() == 0
    assert port.socket.recv(1) == b''  # its end


def test_a_bring_up_without_a_pin_to_hear_from_hears_nothing(dut, lines):
    device, port = cold(dut, lines)
    device.send(b'x')
    device.expect(b'up\n')
    port.socket.sendall(b'x')
    device.expect(b'heard nothing\n')
    assert port.read(1) == b'1'
    assert device.status() == 0


def test_lcr_while_busy_is_lost_and_only_usr_ends_what_says_so(dut, lines):
    device, _ = cold(dut, lines)
    device.send(b'l')
    device.expect(b'LCR 3, interrupt 7 7, then 1\n')
    assert device.status() == 0


@pytest.mark.parametrize('who', [b'n', b'd', b'o'], ids=['by hand', 'drivers', 'drivers-while-busy'])
def test_a_whole_bring_up_works_on_a_cold_machine(dut, lines, who):
    device, port = cold(dut, lines)
    device.send(who)
    if who == b'o':
        assert port.read(1) == b'0'
    device.expect(b'up\n')
    assert port.read(1) == b'1'
    port.socket.sendall(b'x')
    device.expect(b'heard x\n')
    assert device.status() == 0
