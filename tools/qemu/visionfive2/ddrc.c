/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DDR controller, as far as its driver waits for it, and the memory, which is not there before that is done.
 *
 * Nothing of the training is looked at but its end: the driver's last write.
 * Registers: U-Boot, drivers/ram/starfive/ddrcsr_boot.c.
 */
#include "jh7110.h"

#define TYPE_JH7110_DDRC "jh7110-ddrc"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Ddrc, JH7110_DDRC)

#define SIZE (64 * KiB)
#define LAST 0x020   /* 1: written when all is done */
#define STATUS 0x504 /* bit 31: ready */
#define START 0x514
#define STEP 0x518 /* bit 1: set once after a start, then clear */

struct Jh7110Ddrc {
    SysBusDevice parent_obj;
    MemoryRegion io, *dram;
    bool trained, step; /* trained: from the start */
    uint32_t word[SIZE / 4];
};

static uint64_t ddrc_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Ddrc *ddrc = opaque;
    uint32_t value = ddrc->word[addr / 4];

    if (addr == STATUS) {
        value |= BIT(31);
    } else if (addr == STEP) {
        value = ddrc->step ? BIT(1) : 0;
        ddrc->step = false;
    }
    return value;
}

static void ddrc_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Ddrc *ddrc = opaque;

    ddrc->word[addr / 4] = value;
    if (addr == START) {
        ddrc->step = true;
    } else if (addr == LAST && (value & 1)) {
        memory_region_set_enabled(ddrc->dram, true);
    }
}

static const MemoryRegionOps ddrc_ops = {
    .read = ddrc_read,
    .write = ddrc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static void ddrc_reset(DeviceState *dev)
{
    Jh7110Ddrc *ddrc = JH7110_DDRC(dev);

    memset(ddrc->word, 0, sizeof ddrc->word);
    ddrc->step = false;
    memory_region_set_enabled(ddrc->dram, ddrc->trained);
}

void jh7110_ddrc_new(hwaddr base, MemoryRegion *dram, bool trained)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_DDRC);
    Jh7110Ddrc *ddrc = JH7110_DDRC(dev);

    ddrc->dram = dram;
    ddrc->trained = trained;
    memory_region_init_io(&ddrc->io, OBJECT(dev), &ddrc_ops, ddrc, "ddrc", SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &ddrc->io);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
}

static void ddrc_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), ddrc_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_DDRC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Ddrc),
    .class_init = ddrc_class_init,
}};

DEFINE_TYPES(types)
