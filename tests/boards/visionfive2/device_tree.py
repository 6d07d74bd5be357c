# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A flattened device tree: its properties by path.

Ref: Devicetree Specification 0.4, 5: the flattened format
"""
import struct

BEGIN, END, PROPERTY, NOP = 1, 2, 3, 4


def properties(blob):
    """path -> name -> bytes"""
    structure, strings = struct.unpack_from('>II', blob, 8)
    at, path, found = structure, [], {}
    while True:
        token, = struct.unpack_from('>I', blob, at)
        at += 4
        if token == BEGIN:
            end = blob.index(b'\0', at)
            path.append(blob[at:end].decode())
            at = (end + 4) & ~3
        elif token == END:
            path.pop()
        elif token == PROPERTY:
            length, name = struct.unpack_from('>II', blob, at)
            name = strings + name
            word = blob[name:blob.index(b'\0', name)].decode()
            found.setdefault('/'.join(path) or '/', {})[word] = blob[at + 8:at + 8 + length]
            at = (at + 8 + length + 3) & ~3
        elif token != NOP:
            return found


def cell(properties, where):
    """node:property[index]"""
    path, _, rest = where.partition(':')
    name, _, index = rest.rstrip(']').partition('[')
    return struct.unpack_from('>I', properties[path][name], 4 * int(index))[0]
