# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The gates import one another by name, and the tool's own modules."""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / 'tools' / 'em_cli')]
