# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Motorola S-records with 32-bit addresses: what U-Boot's `loads` reads, and most programmers."""

ROW = 32  # bytes in a record


def record(kind, address, data):
    body = bytes([len(data) + 5]) + address.to_bytes(4, 'big') + data
    return f'S{kind}{(body + bytes([~sum(body) & 0xff])).hex().upper()}\r\n'.encode()


def records(address, data, entry):
    """The lines of a file: a name, the data, the entry."""
    if address + len(data) > 1 << 32:
        raise ValueError('S-records reach 4 GiB')
    head = b'emissary'
    body = bytes([len(head) + 3, 0, 0]) + head
    yield f'S0{(body + bytes([~sum(body) & 0xff])).hex().upper()}\r\n'.encode()
    for at in range(0, len(data), ROW):
        yield record(3, address + at, data[at:at + ROW])
    yield record(7, entry, b'')
