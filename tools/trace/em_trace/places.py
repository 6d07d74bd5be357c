# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Return addresses -> function, file and line, by binutils' addr2line; without it, function and offset."""
import os
import re
import shutil
import subprocess

TOOLS = {'EM_RISCV': ('riscv64-unknown-elf-addr2line', 'llvm-addr2line'), 'EM_X86_64': ('addr2line', 'llvm-addr2line')}
HELPERS = ('em_irq_', 'em_lock', 'em_unlock')  # inlined everywhere: who calls them is the answer
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


class Places:
    def __init__(self, facts):
        self.facts = facts
        self.known = {}  # address -> words

    def ask(self, addresses):
        """About all of them at once."""
        wanted = sorted(a for a in addresses if a is not None)
        tool = next((t for t in TOOLS.get(self.facts.elf.machine, ('addr2line',)) if shutil.which(t)), None)
        if not tool or not wanted:
            return
        # the call stands in front of the address to which it returns
        done = subprocess.run([tool, '-a', '-f', '-i', '-e', self.facts.elf.path, *(f'{a - 1:#x}' for a in wanted)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        answers = re.split(r'^0x[0-9a-f]+\n', done.stdout, flags=re.M)[1:]
        for address, answer in zip(wanted, answers):
            said = answer.splitlines()
            inlined = list(zip(said[::2], said[1::2]))
            function, place = next((at for at in inlined if not at[0].startswith(HELPERS)), inlined[-1])
            if not place.startswith('??'):
                self.known[address] = f'{self.called(function, address)}, {short(place)}'

    def called(self, function, address):
        """The body of a task is called as the task."""
        found = self.facts.elf.symbol_at(address - 1)
        body = self.facts.bodies.get(address - 1 - found[1]) if found else None
        return body[0] if body and function.endswith('__body') else function

    def of(self, address):
        return self.known.get(address) or self.facts.symbol(address)


def short(place):
    """Without `(discriminator 2)`; as a path in the tree, whichever folder it was built in."""
    path, _, line = place.split(' (')[0].rpartition(':')
    parts = os.path.normpath(path).strip('/').split('/')
    ends = ('/'.join(parts[n:]) for n in range(len(parts)))
    return f'{next((end for end in ends if os.path.exists(os.path.join(TREE, end))), path)}:{line}'
