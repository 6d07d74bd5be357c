# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The decoder is no package of the tests' own."""
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / 'tools' / 'trace')]
