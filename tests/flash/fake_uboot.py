# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A U-Boot that is not there: console, environment, RAM, flash and card, quick and with faults to order.

What it prints is as the real ones of qemu-riscv64_smode 2023.01 and sifive_unleashed 2025.01 print it.
"""
import contextlib
import re
import zlib

import receivers
from uart import Board

BANNER = '\r\n\r\nU-Boot 2025.01-3 (Jun 24 2026 - 09:07:15 +0000)\r\n\r\nDRAM:  4 GiB\r\n'
NOR_SIZE, ERASE = 16 << 20, 4096
COUNTDOWN = 20  # seconds: a tool on a busy machine is in time as well
COMMANDS = ('bdinfo bootm booti cp crc32 echo go help itest loadb loads loadx loady mmc part printenv reset run '
            'saveenv setenv sf source version').split()


class Crash(Exception):
    pass


class Memory:
    """64 KiB pages, made as they are written."""

    def __init__(self):
        self.pages = {}

    def write(self, address, data):
        while data:
            page, offset = divmod(address, 0x10000)
            size = min(len(data), 0x10000 - offset)
            self.pages.setdefault(page, bytearray(0x10000))[offset:offset + size] = data[:size]
            address, data = address + size, data[size:]

    def read(self, address, size):
        out = b''
        while len(out) < size:
            page, offset = divmod(address + len(out), 0x10000)
            out += bytes(self.pages.get(page, b'\0' * 0x10000)[offset:offset + size - len(out)])
        return out


class FakeUboot(Board):
    def __init__(self, uart, prompt='StarFive # ', autoboot='Hit any key to stop autoboot:  2 ', key=None,
                 vendor='starfive',
                 board='visionfive2', ram=0x40000000, at_prompt=False, commands=COMMANDS,
                 boots='Starting kernel ...\r\n'):
        super().__init__(uart)
        self.prompt, self.autoboot, self.key = prompt, autoboot, key
        self.ram, self.at_prompt, self.commands, self.boots = ram, at_prompt, set(commands), boots
        self.memory = Memory()
        self.nor = bytearray(b'\xff' * NOR_SIZE)
        self.sd = bytearray(1 << 20)
        self.env = {'vendor': vendor, 'board': board, 'bootcmd': 'bootflow scan', 'baudrate': '115200',
                    'fdtcontroladdr': '1000'}
        self.saved = dict(self.env)
        self.app = '## Starting application at 0x%08X ...\r\nhello from the image\r\n'
        self.damage = None         # called with what a transfer brought: what arrives instead
        self.wear = None           # called with offset and data of each write to the flash
        self.failing = {}          # a command's first word -> its output
        self.started = []

    # ------------------------------------------------------------------ what it does

    def life(self):
        while True:
            with contextlib.suppress(Crash):
                self._boot()
            self.at_prompt = False

    def _boot(self):
        while True:
            if not self.at_prompt:
                self.uart.put(BANNER)
                if not self._countdown():
                    self.uart.put(self.boots)
                    while True:
                        self.uart.getc()
            self._prompt()

    def _countdown(self):
        if self.autoboot is None:
            return False
        self.uart.put(self.autoboot)
        typed = b''
        while (byte := self.uart.getc(COUNTDOWN)) is not None:
            typed += byte
            if self.key is None or self.key in typed:
                self.uart.put('\r\n')
                return True
        return False

    def _prompt(self):
        line = b''
        self.uart.put(self.prompt)
        while True:
            byte = self.uart.getc()
            if byte == b'\x03':
                self.uart.put('<INTERRUPT>\r\n' + self.prompt)
                line = b''
            elif byte == b'\r':
                self.uart.put('\r\n')
                if self._line(line.decode('latin-1')):
                    self.at_prompt = False
                    return
                self.uart.put(self.prompt)
                line = b''
            elif byte[0] >= 32:
                self.uart.put(byte)
                line += byte

    def _line(self, line):
        """Commands of a line. True: reset."""
        status = 0
        for command in re.findall(r"(?:'[^']*'|[^;'])+", line):
            words = re.findall(r"'([^']*)'|(\S+)", self._expanded(command).replace('"', "'"))
            words = [a or b for a, b in words]
            if not words:
                continue
            if words[0] == 'reset':
                self.uart.put('resetting ...\r\n')
                self.env = dict(self.saved)
                return True
            if words[0] == 'echo':
                self.uart.put(' '.join(words[1:]).replace('$?', str(status)) + '\r\n')
                continue
            status = self._command(words)
        return False

    def _expanded(self, command):
        if "'" in command:
            return command
        return re.sub(r'\$\{(\w+)\}', lambda m: self.env.get(m.group(1), ''), command)

    def _command(self, words):
        name, *args = words
        if name in self.failing:
            self.uart.put(self.failing[name] + '\r\n')
            if 'resetting' in self.failing[name]:
                raise Crash
            return 1
        if name.partition('.')[0] not in self.commands:
            self.uart.put(f"Unknown command '{name}' - try 'help'\r\n")
            return 1
        return getattr(self, f'do_{name.partition(".")[0]}')(*args) or 0

    # ------------------------------------------------------------------ commands

    def do_help(self, name=None):
        if name:
            if name not in self.commands:
                self.uart.put(f"Unknown command '{name}' - try 'help' without arguments for list of all "
                              'known commands\r\n')
                return 1
            self.uart.put(f'{name} - a command\r\n')
            return 1  # as the real one does
        self.uart.put(''.join(f'{c:<10}- a command\r\n' for c in sorted(self.commands)))
        return 0

    def do_version(self):
        self.uart.put('U-Boot 2025.01-3 (Jun 24 2026)\r\n')

    def do_bdinfo(self):
        top = self.ram + 0xbfffffff
        self.uart.put(f'DRAM bank   = 0x0\r\n-> start    = 0x{self.ram:016x}\r\n-> size     = 0x00000000c0000000\r\n'
                      f'lmb_dump_all:\r\n reserved[0]\t[0x{self.ram:x}-0x{self.ram + 0x7ffff:x}], 0x80000 bytes, '
                      f'flags: no-map\r\n '
                      f'reserved[1]\t[0x{top - 0x2000000:x}-0x{top:x}], 0x2 bytes, flags: no-overwrite\r\n')

    def do_printenv(self, name):
        if name not in self.env:
            self.uart.put(f'## Error: "{name}" not defined\r\n')
            return 1
        self.uart.put(f'{name}={self.env[name]}\r\n')
        return 0

    def do_setenv(self, name, *words):
        if words:
            self.env[name] = ' '.join(words)
        else:
            self.env.pop(name, None)

    def do_saveenv(self):
        self.saved = dict(self.env)
        self.uart.put('Saving Environment to SPIFlash... OK\r\n')

    def do_crc32(self, address, size):
        address, size = int(address, 16), int(size, 16)
        crc = zlib.crc32(self.memory.read(address, size))
        self.uart.put(f'crc32 for {address:08x} ... {address + size - 1:08x} ==> {crc:08x}\r\n')

    def do_cp(self, source, target, size):
        self.memory.write(int(target, 16), self.memory.read(int(source, 16), int(size, 16)))

    def _receive(self, kind, address, receiver):
        self.uart.put(f'## Ready for binary ({kind}) download to 0x{address:08X} at 115200 bps...\r\n')
        try:
            data = receiver(self.uart)
        except receivers.Aborted:
            data = None
        while (byte := self.uart.getc(0.02)) in (b'\x18', b'\x08'):
            pass
        if byte:
            self.uart.buffer[:0] = byte
        if data is None:
            self.uart.put('## Binary download aborted\r\n')
            return 1
        if self.damage:
            data = self.damage(data)
        self.memory.write(address, data)
        self.uart.put(f'## Total Size      = 0x{len(data):08x} = {len(data)} Bytes\r\n')
        return 0

    def do_loady(self, address, *_):
        return self._receive('ymodem', int(address, 16), receivers.ymodem)

    def do_loadx(self, address, *_):
        return self._receive('xmodem', int(address, 16), receivers.xmodem)

    def do_loadb(self, address, *_):
        return self._receive('kermit', int(address, 16), receivers.kermit)

    def do_loads(self, *_):
        self.uart.put('## Ready for S-Record download ...\r\n')
        try:
            total = receivers.srec(self.uart, self.memory)
        except receivers.Aborted:
            self.uart.put('## S-Record download aborted\r\n')
            return 1
        self.uart.put(f'\r\n## First Load Addr = 0x0\r\n## Total Size      = 0x{total:08x} = {total} Bytes\r\n')
        return 0

    def do_go(self, address, *args):
        self.started.append((int(address, 16), args))
        self.uart.put(self.app % int(address, 16))

    def do_bootm(self, address, *more):
        self.started.append(('bootm', int(address, 16), more))
        self.uart.put('   Loading Kernel Image to 80200000\r\n\r\nStarting kernel ...\r\n\r\nhello from the image\r\n')

    def do_sf(self, what, *args):
        if what == 'probe':
            self.uart.put('SF: Detected gd25lq128 with page size 256 Bytes, erase size 4 KiB, total 16 MiB\r\n')
            return 0
        if what == 'erase':
            offset, size = int(args[0], 16), int(args[1].lstrip('+'), 16)
            self.nor[offset:offset + size] = b'\xff' * size
            return 0
        address, offset, size = (int(a, 16) for a in args)
        if offset + size > NOR_SIZE:
            self.uart.put('ERROR: attempting to write past flash size\r\n')
            return 1
        if what == 'read':
            self.memory.write(address, bytes(self.nor[offset:offset + size]))
            self.uart.put(f'SF: {size} bytes @ 0x{offset:x} Read: OK\r\n')
        else:
            data = self.memory.read(address, size)
            if self.wear:
                data = self.wear(offset, data)
            self.nor[offset:offset + len(data)] = data
            self.uart.put(f'{size} bytes written, 0 bytes skipped in 0.19s, speed 441505 B/s\r\n')
        return 0

    def do_mmc(self, what, *args):
        if what in ('dev', 'rescan'):
            return 0
        address, block, count = (int(a, 16) for a in args)
        if (block + count) * 512 > len(self.sd):
            self.uart.put('MMC: block number exceeds max\r\n')
            return 1
        if what == 'read':
            self.memory.write(address, bytes(self.sd[block * 512:(block + count) * 512]))
        else:
            self.sd[block * 512:(block + count) * 512] = self.memory.read(address, count * 512)
        return 0
