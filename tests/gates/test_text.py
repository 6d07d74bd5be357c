# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Gates on the text of the tree, each with a violation that it must find."""
import re

import contexts
import layers
import limits
import pytest
import suites
import tree

SUITE = re.compile(r"suite'?: '(\w+)'")


def test_each_layer_includes_only_what_is_below_it():
    assert layers.violations() == []
    print('\n'.join(f"{layer} -> {', '.join(sorted(below))}" for layer, below in layers.graph().items()))


@pytest.mark.parametrize('path, text, why', [
    ('executor/x.c', '#include <em/timer.h>\n', 'of time, which is not below'),
    ('sync/x.c', '#include <em/timer.h>\n', 'of time, which is not below'),
    ('time/x.c', '#include <em/gone.h>\n', 'no layer has it'),
    ('time/x.c', '#include "../executor/queue.h"\n', 'a private file of another folder'),
    ('examples/01_x/main.c', '#include "../../executor/queue.h"\n', 'a private file of another folder'),
    ('futures/x.c', '#include <stdio.h>\n', 'a layer needs nothing of a C library'),
])
def test_a_wrong_include_is_found(tmp_path, path, text, why):
    for name in ('executor/include/em/task.h', 'executor/queue.h', 'time/include/em/timer.h', path):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('')
    assert layers.violations(tmp_path) == []
    (tmp_path / path).write_text(text)
    found = layers.violations(tmp_path)
    assert len(found) == 1 and why in found[0]


@pytest.mark.parametrize('header', tree.public_headers(), ids=lambda p: p.name)
def test_every_public_function_names_its_context(header):
    assert contexts.violations(header) == []


@pytest.mark.parametrize('text, count', [
    ('/** Set it. Context: task */\nvoid em_x_set(int n);\n', 0),
    ('/** Set it. */\nvoid em_x_set(int n);\n', 1),
    ('void em_x_set(int n);\n', 1),
    ('/** Set it.\n * Context: task\n */\nvoid em_x_set(int n);\nvoid em_x_unset(int n);\n', 0),
    ('/** Get it. */\nstatic inline int em_x_get(int n)\n{\n    return em_y(n);\n}\n', 1),
    ('void em_x_helper_(int n);\n', 0),
    ('typedef int (*em_x_fn)(int n);\n', 0),
    ('/** EM_X_TYPE(name); makes name_set(). */\n#define EM_X_TYPE(name) int name\n', 1),
    ('/** EM_X_TYPE(name); makes name_set(): task | isr */\n#define EM_X_TYPE(name) int name\n', 0),
])
def test_a_function_without_context_is_found(tmp_path, text, count):
    header = tmp_path / 'x.h'
    header.write_text(text)
    assert len(contexts.violations(header)) == count


def test_no_test_is_left_out_by_em_test():
    words, meson_suites = suites.covered()
    folders = {word for word in words if word.startswith('tests/')}
    homes = [str(p.relative_to(tree.ROOT)) for p in (tree.ROOT / 'tests').rglob('test_*.py')]
    for folder, stand_in in suites.ON_HARDWARE.items():
        assert stand_in in homes and stand_in.startswith(tuple(folders)) and folder not in folders
        assert f"'{folder}'" in (tree.ROOT / stand_in).read_text()
        homes = [home for home in homes if not home.startswith(f'{folder}/')]
    assert [home for home in homes if not home.startswith(tuple(f'{folder}/' for folder in folders))] == []
    assert [folder for folder in folders if not any(home.startswith(f'{folder}/') for home in homes)] == []
    named = {name for p in (tree.ROOT / 'tests').rglob('meson.build') for name in SUITE.findall(p.read_text())}
    assert named == meson_suites


def test_sizes_licences_and_paths():
    assert limits.violations() == []


@pytest.mark.parametrize('name, text, why', [
    ('x.c', 'x' * 121, 'columns'),
    ('x.c', '\n' * 401, 'lines'),
    ('x.c', 'void f(void)\n{\n' + 'g();\n' * 61 + '}\n', 'a function of'),
    ('x.md', 'see /' + 'home/somebody/notes\n', 'path of a machine'),
])
def test_what_is_too_long_or_of_one_machine_is_found(tmp_path, name, text, why):
    path = tmp_path / 'time' / name
    path.parent.mkdir()
    path.write_text(f'/* {limits.LICENCE} */\n{text}')
    found = limits.violations(tmp_path)
    assert len(found) == 1 and why in found[0]


def test_a_missing_licence_is_found(tmp_path):
    (tmp_path / 'x.c').write_text('int x;\n')
    assert limits.violations(tmp_path) == ['x.c: no "SPDX-License-Identifier: Apache-2.0 OR MIT" at the top']
