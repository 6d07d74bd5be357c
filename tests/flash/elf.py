# SPDX-License-Identifier: Apache-2.0 OR MIT
"""ELF files as the linker makes them, as far as the tool looks at them."""
import struct


def build(address, data, tag=None, entry=None, bss=0, machine=243, segments=()):
    """One segment (or @p segments: (address, data)), and a symbol table if there is a @p tag."""
    segments = list(segments) or [(address, data)]
    names = b'\0' + (tag.encode() + b'\0' if tag else b'')
    symbols = bytes(24) + (struct.pack('<IBBHQQ', 1, 0x10, 0, 0xfff1, 1, 0) if tag else b'')
    sections = b'\0.symtab\0.strtab\0'
    body, headers = b'', b''
    begin = 64 + 56 * len(segments)
    for where, content in segments:
        headers += struct.pack('<IIQQQQQQ', 1, 5, begin + len(body), where, where, len(content), len(content) + bss, 8)
        body += content
    at = begin + len(body)
    table = at + len(symbols) + len(names) + len(sections)
    head = struct.pack('<16sHHIQQQIHHHHHH', b'\x7fELF\x02\x01\x01', 2, machine, 1,
                       address if entry is None else entry, 64,
                       table, 5, 64, 56, len(segments), 64, 4, 3)

    def section(name, kind, offset, size, link, step):
        return struct.pack('<IIQQQQIIQQ', name, kind, 0, 0, offset, size, link, 1, 1, step)
    return head + headers + body + symbols + names + sections + bytes(64) \
        + section(1, 2, at, len(symbols), 2, 24) + section(9, 3, at + len(symbols), len(names), 0, 0) \
        + section(9, 3, at + len(symbols) + len(names), len(sections), 0, 0)
