# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the word PROGRAM on the command line means: an example by name, a .c file, or a folder of them."""
import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from config import TREE
from errors import EmError

COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*', re.S)
OWN_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)
NOT_SOURCES = re.compile(r'^(build.*|subprojects|tests?|\..*)$')  # folders of an application that are not part of it


@dataclass(frozen=True)
class Program:
    name: str
    sources: tuple  # absolute paths


def runs_on(folder, board):
    """A boards.txt beside an example names the boards that have what it needs."""
    boards = folder / 'boards.txt'
    return not boards.exists() or board in boards.read_text().split()


def examples(board=None):
    """number_name -> folder, in learning order; those for @p board, or all."""
    return {p.parent.name: p.parent for p in sorted((TREE / 'examples').glob('*/main.c'))
            if board is None or runs_on(p.parent, board)}


def find(word):
    """The program that @p word names."""
    known = examples()
    for folder in known:
        if word in (folder, folder.partition('_')[2]):
            return from_path(known[folder], folder)
    path = Path(os.path.abspath(word))
    if path.exists():
        return from_path(path, path.stem if path.is_file() else path.name)
    if '/' in word or word.endswith('.c'):
        raise EmError(f'{word}: no such file or folder')
    raise EmError(unknown_example(word, known))


def from_path(path, name):
    if path.is_dir():
        sources = sorted(sources_below(path))
        if not sources:
            raise EmError(f'{path}: no .c file in this folder')
    else:
        if path.suffix != '.c':
            raise EmError(f'{path}: neither a .c file nor a folder')
        sources = [path]
    return Program(name, tuple(str(s) for s in sources))


def sources_below(folder):
    for root, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if not NOT_SOURCES.match(f)]
        yield from (Path(root, f) for f in files if f.endswith('.c'))


def unknown_example(word, known):
    names = {f.partition('_')[2]: f for f in known}
    near = difflib.get_close_matches(word, [*names, *known], cutoff=0.5)
    near += [n for n in names if word in n and n not in near]
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(names) or 'none'}"
    return f"no example '{word}', and no file or folder of that name; {hint}"


def names(program, pattern):
    """What in the program's files, its own headers too, is of @p pattern, comments aside; or None."""
    todo, seen = [Path(s) for s in program.sources], set()
    while todo:
        path = todo.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        text = COMMENT.sub(' ', path.read_text(errors='replace'))
        if found := pattern.search(text):
            return found.group()
        todo += [path.parent / name for name in OWN_INCLUDE.findall(text)]
    return None
