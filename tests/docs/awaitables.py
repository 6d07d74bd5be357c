# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Every awaitable of the public headers, and what docs/CONTRACTS.md says that a drop of it loses.

A constructor is a function that stores an operations table into a future, or a function or macro whose
comment says "Awaitable", or "As" one that does. What EM_..._TYPE(name, ...) makes is written name_verb; the comment
of the macro lists it.
"""
import re

import tree

STORES_OPS = re.compile(r'->future\.ops = &')
DEFINITION = re.compile(r'\b(?!if|for|while|switch)([a-z]\w*(?:##\w+)*)\((?:[^;{}()]|\([^()]*\))*\)\s*\{')
LISTED = re.compile(r'\b(name_\w+)_future \*\1\(')
COMMENT = re.compile(r'/\*\*((?:(?!\*/).)*)\*/\s*(?:#define\s+)?([^;{=]*?\()', re.S)
ROW = re.compile(r'^\| `(\w+)` \| `(em/\w+\.h)` \| (.+?) \|$', re.M)


def constructors(header):
    """The awaitables that @p header makes, but not the internal ones."""
    text = header.read_text().replace('\\\n', '\n')
    code = tree.without_comments(text)
    definitions = [(m.start(), m.group(1)) for m in DEFINITION.finditer(code)]
    found = {[name for at, name in definitions if at < m.start()][-1] for m in STORES_OPS.finditer(code)}
    found = {name.replace('##', '') for name in found if '##_##' not in name}  # name##_##verb: it is in a list
    commented = [(m.group(1), re.findall(r'\w+', m.group(2))[-1]) for m in COMMENT.finditer(text)]
    found |= {name for comment, name in commented if re.search(r'\bAwaitable\b', comment)}
    found |= {name for comment, name in commented if (other := re.match(r'\s*As (\w+)', comment)) and other[1] in found}
    found |= set(LISTED.findall(text))
    return {name for name in found if not name.endswith('_')}


def plain(text):
    """Words only: without the stars of comments, markup, and line ends."""
    return ' '.join(re.sub(r'[*`\\]', ' ', text).lower().split())


def with_includes(header, headers):
    """Its text, and that of those that it names: SELECT's contract is the one of em/select.h."""
    text = header.read_text()
    return text + ''.join(h.read_text() for h in headers if f'<em/{h.name}>' in text)


def violations(document, headers):
    """What the table in @p document lacks, invents, or says differently from the header."""
    rows = {(m.group(1), m.group(2)): m.group(3) for m in ROW.finditer(document)}
    made = {(name, f'em/{h.name}'): h for h in headers for name in constructors(h)}
    found = [f'{name} of {header}: not in the table: | `{name}` | `{header}` | (its Cancel:) |'
             for name, header in sorted(made.keys() - rows.keys())]
    found += [f'{name} of {header}: no such awaitable' for name, header in sorted(rows.keys() - made.keys())]
    for key, header in sorted(made.items()):
        if key in rows and plain(rows[key]) not in plain(with_includes(header, headers)):
            found.append(f'{key[0]}: {header.name} does not say "{rows[key]}"')
    return found
