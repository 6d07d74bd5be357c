# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The texts of a program's log, which are in its ELF only (inspect/include/em/log.h), with arguments put into them."""
import os
import re
import struct
from dataclasses import dataclass

HEAD = struct.Struct('<II')
COPIED = 0x100
LEVELS = ('OFF', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE')
CONSTANT = ('.text', '.rodata', '.srodata')  # the sections whose texts are the same when the program runs
CONVERSION = re.compile(r"%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+)?)?(hh|h|ll|l|j|z|t)?([diouxXcspfFeEgGaA%])")
PRECISION = re.compile(r'\.')
BITS = {'hh': 8, 'h': 16, None: 32}  # of an integer's length; the others have 64


@dataclass(frozen=True)
class Text:
    """One place where a program logs."""
    file: str
    line: int
    level: int
    module: str
    format: str
    copied: bool  # its argument is a text itself

    @property
    def level_name(self):
        return LEVELS[self.level] if self.level < len(LEVELS) else f'LEVEL{self.level}'

    @property
    def where(self):
        """`net main.c:61`, or without a module `main.c:61`."""
        place = f'{os.path.basename(self.file)}:{self.line}'
        return f'{self.module} {place}' if self.module else place


class Texts:
    def __init__(self, elf):
        self.elf = elf
        # on a host it is in memory: addresses are counted from there, since nobody knows where the program was put
        self.begin, self.data = elf.sections.get('em_texts', (0, elf.aside.get('em_texts', b'')))

    def get(self, number):
        """The Text of that number; None: there is none."""
        if number % 4 or number + HEAD.size > len(self.data):
            return None
        line, kind = HEAD.unpack_from(self.data, number)
        words = bytes(self.data[number + HEAD.size:number + HEAD.size + 65536]).split(b'\0', 3)
        level = kind & 0xff
        if len(words) < 4 or not 0 < level < len(LEVELS) or kind & ~(COPIED | 0xff):
            return None
        module, file, form = (word.decode('utf-8', 'replace') for word in words[:3])
        return Text(file, line, level, module, form, bool(kind & COPIED))

    def message(self, text, words):
        """@p text with its arguments, which are words of 64 bits."""
        if text.copied:
            copy = b''.join(word.to_bytes(8, 'little') for word in words).split(b'\0')[0]
            return Arguments(self, [copy.decode('utf-8', 'backslashreplace')]).put_into(text.format)
        return Arguments(self, words).put_into(text.format)

    def string(self, address):
        """What a %s shows: a text that is constant in the image, or the address."""
        if address == 0 and not self.begin:
            return '(null)'
        address = (address + self.begin) % (1 << 64)
        for name, (begin, data) in self.elf.sections.items():
            if name.startswith(CONSTANT) and begin <= address < begin + len(data):
                found = bytes(data[address - begin:])
                if b'\0' in found:
                    return found[:found.index(b'\0')].decode('utf-8', 'backslashreplace')
        return f'0x{address:x}'


class Arguments:
    """Those of one line, taken one by one."""

    def __init__(self, texts, words):
        self.texts = texts
        self.left = list(words)

    def put_into(self, form):
        return CONVERSION.sub(self.conversion, form)

    def integer(self, bits=32, signed=True):
        """The next one, which has been extended to 64 bits, as its type says."""
        value = self.left.pop(0) & ((1 << bits) - 1)
        return value - (1 << bits) if signed and value >> (bits - 1) else value

    def conversion(self, match):
        """What stands for one conversion of printf."""
        if match[5] == '%':
            return '%'
        try:
            return self.converted(*match.groups(), PRECISION.search(match[0]) is not None)
        except IndexError:
            return '?'  # fewer arguments than conversions

    def converted(self, flags, width, precision, length, kind, has_precision):
        flags = flags.replace("'", '')
        if width == '*':
            width = self.integer()
            flags, width = (flags + '-', -width) if width < 0 else (flags, width)
        if precision == '*':
            precision = self.integer()
            has_precision = precision >= 0
        precision = f'.{precision or 0}' if has_precision else ''
        width = str(width or '')
        if kind in 'di':
            return self.number(flags, width, precision, 'd', self.integer(BITS.get(length, 64)))
        if kind in 'uoxX':
            return self.number(flags, width, precision, kind, self.integer(BITS.get(length, 64), signed=False))
        if kind in 'fFeEgGaA':
            return self.floating(flags, width, precision, kind)
        flags = '-' if '-' in flags else ''
        if kind == 'p':
            return f'%{flags}{width}s' % f'0x{self.left.pop(0):x}'
        if kind == 'c':
            return f'%{flags}{width}s' % chr(self.integer(8, signed=False))
        word = self.left.pop(0)
        return f'%{flags}{width}{precision}s' % (word if isinstance(word, str) else self.texts.string(word))

    @staticmethod
    def number(flags, width, precision, kind, value):
        if precision:
            flags = flags.replace('0', '')
        if precision == '.0' and value == 0:
            return f'%{width}s' % ''
        if value == 0:
            flags = flags.replace('#', '')
        if kind == 'o' and '#' in flags:  # Python's is 0o17
            return f'%{flags.replace("#", "")}{width}s' % f'0{value:o}'
        return f'%{flags}{width}{precision}{kind.replace("u", "d")}' % value

    def floating(self, flags, width, precision, kind):
        value = struct.unpack('<d', self.left.pop(0).to_bytes(8, 'little'))[0]
        if kind in 'aA':
            return f'%{width}s' % value.hex()
        if value != value or value in (float('inf'), -float('inf')):
            flags = flags.replace('0', '')
        return f'%{flags}{width}{precision}{kind}' % value
