# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How GDB prints our types: moments as seconds, wakers and lists as tasks, channels as what is in them."""
import gdb
import gdb.printing

from . import commands, memory, tasks, waits


class Ticks:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return memory.seconds(int(self.value['ticks']))


class Waker:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return tasks.name_at(int(self.value['task']))


class Handle:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        address = int(self.value['task'])
        task = tasks.at(address)
        alive = task and int(task.value['generation']) == int(self.value['generation'])
        return tasks.name_at(address) + ('' if alive or not address else ', ended')


class Spawner:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        address = int(self.value['executor'])
        return tasks.executor_name(address) if address else 'nowhere'


class WaitList:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        names = [tasks.name_at(int(n['waker']['task'])) for n in commands.nodes(self.value)]
        return f"[{', '.join(names)}]"


class WaitNode:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        state = int(self.value['next'])
        name = tasks.name_at(int(self.value['waker']['task']))
        return 'idle' if state == 0 else f'{name} is notified' if state == 1 else f'{name} waits'


class Frame:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        future = waits.Future(int(self.value.address))
        line = waits.line_of(future.pc)
        if not line:
            return 'not begun' if future.pc == 0 else 'ending'
        child = waits.Future(future.awaiting).name if future.awaiting else 'yield'
        return f'{future.name}, line {line}: {child}'


class Channel:
    """A type of EM_CHANNEL_TYPE: its values, the oldest first."""

    def __init__(self, value):
        self.value = value
        self.channel = value['channel']
        self.capacity = value['values'].type.range()[1] + 1

    def to_string(self):
        senders, receivers = (WaitList(self.channel[n]).to_string() for n in ('senders', 'receivers'))
        return f"{int(self.channel['length'])} of {self.capacity}, senders {senders}, receivers {receivers}"

    def children(self):
        first = int(self.channel['first'])
        for i in range(min(int(self.channel['length']), self.capacity)):
            yield f'[{i}]', self.value['values'][(first + i) % self.capacity]

    def display_hint(self):
        return 'array'


PRINTERS = {'em_instant': Ticks, 'em_duration': Ticks, 'em_waker': Waker, 'em_task_handle': Handle,
            'em_spawner': Spawner, 'em_wait_list': WaitList, 'em_wait_node': WaitNode, 'em_frame': Frame}


def is_channel(type_):
    if type_.code != gdb.TYPE_CODE_STRUCT:
        return False
    fields = {f.name: f.type for f in type_.fields() if f.name}
    return set(fields) == {'channel', 'values'} and fields['channel'].name == 'em_channel' \
        and fields['values'].strip_typedefs().code == gdb.TYPE_CODE_ARRAY


class Emissary(gdb.printing.PrettyPrinter):
    def __init__(self):
        super().__init__('emissary')

    def __call__(self, value):
        type_ = value.type.unqualified()
        maker = PRINTERS.get(type_.name) or PRINTERS.get(type_.strip_typedefs().name)
        if maker:
            return maker(value)
        return Channel(value) if is_channel(type_.strip_typedefs()) else None


def register(objfile):
    gdb.printing.register_pretty_printer(objfile, Emissary(), replace=True)
