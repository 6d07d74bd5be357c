#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Load, write, start and recover boards: see `flash.py --help`, and tools/flash/ for how."""
import importlib.util
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
PACKAGES = {'serial': 'python3-serial', 'elftools': 'python3-pyelftools', 'rich': 'python3-rich'}


def bring_packages():
    """What Debian's Python lacks of our modules, installed as tools/em does it."""
    missing = [package for module, package in PACKAGES.items() if not importlib.util.find_spec(module)]
    if not missing:
        return
    sys.path.append(str(TOOLS / 'em_cli'))
    import errors
    import packages
    try:
        packages.need(missing)
    except errors.EmError as error:
        print(f'flash: {error}', file=sys.stderr)
        sys.exit(15)


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(TOOLS))
    bring_packages()
    from flash.cli import main
    sys.exit(main())
