# SPDX-License-Identifier: GPL-2.0-or-later
"""A part of QEMU's build (see shortcuts.py): headers of trace events that do nothing, in one run of its tracetool.

quiet_trace.py OUTPUT... : INPUT...
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'scripts'))
import tracetool  # noqa: E402


def main():
    names = sys.argv[1:]
    cut = names.index(':')
    for output, source in zip(names[:cut], names[cut + 1:], strict=True):
        with open(source) as file:
            events = tracetool.read_events(file, source)
        for event in events:
            event.properties.append('disable')
        tracetool.out_open(output)
        tracetool.generate(events, Path(output).stem.removeprefix('trace-'), 'h', ['nop'])


main()
