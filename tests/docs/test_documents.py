# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The documents are true: each check, and a violation that it must find."""
import functools
import subprocess

import awaitables
import documents
import hooks
import programs
import pytest
import tree
from errors import EmError

DOCS = tree.ROOT / 'docs'
PAGES = sorted(DOCS.rglob('*.md'))
FRONT = [tree.ROOT / 'README.md', tree.ROOT / 'CONTRIBUTING.md']
PORTING = (DOCS / 'PORTING.md').read_text()


@pytest.mark.parametrize('path', documents.markdown(), ids=lambda p: str(p.relative_to(tree.ROOT)))
def test_no_link_is_dead(path):
    if 'template' not in path.parts:  # its links are of the application that is made of it
        assert documents.dead_links(path) == []


@pytest.mark.parametrize('link, why', [
    ('[a](gone.md)', 'no such file'), ('[a](y.md#gone)', 'no such heading'), ('[a](#gone)', 'no such heading'),
    ('[a](y.md#a-heading-its-words)', None), ('[a](#top)', None), ('[a](https://example.com/x)', None),
    ('`[a](gone.md)`', None), ('```\n[a](gone.md)\n```', None)])
def test_a_dead_link_is_found(tmp_path, link, why):
    (tmp_path / 'y.md').write_text("# A heading: it's words!\n".replace("it's", 'its'))
    (tmp_path / 'x.md').write_text(f'# Top\n\n{link}\n')
    found = documents.dead_links(tmp_path / 'x.md')
    assert [why in f for f in found] == ([True] if why else [])


@pytest.mark.parametrize('path', PAGES + FRONT, ids=lambda p: p.name)
def test_every_place_that_is_named_exists(path):
    assert documents.dead_places(path.read_text()) == []


def test_every_stop_of_the_tour_names_a_place():
    rows = [line for line in (DOCS / 'TOUR.md').read_text().splitlines() if line.startswith('| ') and line[2].isdigit()]
    assert len(rows) > 15
    assert [row for row in rows if not documents.PLACE.search(row) and 'PORTING.md' not in row] == []


@pytest.mark.parametrize('place, why', [
    ('`time/x.c: moved`', 'does not define moved'), ('`time/gone.c`', 'no such file'),
    ('`time/x.c: called`', 'does not define called'), ('`time/x.c: commented`', 'does not define commented'),
    ('`time/x.c: here`', None), ('`time/x.c: MACRO`', None), ('`time/x.c: kind`', None),
    ('`time/x.S: label`', None), ('`time/x.S:\nother`', 'does not define other')])
def test_a_place_that_has_moved_is_found(tmp_path, place, why):
    (tmp_path / 'time').mkdir()
    (tmp_path / 'time/x.c').write_text(
        '/* commented() */\n#define MACRO(x) x\nstruct kind {\n    int x;\n};\n'
        'static int here(int a,\n                int b)\n{\n    return called(a + b);\n}\n')
    (tmp_path / 'time/x.S').write_text('label:\n    j other\n')
    found = documents.dead_places(place, tmp_path)
    assert [why in f for f in found] == ([True] if why else [])


@pytest.mark.parametrize('path', [p for p in PAGES + FRONT if p.name not in documents.FREE_TEXT], ids=lambda p: p.name)
def test_every_snippet_is_cut_from_a_file(path):
    assert documents.wrong_snippets(path.read_text()) == []


@pytest.mark.parametrize('block, count', [
    ('CUT```c\nint a;\nint b;\n```\n', 0), ('CUT```c\nint a;\nint c;\n```\n', 1),
    ('CUT```c\nint a;\n…\nint d;\n```\n', 0), ('CUT```c\nint d;\n…\nint a;\n```\n', 1),
    ('CUT```c\n    int c;\n    if (c)\n```\n', 0), ('```c\nint a;\n```\n', 1), ('```sh\nls\n```\n', 0)])
def test_a_snippet_that_differs_is_found(tmp_path, block, count):
    block = block.replace('CUT', '<!-- cut from x.c -->\n')
    (tmp_path / 'x.c').write_text('int a;\nint b;\n        int c;\n        if (c)\n            e();\nint d;\n')
    assert len(documents.wrong_snippets(block, tmp_path)) == count


def test_what_is_said_to_be_missing_is():
    assert documents.not_missing((DOCS / 'CAVEATS.md').read_text(), tree.public_headers()) == []


def test_what_is_there_by_now_is_found(tmp_path):
    header = tmp_path / 'x.h'
    header.write_text('/* em_no */\n#define EM_X_TYPE(name) int name\nvoid em_y_get(em_y *y);\n')
    row = '| Things | not there: `EM_X_TYPE`, `em_y`, `em_no`. But `em_y_get` |\n'
    assert documents.not_missing(row, [header]) == ['EM_X_TYPE is there', 'em_y is there']


@functools.lru_cache(maxsize=None)
def help_of(command):
    done = subprocess.run([tree.ROOT / 'tools' / 'em', *command.split(), '--help'], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def is_program(word):
    if '/' not in word and word.endswith('.c'):
        return True  # the reader's own
    try:
        return programs.find(str(tree.ROOT / word) if '/' in word else word) is not None
    except EmError:
        return False


@pytest.mark.parametrize('path', PAGES + FRONT, ids=lambda p: p.name)
def test_every_command_is_one(path):
    assert documents.wrong_commands(path.read_text(), help_of, is_program) == []


@pytest.mark.parametrize('text, count', [
    ('`tools/em run blink`', 0), ('`tools/em run --mode s blink`', 0), ('`tools/em fly blink`', 1),
    ('`tools/em run --fast blink`', 1), ('`tools/em run blonk`', 1), ('```sh\ntools/em run blonk\n```\n', 1),
    ('    tools/em run blonk\n', 1), ('`tools/em test gates`', 0),
    ('`tools/em test all`', 1), ('```sh\ngdb "$(tools/em build blink)"\n```\n', 0), ('`tools/em new DIR`', 0)])
def test_a_command_that_is_none_is_found(text, count):
    assert len(documents.wrong_commands(text, help_of, is_program)) == count


def test_every_key_of_a_manual_is_listed_and_used():
    assert documents.wrong_keys((DOCS / 'SOURCES.md').read_text()) == []


def test_an_unknown_and_an_unused_key_are_found(tmp_path):
    (tmp_path / 'x.c').write_text('/* Ref: [MANUAL-2] 3.4 */\nint a[SIZE];\n')
    assert documents.wrong_keys('| [OTHER] | a book | 1 |\n', tmp_path) == [
        'x.c: [MANUAL-2] is not in SOURCES.md', '[OTHER] is used nowhere']
    assert documents.wrong_keys('| [MANUAL-2] | a book | 1 |\n', tmp_path) == []


def test_the_table_of_cancellation_is_that_of_the_headers():
    assert awaitables.violations((DOCS / 'CONTRACTS.md').read_text(), tree.public_headers()) == []


def test_a_missing_an_invented_and_a_different_awaitable_are_found(tmp_path):
    header = tmp_path / 'x.h'
    header.write_text('/**\n * Awaitable: it came.\n *\n * Cancel:  loses\n *          nothing at all\n */\n'
                      'static inline em_x *em_x_wait(em_x *x)\n{\n    return x;\n}\n'
                      '#define X(name) \\\n    static inline name##_f *name##_get(name##_f *f) \\\n    { \\\n'
                      '        f->future.ops = &ops; \\\n        return f; \\\n    }\n')
    row = '| `em_x_wait` | `em/x.h` | loses nothing at all |\n'
    get = '| `name_get` | `em/x.h` | loses nothing at all |\n'
    assert awaitables.violations(row + get, [header]) == []
    assert awaitables.violations(row, [header]) == [
        'name_get of em/x.h: not in the table: | `name_get` | `em/x.h` | (its Cancel:) |']
    assert awaitables.violations(row + get + row.replace('wait', 'look'), [header]) == [
        'em_x_look of em/x.h: no such awaitable']
    assert awaitables.violations(row.replace('nothing', 'a byte') + get, [header]) == [
        'em_x_wait: x.h does not say "loses a byte at all"']


def test_an_awaitable_that_a_macro_pastes_together_is_found(tmp_path):
    header = tmp_path / 'x.h'
    header.write_text('/**\n * X(name); expands to\n *     name_get_future *name_get(name_get_future *)\n */\n'
                      '#define X(name) XX(name, get)\n'
                      '#define XX(name, verb) \\\n    static inline name##_f *name##_##verb(name##_f *f) \\\n    { \\\n'
                      '        f->future.ops = &ops; \\\n        return f; \\\n    }\n')
    assert awaitables.violations('', [header]) == [
        'name_get of em/x.h: not in the table: | `name_get` | `em/x.h` | (its Cancel:) |']


def test_the_hooks_of_the_framework_are_those_that_the_linker_misses(tmp_path):
    assert hooks.of_framework(tmp_path) == documents.first_column(PORTING, '## The hooks')


def test_the_functions_of_a_board_are_those_that_the_linker_misses(tmp_path):
    assert hooks.of_board(tmp_path) == documents.first_column(PORTING, '## A new board')


def test_one_more_hook_is_missed(tmp_path):
    program = 'void em_port_new(void);\nint main(void)\n{\n    em_port_new();\n    return 0;\n}\n'
    more = hooks.of_framework(tmp_path, program) - documents.first_column(PORTING, '## The hooks')
    assert more == {'em_port_new'}


def test_the_functions_of_an_instruction_set():
    listed = documents.first_column(PORTING, 'And what it asks of the compiler')
    assert listed == hooks.of_arch('riscv') == hooks.of_arch('host')


def test_the_constants_of_a_board():
    assert documents.first_column(PORTING, 'And constants, in') == hooks.constants()
