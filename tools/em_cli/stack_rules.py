# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Who calls what through a pointer: what em stack believes, and says when it does not hold.

A call through a pointer in a file that is not here, and a function whose address is taken and that nobody here calls,
are both named as what the bound does not know. Futures and tasks need no row: their tables are in the ELF.
"""
from fnmatch import fnmatchcase

# What a call through a pointer may call: places of functions (file:name, with * and ?)
KINDS = {
    'service': ('time/timer_queue.c:pop_due',),
    'isr': ('hal/*:on_*interrupt', 'hal/*:on_interrupt'),
    'sink': ('hal/common/print.c:count', 'hal/common/print.c:ring_put',
             'hal/common/format.c:*', 'hal/*:put', 'hal/*:*_put'),
    'uart': ('hal/*:kick', 'hal/*:line_idle', 'hal/*:drain'),
    'room': ('hal/common/print.c:say_dropped',),
    'say': ('hal/common/dump*.c:say_*',),
    'line': ('hal/common/print_line.c:*',),
    'channel': ('sync/*channel*.c:*',),
    'happened': ('sync/*.c:*', 'inspect/*.c:*'),
    'own': (),  # of the program, and of its calls of the library's macros
    'level_of': ('hal/riscv/levels.c:em_level_of_',),
    'intact': ('*:*_is_intact',),
    'limit_pc': ('hal/*:em_limit_pc_',),
    'handlers': ('*:em_irq_timer_', '*:em_irq_software_', '*:em_irq_external_'),
}
OPEN = ('isr', 'own', 'happened', 'channel')  # kinds that a program's functions may be of, too

UART_SLOTS = (0, 8, 16)  # of em_uart_ops
# File of the caller -> kinds. `future`: poll and drop of what it may wait for. @table: only if the pointer was read
# from one of the offsets of em_uart_ops, @field: only if not
CALLERS = (
    ('executor/include/em/future.h', 'future'),
    ('executor/check*', 'intact'),
    ('executor/*', 'future service'),
    ('futures/poll_fn.c', 'own'),
    ('futures/*', 'future'),
    ('time/ticker.c', 'future'),
    ('time/poll_limit.c', 'limit_pc'),
    ('time/*', 'service'),
    ('sync/multi_waker.c', 'happened'),
    ('sync/*channel*', 'channel'),
    ('sync/*', 'happened own'),
    ('hal/riscv/plic.c', 'isr'),
    ('hal/common/format.c', 'sink'),
    ('hal/common/format.h', 'sink'),
    ('hal/common/dump*', 'say sink level_of'),
    ('hal/jh7110/gpio_*', 'future isr'),
    ('hal/jh7110/watchdog.c', 'future'),
    ('hal/common/[pru]*', 'uart@table room@field'),
    ('hal/*/exit.c', 'uart@table room@field'),
    ('hal/riscv/uart16550*', 'uart@table room@field'),
    ('inspect/trace_*', 'line sink'),
    ('inspect/*', 'own'),
    ('', 'own'),  # the C library: qsort and the like
)
PROGRAM = 'future own'  # of a program's files
ASSEMBLY = {'save_and_call': 'handlers', 'with_fp': 'handlers', 'em_others_park_': '', 'em_return_to_caller_': ''}

STORAGE = {'em_first': 'em_select_fair'}  # ops table's stem -> struct, where they are named differently
NO_MAKERS = ('hal/common/dump', 'hal/common/report', 'tools/', 'inspect/')  # they name tables, and make no future
# Recursions that end: how often a function can stand in one chain of calls
AT_MOST = {
    'time/timer_queue.c:start_first': 1,    # the second round finds the ring joined
    'futures/block_on.c:blocked_poll': 1,   # em_block_on() asserts that no task runs
    'hal/common/dump_waits.c:say_chain': 5,  # DEPTH_MAX there
}
PANIC = ('em_port_panic',)  # a report on top of whatever failed; counted by itself


def kinds_of(function, is_assembly, layer):
    """Of the calls through pointers in a function: ((kind, where), …), or None: nobody has said it."""
    if is_assembly and function.name in ASSEMBLY:
        return split(ASSEMBLY[function.name])
    if layer == 'program':
        return split(PROGRAM)
    return next((split(kinds) for pattern, kinds in CALLERS if fnmatchcase(function.file, pattern)), None)


def split(words):
    return [tuple(word.split('@')) if '@' in word else (word, '') for word in words.split()]


def wanted(where, slot):
    """May a pointer that was read at offset @p slot be of a kind that lies `where`?"""
    return slot is None or not where or (slot in UART_SLOTS) == (where == 'table')


def is_of(place, kind):
    return any(fnmatchcase(place, pattern) for pattern in KINDS[kind])
