#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Finds locals that do not survive an await. Needs Clang 14 or newer; nothing is compiled or run.

usage: await_lint.py [options] FILE.c [-- COMPILER FLAGS]

  E1  an awaited operation points to a local, which is gone while the task is suspended
  E2  the value of a local is used after an await, which it did not survive
  E3  a local with a cleanup function is in scope at an await

Clang prints the bodies of the file's tasks and async functions as JSON; lint/body.py walks them.

Not seen: a pointer to a local that reaches the operation through a function's result or through self->.

The flags come after --, or with --build from the compile_commands.json of a build directory: then
--stamp and --depfile make it a step of that build (macros/meson.build).
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys

from lint import body, tree


# -- running Clang -----------------------------------------------------------------------------------

def bodies(clang, flags, source, depfile, stamp):
    command = [clang, '-fsyntax-only', '-w', '-Qunused-arguments', '-ferror-limit=1', *flags]
    if depfile:
        command += ['-MD', '-MF', depfile, '-MT', stamp]
    command += ['-Xclang', '-ast-dump=json', '-Xclang', '-ast-dump-filter=__body', source]
    env = {**os.environ, 'CCACHE_DISABLE': '1'}  # if clang is ccache: it remembers another source's depfile
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, env=env)
    functions = []
    decoder, text, last = json.JSONDecoder(), run.stdout, {}
    position = text.find('{')
    while position >= 0:
        node, position = decoder.raw_decode(text, position)
        tree.fill_in_places(node, last)
        if node.get('kind') == 'FunctionDecl' and tree.contains(node, tree.is_await):
            functions.append(node)
        position = text.find('{', position)
    return functions, run


KEPT = re.compile(r'-(I|D|U|isystem|iquote|idirafter|include|imacros|std=|march=|mabi=|isysroot|-sysroot|-target)')
KEPT_WITH_NEXT = {'-I', '-D', '-U', '-isystem', '-iquote', '-idirafter', '-include', '-imacros', '-isysroot',
                  '-target', '--target', '--sysroot'}


def flags_of_build(build, source):
    """The flags that matter to the front end, of the command that compiles source in this build directory."""
    with open(os.path.join(build, 'compile_commands.json'), encoding='utf-8') as file:
        commands = json.load(file)
    wanted = os.path.realpath(source)
    for entry in commands:
        if os.path.realpath(os.path.join(entry['directory'], entry['file'])) == wanted:
            break
    else:
        sys.exit('await_lint: %s is not compiled in %s' % (source, build))
    words = shlex.split(entry['command'])
    while os.path.basename(words[0]) in ('ccache', 'sccache'):
        del words[0]
    flags, rest = [], iter(words[1:])
    for word in rest:
        if word in KEPT_WITH_NEXT:
            flags += [word, next(rest)]
        elif KEPT.match(word):
            flags.append(word)
    return flags + flags_of_cross_gcc(words)


def flags_of_cross_gcc(words):
    """Clang speaks for a cross GCC: its target, and where its C library has its headers."""
    match = re.fullmatch(r'(.+-.+)-gcc(-[\d.]+)?', os.path.basename(words[0]))
    if not match:
        return []
    specs = [word for word in words if word.startswith(('-specs=', '--specs=', '-march=', '-mabi='))]
    run = subprocess.run([words[0], *specs, '-xc', '-E', '-v', '/dev/null'],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    listed = run.stderr.partition('#include <...> search starts here:')[2].partition('End of search list')[0]
    flags = ['--target=' + match.group(1)]
    for directory in listed.split():
        if os.path.isdir(directory) and '/lib/gcc/' not in directory:
            flags += ['-isystem', directory]
    return flags


# -- the command -------------------------------------------------------------------------------------

def show(place, code, text):
    """As a compiler does."""
    file, line, column = place
    print('%s:%d:%d: error: %s [%s]' % (file, line, column, text, code), file=sys.stderr)
    try:
        with open(file, encoding='utf-8', errors='replace') as source:
            content = source.read().split('\n')[line - 1]
    except (OSError, IndexError):
        return
    margin = re.sub(r'[^\t]', ' ', content[:column - 1])
    print('%5d | %s\n      | %s^' % (line, content, margin), file=sys.stderr)


def main():
    words, _, flags = [list(part) for part in split_at_dashes(sys.argv[1:])]
    parser = argparse.ArgumentParser(description='Finds locals that do not survive an await.')
    parser.add_argument('source')
    parser.add_argument('--clang', default='clang')
    parser.add_argument('--build', help='take the flags from the compile_commands.json in this directory')
    parser.add_argument('--stamp', help='write this file if all is well')
    parser.add_argument('--depfile', help='write the headers that were read, as dependencies of --stamp')
    parser.add_argument('--off', action='store_true', help='check nothing')
    options = parser.parse_args(words)

    findings = []
    if options.off:
        if options.depfile:
            with open(options.depfile, 'w', encoding='utf-8') as file:
                file.write('%s: %s\n' % (options.stamp, options.source))
    else:
        if options.build:
            flags = flags_of_build(options.build, options.source) + flags
        functions, run = bodies(options.clang, flags, options.source, options.depfile, options.stamp)
        for function in functions:
            findings += body.Body(function).check()
        for place, code, text in sorted(set(findings)):
            show(place, code, text)
        if run.returncode != 0 and not findings:
            # The compiler is about to say it better; if it does not, then this was not checked.
            print('%s: warning: not checked for stale locals, Clang cannot read it: %s'
                  % (options.source, run.stderr.partition('\n')[0]), file=sys.stderr)
    if findings:
        sys.exit(1)
    if options.stamp:
        with open(options.stamp, 'w', encoding='utf-8') as file:
            file.write('/* checked by await_lint */\n')


def split_at_dashes(words):
    at = words.index('--') if '--' in words else len(words)
    return words[:at], words[at:at + 1], words[at + 1:]


if __name__ == '__main__':
    main()
