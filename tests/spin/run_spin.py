#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Prove the models of the executor (executor.pml, sleep.pml), and demand that each seeded bug of them is found.

    run_spin.py prove [QUEUE|LIFE|SLEEP]   run_spin.py bugs   run_spin.py          (all)

Prints a line a search: states, depth, seconds. Exit status 0: everything proved, every bug found.
"""
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = {'QUEUE': 'executor.pml', 'LIFE': 'executor.pml', 'SLEEP': 'sleep.pml'}
CC = os.environ.get('CC', 'cc').split()

# Interrupts stop a process by `provided`, which partial order reduction does not know of.
SAFETY = {'QUEUE': ['-DSAFETY', '-DNOREDUCE'], 'LIFE': ['-DSAFETY'], 'SLEEP': ['-DSAFETY']}
CYCLES = {'QUEUE': ['-DNP', '-DNFAIR=3', '-DNOREDUCE'], 'LIFE': ['-DNP', '-DNFAIR=3']}

# Not seen by an assertion: the executor goes round for ever.
SPINS = {'HEAD_LATE'}

# The others are found in less time than an optimising compiler takes.
LONG = {'NOT_HELD'}

# bug: the world that shows it
BUGS = {
    'CLEAR_LATE': 'QUEUE',          # QUEUED cleared after the poll: a wake during the poll is lost
    'NEXT_LATE': 'QUEUE',           # the link read when the task may be in the queue again
    'NO_FLAG': 'QUEUE',             # a wake that links in without looking at QUEUED
    'NO_PEND': 'QUEUE',             # no interrupt to the sleeping hart
    'PEND_ALWAYS': 'QUEUE',         # a pend off the edge
    'HEAD_LATE': 'QUEUE',           # head cleared after the swap of tail
    'NIL_LATE': 'QUEUE',            # the task's own link cleared after the swap
    'SLEEP_BEFORE_MASK': 'QUEUE',   # the queue tested with interrupts on
    'NO_SPAWNED': 'LIFE',           # a stale wake polls a slot without a tenant
    'NO_FRESH': 'LIFE',             # upstream's respawn race: polled by the former tenant's executor
    'OLD_SNAPSHOT': 'LIFE',         # FRESH cleared, and decided by the state that was before
    'NOT_HELD': 'LIFE',             # FRESH cleared while another executor's queue has the slot
    'HELD_WITHOUT_LIFE': 'LIFE',    # held, but the executor looked at is of no tenant yet
    'HELD_WHILE_POLLED': 'LIFE',    # held, but being polled elsewhere, where it ends
    'END_UNQUEUES': 'LIFE',         # the end of a task clears QUEUED of a queued task
    'SLEEPER_NO_FENCE': 'SLEEP',    # says that it sleeps by a store that may be seen after its look
    'PENDER_NO_FENCE': 'SLEEP',     # looks whether the hart sleeps before its request is seen
    'LOOK_FIRST': 'SLEEP',          # says that it sleeps after the look
    'NO_LOOK': 'SLEEP',             # says it, and does not look again
    'NO_SWAP': 'SLEEP',             # two see that it sleeps, and both interrupt
    'NO_IPI': 'SLEEP',
}


def search(folder, world, defines, compile_flags, run_flags, optimise='-O1'):
    """Returns (defect found or None, states, depth, seconds)."""
    start = time.monotonic()
    model = os.path.join(HERE, MODELS[world])
    subprocess.run(['spin', '-a', '-D' + world, *defines, model], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*CC, optimise, '-w', *compile_flags, '-o', 'pan', 'pan.c'], cwd=folder, check=True)
    out = subprocess.run(['./pan', '-m20000', '-w24', *run_flags], cwd=folder, text=True, capture_output=True,
                         timeout=600).stdout
    if 'Search not completed' not in out and 'errors: 0' not in out or 'max search depth too small' in out:
        sys.exit('the search went wrong:\n' + out)
    found = re.search(r'^pan:\d+: (.*)', out, re.M)
    states = int(re.search(r'(\d+) states, stored', out).group(1))
    depth = int(re.search(r'depth reached (\d+)', out).group(1))
    return (found.group(1) if found else None), states, depth, time.monotonic() - start


def show(name, found, numbers, wanted):
    ok = bool(found) == wanted
    print(f"{'ok  ' if ok else 'FAIL'} {name:24} {numbers[0]:9} states  depth {numbers[1]:4}  {numbers[2]:5.1f} s  "
          f"{found or 'proved'}", flush=True)
    return ok


def prove(folder, world):
    found, *numbers = search(folder, world, [], SAFETY[world], [])
    ok = show(world + ' assertions', found, numbers, False)
    if world not in CYCLES:
        return ok
    found, *numbers = search(folder, world, ['-DSMALL'], CYCLES[world], ['-l', '-f'])
    return show(world + ' cycles', found, numbers, False) and ok


def bugs(folder):
    hits = 0
    for bug, world in BUGS.items():
        defines = ['-DBUG_' + bug]
        optimise = '-O1' if bug in LONG else '-O0'
        if bug in SPINS:
            found, *numbers = search(folder, world, [*defines, '-DSMALL'], CYCLES[world], ['-l', '-f'], optimise)
        else:
            found, *numbers = search(folder, world, defines, SAFETY[world], [], optimise)
        hits += show(bug, found, numbers, True)
    print(f'seeded bugs found: {hits}/{len(BUGS)}')
    return hits == len(BUGS)


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else 'all'
    worlds = sys.argv[2:] or list(MODELS)
    ok = True
    with tempfile.TemporaryDirectory() as folder:
        if what in ('prove', 'all'):
            ok = all([prove(folder, world) for world in worlds])
        if what in ('bugs', 'all'):
            ok = bugs(folder) and ok
    sys.exit(0 if ok else 1)


main()
