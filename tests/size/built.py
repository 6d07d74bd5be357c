# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The programs of this folder, built."""
import functools

import builder

NAMES = ('plain', 'grown', 'deep', 'recursion', 'by_pointer', 'nested_arms', 'no_size', 'fault', 'panic', 'levels')


@functools.lru_cache(maxsize=None)
def folder(config):
    return builder.build_tree(config, *(f'tests/size/size_{name}.elf' for name in NAMES))


def elf(config, name):
    return folder(config) / 'tests' / 'size' / f'size_{name}.elf'
