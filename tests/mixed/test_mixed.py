# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Two images on one machine with two kinds of cores: built apart, loaded together, talking through shared memory."""
import pair
import pytest

MACHINE = 'sifive_u'
QEMU = ['qemu-system-riscv64', '-machine', MACHINE, '-smp', '5', '-m', '128M', '-bios', 'none', '-display', 'none',
        '-monitor', 'none', '-chardev', 'stdio,id=console', '-serial', 'chardev:console',
        '-semihosting-config', 'enable=on,target=native']


@pytest.fixture(scope='module')
def elves():
    return pair.both(MACHINE)


def test_the_small_image_has_nothing_that_its_core_lacks(elves):
    pair.has_nothing_that_its_core_lacks(**elves)


@pytest.mark.parametrize('line', ['   8: 0\tcsrr\ta0,sstatus', '   8: 0\tcsrw\tsatp,zero', '   8: 0\tsret',
                                  '   8: 0\tcsrrw\tsp,sscratch,sp'])
def test_the_gate_knows_what_is_a_supervisors(line):
    assert pair.SUPERVISOR.search(line) and not pair.SUPERVISOR.search('   8: 0\tcsrr\ta0,mstatus')


@pytest.mark.parametrize('name', pair.IMAGES[MACHINE])
def test_an_image_keeps_to_its_part_of_the_memory(elves, name):
    pair.keeps_to_its_part(MACHINE, name, elves[name])


@pytest.mark.parametrize('boot', range(3))
def test_the_two_talk(dut, elves, boot):
    device = dut([*QEMU, '-kernel', elves['big'], '-device', f'loader,file={elves["small"]},cpu-num=0'])
    assert device.rest() == pair.SAID
    assert device.status() == 0
