# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A trace in the Common Trace Format 1.8, which babeltrace2 and Trace Compass read: a folder with a stream a hart."""
import re
import struct
import uuid
from pathlib import Path

from . import records

MAGIC = 0xc1fc1fc1
SPACE = uuid.UUID('9c2f3bb2-64c5-4f0b-9b5c-0d5a3c1e7a55')  # of the names from which our UUIDs are made
PACKET = struct.Struct('<I16sIQQQQQI')  # header and context
EVENT = struct.Struct('<BQ')
FIELDS = {  # event -> its fields: object and arg in words, and as numbers
    'SPAWN': ('task', 'executor'), 'WAKE': ('task', 'place', 'by'), 'WAKE_AGAIN': ('task', 'place', 'by'),
    'POLL_BEGIN': ('task',), 'POLL_END': ('task', 'done'), 'AWAIT': ('task', 'place'),
    'TASK_END': ('task', 'cancelled'),
    'EXECUTOR_BEGIN': ('executor',), 'EXECUTOR_END': ('executor',), 'IDLE_BEGIN': ('executor',),
    'IDLE_END': ('executor',), 'IRQ_BEGIN': ('number',), 'IRQ_END': ('number',), 'SOURCE_BEGIN': ('number',),
    'SOURCE_END': ('number',), 'ALARM': ('executor', 'deadline'), 'TIMER_DUE': ('owner', 'deadline'), 'IPI': ('hart',),
    'MARK': ('text', 'number'), 'MARK_BEGIN': ('text', 'number'), 'MARK_END': ('text', 'number'), 'LOG': ('message',),
    'LOST': ('count',)}
NUMBERS = ('done', 'cancelled', 'number', 'deadline', 'hart', 'count')

TRACE = '''/* CTF 1.8 */
typealias integer {{ size = 8; align = 8; signed = false; }} := uint8_t;
typealias integer {{ size = 32; align = 8; signed = false; }} := uint32_t;
typealias integer {{ size = 64; align = 8; signed = false; }} := uint64_t;

trace {{
    major = 1;
    minor = 8;
    uuid = "{uuid}";
    byte_order = le;
    packet.header := struct {{
        uint32_t magic;
        uint8_t uuid[16];
        uint32_t stream_id;
    }};
}};

env {{
    tracer_name = "emissary";
    program = "{program}";
}};

clock {{
    name = "ticks";
    freq = {hz};
    offset = 0;
}};
typealias integer {{ size = 64; align = 8; signed = false; map = clock.ticks.value; }} := ticks_t;

stream {{
    id = 0;
    packet.context := struct {{
        ticks_t timestamp_begin;
        ticks_t timestamp_end;
        uint64_t content_size;
        uint64_t packet_size;
        uint64_t events_discarded;
        uint32_t cpu_id;
    }};
    event.header := struct {{
        uint8_t id;
        ticks_t timestamp;
    }};
}};
'''
KIND = '''
event {{
    name = "{name}";
    id = {id};
    stream_id = 0;
    fields := struct {{
{fields}
    }};
}};
'''


def metadata(program, hz, id_):
    text = TRACE.format(uuid=id_, hz=hz, program=re.sub(r'[^\w.+-]', '_', program))
    for number, kind in enumerate(records.EVENTS):
        if kind in FIELDS:
            fields = [f'        {"uint32_t" if f in NUMBERS else "string"} {f};' for f in FIELDS[kind]]
            text += KIND.format(name=kind.lower(), id=number, fields='\n'.join(fields))
    return text


class Writer:
    def __init__(self, model, names, program):
        self.model, self.names, self.program = model, names, program
        self.uuid = uuid.uuid5(SPACE, f'{program} {model.begin} {model.end} {len(model.events)}')

    def value(self, field, event):
        r, names = event.record, self.names
        if field == 'task':
            return names.task(event.task if r.kind == 'AWAIT' else r.object)
        if field == 'executor':
            return names.executor(r.arg if r.kind == 'SPAWN' else r.object)
        if field == 'place':
            return '' if not r.arg else names.place(r.arg) if r.kind == 'AWAIT' else names.code(r.arg)
        if field == 'message':
            return names.facts.log_line(r.object, event.args)
        return {'by': lambda: names.by(event.by), 'owner': lambda: names.owner(r.object),
                'text': lambda: names.text(r.object)}.get(field, lambda: r.arg)()

    def fields(self, event):
        for field in FIELDS[event.record.kind]:
            value = self.value(field, event)
            yield struct.pack('<I', value) if field in NUMBERS else value.encode().replace(b'\0', b'') + b'\0'

    def stream(self, hart):
        events = [e for e in self.model.events if e.record.hart == hart and e.record.kind in FIELDS]
        body = b''.join(EVENT.pack(e.record.event, e.record.tick) + b''.join(self.fields(e)) for e in events)
        bits = (PACKET.size + len(body)) * 8
        begin, end = events[0].record.tick, events[-1].record.tick
        return PACKET.pack(MAGIC, self.uuid.bytes, 0, begin, end, bits, bits, self.model.recording.lost.get(hart, 0),
                           hart) + body

    def write(self, folder):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob('hart_*'):
            old.unlink()
        (folder / 'metadata').write_text(metadata(self.program, self.names.facts.tick_hz, self.uuid))
        for hart in self.model.recording.harts:
            (folder / f'hart_{hart}').write_bytes(self.stream(hart))
