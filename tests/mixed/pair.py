# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Two images, built apart for the two kinds of cores of a machine, and what must not be in the small one's."""
import os
import re
import subprocess
import tomllib
import zlib

import builder
import objects
from config import TREE

HERE = TREE / 'tests' / 'mixed'
IMAGES = tomllib.loads((HERE / 'images.toml').read_text())  # machine -> name -> image
SAID = b'4 big harts and a small one: 10000 messages each way, all sums right\n'

FLOAT = re.compile(r'\t(f(?!ence)[a-z]+\.[a-z.]*|f[ls][wd]|c\.f\w+|frcsr|fscsr|frflags|fsrm)\t')
SUPERVISOR = re.compile(r'\t((?:csr\w+|sret|sfence\.vma)\b.*\b(?:s(?:status|ie|tvec|scratch|epc|cause|tval|ip|'
                        r'counteren)|satp)\b.*|sret|sfence\.vma)')


def run(*words):
    done = subprocess.run([str(w) for w in words], env=builder.tool_env(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, '…' + done.stdout[-2000:]
    return done.stdout


def source_with(elf, name):
    """A source that has the image @p elf in it, as @p name; it changes with the image."""
    flat, source = elf.with_suffix('.bin'), elf.with_name(f'{name}_image.c')
    fresh = flat.with_name(f'{flat.name}.{os.getpid()}')  # another process may be at it, too
    run('riscv64-unknown-elf-objcopy', '-O', 'binary', elf, fresh)
    os.replace(fresh, flat)
    text = f'#include <em/small.h>\n\nEM_IMAGE({name}, "{flat}"); /* {zlib.crc32(flat.read_bytes()):08x} */\n'
    if not source.exists() or source.read_text() != text:
        source.write_text(text)
    return source


def build(machine, name, sources=None):
    """Its ELF. @p sources: of another application than the one in images.toml, for the same core."""
    image = IMAGES[machine][name]
    sources = sources or [HERE / source for source in image['sources']]
    options = image.get('options', [])
    if 'has' in image:
        sources = [*sources, source_with(build(machine, image['has']), image['has'])]
    words = [image['board'], *(source.stem for source in sources), *(option[-1] for option in options)]
    folder = builder.BUILD / 'mixed' / '-'.join(words)
    with builder.locked(folder):
        if not (folder / 'build.ninja').exists():
            run('meson', 'setup', folder, TREE, '--cross-file', TREE / 'cross' / image['cross'],
                f'-Dboard={image["board"]}', f'-Dmax_harts={image["max_harts"]}', '-Dtests=false', *options,
                f'-Dapp={",".join(map(str, sources))}')
        run('ninja', '-C', folder, 'examples/app.elf')
    return folder / 'examples' / 'app.elf'


def both(machine):
    return {name: build(machine, name) for name in IMAGES[machine]}


def matches(pattern, elf):
    return [line.strip() for line in objects.output('objdump', '-d', elf).splitlines() if pattern.search(line)]


def has_nothing_that_its_core_lacks(small, big):
    """No LR/SC, no floating point, no supervisor; and the gates see what they look for where it is."""
    assert objects.reserved_access(small) == [] and objects.library_atomics(small) == []
    assert objects.relaxed_before_gp(small.parents[1] / 'hal' / 'libem_hal.a') == []
    assert matches(FLOAT, small) == [] and matches(SUPERVISOR, small) == []
    assert matches(FLOAT, big) != []
    assert 'single-float' not in objects.output('readelf', '-h', small)
    assert 'double-float' in objects.output('readelf', '-h', big)


def keeps_to_its_part(machine, name, elf):
    low, high = IMAGES[machine][name]['space']
    ends = [(int(m[1], 16), int(m[1], 16) + int(m[2], 16)) for m in
            re.finditer(r'LOAD +0x\w+ 0x(\w+) 0x\w+ 0x\w+ 0x(\w+)', objects.output('readelf', '-Wl', elf))]
    assert ends and all(low <= begin and end <= high for begin, end in ends)
    harts = [set(image['harts']) for image in IMAGES[machine].values()]
    assert not harts[0] & harts[1]
