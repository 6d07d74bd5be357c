# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A benchmark's execution, instruction by instruction, from QEMU's own log: for what cannot be stamped.

One instruction a block and no chaining of blocks: one line of the log for each instruction, in its order. The
counters of the program run as they do without the log.
"""
import contextlib
import re
import subprocess
from pathlib import Path

RUN_QEMU = Path(__file__).resolve().parent.parent / 'tools' / 'run_qemu'
# One instruction a block: else a wfi that finds its interrupt pending is charged with what follows it in its block.
EXACT = ('--icount', '--qemu-arg=-singlestep')
OBJDUMP = 'riscv64-unknown-elf-objdump'
NM = 'riscv64-unknown-elf-nm'

LINE = re.compile(rb'Trace (\d+): 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/')
SYMBOL = re.compile(r'^([0-9a-f]{16}) <([^>]+)>:$')
INSTRUCTION = re.compile(r'^ +([0-9a-f]+):\t([0-9a-f]+) *\t(\S+)(?:\t([^#<]*))?')
BRANCHES = ('j', 'jr', 'jal', 'jalr', 'ret', 'mret')
# what the image has only for the counting (bench.c, idle.S); they change nothing that is counted
HARNESS = re.compile(r'^(bench_|__wrap_|(put_(char|number|quotient|row)|before_wfi|is_jump|must_have_slept|'
                     r'clock_is_exact)$)')


class Instruction:
    def __init__(self, address, code, name, operands, function):
        self.address = address
        self.bytes = len(code) // 2
        self.name = name
        self.operands = (operands or '').strip()
        self.function = function
        self.is_harness = bool(HARNESS.match(function))

    @property
    def is_branch(self):
        return self.name in BRANCHES or self.name.startswith('b')

    def __str__(self):
        return f'{self.address:08x}  {self.name} {self.operands}'


def disassemble(elf):
    """address -> Instruction"""
    text = subprocess.run([OBJDUMP, '-d', '--wide', str(elf)], capture_output=True, text=True, check=True).stdout
    found = {}
    function = ''
    for line in text.splitlines():
        if match := SYMBOL.match(line):
            function = match.group(2)
        elif match := INSTRUCTION.match(line):
            address = int(match.group(1), 16)
            found[address] = Instruction(address, match.group(2), match.group(3), match.group(4), function)
    return found


def executed_by_harts(elf, timeout=120, harts=1):
    """(hart, Instruction) for all that the image executes, in order. May be closed early: that ends QEMU."""
    code = disassemble(elf)
    command = [str(RUN_QEMU), *EXACT, '--smp', str(harts), '--timeout', str(timeout), '--qemu-arg=-d',
               '--qemu-arg=exec,nochain', str(elf)]
    qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    last = {}
    try:
        for line in qemu.stderr:
            match = LINE.match(line)
            if not match:
                continue
            hart = int(match.group(1))
            instruction = code.get(int(match.group(2), 16))
            # logged twice where QEMU restarts an access to a device; only a branch can really be at one place twice
            if instruction is None or instruction is last.get(hart) and not instruction.is_branch:
                continue
            last[hart] = instruction
            yield hart, instruction
    finally:
        qemu.terminate()
        qemu.stderr.close()
        qemu.wait()


def executed(elf, timeout=120):
    """Every Instruction that hart 0 executes, alone."""
    with contextlib.closing(executed_by_harts(elf, timeout)) as steps:
        for _, instruction in steps:
            yield instruction


class Calls:
    """Where the callers go on, innermost last. A tail call adds none."""

    def __init__(self):
        self.stack = []

    def depth_at(self, x):
        for back in (1, 2, 3):  # one call of the trap entry returns elsewhere
            if len(self.stack) >= back and self.stack[-back] == x.address:
                del self.stack[-back:]
                break
        depth = len(self.stack)
        if x.name in ('jal', 'jalr') and not x.operands.startswith('zero'):
            self.stack.append(x.address + x.bytes)
        return depth


def after_sleeps(elf, count):
    """What follows each of the first @p count sleeps: (Instruction, depth of calls), from wfi to wfi."""
    stretch = None
    calls = Calls()
    for x in executed(elf):
        depth = calls.depth_at(x)
        if x.name == 'wfi' and not x.is_harness:
            if stretch is not None:
                yield stretch
                count -= 1
            if count == 0:
                return
            stretch = []
        elif stretch is not None and not x.is_harness:
            stretch.append((x, depth))


def call_of(stretch, function):
    """(instructions before the first call of @p function, instructions of it and what it calls), or None."""
    entry = next((i for i, (x, _) in enumerate(stretch) if x.function == function), None)
    if entry is None:
        return None
    end = next((i for i in range(entry, len(stretch)) if stretch[i][1] < stretch[entry][1]), len(stretch))
    return entry, end - entry


def longest_masked(stretch):
    """The longest run of instructions with interrupts masked, up to the one that unmasks. It begins masked."""
    longest = run = 0
    masked = True
    saved = []
    for x, _ in stretch:
        run += masked
        was = masked
        if x.function == 'em_trap_vectors_':
            masked = True
        elif x.name == 'mret':
            masked = False
        elif 'mstatus' in x.operands:
            masked = next_mask(x, masked, saved)
        if was and not masked:
            longest = max(longest, run)
        if masked != was:
            run = int(x.function == 'em_trap_vectors_')  # that one is of the interrupt already
    return max(longest, run if masked else 0)


def next_mask(x, masked, saved):
    """Masked after this access to mstatus? em_irq_save() and em_irq_restore() nest, and save what was."""
    operands = x.operands.split(',')
    if x.name in ('csrrc', 'csrrci') and len(operands) == 3:
        saved.append(masked)
        return True
    if x.name in ('csrc', 'csrci'):
        return True
    if x.name in ('csrs', 'csrsi'):
        return False if operands[-1].isdigit() else saved.pop() if saved else False
    return masked
