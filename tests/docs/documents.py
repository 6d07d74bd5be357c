# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the documents say of the tree: links, places in the code, snippets, keys of manuals, commands."""
import re
import textwrap

import tree

FOLDERS = 'executor|time|sync|futures|macros|hal|inspect|examples|tests|tools|docs|cross|bench'
FENCE = re.compile(r'^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```$', re.M | re.S)
CUT = re.compile(r'<!-- cut from (\S+) -->\n$')
LINK = re.compile(r'\[[^\]]*\]\(([^)\s]+)\)')
PLACE = re.compile(rf'`((?:{FOLDERS})/[\w./-]+)(?::\s(\w+))?`')
KEY = re.compile(r'(?<![\w\])])\[((?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]+|16550)\](?!\()')
COMMENT = re.compile(r'/\*.*?\*/|(?<![\w"\'])# [^\n]*', re.S)
FREE_TEXT = {'MACROS.md'}  # shows what macros become, and what does not compile


def markdown(root=tree.ROOT):
    return list(tree.files(root, {'.md'}))


def prose(text):
    """@p text without its fenced blocks."""
    return FENCE.sub('', text)


# -- links -----------------------------------------------------------------------------------------

def anchors(text):
    """What a heading is called in a link, as GitHub makes it."""
    found = set()
    for heading in re.findall(r'^#+ +(.*?) *$', prose(text), re.M):
        words = re.sub(r'[^\w\- ]', '', re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', heading).lower()).replace(' ', '-')
        count = sum(1 for f in found if re.fullmatch(re.escape(words) + r'(-\d+)?', f))
        found.add(f'{words}-{count}' if count else words)
    return found


def dead_links(path):
    found = []
    for target in LINK.findall(re.sub(r'`[^`\n]*`', '', prose(path.read_text()))):
        if re.match(r'\w+:', target):
            continue
        name, _, anchor = target.partition('#')
        file = path.parent / name if name else path
        if not file.exists():
            found.append(f'{path.name}: {target}: no such file')
        elif anchor and anchor not in anchors(file.read_text()):
            found.append(f'{path.name}: {target}: no such heading')
    return found


# -- places in the code ------------------------------------------------------------------------------

def is_defined(text, suffix, name):
    """Does a file of this kind define @p name, or, a header, declare it?"""
    word = re.escape(name)
    if suffix == '.S':
        return re.search(rf'^{word}:|^\s*\.macro {word}\b', text, re.M) is not None
    if suffix == '.ld':
        return re.search(rf'\b{word}\b', text) is not None
    shapes = (rf'^#define {word}\b', rf'^(?!\s|#|\*|/|return)[^;={{}}\n]*\b{word}\([^;]*?\)\s*[{{;]', rf'^}} {word};',
              rf'^(?:typedef )?(?:struct|enum|union) {word}\b', rf'^(?:TASK|ASYNC_FN)\((?:\w+, )?{word}\b')
    return any(re.search(shape, text, re.M) for shape in shapes)


def dead_places(text, root=tree.ROOT):
    """What @p text names as `file` or `file: name` and is not there."""
    found = []
    for path, name in PLACE.findall(prose(text)):
        file = root / path
        if not file.exists():
            found.append(f'{path}: no such file')
        elif name and not is_defined(tree_text(file), file.suffix, name):
            found.append(f'{path}: does not define {name}')
    return found


def tree_text(file):
    text = file.read_text()
    return tree.without_comments(text) if file.suffix in ('.c', '.h') else text


# -- snippets ----------------------------------------------------------------------------------------

def wrong_snippets(text, root=tree.ROOT):
    """Blocks that are not cut from the file they name, and C that names none."""
    found = []
    for match in FENCE.finditer(text):
        cut = CUT.search(text[:match.start()])
        first = match['body'].strip().split('\n')[0]
        if cut and not is_cut_from(match['body'], (root / cut[1]).read_text()):
            found.append(f'{cut[1]} does not have: {first}')
        elif not cut and match['language'] == 'c':
            found.append(f'cut from nowhere: {first}')
    return found


def is_cut_from(snippet, text):
    """Are its pieces, between lines of …, whole lines of @p text, in this order, at whatever indentation?"""
    at = 0
    for piece in re.split(r'^ *…\n', snippet, flags=re.M):
        wanted = textwrap.dedent(piece).strip('\n').split('\n')
        lines = text.split('\n')
        places = [i for i in range(at, len(lines) - len(wanted) + 1)
                  if textwrap.dedent('\n'.join(lines[i:i + len(wanted)])).split('\n') == wanted]
        if not places:
            return False
        at = places[0] + len(wanted)
    return True


# -- commands ------------------------------------------------------------------------------------------

def commands(text):
    """The calls of tools/em in @p text: in its shell blocks, indented blocks and inline code; without comments."""
    blocks = [m['body'] for m in FENCE.finditer(text) if m['language'] == 'sh']
    inline = re.findall(r'`(tools/em [^`]+)`', prose(text))
    indented = re.findall(r'^    (tools/em .*)', prose(text), re.M)
    calls = [words for part in blocks + inline + indented for words in re.findall(r'tools/em ([^\n")|;&`]+)', part)]
    return [re.split(r'\s{2,}', words)[0].strip() for words in calls]


def wrong_commands(text, help_of, is_program):
    """Commands with a word that `tools/em` does not know. help_of(command): its help, or None."""
    found = []
    for call in commands(text):
        command, *words = call.split()
        known = help_of(f'{command} {words[0]}' if command == 'flash' and words else command)
        options = [w for w in words if w.startswith('--')]
        if known is None or any(o not in known for o in options):
            found.append(f'tools/em {call}: not one of its commands, or options')
        elif command == 'test' and any(w not in re.findall(r'[-\w]+', known) for w in words):
            found.append(f'tools/em {call}: no such suite')
        elif command in ('run', 'build') and words and not words[-1].startswith('-') and not is_program(words[-1]):
            found.append(f'tools/em {call}: no such program')
    return found


# -- keys of manuals -----------------------------------------------------------------------------------

def keys_used(root=tree.ROOT):
    """key -> a file that uses it, in a comment or a document."""
    found = {}
    for path in tree.files(root, {'.c', '.h', '.S', '.ld', '.py', '.md', ''}):
        if path.name == 'SOURCES.md' or path.is_relative_to(root / 'tests' / 'docs'):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        parts = [re.sub(r'`[^`\n]*`', '', prose(text))] if path.suffix == '.md' else COMMENT.findall(text)
        for part in parts:
            found |= {key: path.relative_to(root) for key in KEY.findall(part)}
    return found


def keys_listed(sources):
    return set(re.findall(r'^\| \[([A-Z0-9-]+)\] \|', sources, re.M))


def wrong_keys(sources, root=tree.ROOT):
    used, listed = keys_used(root), keys_listed(sources)
    return [f'{used[key]}: [{key}] is not in SOURCES.md' for key in sorted(used.keys() - listed)] \
        + [f'[{key}] is used nowhere' for key in sorted(listed - used.keys())]


# -- what is not there -----------------------------------------------------------------------------------

def not_missing(caveats, headers):
    """What CAVEATS.md calls "not there" up to its first full stop, but a public header has."""
    text = ''.join(tree.without_comments(h.read_text()) for h in headers)
    rows = re.findall(r'\| not there: (.*?)(?:\.| \|)', caveats)
    names = [name for row in rows for name in re.findall(r'`(\w+)`', row)]
    assert names
    return [f'{name} is there' for name in names if re.search(rf'\b{name}\b', text)]


# -- tables --------------------------------------------------------------------------------------------

def first_column(text, heading):
    """The names in backticks in the first column of the table after the line that has @p heading."""
    table = re.search(r'(?:^ *\|.*\n)+', text[text.index(heading):], re.M).group(0)
    rows = [line.split('|')[1] for line in table.splitlines()[2:]]
    return {name for row in rows for name in re.findall(r'`(\w+)(?:\([^`]*\))?`', row)}
