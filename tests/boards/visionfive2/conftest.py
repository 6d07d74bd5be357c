# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The machine, the gates' eyes for objects, the images of other suites, and flash.py with boards that are not there."""
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS.parent / 'tools' / 'qemu'), str(TESTS / 'gates'), str(TESTS / 'mixed'), str(TESTS / 'dump')]
sys.path += [str(TESTS.parent / 'tools'), str(TESTS / 'flash')]  # last: both have modules of the names of others
