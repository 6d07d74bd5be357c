/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timer block: four 32-bit channels that count down at 24 MHz, each with its interrupt.
 *
 * Registers: StarFive's Linux, drivers/clocksource/timer-jh7110.c.
 */
#include "jh7110.h"

#include "qemu/timer.h"

#define TYPE_JH7110_TIMER "jh7110-timer"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Timer, JH7110_TIMER)

#define CHANNELS 4
#define STRIDE 0x40
#define INT 0x00 /* of channel 0: a bit for each */
#define CTL 0x04 /* 1: once, 0: again and again */
#define LOAD 0x08
#define ENABLE 0x10
#define RELOAD 0x14
#define VALUE 0x18
#define INT_CLR 0x20
#define INT_MASK 0x24

typedef struct Channel {
    uint32_t ctl, load, enable, mask;
    int64_t due; /* ns */
    bool pending;
    QEMUTimer *timer;
    qemu_irq irq;
} Channel;

struct Jh7110Timer {
    SysBusDevice parent_obj;
    MemoryRegion io;
    Channel channel[CHANNELS];
};

static int64_t ns_of(uint32_t ticks)
{
    return muldiv64(ticks, NANOSECONDS_PER_SECOND, JH7110_OSC_HZ);
}

static void update(Channel *c)
{
    qemu_set_irq(c->irq, c->pending && !c->mask);
}

static void reload(Channel *c)
{
    timer_del(c->timer);
    if (c->enable) {
        c->due = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + ns_of(c->load);
        timer_mod(c->timer, c->due);
    }
}

static void expire(void *opaque)
{
    Channel *c = opaque;

    c->pending = true;
    if (c->ctl & 1) {
        c->enable = 0;
    } else {
        c->due += MAX(ns_of(c->load), 1000);
        timer_mod(c->timer, c->due);
    }
    update(c);
}

static uint32_t value_of(Channel *c)
{
    int64_t left = c->due - qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    return c->enable && left > 0 ? muldiv64(left, JH7110_OSC_HZ, NANOSECONDS_PER_SECOND) : 0;
}

static uint64_t timer_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Timer *block = opaque;
    Channel *c = &block->channel[addr / STRIDE % CHANNELS];

    switch (addr % STRIDE) {
    case INT: {
        uint32_t bits = 0;
        for (int i = 0; i < CHANNELS; i++) {
            bits |= (uint32_t)block->channel[i].pending << i;
        }
        return addr / STRIDE ? 0 : bits;
    }
    case CTL:
        return c->ctl;
    case LOAD:
        return c->load;
    case ENABLE:
        return c->enable;
    case VALUE:
        return value_of(c);
    case INT_CLR:
        return c->pending;
    case INT_MASK:
        return c->mask;
    default:
        return 0;
    }
}

static void timer_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Timer *block = opaque;
    Channel *c = &block->channel[addr / STRIDE % CHANNELS];

    switch (addr % STRIDE) {
    case CTL:
        c->ctl = value & 1;
        break;
    case LOAD:
        c->load = value;
        break;
    case ENABLE:
        c->enable = value & 1;
        reload(c);
        break;
    case RELOAD:
        reload(c);
        break;
    case INT_CLR:
        c->pending = c->pending && !(value & 1);
        break;
    case INT_MASK:
        c->mask = value & 1;
        break;
    }
    update(c);
}

static const MemoryRegionOps timer_ops = {
    .read = timer_read,
    .write = timer_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static void timer_reset(DeviceState *dev)
{
    Jh7110Timer *block = JH7110_TIMER(dev);

    for (int i = 0; i < CHANNELS; i++) {
        Channel *c = &block->channel[i];
        timer_del(c->timer);
        c->ctl = c->load = c->enable = 0;
        c->mask = 1;
        c->pending = false;
        update(c);
    }
}

DeviceState *jh7110_timer_new(void)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_TIMER);
    Jh7110Timer *block = JH7110_TIMER(dev);

    memory_region_init_io(&block->io, OBJECT(dev), &timer_ops, block, "timer", 64 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &block->io);
    for (int i = 0; i < CHANNELS; i++) {
        block->channel[i].timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, expire, &block->channel[i]);
        sysbus_init_irq(SYS_BUS_DEVICE(dev), &block->channel[i].irq);
    }
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    return dev;
}

static void timer_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), timer_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_TIMER,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Timer),
    .class_init = timer_class_init,
}};

DEFINE_TYPES(types)
