# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The helpers of this folder."""
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
