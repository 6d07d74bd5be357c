# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A file -> a recording: rings from memory, a text from a console, or a stream from a line; told by how it begins."""
from . import rings, wire
from .errors import EMPTY, FOREIGN, TraceError

KINDS = ('SPAWN', 'WAKE', 'WAKE_AGAIN', 'POLL_BEGIN', 'POLL_END', 'TASK_END')  # their object is a task


def looks_like_text(data):
    return b'\ntrace ' in b'\n' + data[:1 << 20].replace(b'\r', b'') and b'\0' not in data[:1 << 20]


def looks_like_frames(data):
    found = [frame for frame in data[:4096].split(b'\0')[1:-1] if frame]
    return sum(1 for frame in found if wire.whole(frame)) * 2 > len(found)


def read(data, facts):
    if not data:
        raise TraceError('an empty file: nothing was recorded', EMPTY)
    if looks_like_text(data):
        found = wire.from_text(data.decode('utf-8', 'replace'))
    elif looks_like_frames(data):
        found = wire.from_frames(data)
    else:
        found = rings.read(data, int(facts.records_of(facts.harts)))
    check(found, facts)
    return found


def check(recording, facts):
    """Do its addresses mean anything in this program?"""
    of_tasks = [r for r in recording.records if r.kind in KINDS]
    known = sum(1 for r in of_tasks if facts.task_name(facts.address(r.object)))
    if of_tasks and known * 2 < len(of_tasks):
        raise TraceError(f'{len(of_tasks) - known} of {len(of_tasks)} events are of tasks that this program does not '
                         'have: a recording of another program, or of another build of it', FOREIGN)
