# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Every public function says in which context it may be called."""
import re

import tree

# a function declared or defined at the left margin: its name has no trailing underscore (those are internal)
FUNCTION = re.compile(r'^(?!typedef|\s|struct \w+ \{|enum|union|_Static_assert)[^\n;={}()]*?\b(em_\w*[a-z0-9])\(', re.M)
TYPE_MACRO = re.compile(r'^#define[ \t]+(EM_\w+_TYPE)\(', re.M)


def violations(header):
    """The functions of @p header without a `Context:` in the comment before them."""
    text = header.read_text()
    code = tree.without_comments(text)
    code = re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', lambda m: re.sub(r'[^\n]', ' ', m.group(0)), code, flags=re.M)
    found = []
    for match in FUNCTION.finditer(code):
        comment = comment_before(text, match.start())
        if 'Context:' not in comment and 'Context,' not in comment:
            line = text.count('\n', 0, match.start()) + 1
            found.append(f'{header.name}:{line}: {match.group(1)}() has no Context:')
    for match in TYPE_MACRO.finditer(text):
        comment = comment_before(text, match.start())
        if not re.search(r'Context:|\b(task|isr|any hart)\b', comment):
            found.append(f'{header.name}: {match.group(1)} does not say the contexts of what it makes')
    return found


def comment_before(text, start):
    """The comment that ends right before @p start, or before the lines of declarations just above it."""
    before = text[:start].rstrip(' ')
    lines = before.split('\n')[:-1]
    while lines and lines[-1] and not lines[-1].rstrip().endswith('*/') and lines[-1].rstrip().endswith(';'):
        lines.pop()  # one comment for a group of declarations
    block = '\n'.join(lines).rstrip()
    return block[block.rfind('/*'):] if block.endswith('*/') else ''
