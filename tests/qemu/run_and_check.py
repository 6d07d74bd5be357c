#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Run a firmware, or a host program, and compare its output and status with the comment that opens its source.

    status: N          its status (0 if absent)
    run: ARGS          more arguments for run_qemu
    expect: REGEX      lines that match are printed, in this order
    only: REGEX        every line matches one of these, if there are any

@NAME in a REGEX is the number of the source line that ends with the comment @NAME.
"""
import re
import shlex
import subprocess
import sys


def wanted(source):
    with open(source, encoding='utf-8') as f:
        lines = f.read().splitlines()
    places = {match[1]: str(n) for n, line in enumerate(lines, 1) if (match := re.search(r'/\* @(\w+) \*/$', line))}
    found = {'status': [], 'run': [], 'expect': [], 'only': []}
    for line in lines[:lines.index(' */')]:
        match = re.match(r' \* (status|run|expect|only): (.*)', line)
        if match:
            found[match[1]].append(re.sub(r'@(\w+)', lambda m: places[m[1]], match[2]))
    return found


def complaint(want, lines, status):
    expected = int(want['status'][0]) if want['status'] else 0
    if status != expected:
        return f'status {status}, not {expected}'
    rest = iter(lines)
    for regex in want['expect']:
        if not any(re.fullmatch(regex, line) for line in rest):
            return f'missing, or out of order: {regex}'
    for line in lines if want['only'] else []:
        if not any(re.fullmatch(regex, line) for regex in want['only']):
            return f'unexpected: {line}'
    return None


def main():
    source, elf, *run_qemu = sys.argv[1:]
    want = wanted(source)
    command = [*run_qemu, '--timeout', '100', *shlex.split(' '.join(want['run'])), elf] if run_qemu else [elf]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    output = done.stdout.decode(errors='replace')
    wrong = complaint(want, output.replace('\r', '').splitlines(), done.returncode)
    if wrong:
        print(output, f'*** {wrong}', f'*** to repeat it: {shlex.join(command)}', sep='\n')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
