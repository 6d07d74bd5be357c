# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Rings as they lie in memory (inspect/include/em/trace_ring.h) -> a recording."""
import struct

from . import records
from .errors import EMPTY, FOREIGN, GARBAGE, TRUNCATED, TraceError
from .facts import HEADER, RECORD, is_power_of_two

HEAD = struct.Struct('<II')
STRETCH = struct.Struct('<III')
MASKED, HANDLER = 8, 20  # where they are in a ring's header
RUNS = 0x80000000        # in `records`: the ring is written to


def ring(hart, data, capacity):
    """(its records, how many are lost). The oldest of a full ring is not used: it may be half overwritten."""
    written, says = HEAD.unpack_from(data)
    if says == 0 and written == 0:
        return [], 0
    says &= ~RUNS
    if says != capacity:
        if is_power_of_two(says):
            raise TraceError(f'rings of {says} records, while this program has some of {capacity}: a recording of '
                             'another program', FOREIGN)
        raise TraceError(f'this is no recording: what should be the ring of hart {hart} begins otherwise', GARBAGE)
    kept = written if written < capacity else capacity - 1
    found = []
    for n in range(written - kept, written):
        at = HEADER + RECORD * (n % capacity)
        found.append(records.unpack(hart, data[at:at + RECORD]))
    return found, written - kept


def stretches(hart, data):
    """The longest ones in which a hart took no interrupt, those that were measured."""
    for what, at in (('masked', MASKED), ('handler', HANDLER)):
        found = records.Stretch(hart, what, *STRETCH.unpack_from(data, at))
        if found.cycles:
            yield found


def read(data, capacity):
    """The recording in @p data, the bytes of em_trace_rings_ of a program with so many records a ring."""
    if not data:
        raise TraceError('an empty file: nothing was recorded', EMPTY)
    stride = HEADER + RECORD * capacity
    if len(data) >= HEAD.size:
        ring(0, data[:HEAD.size] + b'\0' * stride, capacity)  # is it one?
    if len(data) % stride:
        raise TraceError(f'{len(data)} bytes are not whole rings of {capacity} records, which have {stride} bytes each',
                         TRUNCATED)
    by_hart, lost, off = {}, {}, []
    for hart, at in enumerate(range(0, len(data), stride)):
        one = data[at:at + stride]
        by_hart[hart], lost[hart] = ring(hart, one, capacity)
        off += stretches(hart, one)
    return records.merge(by_hart, lost, off)
