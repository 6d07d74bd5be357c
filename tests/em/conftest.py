# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Fixtures: the tool, and programs outside the tree."""
import subprocess

import pytest
from tool import EM, LIMIT, PROGRAM


@pytest.fixture
def em():
    """Runs the tool to its end. The completed process; outputs are bytes."""
    def run(*words, typed=b'', **more):
        return subprocess.run([EM, *map(str, words)], input=typed, capture_output=True, timeout=LIMIT, **more)
    return run


@pytest.fixture
def source(tmp_path):
    """Writes a program outside the tree that prints @p name and ends with 42. Its path."""
    def write(name='hello', folder=tmp_path, text=PROGRAM):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f'{name}.c'
        path.write_text(text.replace('NAME', f'"{name}"'))
        return path
    return write
