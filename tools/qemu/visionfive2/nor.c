/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A GD25LQ128: 16 MiB; erasing sets bits by 4, 32 or 64 KiB, programming clears them within a page of 256 bytes; both
 * want write enable first. Never busy.
 */
#include "nor.h"

#include "qemu/error-report.h"
#include "qemu/units.h"

#define SIZE (16 * MiB)
#define PAGE 256
#define STATUS_WRITE_ENABLED 2

enum {
    WRITE_STATUS = 0x01, PROGRAM = 0x02, READ = 0x03, WRITE_DISABLE = 0x04, READ_STATUS = 0x05, WRITE_ENABLE = 0x06,
    READ_FAST = 0x0b, ERASE_4K = 0x20, PROGRAM_QUAD = 0x32, READ_QUAD = 0x6b, ERASE_32K = 0x52, ERASE_CHIP = 0xc7,
    ERASE_64K = 0xd8, READ_ID = 0x9f,
};

void jh7110_nor_open(Jh7110Nor *nor, const char *file, bool writable)
{
    g_autofree char *content = NULL;
    gsize n = 0;

    nor->bytes = g_malloc(SIZE);
    memset(nor->bytes, 0xff, SIZE);
    if (!g_file_get_contents(file, &content, &n, NULL)) {
        error_report("visionfive2: cannot read the flash image '%s'", file);
        exit(1);
    }
    memcpy(nor->bytes, content, MIN(n, SIZE));
    nor->file = writable ? open(file, O_WRONLY) : -1;
    if (writable && nor->file < 0) {
        error_report("visionfive2: cannot write the flash image '%s'", file);
        exit(1);
    }
}

static void save(const Jh7110Nor *nor, uint32_t at, uint32_t n)
{
    if (nor->file >= 0 && pwrite(nor->file, nor->bytes + at, n, at) != n) {
        error_report("visionfive2: the flash image cannot be written: %s", strerror(errno));
    }
}

void jh7110_nor_read(const Jh7110Nor *nor, uint32_t at, uint8_t *to, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        to[i] = nor->bytes[(at + i) % SIZE];
    }
}

void jh7110_nor_program(Jh7110Nor *nor, uint32_t at, const uint8_t *from, uint32_t n)
{
    uint32_t page = at % SIZE & ~(PAGE - 1u);

    for (uint32_t i = 0; i < n && nor->write_enabled; i++) {
        nor->bytes[page + (at + i) % PAGE] &= from[i];
    }
    save(nor, page, PAGE);
    nor->write_enabled = false;
}

static void erase(Jh7110Nor *nor, uint32_t at, uint32_t n)
{
    at = at % SIZE & ~(n - 1);
    if (nor->write_enabled) {
        memset(nor->bytes + at, 0xff, n);
        save(nor, at, n);
    }
    nor->write_enabled = false;
}

void jh7110_nor_command(Jh7110Nor *nor, uint8_t opcode, uint32_t at, const uint8_t *in, uint32_t n_in, uint8_t *out,
                        uint32_t n_out)
{
    static const uint8_t id[] = {0xc8, 0x60, 0x18};

    memset(out, 0, n_out);
    switch (opcode) {
    case READ_ID:
        memcpy(out, id, MIN(n_out, sizeof id));
        break;
    case READ_STATUS:
        memset(out, nor->write_enabled ? STATUS_WRITE_ENABLED : 0, n_out);
        break;
    case READ: case READ_FAST: case READ_QUAD:
        jh7110_nor_read(nor, at, out, n_out);
        break;
    case WRITE_ENABLE:
        nor->write_enabled = true;
        break;
    case WRITE_DISABLE: case WRITE_STATUS:
        nor->write_enabled = false;
        break;
    case PROGRAM: case PROGRAM_QUAD:
        jh7110_nor_program(nor, at, in, n_in);
        break;
    case ERASE_4K:
        erase(nor, at, 4 * KiB);
        break;
    case ERASE_32K:
        erase(nor, at, 32 * KiB);
        break;
    case ERASE_64K:
        erase(nor, at, 64 * KiB);
        break;
    case ERASE_CHIP:
        erase(nor, 0, SIZE);
        break;
    }
}
