/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot ROM: from reset to the first instruction of the image, and before that, in boot mode 0, the image from
 * the NOR flash into the LIM.
 *
 * As far as it is known (a dump of the first 256 bytes of the chip's): hart 0 loads; the others wait for its software
 * interrupt with mie.MSIE set. mtvec points into the ROM: an early trap starts over. 0x7c1 is 8.
 */
#include "jh7110.h"

#include "hw/loader.h"
#include <zlib.h>

#define ROM_SIZE (32 * KiB)
#define TRAP_AT 0xb4
#define FACTS_AT 0x100

static const uint32_t code[] = {
    0x00000297, /* start: auipc t0, 0 */
    0xf1402573, /* csrr a0, mhartid */
    0x1002a303, /* lw t1, 256(t0): harts that leave the ROM */
    0x00a35333, /* srl t1, t1, a0 */
    0x00137313, /* andi t1, t1, 1 */
    0x08030463, /* beqz t1, park */
    0x0b428313, /* addi t1, t0, 180 */
    0x30531073, /* csrw mtvec, t1 */
    0x00800313, /* li t1, 8 */
    0x7c131073, /* csrw 0x7c1, t1 */
    0x1182b583, /* ld a1, 280(t0): device tree */
    0x12028613, /* addi a2, t0, 288: fw_dynamic_info */
    0x1102b383, /* ld t2, 272(t0): entry */
    0x02000e37, /* lui t3, 0x2000: msip */
    0x1042ae83, /* lw t4, 260(t0): the hart that comes first */
    0x03d51a63, /* bne a0, t4, follow */
    0x10c2ef03, /* lwu t5, 268(t0): the others, in order */
    0x00100e93, /* li t4, 1 */
    0x00ff7f93, /* 1: andi t6, t5, 15 */
    0x002f9f93, /* slli t6, t6, 2 */
    0x01cf8fb3, /* add t6, t6, t3 */
    0x01dfa023, /* sw t4, 0(t6) */
    0x10000f93, /* li t6, 256 */
    0xffff8f93, /* 2: addi t6, t6, -1 */
    0xfe0f9ee3, /* bnez t6, 2b */
    0x004f5f13, /* srli t5, t5, 4 */
    0xfe0f10e3, /* bnez t5, 1b */
    0x00038067, /* jr t2 */
    0x30431073, /* follow: csrw mie, t1 */
    0x10500073, /* 1: wfi */
    0x34402ef3, /* csrr t4, mip */
    0x008efe93, /* andi t4, t4, 8 */
    0xfe0e8ae3, /* beqz t4, 1b */
    0x1082ae83, /* lw t4, 264(t0): leave it pending? */
    0x000e9863, /* bnez t4, go */
    0x00251e93, /* slli t4, a0, 2 */
    0x01ce8eb3, /* add t4, t4, t3 */
    0x000ea023, /* sw zero, 0(t4) */
    0x00038067, /* go: jr t2 */
    0x10500073, /* park: wfi */
    0xffdff06f, /* j park */
};
#define JUMP_TO_START 0xf4dff06f /* at TRAP_AT */

/* OpenSBI's fw_dynamic_info, version 2. */
#define FW_DYNAMIC_MAGIC 0x4942534f
#define NEXT_IS_S_MODE 1

void jh7110_bootrom_new(const Jh7110Boot *boot)
{
    MemoryRegion *rom = g_new(MemoryRegion, 1);
    g_autofree uint8_t *bytes = g_malloc0(FACTS_AT + 0x50);

    for (size_t i = 0; i < ARRAY_SIZE(code); i++) {
        stl_le_p(bytes + 4 * i, code[i]);
    }
    stl_le_p(bytes + TRAP_AT, JUMP_TO_START);
    uint8_t *facts = bytes + FACTS_AT;
    stl_le_p(facts, boot->harts);
    stl_le_p(facts + 0x04, ctz32(boot->harts));
    stl_le_p(facts + 0x08, boot->ipi_pending);
    stl_le_p(facts + 0x0c, boot->order);
    stq_le_p(facts + 0x10, boot->entry);
    stq_le_p(facts + 0x18, boot->dtb);
    stq_le_p(facts + 0x20, FW_DYNAMIC_MAGIC);
    stq_le_p(facts + 0x28, 2);
    stq_le_p(facts + 0x30, boot->next);
    stq_le_p(facts + 0x38, NEXT_IS_S_MODE);
    stq_le_p(facts + 0x40, 0);
    stq_le_p(facts + 0x48, boot->boot_hart);

    memory_region_init_rom(rom, NULL, "jh7110.rom", ROM_SIZE, &error_fatal);
    memory_region_add_subregion(get_system_memory(), JH7110_ROM, rom);
    rom_add_blob_fixed_as("jh7110.bootrom", bytes, FACTS_AT + 0x50, JH7110_ROM, &address_space_memory);
}

/* The header that `mkimage -T sfspl` writes: U-Boot, tools/sfspl.c. Returns the entry. */
uint64_t jh7110_bootrom_load_nor(const uint8_t *flash)
{
    uint32_t size = ldl_le_p(flash + 0x288), header = ldl_le_p(flash + 0x28c);

    if (ldl_le_p(flash) != 0x240 || header != 0x400 || size > JH7110_LIM_SIZE ||
        crc32(0, flash + header, size) != (uint32_t)ldl_le_p(flash + 0x290)) {
        error_report("visionfive2: the flash does not begin with a valid SPL header");
        exit(1);
    }
    rom_add_blob_fixed_as("jh7110.spl", flash + header, size, JH7110_LIM, &address_space_memory);
    return JH7110_LIM;
}
