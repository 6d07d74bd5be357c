# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A model of what a JTAG adapter sees of a JH7110: two TAPs, the first with a debug module of RISC-V 0.13 behind it.

As much of it as OpenOCD needs to look at memory and registers: all harts are halted, registers by abstract commands,
memory over the system bus, no program buffer. Its memory is what a machine had in it.
"""
import os
import socket

IDCODE = 0x07110cfd
IR_BITS = 5
BYPASS, IDCODE_IR, DTMCS, DMI = 0x1f, 0x01, 0x10, 0x11
ABITS = 7
MISA = 2 << 62 | 1 << 0 | 1 << 2 | 1 << 8 | 1 << 12 | 1 << 18 | 1 << 20  # rv64imac, S, U
# TAP controller: state -> (TMS 0, TMS 1)
STEPS = {'reset': ('idle', 'reset'), 'idle': ('idle', 'dr'), 'dr': ('capture dr', 'ir'), 'ir': ('capture ir', 'reset')}
for kind in ('dr', 'ir'):
    STEPS |= {f'capture {kind}': (f'shift {kind}', f'exit {kind}'), f'shift {kind}': (f'shift {kind}', f'exit {kind}'),
              f'exit {kind}': (f'pause {kind}', f'update {kind}'), f'pause {kind}': (f'pause {kind}', f'exit2 {kind}'),
              f'exit2 {kind}': (f'shift {kind}', f'update {kind}'), f'update {kind}': ('idle', 'dr')}


class Memory:
    """Pieces of memory: address -> bytes. What is in none cannot be read."""

    def __init__(self, pieces):
        self.pieces = pieces

    def read(self, address, size):
        for begin, data in self.pieces.items():
            if begin <= address and address + size <= begin + len(data):
                return int.from_bytes(data[address - begin:address - begin + size], 'little')
        return None


class DebugModule:
    """Ref: RISC-V External Debug Support 0.13.2, 3.12: the registers by their addresses."""

    def __init__(self, memory, pcs):
        self.memory, self.pcs = memory, pcs  # pc of each hart; hart 0 is the S7
        self.data = [0, 0, 0, 0]
        self.control = self.sbcs = self.address = self.sbdata = self.error = 0
        self.last = 0

    @property
    def hart(self):
        return self.control >> 16 & 0x3ff

    def register(self, number):
        if number == 0x301:
            return MISA
        if number == 0x7b1:
            return self.pcs[self.hart]
        if number in (0x7b0, 0x300, 0xf14):  # dcsr: by request; mstatus, mhartid
            return {0x7b0: 0x400000c3, 0x300: 0, 0xf14: self.hart}[number]
        return 0 if 0x1000 <= number < 0x1020 else None

    def command(self, word):
        """Access register: an exception for those that are not there."""
        size, write, number = word >> 20 & 7, word >> 16 & 1, word & 0xffff
        value = self.register(number) if size in (2, 3) and word >> 24 == 0 else None
        if value is None:
            self.error = 2
        elif not write and word >> 17 & 1:
            self.data[0], self.data[1] = value & 0xffffffff, value >> 32

    def fetch(self):
        size = 1 << (self.sbcs >> 17 & 7)
        found = self.memory.read(self.address, size)
        self.sbcs = self.sbcs & ~(7 << 12) | (0 if found is not None else 2 << 12)
        self.sbdata = found or 0
        if self.sbcs >> 16 & 1:
            self.address += size

    def read(self, at):
        if 4 <= at < 8:
            return self.data[at - 4]
        if at == 0x11:  # dmstatus: this hart is halted, or there is none
            there = self.hart < len(self.pcs)
            return 2 | 1 << 7 | (3 << 8 if there else 3 << 14)
        if at == 0x38:
            return self.sbcs & 0x1ff000 | 1 << 29 | 64 << 5 | 0xf
        if at == 0x3c:
            value = self.sbdata & 0xffffffff
            if self.sbcs >> 15 & 1:
                self.fetch()
            return value
        return {0x10: self.control, 0x16: 2 | self.error << 8, 0x12: 0, 0x3d: self.sbdata >> 32,
                0x39: self.address & 0xffffffff, 0x3a: self.address >> 32}.get(at, 0)

    def write(self, at, value):
        if 4 <= at < 8:
            self.data[at - 4] = value
        elif at == 0x10:
            self.control = value & 0x03ff0001
        elif at == 0x16:
            self.error &= ~(value >> 8 & 7)
        elif at == 0x17 and not self.error:
            self.command(value)
        elif at == 0x38:
            self.sbcs = value & ~(7 << 12)
        elif at == 0x39:
            self.address = self.address >> 32 << 32 | value
            if self.sbcs >> 20 & 1:
                self.fetch()
        elif at == 0x3a:
            self.address = self.address & 0xffffffff | value << 32

    def dmi(self, word):
        """One access; what the next scan gives."""
        op, value, at = word & 3, word >> 2 & 0xffffffff, word >> 34
        if op == 2:
            self.write(at, value)
        self.last = (self.read(at) if op == 1 else value) << 2 | at << 34


class Tap:
    def __init__(self, module=None):
        self.module = module
        self.ir, self.shift, self.bits = IDCODE_IR, 0, IR_BITS

    def capture_dr(self):
        values = {IDCODE_IR: (IDCODE, 32)}
        if self.module:
            values |= {DTMCS: (1 | ABITS << 4, 32), DMI: (self.module.last, ABITS + 34)}
        self.shift, self.bits = values.get(self.ir, (0, 1))

    def update_dr(self):
        if self.module and self.ir == DMI and self.shift & 3:
            self.module.dmi(self.shift)

    def step(self, tdi):
        """Shift by one; the bit that comes out."""
        out = self.shift & 1
        self.shift = self.shift >> 1 | tdi << (self.bits - 1)
        return out


class Chain:
    """TDI -> U74 -> E24 -> TDO, by OpenOCD's remote_bitbang."""

    def __init__(self, module):
        self.taps = [Tap(module), Tap()]
        self.state, self.clock = 'reset', 0

    @property
    def tdo(self):
        return self.taps[-1].shift & 1

    def rise(self, tms, tdi):
        if self.state.startswith('shift'):
            for tap in self.taps:
                tdi = tap.step(tdi)
        self.state = STEPS[self.state][tms]
        for tap in self.taps:
            if self.state == 'reset':
                tap.ir = IDCODE_IR
            elif self.state == 'capture dr':
                tap.capture_dr()
            elif self.state == 'capture ir':
                tap.shift, tap.bits = 1, IR_BITS
            elif self.state == 'update ir':
                tap.ir = tap.shift
            elif self.state == 'update dr':
                tap.update_dr()

    def take(self, data):
        """Commands; the answers."""
        answer = bytearray()
        for c in data:
            if 48 <= c < 56:
                bits = c - 48
                if bits & 4 and not self.clock:
                    self.rise(bits >> 1 & 1, bits & 1)
                self.clock = bits & 4
            elif c == 82:  # R
                answer.append(48 + self.tdo)
        return bytes(answer)


def serve(listener, chain):
    """One OpenOCD, until it goes."""
    link, _ = listener.accept()
    with link:
        while data := link.recv(65536):
            if answer := chain.take(data):
                link.sendall(answer)


def listen(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.fspath(path))
    listener.listen(1)
    return listener
