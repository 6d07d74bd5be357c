/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DesignWare I2C master, as far as polling drivers use it: each command is done when it is written.
 */
#include "jh7110.h"

#define TYPE_JH7110_I2C "jh7110-i2c"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110I2c, JH7110_I2C)

#define TAR 0x04
#define DATA_CMD 0x10
#define CMD_READ BIT(8)
#define CMD_STOP BIT(9)
#define RAW_INTR 0x34
#define CLR_INTR 0x40
#define CLR_TX_ABRT 0x54
#define CLR_STOP_DET 0x60
#define ENABLE 0x6c
#define STATUS 0x70
#define RXFLR 0x78
#define ABRT_SOURCE 0x80
#define ENABLE_STATUS 0x9c
#define INTR_TX_ABRT BIT(6)
#define INTR_STOP_DET BIT(9)
#define STATUS_TX_READY 6 /* transmit FIFO empty and not full */
#define STATUS_RX_READY BIT(3)
#define FIFO 16
#define BOARD_BUS 5
#define TARGETS 2

struct Jh7110I2c {
    SysBusDevice parent_obj;
    MemoryRegion io;
    uint32_t reg[0x100 / 4];
    uint8_t fifo[FIFO];
    unsigned head, filled;
    bool started;
    Jh7110I2cTarget target[TARGETS];
};

static Jh7110I2cTarget *addressed(Jh7110I2c *i2c)
{
    for (unsigned i = 0; i < TARGETS; i++) {
        if (i2c->target[i].address && i2c->target[i].address == (i2c->reg[TAR / 4] & 0x7f)) {
            return &i2c->target[i];
        }
    }
    return NULL;
}

static uint8_t take(Jh7110I2c *i2c)
{
    if (!i2c->filled) {
        return 0;
    }
    i2c->filled--;
    return i2c->fifo[i2c->head++ % FIFO];
}

static uint64_t i2c_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110I2c *i2c = opaque;

    switch (addr) {
    case DATA_CMD:
        return take(i2c);
    case CLR_INTR:
        i2c->reg[RAW_INTR / 4] = 0;
        return 0;
    case CLR_TX_ABRT:
        i2c->reg[RAW_INTR / 4] &= ~INTR_TX_ABRT;
        return 0;
    case CLR_STOP_DET:
        i2c->reg[RAW_INTR / 4] &= ~INTR_STOP_DET;
        return 0;
    case STATUS:
        return STATUS_TX_READY | (i2c->filled ? STATUS_RX_READY : 0);
    case RXFLR:
        return i2c->filled;
    case ENABLE_STATUS:
        return i2c->reg[ENABLE / 4] & 1;
    case 0xf4: /* COMP_PARAM_1, COMP_VERSION, COMP_TYPE */
        return 0x000f0fee;
    case 0xf8:
        return 0x3230312a;
    case 0xfc:
        return 0x44570140;
    default:
        return addr < sizeof i2c->reg ? i2c->reg[addr / 4] : 0;
    }
}

static void transfer(Jh7110I2c *i2c, Jh7110I2cTarget *target, uint32_t command)
{
    if (command & CMD_READ) {
        if (i2c->filled < FIFO) {
            i2c->fifo[(i2c->head + i2c->filled++) % FIFO] = target->memory[target->pointer++];
        }
    } else if (!i2c->started) {
        target->pointer = command;
        i2c->started = true;
    } else {
        uint8_t at = target->pointer++;
        target->memory[at] = command;
        if (target->written) {
            target->written(target, at);
        }
    }
}

static void i2c_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110I2c *i2c = opaque;

    if (addr == DATA_CMD) {
        Jh7110I2cTarget *target = addressed(i2c);
        if (target) {
            transfer(i2c, target, value);
        } else {
            i2c->reg[RAW_INTR / 4] |= INTR_TX_ABRT;
            i2c->reg[ABRT_SOURCE / 4] = 1; /* no acknowledge of the address */
        }
        if (!target || (value & CMD_STOP)) {
            i2c->reg[RAW_INTR / 4] |= INTR_STOP_DET;
            i2c->started = false;
        }
        return;
    }
    if (addr == ENABLE && !(value & 1)) {
        i2c->filled = 0;
        i2c->started = false;
    }
    if (addr < sizeof i2c->reg) {
        i2c->reg[addr / 4] = value;
    }
}

static const MemoryRegionOps i2c_ops = {
    .read = i2c_read,
    .write = i2c_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

DeviceState *jh7110_i2c_new(unsigned n, uint64_t ram_size)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_I2C);
    Jh7110I2c *i2c = JH7110_I2C(dev);
    g_autofree char *name = g_strdup_printf("i2c%u", n);

    if (n == BOARD_BUS) {
        jh7110_eeprom_init(&i2c->target[0], ram_size);
        jh7110_pmic_init(&i2c->target[1]);
    }
    memory_region_init_io(&i2c->io, OBJECT(dev), &i2c_ops, i2c, name, 64 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &i2c->io);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    return dev;
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_I2C,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110I2c),
}};

DEFINE_TYPES(types)
