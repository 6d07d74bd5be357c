/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The random number generator: reseeds and generates at once, and refuses to generate before its first seed.
 *
 * A test makes it fail over QMP (qom-set): so many "lockups" end the next commands.
 *
 * Registers: U-Boot, drivers/rng/jh7110_rng.c.
 */
#include "jh7110.h"

#include "qemu/guest-random.h"

#define TYPE_JH7110_TRNG "jh7110-trng"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Trng, JH7110_TRNG)

#define CTRL 0x00
#define CTRL_GENERATE 1
#define CTRL_RESEED 2
#define STAT 0x04
#define STAT_SEEDED BIT(9)
#define IE 0x10
#define ISTAT 0x14
#define RAND_READY BIT(0)
#define SEED_DONE BIT(1)
#define LOCKUP BIT(4)
#define IE_GLOBAL BIT(31)
#define RAND0 0x20
#define WORDS 8

struct Jh7110Trng {
    SysBusDevice parent_obj;
    MemoryRegion io;
    qemu_irq irq;
    uint32_t reg[0x80 / 4];
    bool seeded;
    uint64_t lockups;
};

static void update(Jh7110Trng *trng)
{
    uint32_t ie = trng->reg[IE / 4];
    qemu_set_irq(trng->irq, (ie & IE_GLOBAL) && (trng->reg[ISTAT / 4] & ie));
}

static uint64_t trng_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Trng *trng = opaque;
    return addr == STAT ? (trng->seeded ? STAT_SEEDED : 0) : addr < sizeof trng->reg ? trng->reg[addr / 4] : 0;
}

static void trng_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Trng *trng = opaque;

    if (addr == CTRL && value && trng->lockups) {
        trng->lockups--;
        trng->seeded = false;
        trng->reg[ISTAT / 4] |= LOCKUP;
    } else if (addr == CTRL && value == CTRL_RESEED) {
        trng->seeded = true;
        trng->reg[ISTAT / 4] |= SEED_DONE;
    } else if (addr == CTRL && value == CTRL_GENERATE && trng->seeded) {
        qemu_guest_getrandom_nofail(&trng->reg[RAND0 / 4], 4 * WORDS);
        trng->reg[ISTAT / 4] |= RAND_READY;
    } else if (addr == ISTAT) {
        trng->reg[ISTAT / 4] &= ~value;
    } else if (addr < sizeof trng->reg) {
        trng->reg[addr / 4] = value;
    }
    update(trng);
}

static const MemoryRegionOps trng_ops = {
    .read = trng_read,
    .write = trng_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static void trng_reset(DeviceState *dev)
{
    Jh7110Trng *trng = JH7110_TRNG(dev);

    memset(trng->reg, 0, sizeof trng->reg);
    trng->seeded = false;
    update(trng);
}

DeviceState *jh7110_trng_new(void)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_TRNG);
    Jh7110Trng *trng = JH7110_TRNG(dev);

    memory_region_init_io(&trng->io, OBJECT(dev), &trng_ops, trng, "trng", 16 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &trng->io);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &trng->irq);
    object_property_add_uint64_ptr(OBJECT(dev), "lockups", &trng->lockups, OBJ_PROP_FLAG_READWRITE);
    object_property_add_child(qdev_get_machine(), "trng", OBJECT(dev));
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    return dev;
}

static void trng_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), trng_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_TRNG,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Trng),
    .class_init = trng_class_init,
}};

DEFINE_TYPES(types)
