# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the debugging information says of a program's frames: how many futures of a kind lie in one."""
import re
from functools import cached_property

import image as images

STRUCTS = ('DW_TAG_structure_type', 'DW_TAG_union_type')
THROUGH = ('DW_TAG_typedef', 'DW_TAG_const_type', 'DW_TAG_volatile_type', 'DW_TAG_atomic_type')
VARIABLES = ('DW_TAG_variable', 'DW_TAG_formal_parameter')


def name_of(die):
    value = die.attributes.get('DW_AT_name')
    return value.value.decode() if value else ''


def type_of(die):
    """Of a member, a variable or a typedef, typedefs and qualifiers looked through; None: void."""
    while die is not None and 'DW_AT_type' in die.attributes:
        die = die.get_DIE_from_attribute('DW_AT_type')
        if die.tag not in THROUGH:
            return die
    return None


def length_of(array):
    """Elements of an array type; 1 if it does not say."""
    total = 1
    for child in array.iter_children():
        bound = child.attributes.get('DW_AT_upper_bound')
        count = child.attributes.get('DW_AT_count')
        total *= count.value if count else bound.value + 1 if bound and isinstance(bound.value, int) else 1
    return total


def storage_of(stem):
    """The names of the structs that go with the operations table `stem`_ops."""
    return re.compile(re.escape(stem) + r'(_future)?\d*$')


class Frames:
    """Of the files of a program that are not the framework's."""

    def __init__(self, path):
        from elftools.elf.elffile import ELFFile
        self.file = open(path, 'rb')
        elf = ELFFile(self.file)
        self.info = elf.get_dwarf_info() if elf.has_dwarf_info() else None

    def close(self):
        self.file.close()

    @cached_property
    def own(self):
        """(structs by name, variables) of the program."""
        structs, variables = {}, []
        for unit in self.info.iter_CUs() if self.info else ():
            top = unit.get_top_DIE()
            if images.layer_of(self.source_of(top)) != 'program':
                continue
            for die in unit.iter_DIEs():
                if die.tag in STRUCTS and 'DW_AT_declaration' not in die.attributes:
                    structs.setdefault(name_of(die), die)
                elif die.tag in VARIABLES and 'DW_AT_type' in die.attributes:
                    variables.append(die)
        return structs, variables

    @staticmethod
    def source_of(top):
        folder = top.attributes.get('DW_AT_comp_dir')
        name = name_of(top)
        return images.in_tree(name if name.startswith('/') or not folder else f'{folder.value.decode()}/{name}')

    @cached_property
    def data(self):
        """Address of each global or static object -> its file, for what nm cannot find (Clang's)."""
        found = {}
        for unit in self.info.iter_CUs() if self.info else ():
            file = self.source_of(unit.get_top_DIE())
            for die in unit.iter_DIEs():
                at = die.attributes.get('DW_AT_location') if die.tag == 'DW_TAG_variable' else None
                if at and at.form in ('DW_FORM_exprloc', 'DW_FORM_block1'):
                    address = self.address(unit, bytes(at.value))
                    if address is not None:
                        found.setdefault(address, file)
        return found

    def address(self, unit, expression):
        """DW_OP_addr, or DW_OP_addrx: an index into .debug_addr."""
        if expression[:1] == b'\x03' and len(expression) == 9:
            return int.from_bytes(expression[1:], 'little')
        if expression[:1] == b'\xa1':
            index, shift = 0, 0
            for byte in expression[1:]:
                index |= (byte & 0x7f) << shift
                shift += 7
            section = self.info.debug_addr_sec
            base = unit.get_top_DIE().attributes.get('DW_AT_addr_base')
            if section and base:
                section.stream.seek(base.value + 8 * index)
                return int.from_bytes(section.stream.read(8), 'little')
        return None

    def known(self, name):
        return name in self.own[0]

    def count(self, name, stem):
        """How many `stem` (or stem2, stem3 …) lie in a struct `name`."""
        die = self.own[0].get(name)
        return self.inside(die, storage_of(stem), 0) if die is not None else 0

    def count_variables(self, stem):
        """How many lie in variables of the program, static or not, but for the pools of tasks."""
        variables = (v for v in self.own[1] if not name_of(v).endswith('__pool'))
        return sum(self.inside(type_of(v), storage_of(stem), 0) for v in variables)

    def inside(self, die, pattern, depth):
        if die is None or depth > 8:
            return 0
        if die.tag == 'DW_TAG_array_type':
            return length_of(die) * self.inside(type_of(die), pattern, depth + 1)
        if die.tag not in STRUCTS:
            return 0
        if pattern.match(name_of(die)):
            return 1
        return sum(self.inside(type_of(m), pattern, depth + 1)
                   for m in die.iter_children() if m.tag == 'DW_TAG_member')

    def waits_for_others(self, name):
        """Has the frame a pointer to a future that somebody else has made: an argument or a variable of it?"""
        die = self.own[0].get(name)
        members = [m for m in die.iter_children() if m.tag == 'DW_TAG_member'] if die is not None else []
        return any(self.points_to_future(type_of(m)) for m in members if name_of(m))

    def points_to_future(self, die):
        if die is not None and die.tag == 'DW_TAG_array_type':
            return self.points_to_future(type_of(die))
        return die is not None and die.tag == 'DW_TAG_pointer_type' and self.is_future(type_of(die), 0)

    def is_future(self, die, depth):
        if die is None or die.tag not in STRUCTS or depth > 4:
            return False
        if name_of(die) == 'em_future':
            return True
        first = next((m for m in die.iter_children() if m.tag == 'DW_TAG_member'), None)
        return first is not None and self.is_future(type_of(first), depth + 1)
