# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What an acceptance program promises in the comment at its top: boards, input, output, exit status.

    boards: qemu_virt (m, s) with 1, 2 and 4 harts, host
    input "text\\x04" gives
    expect:
      a line
      {two lines} {in any order}
      {one line} or {the other}
    ... with status 7

`expect (N harts):` has an N where the number of harts is printed.
"""
import re
from dataclasses import dataclass


class Either(tuple):
    """A group of which one line is printed."""


@dataclass(frozen=True)
class Promise:
    boards: dict   # board -> its modes
    typed: bytes
    expect: tuple  # groups of lines: in order, any order inside a group
    status: int
    harts: tuple = (1,)

    def on(self, harts):
        """What it prints with so many harts."""
        return tuple(type(group)(re.sub(r'\bN(?=\d*\b)', str(harts), line) for line in group) for group in self.expect)


def read(path):
    comment = path.read_text().partition('*/')[0]
    lines = [re.sub(r'^\s*/?\*? ?', '', line) if i else line[3:] for i, line in enumerate(comment.splitlines())]
    text = '\n'.join(lines)
    boards = re.search(r'^boards: ([^;\n]*)', text, re.M).group(1)
    harts = re.search(r' with ([\d, and]+) harts', boards)
    if harts:
        boards = boards.replace(harts.group(0), '')
    typed = re.search(r'^input "((?:[^"\\]|\\.)*)"', text, re.M)
    status = re.search(r'\bstatus (\d+)', text)
    return Promise({b: tuple(m.split(', ')) if m else (b,) for b, m in re.findall(r'(\w+)(?: \(([^)]*)\))?', boards)},
                   typed.group(1).encode().decode('unicode_escape').encode('latin-1') if typed else b'',
                   tuple(expected_lines(text)), int(status.group(1)) if status else 0,
                   tuple(int(n) for n in re.findall(r'\d+', harts.group(1))) if harts else (1,))


def expected_lines(text):
    """The indented lines after `expect:`."""
    after = re.split(r'^expect(?: \(N harts\))?:\n', text, maxsplit=1, flags=re.M)[1:] or ['']
    for line in after[0].splitlines():
        if not line.startswith('  '):
            break
        groups = re.findall(r'\{([^}]*)\}', line)
        yield (Either if '} or {' in line else tuple)(groups or [line.strip()])


def difference(expect, output):
    """None, or where @p output (bytes) is not what @p expect says."""
    if not output.endswith(b'\n'):
        return f'the output does not end with a line end: {output[-60:]!r}'
    lines = output.decode('utf-8', 'backslashreplace')[:-1].split('\n')
    at = 0
    for group in expect:
        count = 1 if isinstance(group, Either) else len(group)
        got = lines[at:at + count]
        if sorted(got) != sorted(group) and not (count == 1 and set(got) & set(group)):
            return f'line {at + 1}: expected {group}, got {got}'
        at += count
    return f'more than expected: {lines[at:]}' if lines[at:] else None
