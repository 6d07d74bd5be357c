# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Inside GDB: start an image on the hart that it is for. Commands: em-join, em-start ENTRY MODE, em-leave.

em-leave says EM-STARTED if em-start had nothing to complain about: gdb itself goes on after an error.

An image for S-mode goes on where U-Boot is, in S-mode: at U-Boot's prompt the other harts wait in OpenSBI, in M-mode,
and which one U-Boot has is another at each power-on. An image for M-mode is entered by all harts, as from the boot ROM.
QEMU shows harts of another kind as a process of its own.
"""
import gdb

S_MODE, M_MODE = 1, 3
ready = False


def harts():
    """Each thread in turn, selected."""
    for inferior in gdb.inferiors():
        for thread in inferior.threads():
            thread.switch()
            yield thread


def join():
    """Take QEMU's second process, if there is one: the U74s of a JH7110."""
    gdb.execute('set schedule-multiple on')
    gdb.execute('add-inferior', to_string=True)
    gdb.execute('inferior 2', to_string=True)
    try:
        gdb.execute('attach 2', to_string=True)
    except gdb.error:
        gdb.execute('inferior 1', to_string=True)
        gdb.execute('remove-inferiors 2', to_string=True)


def start(entry, mode):
    """Set the registers of who starts at @p entry. Nobody is started yet."""
    global ready
    if mode == 'm':
        start_all(entry)
    else:
        start_one(entry)
    ready = True


def start_all(entry):
    for _ in harts():
        gdb.execute(f'set $priv = {M_MODE}')
        gdb.execute(f'set $pc = {entry}')


def start_one(entry):
    first = gdb.selected_thread()
    chosen = next((hart for hart in harts() if int(gdb.parse_and_eval('$priv')) == S_MODE), first)
    chosen.switch()
    print(f'EM-HART {chosen.num}')
    gdb.execute('set $a1 = 0')  # no device tree, no arguments: the hart is in tp, as U-Boot keeps it there
    gdb.execute(f'set $pc = {entry}')


def leave():
    """Let all go."""
    for inferior in gdb.inferiors():
        if inferior.pid:
            gdb.execute(f'detach inferiors {inferior.num}')
    if ready:
        print('EM-STARTED')


class Command(gdb.Command):
    def __init__(self, name, function):
        super().__init__(name, gdb.COMMAND_USER)
        self.function = function

    def invoke(self, words, from_tty):
        self.function(*gdb.string_to_argv(words))


for each in (join, start, leave):
    Command(f'em-{each.__name__}', each)
