# SPDX-License-Identifier: Apache-2.0 OR MIT
"""U-Boot's commands, as functions: what they print is read here and nowhere else."""
import functools
import re
import zlib
from dataclasses import dataclass

from .boards import MIB, Area, of_environment
from .errors import FlashError

CRC = re.compile(r'crc32 for [0-9a-f]+ \.+ [0-9a-f]+ ==> ([0-9a-f]{8})\s*$', re.I | re.M)
BELOW_UBOOT = 64 * MIB  # what it needs below itself, where it does not say what it has reserved
SCRATCH = 64 * MIB      # from the begin of the RAM: room for what comes from and goes to flash
# what has no flags is, in a U-Boot that names them, only what was loaded last
RESERVED = re.compile(r'reserved\[\d+\]\s*\[0x([0-9a-f]+)-0x([0-9a-f]+)\](?!.*flags: none)')
READ_TRIES = 3
CRC_SPEED = 2 * MIB     # bytes a second that every board can do


@dataclass
class Memory:
    banks: list
    reserved: list

    def free_end(self, address):
        """Where the free memory ends that begins at @p address."""
        bank = next(b for b in self.banks if b.begin <= address < b.end)
        return min([bank.end] + [r.begin for r in self.reserved if r.begin > address])


class UBoot:
    def __init__(self, console):
        self.console = console
        self.known = {}  # command -> whether there is one

    @functools.cached_property
    def commands(self):
        """All of them: a long list."""
        return set(re.findall(r'^(\w+) +-', self.console.run('help').text, re.M))

    def need(self, *names):
        for name in names:
            if name not in self.known:
                text = self.console.run(f'help {name}', check=False).text  # its status is 1 even if there is help
                self.known[name] = bool(re.search(rf'^{name} +- ', text, re.M))
        missing = [name for name in names if not self.known[name]]
        if missing:
            raise FlashError('command', f'this U-Boot has no command `{missing[0]}`', now='Choose another way: '
                             '`flash.py info` lists what this U-Boot can do')

    def env(self, name):
        """A variable, or None."""
        reply = self.console.run(f'printenv {name}', check=False)
        found = re.search(rf'^{re.escape(name)}=(.*)', reply.text, re.M | re.S)
        return found.group(1).replace('\n', '') if found and not reply.status else None

    def setenv(self, name, value=None):
        """Set a variable and see that it has the value. Without a value: delete it."""
        if value is None:
            self.console.run(f'setenv {name}')
            return
        self.console.run(f"setenv {name} '{value}'")
        if (now := self.env(name)) != value:
            raise FlashError('mismatch', f'U-Boot has not set {name}', f'it is {now!r}')

    @functools.cached_property
    def version(self):
        return self.console.run('version').text.strip().split('\n')[0]

    @functools.cached_property
    def board(self):
        """One of boards.BOARDS, or None."""
        return of_environment(self.env('vendor'), self.env('board'))

    @functools.cached_property
    def memory(self):
        text = self.console.run('bdinfo').text
        banks = [Area(int(a, 16), int(a, 16) + int(size, 16), 'RAM') for a, size in
                 re.findall(r'-> start\s*= 0x([0-9a-f]+)\s*-> size\s*= 0x([0-9a-f]+)', text) if int(size, 16)]
        if not banks:
            raise FlashError('command', 'bdinfo does not say what RAM there is', text[-100:])
        reserved = [Area(int(a, 16), int(b, 16) + 1, "U-Boot's or its firmware's memory") for a, b in
                    RESERVED.findall(text)]
        if not reserved and (found := re.search(r'relocaddr\s*= 0x([0-9a-f]+)', text)):
            top = int(found.group(1), 16)
            reserved = [Area(top - BELOW_UBOOT, top + BELOW_UBOOT, "U-Boot's memory")]
        return Memory(banks, reserved)

    def scratch(self, size):
        """Room for @p size bytes that no image and no U-Boot uses."""
        begin = self.memory.banks[0].begin + SCRATCH
        if begin + size > self.memory.free_end(begin):
            raise FlashError('refused', 'the board has too little free RAM', f'{size} bytes are needed')
        return begin

    def scratch_limit(self):
        return self.memory.free_end(begin := self.memory.banks[0].begin + SCRATCH) - begin

    def crc32(self, address, size):
        for _ in range(READ_TRIES):
            reply = self.console.run(f'crc32 {address:x} {size:x}', self.console.timeout + size / CRC_SPEED)
            if found := CRC.search(reply.text):
                return int(found.group(1), 16)
        raise FlashError('command', 'crc32 does not say a CRC', reply.text[-100:])

    def has(self, address, data):
        """Whether @p data is at @p address. What differs is asked for twice: the answer may have been hurt."""
        wanted = zlib.crc32(data)
        return any(self.crc32(address, len(data)) == wanted for _ in range(2))
