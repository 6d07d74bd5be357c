# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The gates' eyes for objects, and the pairs of images of tests/mixed, here too."""
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / 'gates'), str(TESTS / 'mixed')]
