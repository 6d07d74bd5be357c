# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a task waits for, in the lines of a dump (hal/common/dump_waits.c), but with names instead of addresses."""
import gdb

from . import memory, tasks

PC_CANCEL = (1 << 64) - 1
SHOWN_MAX = 64


def await_lines():
    """address of a label -> source line, from the records that the awaits left in the image."""
    begin, end = memory.address_of('__start_em_awaits'), memory.address_of('__stop_em_awaits')
    if not begin or not end or end <= begin:
        return {}
    data = gdb.selected_inferior().read_memory(begin, end - begin).tobytes()
    found = {}
    for at in range(0, len(data), 8):
        distance = int.from_bytes(data[at:at + 4], 'little', signed=True)
        found[begin + at + distance] = int.from_bytes(data[at + 4:at + 8], 'little')
    return found


def line_of(pc):
    """0: none is known."""
    if pc in (0, PC_CANCEL):
        return 0
    return await_lines().get(pc) or gdb.find_pc_line(pc).line


class Future:
    """What lies at an address that was found where a future is expected."""

    def __init__(self, address):
        self.address = address
        self.ops = (memory.word(address) or 0) & ~1  # with the option checks: it has been ready
        table = memory.words(self.ops, 3) if self.ops else None
        self.name = memory.text(table[2], 40) if table else None
        self.drop = table[1] if table else None

    @property
    def is_frame(self):
        """Only tasks and async functions have this drop."""
        return self.name is not None and self.drop == memory.address_of('em_frame_drop')

    @property
    def awaiting(self):
        return memory.word(self.address + 8)

    @property
    def pc(self):
        return memory.word(self.address + 16)

    @property
    def file(self):
        """Behind the operations of an async function."""
        return memory.text(memory.word(self.ops + 24)) or '?'

    def member(self, type_name, name):
        return int(memory.typed(self.address, type_name)[name])

    def is_of(self, *symbols):
        return any(self.ops == memory.address_of(symbol) for symbol in symbols)


class Walk:
    """The lines of one task."""

    def __init__(self, task):
        self.task, self.lines, self.left = task, [], SHOWN_MAX

    def walk(self):
        root = Future(self.task.root)
        if self.task.type.drop == memory.address_of('em_frame_drop'):
            self.frame(root, self.task.type.name, self.task.type.file, 1)
        else:
            self.lines.append(f'  {self.task.type.name}')
            self.leaf(root, 1)
        return self.lines

    def say(self, words):
        self.lines[-1] += words

    def frame(self, future, name, file, depth):
        self.lines.append('  ' * depth + name)
        line = line_of(future.pc)
        if not line:
            self.say(', not begun' if future.pc == 0 else ', ending')
        else:
            self.say(f', {file}:{line}: ')
            if future.awaiting:
                self.future(Future(future.awaiting), depth)
            else:
                self.say('yield')

    def future(self, future, depth):
        self.say(future.name or '?')
        self.left -= 1
        if future.name is None or self.left < 0:
            return
        if future.is_frame:
            self.frame(future, future.name, future.file, depth)
        else:
            self.leaf(future, depth)

    def arm(self, address, depth):
        future = Future(address)
        if address and future.is_frame:
            self.frame(future, future.name, future.file, depth)
            return
        self.lines.append('  ' * depth)
        if address:
            self.future(future, depth)
        else:
            self.say('done')

    def arms(self, future, depth, type_name, distance):
        first, count = future.member(type_name, 'arms'), future.member(type_name, 'count')
        for i in range(count if count <= SHOWN_MAX else 0):
            self.arm(memory.word(first + i * distance), depth + 1)

    def until(self, at):
        self.say(f' until {memory.seconds(at)}')

    def leaf(self, future, depth):
        if future.is_of('em_timer_ops', 'em_ticker_ops'):
            self.until(future.member('em_timer', 'at'))
        elif future.is_of('em_select_ops', 'em_select_fair_ops', 'em_first_ops', 'em_join_ops'):
            self.arms(future, depth, 'em_join' if future.is_of('em_join_ops') else 'em_select', 8)
        elif future.is_of('em_try_join_ops'):
            self.arms(future, depth, 'em_try_join', 16)
        elif future.is_of('em_timeout_ops'):
            self.until(int(memory.typed(future.address, 'em_timeout')['timer']['at']))
            self.arm(future.member('em_timeout', 'inner'), depth + 1)
        elif future.is_of('em_uart_read_ops', 'em_uart_write_ops', 'em_uart_flush_ops'):
            self.say(f' on {memory.name_of(memory.word(future.address + 8))}')
        elif future.is_of('em_task_join_ops'):
            task = int(memory.typed(future.address, 'em_task_join')['handle']['task'])
            self.say(f' for {tasks.name_at(task).partition("[")[0]} at {memory.name_of(task)}')
        elif future.is_of('em_interrupt_wait_ops'):
            self.say(f' {int(memory.typed(future.address, "em_interrupt_wait")["irq"]["source"])}')
        elif (waits_on := object_of(future, self.task)) is not None:
            self.say(f' on {memory.name_of(waits_on)}')


def object_of(future, task):
    """The object whose list the node of a usual future of sync/ is in: future, node, pointer. None: it is in none."""
    found = memory.words(future.address, 5)
    if not found:
        return None
    _, next_, _, waker, waits_on = found
    in_list = next_ > 1 and next_ % 8 == 0 and (waker & ~1) == task.address
    return waits_on if in_list and waits_on and waits_on % 8 == 0 and memory.word(waits_on) is not None else None


def of(task):
    """The lines below a task's own."""
    return Walk(task).walk()


def leaves(task):
    """(address, name) of the objects that it waits for, those in arms too."""
    found = []

    class Leaves(Walk):
        def leaf(self, future, depth):
            waits_on = object_of(future, self.task)
            if waits_on is None and future.is_of('em_uart_read_ops', 'em_uart_write_ops', 'em_uart_flush_ops'):
                waits_on = memory.word(future.address + 8)
            if waits_on is not None:
                found.append((waits_on, future.name))
            super().leaf(future, depth)

    Leaves(task).walk()
    return found
