# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Rings, frames and texts that were made by hand: what is in them is found, and what is wrong with them is said."""
import struct

import pytest
from synthetic import A, CAPACITY, Facts, packed, record, ring

from em_trace import errors, records, rings, sources, wire

STRIDE = 64 + 16 * CAPACITY


def args(recording, hart=0):
    return [r.arg for r in recording.records if r.hart == hart]


@pytest.mark.parametrize('written, lost', [(1, 0), (15, 0), (16, 1), (17, 2), (32, 17), (1000, 985)])
def test_a_ring_gives_its_newest_records_in_order_and_counts_the_others(written, lost):
    found = rings.read(ring(written), CAPACITY)
    # of a full one all but the oldest, which may be half overwritten
    assert args(found) == list(range(lost, written))
    assert found.lost == ({0: lost} if lost else {})


def test_the_record_that_is_being_written_is_not_used():
    """Its stamp is new already, the rest is of the oldest."""
    data = bytearray(ring(40))
    at = 64 + 16 * (40 % CAPACITY)
    data[at:at + 8] = packed(record(99, 'WAKE'))[:8]
    assert args(rings.read(bytes(data), CAPACITY)) == list(range(25, 40))


def test_the_count_of_records_wraps():
    written = (1 << 32) - 3
    data = bytearray(ring(20))
    for n in range(20):
        at = 64 + 16 * ((written + n) % CAPACITY)
        data[at:at + 16] = packed(record(n, 'WAKE', A, n))
    struct.pack_into('<I', data, 0, (written + 20) % (1 << 32))
    assert args(rings.read(bytes(data), CAPACITY))[-3:] == [17, 18, 19]


def test_rings_of_harts_become_one_order():
    found = rings.read(ring(5) + ring(0) + ring(20), CAPACITY)
    assert found.harts == (0, 2)
    assert [r.tick for r in found.records] == sorted(r.tick for r in found.records)
    assert args(found, 2) == list(range(5, 20)) and args(found) == list(range(5))
    assert found.lost == {2: 5}


def test_a_stopped_ring_and_what_was_measured():
    data = bytearray(ring(3, says=CAPACITY))
    struct.pack_into('<III', data, 8, 1234, 0x10, 0x20)
    struct.pack_into('<III', data, 20, 99, 7, 0)
    found = rings.read(bytes(data), CAPACITY)
    assert found.stretches == [records.Stretch(0, 'masked', 1234, 0x10, 0x20), records.Stretch(0, 'handler', 99, 7, 0)]


def test_a_clock_of_56_bits_wraps():
    ticks = [records.TICKS - 2, records.TICKS - 1, 1]
    found = records.merge({0: [record(t, 'WAKE', A) for t in ticks]})
    assert [r.tick for r in found.records] == [records.TICKS - 2, records.TICKS - 1, records.TICKS + 1]


def status(data, read=lambda data: sources.read(data, Facts())):
    with pytest.raises(errors.TraceError) as said:
        read(data)
    assert len(str(said.value)) > 15
    return said.value.status


def foreign(data):
    """With objects that are no task of this program."""
    return data.replace(struct.pack('<I', A), struct.pack('<I', 0x12345678))


BAD = {
    'empty': (b'', errors.EMPTY),
    'never written': (ring(0) * 2, errors.EMPTY),
    'header': (ring(9)[:7], errors.TRUNCATED),
    'half': (ring(9)[:-8], errors.TRUNCATED),
    'second half': ((ring(9) * 2)[:-16], errors.TRUNCATED),
    'zeros': (bytes(77), errors.TRUNCATED),
    'text': (b'#!/bin/sh\necho this is something else\n' * 50, errors.GARBAGE),
    'noise': (bytes(n * 131 % 251 + 1 for n in range(2 * STRIDE)), errors.GARBAGE),
    'no kinds': (ring(9)[:64] + b'\xf0' * 16 * CAPACITY, errors.GARBAGE),
    'backwards': (ring(9)[:64] + packed(record(7, 'WAKE', A)) * 3 + ring(9)[112:], errors.GARBAGE),
    'other size': (ring(9, 32), errors.FOREIGN),
    'other program': (foreign(ring(9)), errors.FOREIGN),
    'a dump that stops': (b'trace begin 1\ntrace 0 %016x %08x %08x\n' % (1 << 8 | 2, A, 0), errors.TRUNCATED),
}


@pytest.mark.parametrize('name', BAD)
def test_what_is_wrong_with_a_file_has_a_status_of_its_own(name):
    data, expected = BAD[name]
    assert status(data) == expected


# -- frames

def stuffed(data):
    """COBS, in the simple way."""
    out = bytearray()
    for n, block in enumerate(data.split(b'\0')):
        while len(block) >= 254:
            out += b'\xff' + block[:254]
            block = block[254:]
        out += bytes([len(block) + 1]) + block
    return bytes(out)


def frame(r):
    return stuffed((bytes([r.hart]) + packed(r)).rstrip(b'\0')) + b'\0'


@pytest.mark.parametrize('data', [b'', b'\0', b'\0\0', b'abc', b'a\0b', b'\0' * 17, bytes(range(1, 254)),
                                  bytes(range(256)) * 2], ids=len)
def test_cobs_comes_back(data):
    assert wire.unstuffed(stuffed(data)) == data


@pytest.mark.parametrize('data', [b'\0', b'\x05abc', b'\x02a\x03'])
def test_what_is_no_cobs_is_nothing(data):
    assert wire.unstuffed(data) is None


def test_a_stream_that_begins_and_ends_within_a_frame():
    data = b''.join(frame(record(n, 'WAKE', A, n, n % 2)) for n in range(40))
    found = sources.read(data[5:-4], Facts())
    assert [r.arg for r in found.records] == list(range(1, 39))
    assert found.lost == {} and found.harts == (0, 1)


def test_losses_that_the_stream_names_and_damage_are_counted():
    rows = [frame(record(n, 'WAKE', A, n)) for n in range(20)]
    rows[7] = frame(record(7, 'LOST', 0, 12))
    rows[9] = rows[9][:6] + rows[9][8:]  # a frame with other bytes in the wrong places
    rows[12] = b'\x09\xff' + rows[12][1:]  # none
    found = wire.from_frames(b'\0' + b''.join(rows))
    assert found.lost == {0: 14} and [r.tick for r in found.records if r.kind == 'WAKE'] == [
        n for n in range(20) if n not in (7, 9, 12)]


def test_text_between_frames_is_no_damage():
    rows = [b'\0' + frame(record(n, 'WAKE', A, n)) + b'hello, \xc3\xa4\r\n' for n in range(20)]
    found = sources.read(b'boot\n' + b''.join(rows), Facts())
    assert len(found.records) == 20 and found.lost == {}


def test_noise_on_a_line_is_no_recording():
    assert status(bytes(n * 7919 % 256 for n in range(3000)), wire.from_frames) == errors.GARBAGE


# -- text

def test_a_dump_on_a_console_between_other_lines_the_last_one_counts():
    line = 'trace {} {:016x} {:08x} {:08x}\r\n'
    one = [line.format(0, n << 8 | 2, A, n) for n in (3, 4)]
    stretches = 'trace lost 0 7\r\ntrace masked 0 314 fffff2a8 10\r\ntrace handler 1 401 11 10\r\n'
    text = 'boot\r\n' + f'trace begin 1\r\n{line.format(1, 1 << 8 | 2, A, 1)}trace end\r\n' \
        + f'trace begin 2 rings of 16 records\r\n{stretches}{one[0]}hello\r\n{one[1]}trace end\r\nmore\r\n'
    found = sources.read(text.encode(), Facts())
    assert [(r.hart, r.tick, r.arg) for r in found.records] == [(0, 3, 3), (0, 4, 4)]
    assert found.lost == {0: 7}
    assert found.stretches == [records.Stretch(0, 'masked', 314, 0xfffff2a8, 0x10),
                               records.Stretch(1, 'handler', 401, 11, 10)]


def test_a_damaged_line_is_said():
    line = f'trace 0 {1 << 8 | 2:016x} {A:08x} 00000000\n'
    assert status(f'trace begin\n{line}{line[:-4]}\ntrace end\n'.encode()) == errors.GARBAGE
