# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a program did: recorded, in numbers, and as files for other tools.

em trace PROGRAM              builds it with the option `trace`, runs it to its end, takes its rings from memory
em trace --seconds 2 PROGRAM  for so long; Ctrl-C ends it, too
em trace --gdb :1234 PROGRAM  one that runs elsewhere: QEMU, OpenOCD; it stands still while its memory is read
em trace --port PORT PROGRAM  over a serial line: the stream of em_trace_stream(), or a dump by its em_monitor()
em trace --from FILE PROGRAM  what was recorded before: PREFIX.rings, a console's text, a stream's bytes

The summary is on stdout; with --text the events are. The program's own console is on stderr. Files, PREFIX being
build/trace/NAME or that of -o: PREFIX.rings what was recorded, .json for ui.perfetto.dev, .svg to look at, .txt, and
.ctf/ for babeltrace2. Statuses beside the usual: 4 nothing was recorded, 5 that is no recording, 6 a part of one is
missing, 7 it is of another program.
"""
import sys
from pathlib import Path

import packages
import recorder
from config import TREE
from errors import EmError, say

PACKAGES = ['python3-pyelftools']


def load():
    """The decoder, which is no part of the tool's own modules."""
    packages.need(PACKAGES)
    sys.path.insert(0, str(TREE / 'tools' / 'trace'))
    import em_trace.report as report
    from em_trace.errors import TraceError
    return report, TraceError


def prefix_of(elf, word):
    prefix = Path(word) if word else recorder.FOLDER / elf.stem
    try:
        prefix.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmError(f'{prefix.parent}: {error.strerror}') from error
    return prefix


def recorded(config, elf, facts, args, prefix):
    """The bytes of a recording."""
    if args.source:
        try:
            return Path(args.source).read_bytes()
        except OSError as error:
            raise EmError(f'{args.source}: {error.strerror}') from error
    data = recorder.record(config, elf, facts, args)
    Path(f'{prefix}.rings').write_bytes(data)
    return data


def run(config, elf, args):
    """`em trace`."""
    report, trace_error = load()
    try:
        facts = report.facts(elf)
        prefix = prefix_of(elf, args.output)
        made = report.Report(facts, recorded(config, elf, facts, args, prefix), (args.step or 0) / 1000)
        files = made.write(prefix, elf.stem)
        lines = made.lines(times=not args.no_times, tasks=args.tasks) if args.text else \
            made.summary(late=args.late / 1000, long=args.long / 1000)
        print('\n'.join(lines), flush=True)
    except trace_error as error:
        raise EmError(f'trace: {error}', error.status) from error
    say(f'wrote {", ".join(files)}')
    return 0
