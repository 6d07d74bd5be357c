# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Seeded bugs as edits of the real sources: a list in TOML, each [[mutant]] a name, a file, and edits.

An edit is a text, which must occur exactly once, and what stands there instead.
"""
import os
import shutil
import tomllib

EXPLORER = 'tests/explore'  # its machine can have bugs, too
LAYERS = ('executor', 'sync', 'futures', 'time', 'macros')


class Stale(Exception):
    """The source has moved on, and the mutant must follow."""


def load(names, *paths):
    """The mutants of the lists, or those of the names."""
    mutants = [m for path in paths for m in tomllib.loads(path.read_text())['mutant']]
    unknown = set(names) - {m['name'] for m in mutants}
    if unknown:
        raise SystemExit('no such mutant: ' + ', '.join(sorted(unknown)))
    return [m for m in mutants if not names or m['name'] in names]


def make_tree(root, mutant, folder, layers=LAYERS):
    """The layers with the mutant's edits, the other files being links; returns its path."""
    tree = folder / mutant['name']
    for layer in (*layers, *([EXPLORER] if mutant['file'].startswith(EXPLORER) else [])):
        shutil.copytree(root / layer, tree / layer, copy_function=os.symlink)
    target = tree / mutant['file']
    text = target.read_text()
    target.unlink()  # the link, not what it is to
    for old, new in mutant['edits']:
        if text.count(old) != 1:
            raise Stale(f"its text occurs {text.count(old)} times in {mutant['file']}: {old!r}")
        text = text.replace(old, new)
    target.write_text(text)
    return tree
