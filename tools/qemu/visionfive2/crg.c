/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A clock and reset generator: a register for each clock, bit 31 its gate; reset lines, 32 a register, and their
 * status, which reads 1 for a device that is out of reset.
 *
 * What runs when the boot ROM hands over is not documented. Assumed: everything but the devices that the machine
 * gates (jh7110_crg_start_on).
 */
#include "jh7110.h"

#define TYPE_JH7110_CRG "jh7110-crg"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Crg, JH7110_CRG)

#define REGISTERS 0x400
#define GATE BIT(31)

/* Byte offsets of the reset registers, their number of words; the status follows. */
static const struct { const char *name; uint32_t resets, words; } kinds[] = {
    [JH7110_SYSCRG] = {"syscrg", 0x2f8, 4},
    [JH7110_STGCRG] = {"stgcrg", 0x74, 1},
    [JH7110_AONCRG] = {"aoncrg", 0x38, 1},
};

struct Jh7110Crg {
    SysBusDevice parent_obj;
    MemoryRegion io;
    uint32_t kind;
    uint32_t reg[REGISTERS / 4];
    uint32_t at_reset[REGISTERS / 4];
};

static uint32_t status_at(const Jh7110Crg *crg)
{
    return kinds[crg->kind].resets + 4 * kinds[crg->kind].words;
}

static uint64_t crg_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Crg *crg = opaque;
    uint32_t status = status_at(crg);

    if (addr >= status && addr < status + 4 * kinds[crg->kind].words) {
        return (uint32_t)~crg->reg[(kinds[crg->kind].resets + addr - status) / 4];
    }
    return addr < REGISTERS ? crg->reg[addr / 4] : 0;
}

static void crg_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Crg *crg = opaque;

    if (addr < status_at(crg)) {
        crg->reg[addr / 4] = value;
    }
}

static const MemoryRegionOps crg_ops = {
    .read = crg_read,
    .write = crg_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

bool jh7110_crg_clock_on(const Jh7110Crg *crg, unsigned id)
{
    return crg->reg[id] & GATE;
}

bool jh7110_crg_released(const Jh7110Crg *crg, unsigned id)
{
    return !(crg->reg[kinds[crg->kind].resets / 4 + id / 32] & BIT(id % 32));
}

void jh7110_crg_start_on(Jh7110Crg *crg, unsigned id, bool is_reset, bool on)
{
    if (is_reset) {
        uint32_t *word = &crg->at_reset[kinds[crg->kind].resets / 4 + id / 32];
        *word = deposit32(*word, id % 32, 1, !on);
    } else {
        crg->at_reset[id] = deposit32(crg->at_reset[id], 31, 1, on);
    }
    memcpy(crg->reg, crg->at_reset, sizeof crg->reg); /* devices that are reset before this one may look */
}

static void crg_reset(DeviceState *dev)
{
    Jh7110Crg *crg = JH7110_CRG(dev);
    memcpy(crg->reg, crg->at_reset, sizeof crg->reg);
}

Jh7110Crg *jh7110_crg_new(Jh7110CrgKind kind, hwaddr base)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_CRG);
    Jh7110Crg *crg = JH7110_CRG(dev);

    crg->kind = kind;
    for (uint32_t i = 0; i < kinds[kind].resets / 4; i++) {
        crg->at_reset[i] = GATE | 1; /* on, divided by 1 */
    }
    if (kind == JH7110_SYSCRG) { /* PLL2 1188 MHz: / 3 = axi_cfg0, / 2 = stg_axiahb, / 4 = apb_bus 49.5 MHz */
        crg->at_reset[2] = GATE | 2;
        crg->at_reset[7] = GATE | 3;
        crg->at_reset[8] = GATE | 2;
        crg->at_reset[11] = GATE | 4;
    }
    memory_region_init_io(&crg->io, OBJECT(dev), &crg_ops, crg, kinds[kind].name, 64 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &crg->io);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
    return crg;
}

static void crg_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), crg_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_CRG,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Crg),
    .class_init = crg_class_init,
}};

DEFINE_TYPES(types)
