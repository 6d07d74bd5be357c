/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SPI NOR flash behind the controller. */
#ifndef JH7110_NOR_H
#define JH7110_NOR_H

#include "qemu/osdep.h"

typedef struct Jh7110Nor {
    uint8_t *bytes;
    int file; /* what is erased and programmed goes there too; -1: nowhere */
    bool write_enabled;
} Jh7110Nor;

void jh7110_nor_open(Jh7110Nor *nor, const char *file, bool writable);
void jh7110_nor_read(const Jh7110Nor *nor, uint32_t at, uint8_t *to, uint32_t n);
void jh7110_nor_program(Jh7110Nor *nor, uint32_t at, const uint8_t *from, uint32_t n);

/* A command with its opcode, address and at most eight bytes of data; writes what it answers to out. */
void jh7110_nor_command(Jh7110Nor *nor, uint8_t opcode, uint32_t at, const uint8_t *in, uint32_t n_in, uint8_t *out,
                        uint32_t n_out);

#endif
