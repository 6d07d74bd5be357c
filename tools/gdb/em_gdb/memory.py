# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The program's memory and symbols, through GDB."""
import re

import gdb

WORD = 8
NEVER = (1 << 64) - 1


class Lost(gdb.GdbError):
    """What is looked for is not in this program."""


def parse(expression):
    try:
        return gdb.parse_and_eval(expression)
    except gdb.error as error:
        raise Lost(f'{expression}: {error}') from error


def value(expression):
    """Of an expression; None: the program has no such thing."""
    try:
        found = gdb.parse_and_eval(expression)
        found.fetch_lazy()
        return found
    except gdb.error:
        return None


def address_of(symbol):
    """None: no such symbol."""
    found = value(f'(unsigned long)&{symbol}')
    return None if found is None else int(found)


def words(address, count=1):
    """@p count words of 8 bytes; None: nothing can be read there."""
    try:
        data = gdb.selected_inferior().read_memory(address, count * WORD).tobytes()
    except (gdb.error, OverflowError):
        return None
    return [int.from_bytes(data[i:i + WORD], 'little') for i in range(0, len(data), WORD)]


def word(address):
    found = words(address)
    return found[0] if found else None


def half(address):
    """4 bytes, unsigned."""
    try:
        return int.from_bytes(gdb.selected_inferior().read_memory(address, 4).tobytes(), 'little')
    except (gdb.error, OverflowError):
        return None


def text(address, limit=200):
    """A string of C; None: there is none."""
    if not address:
        return None
    try:
        return gdb.Value(address).cast(gdb.lookup_type('char').pointer()).string('utf-8', 'replace', length=-1)[:limit]
    except gdb.error:
        return None


def name_of(address):
    """What the program calls the object at @p address: `queue`, `pool+24`, or its number."""
    said = gdb.execute(f'info symbol {address:#x}', to_string=True)
    match = re.match(r'(\S+)(?: \+ (\d+))? in section', said)
    if not match:
        return f'{address:#x}'
    return match[1] + (f'+{match[2]}' if match[2] else '')


def typed(address, type_name):
    """The value of this type there; None: the program knows no such type."""
    for spelling in (type_name, f'struct {type_name}'):
        try:
            return gdb.Value(address).cast(gdb.lookup_type(spelling).pointer()).dereference()
        except gdb.error:
            pass
    return None


def offset(type_name, member):
    """Of a member in its type; None: there is none."""
    for field in typed(0, type_name).type.strip_typedefs().fields():
        if field.name == member:
            return field.bitpos // 8
    return None


def tick_hz():
    found = address_of('em_tick_hz_')
    if not found:
        return None
    base = address_of('__executable_start') or 0
    return found if found <= 1000000000 else found - base  # where the program was moved, GDB moves this one too


def seconds(ticks):
    """As a dump says it."""
    if ticks == NEVER:
        return 'never'
    hz = tick_hz()
    if not hz:
        return f'{ticks} ticks'
    us = ticks * 1000000 // hz
    return f'{us // 1000000}.{us % 1000000:06} s'
