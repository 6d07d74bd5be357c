# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The files of the tree, for the gates."""
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = re.compile(r'^(build.*|subprojects|__pycache__|\.git|\.cache|\.pytest_cache)$')
LAYERS = ('executor', 'time', 'sync', 'futures', 'macros', 'hal', 'inspect')


def files(root=ROOT, suffixes=None):
    """Every file of the project, but not what is built."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not SKIPPED.match(f))
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and (suffixes is None or path.suffix in suffixes):
                yield path


def public_headers(root=ROOT):
    """What applications may include: <em/...> of every layer's include directory."""
    return [p for layer in LAYERS for p in files(root / layer, {'.h'}) if p.parent.name == 'em']


def without_comments(text):
    """@p text with comments and strings blanked, every other character at its place."""
    def blank(match):
        return re.sub(r'[^\n]', ' ', match.group(0))

    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)
