# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How much a program takes: code and constants, initialised RAM, zeroed RAM."""
import subprocess

import builder


def measure(config, elf):
    """(text, data, bss) in bytes, as size(1) counts them: text is code and constants."""
    tool = 'size' if config.is_host else 'riscv64-unknown-elf-size'
    done = subprocess.run([tool, str(elf)], capture_output=True, text=True, check=True, env=builder.tool_env())
    return tuple(int(n) for n in done.stdout.splitlines()[1].split()[:3])


def table(config, programs):
    """Build @p programs and print one line each."""
    print(f"{config.key:<24}{'text':>9}{'data':>9}{'bss':>9}   bytes")
    for program in programs:
        numbers = measure(config, builder.build_program(config, program))
        print(f'{program.name:<24}' + ''.join(f'{n:>9}' for n in numbers), flush=True)
