# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The gates' eyes for objects, here too."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'gates'))
