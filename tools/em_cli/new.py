# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`em new DIR`: a folder that builds, from tools/em_cli/template."""
import re
from pathlib import Path

from config import TREE
from errors import ENVIRONMENT, EmError, say

TEMPLATE = Path(__file__).resolve().parent / 'template'


def create(word):
    folder = Path(word)
    name = re.sub(r'[^A-Za-z0-9_-]+', '-', folder.resolve().name).strip('-') or 'application'
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EmError(f'{word} exists already and is not an empty folder')
    try:
        (folder / 'subprojects').mkdir(parents=True)
        for source in sorted(TEMPLATE.iterdir()):
            target = folder / source.name.replace('gitignore', '.gitignore')
            target.write_text(source.read_text().replace('@NAME@', name))
        (folder / 'subprojects' / 'emissary').symlink_to(TREE)
    except OSError as e:
        raise EmError(f'cannot write {e.filename}: {e.strerror}', ENVIRONMENT) from e
    say(f'{word} is ready: em run {word}')
