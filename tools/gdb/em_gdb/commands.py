# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The commands: em tasks, em task, em timers, em waiters."""
import gdb

from . import memory, tasks, waits


class Em(gdb.Command):
    """Emissary: the tasks of the program, and where each of them waits. `help em` lists the commands."""

    def __init__(self):
        super().__init__('em', gdb.COMMAND_DATA, gdb.COMPLETE_NONE, prefix=True)


def printed(text):
    print(text, flush=True)


def head(task):
    words = [task.name] + ([tasks.executor_name(task.executor)] if task.is_spawned else []) + [task.state_name()]
    stats = task.value.type.strip_typedefs().fields()
    if any(field.name == 'stats' for field in stats):
        s = task.value['stats']
        words.append(f"{int(s['polls'])} polls, {int(s['wakes'])} wakes, ran {memory.seconds(int(s['ran']))}, "
                     f"longest poll {memory.seconds(int(s['longest']))}")
    return '  '.join(words)


def lines_of(task):
    return [head(task)] + (waits.of(task) if task.is_spawned else [])


class Tasks(gdb.Command):
    """All tasks, in the lines of em_dump_tasks()."""

    def __init__(self):
        super().__init__('em tasks', gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        found = tasks.types()
        if not found:
            raise memory.Lost('no task types here: has this program no tasks, or no debugging information?')
        printed('tasks')
        for type_ in found:
            free = type_.count
            for task in type_.slots:
                if task.is_claimed:
                    printed('\n'.join(lines_of(task)))
                    free -= 1
            if free:
                printed(f'{type_.name}  {free} of {type_.count} free' if type_.count > 1 else f'{type_.name}  free')
        printed('end of tasks')


def chosen(argument):
    """The task that the user means: its name, name[instance], its number in `em tasks`, or an address."""
    known = tasks.all_tasks()
    exact = [t for t in known if argument in (t.name, t.type.name)]
    if exact:
        return exact[0]
    if argument.isdecimal() and int(argument) < len(known):
        return known[int(argument)]
    address = memory.value(argument)
    found = [t for t in known if address is not None and t.address <= int(address) < t.address + 24]
    if not found:
        raise memory.Lost(f"no task '{argument}'; there are: {', '.join(t.name for t in known) or 'none'}")
    return found[0]


class Task(gdb.Command):
    """One task with all that its frame holds: em task NAME, NAME[INSTANCE], NUMBER or ADDRESS."""

    def __init__(self):
        super().__init__('em task', gdb.COMMAND_DATA, gdb.COMPLETE_SYMBOL)

    def invoke(self, argument, from_tty):
        task = chosen(argument.strip())
        printed('\n'.join(lines_of(task)))
        printed(f'at {task.address:#x}, generation {int(task.value["generation"])}')
        frame = memory.typed(task.root, task.type.frame) if task.type.frame else None
        for field in frame.type.strip_typedefs().fields() if frame is not None else []:
            if field.name:  # not the union of the frame's head
                printed(f'self->{field.name} = {frame[field].format_string(max_elements=32)}')


def heap(timer):
    """A timer of a queue and all below it: first child, next sibling."""
    todo = [timer]
    while todo:
        at = todo.pop()
        if at:
            found = memory.typed(at, 'em_timer')
            yield found
            todo += [int(found['child']), int(found['next'])]


class Timers(gdb.Command):
    """The timers of all executors, the next one first."""

    def __init__(self):
        super().__init__('em timers', gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for name, address in tasks.executors().items():
            first = int(memory.typed(address, 'em_executor')['timers']['first'])
            for timer in sorted(heap(first), key=lambda t: int(t['at'])):
                printed(f"{name}  {memory.seconds(int(timer['at']))}  {tasks.name_at(int(timer['task']))}")


def lists_in(value, path=''):
    """(path, em_wait_list) of every list in @p value."""
    type_ = value.type.strip_typedefs()
    if value.type.unqualified().name == 'em_wait_list':
        yield path or 'waiters', value
    elif type_.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        for field in type_.fields():
            if field.name:
                yield from lists_in(value[field], f'{path}.{field.name}' if path else field.name)


def nodes(wait_list):
    """Those that wait, the longest waiting first."""
    first = node = int(wait_list['first'])
    seen = set()
    while node and node not in seen:
        seen.add(node)
        found = memory.typed(node, 'em_wait_node')
        yield found
        node = int(found['next'])
        if node == first:
            return


class Waiters(gdb.Command):
    """Who waits for an object: em waiters OBJECT; or for which objects somebody waits: em waiters."""

    def __init__(self):
        super().__init__('em waiters', gdb.COMMAND_DATA, gdb.COMPLETE_SYMBOL)

    def invoke(self, argument, from_tty):
        if argument.strip():
            self.of_object(memory.parse(argument))
        else:
            self.of_all()

    def of_object(self, value):
        if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
            value = value.dereference()
        found = list(lists_in(value))
        if not found:
            raise memory.Lost(f'nobody can wait for this: {value.type} has no list of waiters')
        for path, wait_list in found:
            names = [tasks.name_at(int(n['waker']['task'])) for n in nodes(wait_list)]
            printed(f"{path}: {', '.join(names) or 'nobody'}")

    def of_all(self):
        found = {}
        for task in tasks.all_tasks():
            for address, how in waits.leaves(task) if task.is_spawned else []:
                found.setdefault(address, []).append(f'{task.name} ({how})')
        for address, who in sorted(found.items()):
            printed(f"{memory.name_of(address)}: {', '.join(who)}")


def register():
    for command in (Em, Tasks, Task, Timers, Waiters):
        command()
