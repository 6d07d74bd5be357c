# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What comes over a line: COBS frames of a hart's number and a record, 0 on each side; or lines of text."""
import re

from . import records
from .errors import EMPTY, GARBAGE, TRUNCATED, TraceError
from .facts import RECORD

BEGIN = re.compile(r'^trace begin\b(.*)$', re.M)
END = re.compile(r'^trace end$', re.M)
LINE = re.compile(r'^trace (\d+) ([0-9a-f]{16}) ([0-9a-f]{8}) ([0-9a-f]{8})$', re.M)
ODD = re.compile(r'^trace \d.*$', re.M)
LOST = re.compile(r'^trace lost (\d+) (\d+)$', re.M)  # hart, how many
STRETCH = re.compile(r'^trace (masked|handler) (\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+)$', re.M)
TEXT = re.compile(rb'[\t\n\r -~\x80-\xff]*')
FRAME = 1 + RECORD
HARTS_MAX = 32  # and no text begins with so small a number


def unstuffed(frame):
    """The bytes of a COBS frame without its 0; None: it is none."""
    data, at = bytearray(), 0
    while at < len(frame):
        code = frame[at]
        block = frame[at + 1:at + code]
        if code == 0 or len(block) != code - 1:
            return None
        data += block
        at += code
        if code != 0xff and at < len(frame):
            data.append(0)
    return bytes(data)


def whole(frame):
    """The hart's number and the record in a frame, which leaves out the zeros at its end; None: it is none."""
    inside = unstuffed(frame)
    if inside is None or not 2 <= len(inside) <= FRAME:
        return None
    return inside.ljust(FRAME, b'\0') if inside[0] < HARTS_MAX and inside[1] < len(records.EVENTS) else None


def in_time(line):
    """Without those that cannot be between their neighbours: a frame has no checksum, and may be damaged."""
    kept = []
    for r, after in zip(line, [*line[1:], None]):
        if (not kept or kept[-1].tick <= r.tick) and (after is None or r.tick <= after.tick):
            kept.append(r)
    return kept


def from_frames(data):
    """The recording in a stream of frames. It may begin and end in the middle of one, other bytes may stand between."""
    by_hart, bad = {}, 0
    for frame in data.split(b'\0')[1:-1]:
        if inside := whole(frame):
            by_hart.setdefault(inside[0], []).append(records.unpack(inside[0], inside[1:]))
        elif not TEXT.fullmatch(frame):
            bad += 1
    for hart, line in by_hart.items():
        by_hart[hart] = in_time(line)
        bad += len(line) - len(by_hart[hart])
    good = sum(len(line) for line in by_hart.values())
    if not good:
        raise TraceError('no frame of a trace in these bytes', GARBAGE)
    if bad > good:
        raise TraceError(f'{bad} damaged frames and {good} whole ones: is the speed of the line right?', GARBAGE)
    return records.merge(by_hart, {min(by_hart): bad})


def numbers(m):
    """Of a stretch: cycles; two addresses, or numbers of interrupts."""
    base = 16 if m[1] == 'masked' else 10
    return int(m[3]), int(m[4], base), int(m[5], base)


def from_text(text):
    """The recording in the last dump of a console: whatever else stands there, before, behind and between."""
    text = text.replace('\r', '')
    begin = [m for m in BEGIN.finditer(text)]
    if begin:
        end = END.search(text, begin[-1].end())
        if not end:
            raise TraceError('a dump of a trace that begins and does not end', TRUNCATED)
        text = text[begin[-1].start():end.end()]
    by_hart = {}
    for m in LINE.finditer(text):
        data = int(m[2], 16).to_bytes(8, 'little') + b''.join(int(m[n], 16).to_bytes(4, 'little') for n in (3, 4))
        by_hart.setdefault(int(m[1]), []).append(records.unpack(int(m[1]), data))
    if not by_hart:
        if begin:
            raise TraceError('a dump of a trace without a record: nothing was recorded', EMPTY)
        raise TraceError('no dump of a trace in this text', GARBAGE)
    lost = {int(m[1]): int(m[2]) for m in LOST.finditer(text)}
    odd = len(ODD.findall(text)) - sum(len(line) for line in by_hart.values())
    if odd > 0:
        raise TraceError(f'{odd} lines of the dump are damaged', GARBAGE)
    stretches = [records.Stretch(int(m[2]), m[1], *numbers(m)) for m in STRETCH.finditer(text)]
    return records.merge(by_hart, lost, stretches)
