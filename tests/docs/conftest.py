# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The checks of the documents import one another by name, and what the gates know of the tree."""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'gates')]
