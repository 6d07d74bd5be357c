# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Flattened device trees (DTB), the container of U-Boot's FIT images: write one, and read it back.

A tree is a dict: a bytes value is a property, a dict value is a node.
"""
import struct

MAGIC = 0xd00dfeed
BEGIN, END, PROP, NOP, FINISH = 1, 2, 3, 4, 9
VERSION, COMPATIBLE = 17, 16


def cells(*numbers):
    return struct.pack(f'>{len(numbers)}I', *numbers)


def cells64(number):
    return struct.pack('>Q', number)


def text(words):
    return words.encode() + b'\0'


def build(tree):
    names, offsets, out = bytearray(), {}, bytearray()

    def aligned(data):
        out.extend(data + bytes(-len(data) % 4))

    def node(name, content):
        out.extend(cells(BEGIN))
        aligned(text(name))
        for key, value in content.items():
            if isinstance(value, dict):
                continue
            if key not in offsets:
                offsets[key] = len(names)
                names.extend(text(key))
            out.extend(cells(PROP, len(value), offsets[key]))
            aligned(value)
        for key, value in content.items():
            if isinstance(value, dict):
                node(key, value)
        out.extend(cells(END))

    node('', tree)
    out.extend(cells(FINISH))
    reserved = 40
    begin = reserved + 16
    total = begin + len(out) + len(names)
    head = cells(MAGIC, total, begin, begin + len(out), reserved, VERSION, COMPATIBLE, 0, len(names), len(out))
    return head + bytes(16) + bytes(out) + bytes(names)


def total_size(data):
    return struct.unpack_from('>I', data, 4)[0]


def is_fdt(data):
    return len(data) >= 40 and struct.unpack_from('>I', data)[0] == MAGIC


def parse(data):
    """The tree. ValueError if it is none."""
    if not is_fdt(data) or total_size(data) > len(data):
        raise ValueError('no device tree, or a truncated one')
    at, strings = struct.unpack_from('>II', data, 8)
    stack = [{}]
    try:
        while (token := struct.unpack_from('>I', data, at)[0]) != FINISH:
            at += 4
            if token == BEGIN:
                end = data.index(b'\0', at)
                child = {}
                stack[-1][data[at:end].decode()] = child
                stack.append(child)
                at = (end + 4) & ~3
            elif token == END:
                stack.pop()
            elif token == PROP:
                size, name = struct.unpack_from('>II', data, at)
                key = data[strings + name:data.index(b'\0', strings + name)].decode()
                stack[-1][key] = bytes(data[at + 8:at + 8 + size])
                at = (at + 8 + size + 3) & ~3
            elif token != NOP:
                raise ValueError(f'token {token} at {at - 4}')
        return stack[0]['']
    except (struct.error, IndexError, KeyError) as e:
        raise ValueError(f'broken device tree: {e}') from e
