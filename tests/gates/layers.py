#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The layers: who includes whom, and whether it may. Run it to see the graph."""
import re
import sys

import tree

# layer -> the layers whose public headers it may include
ALLOWED = {
    'executor': {'executor'},
    'time': {'executor', 'time'},
    'sync': {'executor', 'sync'},
    'futures': {'executor', 'time', 'futures'},
    'macros': {'executor', 'time', 'sync', 'futures', 'macros'},
    'hal': {'executor', 'time', 'sync', 'futures', 'hal'},
    'inspect': {'executor', 'time', 'sync', 'futures', 'macros', 'hal', 'inspect'},
}
EVERYTHING = set(tree.LAYERS)  # what stands on top (examples, tests, bench) may include any public header
GENERATED = {'em_config.h'}
FREESTANDING = {'stdarg.h', 'stdbool.h', 'stddef.h', 'stdint.h', 'limits.h', 'string.h'}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
PLACES = ('host',)  # folders whose name says that they are Linux: executor/arch/host, hal/host


def owners(root):
    """<em/x.h> -> the layers that have one of that name."""
    found = {}
    for header in tree.public_headers(root):
        found.setdefault(f'em/{header.name}', set()).add(header.relative_to(root).parts[0])
    return found


def includes(root):
    """(file, its layer or None, bracket, name) of every include."""
    for path in tree.files(root, {'.c', '.h', '.S'}):
        layer = path.relative_to(root).parts[0]
        for bracket, name in INCLUDE.findall(path.read_text()):
            yield path, layer if layer in ALLOWED else None, bracket, name


def violations(root=tree.ROOT):
    owner = owners(root)
    return [f'{path.relative_to(root)}: includes {name}: {why}'
            for path, layer, bracket, name in includes(root)
            if (why := objection(root, owner, path, layer, bracket, name))]


def objection(root, owner, path, layer, bracket, name):
    if bracket == '"':
        inside = root / layer if layer else root / path.relative_to(root).parts[0]
        target = (path.parent / name).resolve()
        if target.exists() and inside.resolve() not in target.parents:
            return 'a private file of another folder'
        return None
    if name in owner:
        below = owner[name] & ALLOWED.get(layer, EVERYTHING)
        return None if below else f'of {", ".join(owner[name])}, which is not below'
    if name.startswith('em/'):
        return 'no layer has it'
    if layer in (None, 'hal') or name in GENERATED or name in FREESTANDING or set(PLACES) & set(path.parts) \
            or path.name.startswith('mock_'):
        return None
    return 'a layer needs nothing of a C library but freestanding headers'


def graph(root=tree.ROOT):
    """layer -> the other layers that it includes."""
    owner = owners(root)
    edges = {layer: set() for layer in ALLOWED}
    for _, layer, _, name in includes(root):
        if layer:
            edges[layer] |= owner.get(name, set()) - {layer}
    return edges


def main():
    for layer, below in graph().items():
        print(f"{layer:<10} -> {', '.join(sorted(below)) or '(nothing)'}")
    found = violations()
    print('\n'.join(found))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
