/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watchdog: counts down at 24 MHz, interrupts at the first expiry, resets the board at the second.
 *
 * Registers: U-Boot, drivers/watchdog/starfive_wdt.c.
 */
#include "jh7110.h"

#include "qemu/timer.h"
#include "system/runstate.h"

#define TYPE_JH7110_WATCHDOG "jh7110-watchdog"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Watchdog, JH7110_WATCHDOG)

#define LOAD 0x00
#define VALUE 0x04
#define CONTROL 0x08
#define CONTROL_RUN BIT(0)
#define CONTROL_RESET BIT(1)
#define INTCLR 0x0c
#define IMS 0x14
#define LOCK 0xc00
#define KEY 0x1acce551

struct Jh7110Watchdog {
    SysBusDevice parent_obj;
    MemoryRegion io;
    QEMUTimer *timer;
    qemu_irq irq;
    uint32_t load, control;
    bool locked, expired;
    int64_t due;
};

static void restart(Jh7110Watchdog *dog)
{
    timer_del(dog->timer);
    if (dog->control & CONTROL_RUN) {
        dog->due = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                   (int64_t)muldiv64(dog->load, NANOSECONDS_PER_SECOND, JH7110_OSC_HZ);
        timer_mod(dog->timer, dog->due);
    }
}

static void expire(void *opaque)
{
    Jh7110Watchdog *dog = opaque;

    if (dog->expired && (dog->control & CONTROL_RESET)) {
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
        return;
    }
    dog->expired = true;
    qemu_irq_raise(dog->irq);
    restart(dog);
}

static uint64_t watchdog_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Watchdog *dog = opaque;
    int64_t left = dog->due - qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    switch (addr) {
    case LOAD:
        return dog->load;
    case VALUE:
        return left > 0 ? muldiv64(left, JH7110_OSC_HZ, NANOSECONDS_PER_SECOND) : 0;
    case CONTROL:
        return dog->control;
    case IMS:
        return dog->expired;
    case LOCK:
        return dog->locked;
    default:
        return 0;
    }
}

static void watchdog_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Watchdog *dog = opaque;

    if (addr == LOCK) {
        dog->locked = value != KEY;
        return;
    }
    if (dog->locked) {
        return;
    }
    switch (addr) {
    case LOAD:
        dog->load = value;
        restart(dog);
        break;
    case CONTROL:
        dog->control = value & (CONTROL_RUN | CONTROL_RESET);
        restart(dog);
        break;
    case INTCLR:
        dog->expired = false;
        qemu_irq_lower(dog->irq);
        restart(dog);
        break;
    }
}

static const MemoryRegionOps watchdog_ops = {
    .read = watchdog_read,
    .write = watchdog_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static void watchdog_reset(DeviceState *dev)
{
    Jh7110Watchdog *dog = JH7110_WATCHDOG(dev);

    timer_del(dog->timer);
    dog->load = 0xffffffff;
    dog->control = 0;
    dog->locked = dog->expired = false;
    qemu_irq_lower(dog->irq);
}

DeviceState *jh7110_watchdog_new(void)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_WATCHDOG);
    Jh7110Watchdog *dog = JH7110_WATCHDOG(dev);

    dog->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, expire, dog);
    memory_region_init_io(&dog->io, OBJECT(dev), &watchdog_ops, dog, "watchdog", 64 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &dog->io);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &dog->irq);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    return dev;
}

static void watchdog_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), watchdog_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_WATCHDOG,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Watchdog),
    .class_init = watchdog_class_init,
}};

DEFINE_TYPES(types)
