# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A real image, of a dozen instructions: in S-mode it prints a line by the SBI and returns 5 to U-Boot's `go`."""
import struct

import elf

HELLO = b'hello from the image\r\n\0'
CODE = [
    0x0000100f,  # fence.i
    0x00008293,  # mv t0, ra
    0x00000317,  # auipc t1, 0
    0x02430313,  # addi t1, t1, 36: HELLO
    0x00034503,  # lbu a0, 0(t1)
    0x00050a63,  # beqz a0, +20
    0x00100893,  # li a7, 1: sbi_console_putchar
    0x00000073,  # ecall
    0x00130313,  # addi t1, t1, 1
    0xfedff06f,  # j -20
    0x00500513,  # li a0, 5
]
END = [0x00028067]  # jr t0


def image(size=0):
    """At least @p size bytes."""
    code = CODE[:5] + [0x00050a63] + CODE[6:] + END
    at = len(code) * 4 - 8
    code[3] = at << 20 | 0x30313  # from the auipc
    return struct.pack(f'<{len(code)}I', *code).ljust(at + 8, b'\0') + HELLO.ljust(max(len(HELLO), size - at - 8), b'.')


def build(board, size=0, address=0x80200000):
    return elf.build(address, image(size), f'em_image_for_{board}_s')
