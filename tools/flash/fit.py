# SPDX-License-Identifier: Apache-2.0 OR MIT
"""U-Boot's own image formats: FIT, which `bootm` checks and starts, and scripts, which `source` runs."""
import struct
import time
import zlib

from . import fdt

SCRIPT_MAGIC = 0x27051956
OS_LINUX, ARCH_RISCV, TYPE_SCRIPT = 5, 26, 6
HEAD = 64


def crc_node(data):
    return {'algo': fdt.text('crc32'), 'value': fdt.cells(zlib.crc32(data))}


def build(data, load, entry, description, stamp=None):
    """A FIT with one program, which `bootm` checks and starts as `booti` does, with a device tree: so it is called a
    Linux. What is called a program of U-Boot's own, U-Boot calls twice if it returns."""
    image = {
        'description': fdt.text(description), 'data': data, 'type': fdt.text('kernel'),
        'arch': fdt.text('riscv'), 'os': fdt.text('linux'), 'compression': fdt.text('none'),
        'load': fdt.cells64(load), 'entry': fdt.cells64(entry), 'hash-1': crc_node(data)}
    return fdt.build({
        'timestamp': fdt.cells(int(time.time()) if stamp is None else stamp),
        'description': fdt.text(description), '#address-cells': fdt.cells(2),
        'images': {'app': image},
        'configurations': {'default': fdt.text('conf'),
                           'conf': {'description': fdt.text(description), 'kernel': fdt.text('app')}}})


def fault(data):
    """What is wrong with a FIT, or None: its length, and the CRC-32 of each image that has one."""
    if fdt.total_size(data) > len(data):
        return f'it says that it has {fdt.total_size(data)} bytes, {len(data)} are there: it is truncated'
    try:
        images = fdt.parse(data).get('images', {})
    except ValueError as e:
        return str(e)
    for name, image in images.items():
        for node in image.values() if isinstance(image, dict) else ():
            if isinstance(node, dict) and node.get('algo') == b'crc32\0' and 'data' in image \
                    and node.get('value') != fdt.cells(zlib.crc32(image['data'])):
                return f'the CRC of its part {name} is wrong'
    return None


def script(lines, name='boot.scr', stamp=None):
    """A script for `source`, as the distro boot and bootflows look for on the first partition."""
    words = ''.join(f'{line}\n' for line in lines).encode()
    body = struct.pack('>II', len(words), 0) + words

    def head(crc):
        return struct.pack('>7I4B32s', SCRIPT_MAGIC, crc, int(time.time()) if stamp is None else stamp, len(body), 0,
                           0, zlib.crc32(body), OS_LINUX, ARCH_RISCV, TYPE_SCRIPT, 0, name.encode()[:31])
    return head(zlib.crc32(head(0))) + body


def is_legacy(data):
    return len(data) >= HEAD and struct.unpack_from('>I', data)[0] == SCRIPT_MAGIC


def legacy_fault(data):
    size, = struct.unpack_from('>I', data, 12)
    crc, = struct.unpack_from('>I', data, 24)
    if size > len(data) - HEAD:
        return f'its header says {size} bytes, {len(data) - HEAD} are there: it is truncated'
    return None if zlib.crc32(data[HEAD:HEAD + size]) == crc else 'the CRC of its content is wrong'
