# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Each public header compiles alone, and twice, as the first thing in a file: both compilers, RISC-V and host."""
import json
import shlex
import subprocess

import builder
import layers
import pytest
import tree
from config import COMPILERS, Config

CONFIGS = [Config('qemu_virt', 'm'), Config('qemu_virt', 's', 'clang'), *(Config('host', cc=cc) for cc in COMPILERS)]


def compile_commands(folder):
    return json.loads((folder / 'compile_commands.json').read_text())


def as_an_application(folder, source):
    """The command by which an acceptance program is compiled, for @p source, syntax only, every warning an error."""
    entry = next(e for e in compile_commands(folder) if e['file'].endswith('tests/programs/blink.c'))
    words = shlex.split(entry['command'])
    own = {'-c', '-MD', '-g', entry['file']}
    kept = []
    for word, before in zip(words, [''] + words):
        if word not in own and before not in ('-o', '-MF', '-MQ') and word not in ('-o', '-MF', '-MQ') \
                and not word.startswith('-Wno-'):
            kept.append(word)
    return [*kept, '-Werror', '-fsyntax-only', str(source)]


def compile_header(config, name, folder):
    build = builder.tree_folder(config)
    source = folder / 'alone.c'
    source.write_text(f'#include <em/{name}>\n#include <em/{name}>\n_Static_assert(1, "");\n')
    return subprocess.run(as_an_application(build, source), cwd=build, capture_output=True, text=True,
                          env=builder.tool_env(config))


NAMES = sorted({h.name for h in tree.public_headers()})


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_each_public_header_compiles_alone(config, tmp_path):
    failed = {name: done.stderr for name in NAMES if (done := compile_header(config, name, tmp_path)).returncode}
    assert failed == {}


def test_a_header_that_needs_another_is_found(tmp_path):
    build = builder.tree_folder(CONFIGS[0])
    source = tmp_path / 'alone.c'
    source.write_text('size_t n;\n')
    assert subprocess.run(as_an_application(build, source), cwd=build, capture_output=True).returncode != 0


@pytest.mark.parametrize('config', CONFIGS, ids=lambda c: c.key)
def test_each_layer_sees_the_includes_of_those_below_it_only(config):
    """The compiler proves the layering: no object of a layer is compiled with a directory of one above it."""
    seen = set()
    for entry in compile_commands(builder.tree_folder(config)):
        layer = source_layer(entry)
        if layer:
            seen |= {(layer, below) for word in shlex.split(entry['command']) if (below := include_layer(word))}
    assert ('executor', 'executor') in seen and ('time', 'executor') in seen
    assert {(layer, below) for layer, below in seen if below not in layers.ALLOWED[layer]} == set()


def source_layer(entry):
    if 'libem_' not in entry['output']:
        return None  # a test that compiles a layer's file on terms of its own
    first = (tree.ROOT / entry['directory'] / entry['file']).resolve().relative_to(tree.ROOT).parts[0]
    return first if first in tree.LAYERS else None


def include_layer(word):
    """The layer of the source directory of an -I."""
    parts = word[2:].split('/') if word.startswith('-I') else []
    parts = [p for p in parts if p not in ('..', '.')]
    return parts[0] if parts and parts[0] in tree.LAYERS else None
