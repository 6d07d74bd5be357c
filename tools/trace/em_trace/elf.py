# SPDX-License-Identifier: Apache-2.0 OR MIT
"""An ELF file as the memory of the program before it runs, and its symbols."""
import bisect

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import SymbolTableSection

from .errors import FOREIGN, TraceError

RELATIVE = {'EM_X86_64': 8, 'EM_AARCH64': 1027, 'EM_RISCV': 3}  # the word there is the addend, wherever we are put
SHF_ALLOC = 2


class Elf:
    def __init__(self, path):
        self.path = str(path)
        try:
            with open(path, 'rb') as file:
                self._read(ELFFile(file))
        except (OSError, ELFError) as error:
            raise TraceError(f'{path}: no ELF file that can be read: {error}', FOREIGN) from error

    def _read(self, elf):
        self.machine = elf['e_machine']
        self.sections = {}  # name -> (address, bytes), those in memory that have bytes
        self.aside = {}     # name -> bytes, those that are not in memory
        self.symbols = {}   # name -> (address, size); of several static ones the last
        self.objects = []   # (address, size, name): data and functions, by address
        relative = {}
        for section in elf.iter_sections():
            if isinstance(section, SymbolTableSection) and section.name == '.symtab':
                self._take_symbols(section)
            elif isinstance(section, RelocationSection) and section.is_RELA():
                relative.update((r['r_offset'], r['r_addend']) for r in section.iter_relocations()
                                if r['r_info_type'] == RELATIVE.get(self.machine))
            elif section['sh_type'] == 'SHT_PROGBITS':
                self._take_bytes(section)
        self.objects.sort()
        self._begins = [address for address, _, _ in self.objects]
        for address, addend in relative.items():
            self._put(address, addend.to_bytes(8, 'little', signed=True))

    def _take_symbols(self, table):
        for symbol in table.iter_symbols():
            if not symbol.name or symbol['st_shndx'] == 'SHN_UNDEF':
                continue
            address, size = symbol['st_value'], symbol['st_size']
            self.symbols[symbol.name] = address, size
            if symbol['st_info']['type'] in ('STT_OBJECT', 'STT_FUNC') and size:
                self.objects.append((address, size, symbol.name))

    def _take_bytes(self, section):
        if section['sh_flags'] & SHF_ALLOC or section.name == 'em_marks':  # those have addresses, too
            self.sections[section.name] = section['sh_addr'], bytearray(section.data())
        elif not section.name.startswith('.debug'):
            self.aside[section.name] = section.data()

    def _find(self, address):
        for begin, data in self.sections.values():
            if begin <= address < begin + len(data):
                return data, address - begin
        return None, 0

    def _put(self, address, value):
        data, at = self._find(address)
        if data is not None:
            data[at:at + len(value)] = value

    def bytes_at(self, address, size):
        """None: not in the file."""
        data, at = self._find(address)
        return bytes(data[at:at + size]) if data is not None and at + size <= len(data) else None

    def word(self, address):
        found = self.bytes_at(address, 8)
        return None if found is None else int.from_bytes(found, 'little')

    def string(self, address):
        """A string of C; None: there is none."""
        data, at = self._find(address)
        end = -1 if data is None else data.find(0, at)
        return None if end < 0 else data[at:end].decode('utf-8', 'replace')

    def named(self, ending):
        """(address, size) of the objects whose names end so; static ones may share a name."""
        return [(address, size) for address, size, name in self.objects if name.endswith(ending)]

    def symbol_at(self, address):
        """(name, offset) of the object or function there; None."""
        at = bisect.bisect_right(self._begins, address) - 1
        if at < 0:
            return None
        begin, size, name = self.objects[at]
        return (name, address - begin) if address < begin + size else None
