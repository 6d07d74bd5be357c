# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Two images on one machine with two kinds of cores: built apart, loaded together, talking through shared memory."""
import re
import subprocess
import tomllib

import builder
import objects
import pytest
from config import TREE

HERE = TREE / 'tests' / 'mixed'
IMAGES = {image['name']: image for image in tomllib.loads((HERE / 'images.toml').read_text())['image']}
QEMU = ['qemu-system-riscv64', '-machine', 'sifive_u', '-smp', '5', '-m', '128M', '-bios', 'none', '-display', 'none',
        '-monitor', 'none', '-chardev', 'stdio,id=console', '-serial', 'chardev:console',
        '-semihosting-config', 'enable=on,target=native']

FLOAT = re.compile(r'\t(f(?!ence)[a-z]+\.[a-z.]*|f[ls][wd]|c\.f\w+|frcsr|fscsr|frflags|fsrm)\t')
SUPERVISOR = re.compile(r'\t((?:csr\w+|sret|sfence\.vma)\b.*\b(?:s(?:status|ie|tvec|scratch|epc|cause|tval|ip|counteren)|'
                        r'satp)\b.*|sret|sfence\.vma)')
SPACES = {'big': (0x80000000, 0x82000000), 'small': (0x82000000, 0x82200000)}


def run(*words):
    done = subprocess.run([str(w) for w in words], env=builder.tool_env(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, '…' + done.stdout[-2000:]
    return done.stdout


def build(image):
    folder = builder.BUILD / 'mixed' / image['name']
    with builder.locked(folder):
        if not (folder / 'build.ninja').exists():
            run('meson', 'setup', folder, TREE, '--cross-file', TREE / 'cross' / image['cross'],
                f'-Dboard={image["board"]}', f'-Dmax_harts={image["max_harts"]}', '-Dtests=false',
                f'-Dapp={HERE / image["name"]}.c')
        run('ninja', '-C', folder, 'examples/app.elf')
    return folder / 'examples' / 'app.elf'


@pytest.fixture(scope='module')
def elves():
    return {name: build(image) for name, image in IMAGES.items()}


def matches(pattern, elf):
    return [line.strip() for line in objects.output('objdump', '-d', elf).splitlines() if pattern.search(line)]


def test_the_small_image_has_nothing_that_its_core_lacks(elves):
    """No LR/SC, no floating point, no supervisor; and the gates see all of these where they are."""
    small, big = elves['small'], elves['big']
    assert objects.reserved_access(small) == [] and objects.library_atomics(small) == []
    assert matches(FLOAT, small) == [] and matches(SUPERVISOR, small) == []
    assert matches(FLOAT, big) != []
    assert 'single-float' not in objects.output('readelf', '-h', small)
    assert 'double-float' in objects.output('readelf', '-h', big)


@pytest.mark.parametrize('line', ['   8: 0\tcsrr\ta0,sstatus', '   8: 0\tcsrw\tsatp,zero', '   8: 0\tsret',
                                  '   8: 0\tcsrrw\tsp,sscratch,sp'])
def test_the_gate_knows_what_is_a_supervisors(line):
    assert SUPERVISOR.search(line) and not SUPERVISOR.search('   8: 0\tcsrr\ta0,mstatus')


@pytest.mark.parametrize('name', SPACES)
def test_an_image_keeps_to_its_part_of_the_memory(elves, name):
    low, high = SPACES[name]
    ends = [(int(m[1], 16), int(m[1], 16) + int(m[2], 16)) for m in
            re.finditer(r'LOAD +0x\w+ 0x(\w+) 0x\w+ 0x\w+ 0x(\w+)', objects.output('readelf', '-Wl', elves[name]))]
    assert ends and all(low <= begin and end <= high for begin, end in ends)
    harts = [set(image['harts']) for image in IMAGES.values()]
    assert not harts[0] & harts[1]


@pytest.mark.parametrize('boot', range(3))
def test_the_two_talk(dut, elves, boot):
    device = dut([*QEMU, '-kernel', elves['big'], '-device', f'loader,file={elves["small"]},cpu-num=0'])
    assert device.rest() == b'4 big harts and a small one: 10000 messages each way, all sums right\n'
    assert device.status() == 0
