/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks that firmware only configures: words that keep what is written, and the few that must read otherwise.
 */
#include "jh7110.h"

#define TYPE_JH7110_BANK "jh7110-bank"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Bank, JH7110_BANK)

struct Jh7110Bank {
    SysBusDevice parent_obj;
    MemoryRegion io;
    const char *name;
    uint64_t size;
    uint32_t straps;
    uint32_t *word;
};

#define AON_IOMUX_IN 0x2c /* RGPIO 0 to 3, of which 0 and 1 are the boot mode */

static bool is(const Jh7110Bank *bank, const char *name)
{
    return !strcmp(bank->name, name);
}

static uint64_t bank_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Bank *bank = opaque;
    uint32_t value = bank->word[addr / 4];

    if (is(bank, "aon_iomux") && addr == AON_IOMUX_IN) {
        value = bank->straps;
    }
    return value;
}

static void bank_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Bank *bank = opaque;

    bank->word[addr / 4] = value;
}

static const MemoryRegionOps bank_ops = {
    .read = bank_read,
    .write = bank_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static void bank_reset(DeviceState *dev)
{
    Jh7110Bank *bank = JH7110_BANK(dev);

    memset(bank->word, 0, bank->size);
    if (is(bank, "sys_syscon")) { /* from 24 MHz: PLL0 1000 (/ 3 * 125), PLL1 1066 (/ 12 * 533), PLL2 1188 (/ 2 * 99) */
        bank->word[0x18 / 4] = BIT(24) | BIT(25);
        bank->word[0x1c / 4] = 125;
        bank->word[0x24 / 4] = 3 | BIT(15) | BIT(16) | (533 << 17);
        bank->word[0x2c / 4] = 12 | BIT(15) | BIT(16) | (99 << 17);
        bank->word[0x34 / 4] = 2;
    }
}

void jh7110_bank_new(const char *name, hwaddr base, uint64_t size, uint32_t straps)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_BANK);
    Jh7110Bank *bank = JH7110_BANK(dev);

    bank->name = name;
    bank->size = size;
    bank->straps = straps;
    bank->word = g_malloc0(size);
    memory_region_init_io(&bank->io, OBJECT(dev), &bank_ops, bank, name, size);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &bank->io);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
}

static void bank_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), bank_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_BANK,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Bank),
    .class_init = bank_class_init,
}};

DEFINE_TYPES(types)
