# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The syntax tree as Clang prints it: finding one's way."""
import re


def children(node):
    return node.get('inner', [])


def skip_parens(node):
    while node.get('kind') == 'ParenExpr':
        node = children(node)[0]
    return node


def skip_casts(node):
    """The operand under casts that keep what an address points to."""
    while node.get('kind') == 'ParenExpr' or (
            node.get('kind') in ('ImplicitCastExpr', 'CStyleCastExpr')
            and node.get('castKind') in ('BitCast', 'NoOp')):
        node = children(node)[0]
    return node


def fill_in_places(node, last):
    """Clang leaves out a file or line that is the same as the one before: put them back."""
    def restore(place):
        for part in ('spellingLoc', 'expansionLoc'):
            if part in place:
                restore(place[part])
        if 'offset' in place:
            for key in ('file', 'line'):
                last[key] = place.setdefault(key, last.get(key))

    if 'loc' in node:
        restore(node['loc'])
    for end in ('begin', 'end'):
        restore(node.get('range', {}).get(end, {}))
    for child in children(node):
        fill_in_places(child, last)


def place_of(node):
    """(file, line, column) where the user wrote it: a macro's use, not its definition."""
    begin = node['range']['begin']
    begin = begin.get('expansionLoc', begin)
    return begin.get('file', '?'), begin.get('line', 0), begin.get('col', 1)


def is_await(node):
    """self->frame_.awaiting = …: every AWAIT and YIELD begins with it."""
    if node.get('kind') != 'BinaryOperator' or node.get('opcode') != '=':
        return False
    left = skip_parens(children(node)[0])
    return (left.get('kind') == 'MemberExpr' and left.get('name') == 'awaiting'
            and children(left)[0].get('name') == 'frame_')


def contains(node, test):
    return test(node) or any(contains(child, test) for child in children(node))


def constant(node):
    """The value of a literal condition, or None."""
    while node.get('kind') in ('ParenExpr', 'ImplicitCastExpr', 'ConstantExpr'):
        node = children(node)[0]
    return int(node['value']) if node.get('kind') == 'IntegerLiteral' else None


def points_to_const(qual_type):
    before, star, after = qual_type.rpartition('*')
    return bool(star) and re.search(r'\bconst\b', before) is not None
