# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The gates' eyes for objects, the pairs of images of tests/mixed, and flash.py with the boards that are not there."""
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / 'gates'), str(TESTS / 'mixed')]
sys.path += [str(TESTS.parent / 'tools'), str(TESTS / 'flash')]  # last: both have modules of the names of others
