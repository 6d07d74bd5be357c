# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a reader can hold: lengths of lines, files and functions; a licence line in each file; no machine's paths."""
import re

import tree

SOURCES = {'.c', '.h', '.S', '.py', '.ld', '.pml'}
MAX_LINE = 120
MAX_FILE = {'.c': 400, '.S': 400, '.h': 320, '.py': 400, '.ld': 200, '.pml': 460}  # a model is one file
MAX_FUNCTION = 60
LICENCE = 'SPDX-License-Identifier: Apache-2.0 OR MIT'
OF_QEMU = 'SPDX-License-Identifier: GPL-2.0-or-later'  # what becomes part of a QEMU
PARTS_OF_QEMU = ('tools/qemu/visionfive2/', 'tools/qemu/build', 'tools/qemu/edits.py', 'tools/qemu/shortcuts.py',
                 'tools/qemu/quiet_trace.py')
OF_USERS = (('tests', 'programs'), ('tools', 'em_cli'))  # C there is a user's: only paths are looked at

MACHINE_PATH = re.compile(r'(?<![\w.$}])/(?:work|root|farm|home/\w+|tmp/(?!\$))[/\w]')


def is_of_users(path, root):
    return path.relative_to(root).parts[:2] in OF_USERS and path.suffix == '.c'


def violations(root=tree.ROOT):
    found = []
    for path in tree.files(root):
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        name = path.relative_to(root)
        found += [f'{name}:{n}: path of a machine: {line.strip()[:60]}'
                  for n, line in enumerate(text.splitlines(), 1) if MACHINE_PATH.search(line)]
        if (path.suffix in SOURCES or text.startswith('#!')) and not is_of_users(path, root):
            found += of_source(name, text)
    return found


def of_source(name, text):
    lines = text.splitlines()
    limit = MAX_FILE.get(name.suffix, 400)
    found = [f'{name}:{n}: {len(line)} columns' for n, line in enumerate(lines, 1) if len(line) > MAX_LINE]
    if len(lines) > limit:
        found.append(f'{name}: {len(lines)} lines, more than {limit}')
    licence = OF_QEMU if str(name).startswith(PARTS_OF_QEMU) else LICENCE
    if name.suffix != '.ld' and licence not in '\n'.join(lines[:4]):
        found.append(f'{name}: no "{licence}" at the top')
    if name.suffix == '.c':
        found += long_functions(name, lines)
    return found


def long_functions(name, lines):
    """A function's body is between a { and a } at the left margin."""
    found = []
    begin = None
    for n, line in enumerate(lines, 1):
        if line == '{':
            begin = n
        elif line == '}' and begin:
            if n - begin > MAX_FUNCTION:
                found.append(f'{name}:{begin}: a function of {n - begin} lines, more than {MAX_FUNCTION}')
            begin = None
    return found
