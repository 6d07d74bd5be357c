# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the JH7110 has pending, undefined or missing when an image is entered."""
import apps
import objects
import pytest

APPS = ['early', 'pins', 'random', 'uart_ports', 'watchdog']
FAULTS = {'l': b'load address misaligned', 's': b'store address misaligned', 'r': b'load access fault',
          't': b'illegal instruction', 'd': b'load access fault'}


@pytest.mark.parametrize('mode, pending', [('m', 'on'), ('m', 'off'), ('s', 'off')])
@pytest.mark.parametrize('seed', [1, 2, 3])
def test_random_registers_of_the_plic_and_pending_interrupts_do_no_harm(dut, mode, pending, seed):
    """And all harts have their time up, as mtimecmp comes without a value. In S-mode that is the firmware's."""
    past = [word for hart in range(5) for word in ('-device', f'loader,addr={0x2004000 + 8 * hart},data=0,data-len=8')]
    elf = apps.build('watchdog', mode)
    device = dut(apps.command(elf, mode, '-machine', f'seed={seed},ipi-pending={pending}', *past))
    device.send(b's')
    assert device.rest() == b'alive\nstill alive\n'
    assert device.status() == 0


@pytest.mark.parametrize('name', APPS)
def test_an_image_for_the_lim_has_no_lr_or_sc(name):
    """In all of it, the C library too: the LIM, and hart 0, fault on them."""
    assert objects.reserved_access(apps.build(name, 'm')) == []


def test_the_gate_sees_them():
    assert len(objects.reserved_access(apps.build('faults', 'm'))) == 1


@pytest.mark.parametrize('what', FAULTS)
def test_the_machine_faults_as_the_core_does(dut, what):
    device = dut(apps.command(apps.build('faults', 'm'), 'm'), watch=False)
    device.send(what.encode())
    device.expect(b'panic: ' + FAULTS[what])
    device.rest()
    assert device.status() == 134


@pytest.mark.parametrize('what, said', [(b'g', b'4096 bytes\n'), (b'u', b'a5a5a5a5a5a5a5a5\n')], ids=['PMP', 'LIM'])
def test_the_pmp_is_coarse_and_the_lim_not_zero(dut, what, said):
    device = dut(apps.command(apps.build('faults', 'm'), 'm'))
    device.send(what)
    assert device.rest() == said


@pytest.mark.parametrize('mode', apps.MODES)
def test_early_output_and_tasks_lose_nothing_to_one_another(dut, mode):
    device = dut(apps.command(apps.build('early', mode), mode))
    said = device.rest().decode()
    assert device.status() == 0

    def of(who):
        return ''.join(f'{who * 4}{n // 10}{n % 10}{who * 5}\n' for n in range(100))

    before, between, after = said.partition('between\n')
    assert between and len(of('a')) < len(before) < len(of('a') + of('b'))
    assert before + after == of('a') + of('b') + of('c')
