# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Emissary in GDB: `source tools/gdb/emissary.py`, then `help em`. `tools/em debug` does it by itself.

It reads the program's memory and the ELF's symbols and nothing else: a running target that was stopped, QEMU's or
OpenOCD's, or a core file. The program need not have been built for it, but with debugging information.
"""
import sys
from pathlib import Path

import gdb

sys.path.insert(0, str(Path(__file__).resolve().parent))
for name in [n for n in sys.modules if n.split('.')[0] == 'em_gdb']:
    del sys.modules[name]  # sourced again: from the files as they are now

from em_gdb import commands, printers  # noqa: E402

gdb.execute('set print demangle off')  # a__b is no name of Ada's
commands.register()
printers.register(gdb.current_objfile())
