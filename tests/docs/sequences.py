# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The diagrams of docs/sequences.md, and what they would have to be by what the programs do."""
import difflib
import fnmatch
import re

import builder
import calls
from config import TREE, Config

PAGE = TREE / 'docs' / 'sequences.md'
BLOCK = re.compile(r'^<!-- of (\S+) -->\n```mermaid\nsequenceDiagram\n(.*?)^```$', re.M | re.S)
MESSAGE = re.compile(r'    (\w+)(->>|-->>|-\))(\w+): (\w+)')
PARTICIPANT = re.compile(r'    participant (\w+)(?: as (.+))?')
REMARK = re.compile(r'    (Note (over|left of|right of) \w+(,\w+)?: .*|box .*|end)')
LISTED = r'<!-- %s -->\n(.*?)\n\n'
MAIN = 'em_MAIN_defines_the_first_task'
MARKS = ('scene_begins', 'scene_ends')
ARROWS = {calls.CALL: '->>', calls.RETURN: '-->>', calls.TRAP: '-)', 'wfi': '-)', 'mret': '-)'}
HARTS = {'tests/docs/sequences/harts.c': 2}


# -- the page --------------------------------------------------------------------------------------

class Diagram:
    def __init__(self, program, body):
        self.program = program
        self.messages = []
        self.participants = {}
        for line in body.splitlines():
            if match := MESSAGE.fullmatch(line):
                self.messages.append(line.strip())
            elif match := PARTICIPANT.fullmatch(line):
                self.participants[match[1]] = match[2]
            else:
                assert REMARK.fullmatch(line), f'no line of a diagram: {line}'


def diagrams(page):
    return [Diagram(*match.groups()) for match in BLOCK.finditer(page)]


def listed(page, what):
    return set(re.findall(r'`([\w*]+)`', re.search(LISTED % what, page, re.S)[1]))


# -- the programs ----------------------------------------------------------------------------------

def built(programs):
    """program -> its ELF, in which each function is called."""
    by_config = {}
    for program in programs:
        by_config.setdefault(Config('qemu_virt', 'm', opt='debug', smp=HARTS.get(program, 0)), []).append(program)
    found = {}
    for config, some in by_config.items():
        targets = {program: target(program) for program in some}
        flags = [*re.findall(r"'([^']+)'", re.search(r'c_args = .*', config.cross_file().read_text())[0]),
                 *calls.NOTHING_INLINED]
        folder = builder.build_tree(config, *targets.values(), name='sequences', extra=[
            '-Dlint=disabled', '-Dchecks=false', f'-Dc_args={flags}'])
        found |= {program: folder / target for program, target in targets.items()}
    return found


def target(program):
    folder, name = program.rsplit('/', 2)[0], program.rsplit('/', 2)[1:]
    return f'{folder}/{name[0]}.elf' if name[1] == 'main.c' else f'tests/docs/{name[0]}_{name[1][:-2]}.elf'


def recorded(program, elf):
    """The scenes of the program, each a list of Events. An example has no marks: one, from main() to em_print()."""
    first, last = ('main', 'em_print') if program.startswith('examples/') else MARKS
    scenes = []
    open_now = False
    for event in calls.events(elf, HARTS.get(program, 1)):
        name = event.function.name if event.function else event.kind
        if event.kind == calls.CALL and name == first:
            scenes.append([])
            open_now = True
        if open_now and name not in MARKS:
            scenes[-1].append(event)
        if event.kind == calls.CALL and name == last:
            open_now = False
            if first == 'main':
                break
    return scenes


# -- what is drawn -----------------------------------------------------------------------------------

class Drawing:
    """@p left_out, @p passed: names of functions that are not drawn, with all that they call and without."""

    def __init__(self, left_out, passed, harts=1):
        self.left_out = tuple(left_out)
        self.passed = passed | set(MARKS)
        self.harts = harts

    def is_left_out(self, function):
        return any(fnmatch.fnmatchcase(function.name, name) for name in self.left_out)

    def is_drawn(self, function):
        return not self.is_left_out(function) and function.name not in self.passed

    def participant(self, function, hart):
        folder = function.path.split('/')[0]
        if folder in ('examples', 'tests'):
            folder = function.name.removesuffix('__body').replace(MAIN, 'MAIN')
        return folder + (str(hart) if self.harts > 1 else '')

    def caller(self, event):
        drawn = [f for f in event.stack if self.is_drawn(f)]
        return self.participant(drawn[-1], event.hart) if drawn else 'hal'

    def message(self, event):
        """The line for it, or None."""
        caller = self.caller(event)
        hardware = 'hardware' + (str(event.hart) if self.harts > 1 else '')
        if event.function is None:
            return f'{caller}{ARROWS[event.kind]}{hardware}: {event.kind}'
        callee = self.participant(event.function, event.hart)
        if event.kind == calls.TRAP:
            return f'{hardware}{ARROWS[event.kind]}{callee}: {event.function.name}'
        if event.kind == calls.RETURN:
            caller, callee = callee, caller
        return f'{caller}{ARROWS[event.kind]}{callee}: {event.function.name}'

    def is_seen(self, event):
        """Not inside of something left out: but an interrupt of that is."""
        traps = [i for i, f in enumerate(event.stack) if f.name == calls.VECTORS]
        inner = event.stack[traps[-1]:] if traps else event.stack
        if event.kind == calls.TRAP:
            return True
        if any(self.is_left_out(f) for f in inner):
            return False
        if event.kind == calls.RETURN and not event.function.name.endswith('__body'):
            return False
        return event.function is None or self.is_drawn(event.function)

    def drawn(self, events):
        """(line, Event) of each that is drawn."""
        return [(self.message(e), e) for e in events if self.is_seen(e)]

    def files(self, events):
        """participant -> the files of its functions that are called."""
        found = {}
        for e in events:
            if e.function and e.kind != calls.RETURN:
                found.setdefault(self.participant(e.function, e.hart), set()).add(e.function.path)
        return found


# -- the comparison ----------------------------------------------------------------------------------

class Comparison:
    """@p page with its lists, @p scenes: program -> what it did. The diagrams to compare with may be others."""

    def __init__(self, page, scenes):
        self.scenes = scenes
        self.lists = [listed(page, 'left out'), listed(page, 'passed through')]
        self.drawings = {program: Drawing(*self.lists, HARTS.get(program, 1)) for program in scenes}
        self.drawn = {program: [self.drawings[program].drawn(events) for events in some]
                      for program, some in scenes.items()}

    def violations(self, page):
        """What is wrong with the diagrams of @p page."""
        of_program = {}
        for diagram in diagrams(page):
            of_program.setdefault(diagram.program, []).append(diagram)
        found = [f'{program}: no diagram' for program in sorted(self.scenes.keys() - of_program.keys())]
        for program, some in of_program.items():
            stretches = self.drawn[program]
            if program.startswith('examples/'):  # one stretch, drawn in several pieces
                stretches = pieces(stretches[0], [len(d.messages) for d in some])
            if len(some) != len(stretches):
                found.append(f'{program}: {len(some)} diagrams of {len(stretches)} scenes')
            for diagram, stretch in zip(some, stretches):
                wrong = difference(diagram.messages, [line for line, _ in stretch])
                found += [wrong] if wrong else self.wrong_participants(diagram, [event for _, event in stretch])
        return found

    def wrong_participants(self, diagram, events):
        """They are those of the messages, each with the files of its functions that are called."""
        used = {name for line in diagram.messages for name in re.split(r': |-\)|--?>>', line)[:2]}
        odd = sorted(used ^ diagram.participants.keys())
        found = [f'{name} is no participant, or none with a part' for name in odd]
        files = self.drawings[diagram.program].files(events)
        for name, named in diagram.participants.items():
            parts = [path.split('/') for path in files.get(name, ())]
            own = not parts or parts[0][0] in ('examples', 'tests')
            wanted = None if own else f'{parts[0][0]}/: ' + ', '.join(sorted({part[-1] for part in parts}))
            if named != wanted:
                found.append(f'participant {name} as {wanted}')
        return found

    def never_called(self):
        """Names that the page leaves out although nobody would miss them."""
        names = {f.name for some in self.scenes.values() for events in some for e in events
                 for f in (*e.stack, e.function) if f}
        return sorted(pattern for pattern in set.union(*self.lists) if not fnmatch.filter(names, pattern))


def pieces(stretch, lengths):
    """@p stretch in pieces of @p lengths; what is too much is the last one's."""
    ends = [sum(lengths[:i]) for i in range(len(lengths))] + [len(stretch)]
    return [stretch[begin:max(begin, end)] for begin, end in zip(ends, ends[1:])]


def difference(drawn, done):
    """What is wrong with the lines @p drawn, as a diff; '' if nothing."""
    return '\n'.join(difflib.unified_diff(drawn, done, 'the page', 'the program', lineterm=''))
