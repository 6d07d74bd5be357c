#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""docs/MACROS.md shows what the preprocessor makes of expansion.c: is it still so?

usage: check_expansion.py [--update] COMPILER FLAGS...

Laid out anew and without attributes, static assertions and redundant parentheses; else as it comes.
"""
import difflib
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / 'docs' / 'MACROS.md'
SHOWN = re.compile(r'(?<=<!-- expansion of tests/macros/expansion\.c -->\n```c\n).*?(?=```\n)', re.S)
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\w+|->|&&|\+\+|==|!=|<=|>=|\S')
NO_SPACE_BEFORE = {',', ';', ')', ']', '->', '++'}
TIGHT = {'(', '[', '{', '->', '.', '!', '&', '~', '&&', '*'}  # nothing stands off behind these
CONTROL = {'if', 'for', 'while', 'switch', 'return', 'goto'}


def preprocessed(command):
    """The tokens that come from expansion.c itself, behind its includes."""
    run = subprocess.run([*command, '-std=gnu11', '-DEM_STRICT_LOCALS=0', '-E', 'expansion.c'],
                         cwd=HERE, stdout=subprocess.PIPE, text=True, check=True)
    own, lines = False, []
    for line in run.stdout.splitlines():
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            own = marker.group(1).endswith('expansion.c')
        elif own:
            lines.append(line)
    text = '\n'.join(lines)
    while True:  # what is left out has no parentheses deeper than these
        less = re.sub(r'_Static_assert\s*\((?:[^()"]|"(?:\\.|[^"\\])*"|\((?:[^()]|\([^()]*\))*\))*\)\s*;|'
                      r'__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)', '', text)
        if less == text:
            break
        text = less
    text = re.sub(r'\(\(void \*\)0\)', 'NULL', text)
    text = re.sub(r'(?<!\\n)" "', '', text)  # adjacent strings, line by line
    return TOKEN.findall(text)


class Layout:
    """One statement a line; braces open a block, but not in an expression or inside an initialiser."""

    def __init__(self):
        self.lines, self.line, self.blocks, self.parens, self.deeper = [], '', [], 0, 0

    def add(self, token):
        if token == '{':
            self.open()
        elif token == '}':
            self.close()
        elif token == ';' and not self.parens:
            self.line += ';'
            self.end()
        elif token == ',' and self.blocks and self.blocks[-1] == 'list' and not self.parens:
            self.line += ','
            self.end()
        elif token == ':' and re.fullmatch(r'\w+', self.line):
            self.lines.append('    ' * (len(self.blocks) - 1) + self.line + ':')
            self.line = ''
        else:
            if token in CONTROL and re.search(r'(\)|\belse)$', self.line) and self.line + token != 'elseif':
                self.end()
                self.deeper = int(token in ('return', 'goto'))
            self.parens += {'(': 1, ')': -1}.get(token, 0)
            self.word(token)

    def word(self, token):
        if token[0] == '"' and self.line.endswith('"'):
            self.end()
            self.deeper = 2
        self.line += token if self.is_tight(token) else ' ' + token

    def is_tight(self, token):
        """No space between the line so far and this token?"""
        if not self.line:
            return True
        last = re.search(r'(->|&&|\+\+|\w+|\S)$', self.line).group(1)
        is_value = re.fullmatch(r'\w+|\)|\]', last) and last not in CONTROL
        if token in ('&', '*'):
            return not is_value and last in TIGHT
        if token == '.':
            return last != ','
        if token == ':':
            return last == '0'
        return token in NO_SPACE_BEFORE or last in TIGHT or token in ('(', '[') and bool(is_value)

    def open(self):
        if self.parens or self.line.startswith('return') or self.blocks and self.blocks[-1] in ('list', 'value'):
            self.line += '{' if self.line.endswith(')') else ' {'
            self.blocks.append('value')
            self.parens += 1
            return
        kind = 'list' if self.line.endswith('=') else 'block'
        self.line += ' {' if self.line else '{'
        self.end()
        self.blocks.append(kind)

    def close(self):
        if self.blocks[-1] == 'value':
            self.parens -= 1
            self.line += '}'
        else:
            self.end()
            self.line = '}'
        self.blocks.pop()

    def end(self):
        if self.line.strip():
            depth = len([b for b in self.blocks if b != 'value']) + self.deeper
            self.lines.append('    ' * depth + self.line.rstrip())
        self.line, self.deeper = '', 0


def laid_out(tokens):
    layout = Layout()
    for i, token in enumerate(tokens):
        if layout.line == '}' and token not in (';', 'while', 'else', ',') and not (
                i + 1 < len(tokens) and tokens[i + 1] == ';' and re.fullmatch(r'\w+', token)):
            layout.end()
        layout.add(token)
    layout.end()
    return '\n'.join(layout.lines) + '\n'


def main():
    update = sys.argv[1] == '--update'
    expected = laid_out(preprocessed(sys.argv[2 if update else 1:]))
    text = DOCUMENT.read_text(encoding='utf-8')
    shown = SHOWN.search(text).group(0)
    if update:
        DOCUMENT.write_text(SHOWN.sub(lambda m: expected, text, count=1), encoding='utf-8')
    elif shown != expected:
        sys.stdout.writelines(difflib.unified_diff(shown.splitlines(True), expected.splitlines(True),
                                                   'docs/MACROS.md', 'what the preprocessor makes'))
        sys.exit('docs/MACROS.md: the expansion is out of date: run check_expansion.py --update')


if __name__ == '__main__':
    main()
