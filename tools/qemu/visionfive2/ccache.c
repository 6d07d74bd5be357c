/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The L2 cache controller, and the loosely integrated memory that its ways are until they are enabled.
 *
 * WayEnable can only grow, and each way that becomes cache takes 128 KiB from the top of the LIM (U74-MC 13). At
 * power-on it has no zeros: on the chip what nobody has written cannot even be read, for its ECC.
 */
#include "jh7110.h"

#define TYPE_JH7110_CCACHE "jh7110-ccache"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Ccache, JH7110_CCACHE)

#define CONFIG 0x000
#define WAY_ENABLE 0x008
#define CONFIG_VALUE 0x06091001 /* 1 bank, 16 ways, 2^9 sets a bank, 2^6 bytes */
#define WAYS 16
#define WAY_BYTES (128 * KiB)
#define UNWRITTEN 0xa5

struct Jh7110Ccache {
    SysBusDevice parent_obj;
    MemoryRegion io, memory, window;
    uint32_t way_enable;
};

static void show_lim(Jh7110Ccache *cache)
{
    uint64_t left = (WAYS - 1 - cache->way_enable) * WAY_BYTES;

    memory_region_set_enabled(&cache->window, left != 0);
    if (left) {
        memory_region_set_size(&cache->window, left);
    }
}

static uint64_t ccache_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Ccache *cache = opaque;
    return addr == CONFIG ? CONFIG_VALUE : addr == WAY_ENABLE ? cache->way_enable : 0;
}

static void ccache_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Ccache *cache = opaque;

    if (addr == WAY_ENABLE && (value & (WAYS - 1)) > cache->way_enable) {
        cache->way_enable = value & (WAYS - 1);
        show_lim(cache);
    }
}

static const MemoryRegionOps ccache_ops = {
    .read = ccache_read,
    .write = ccache_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 1, .max_access_size = 8}, /* flushes are 64-bit */
};

static void ccache_reset(DeviceState *dev)
{
    Jh7110Ccache *cache = JH7110_CCACHE(dev);
    cache->way_enable = 0;
    show_lim(cache);
}

void jh7110_ccache_new(hwaddr base)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_CCACHE);
    Jh7110Ccache *cache = JH7110_CCACHE(dev);

    memory_region_init_io(&cache->io, OBJECT(dev), &ccache_ops, cache, "ccache", 16 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &cache->io);
    memory_region_init_ram(&cache->memory, NULL, "jh7110.lim", JH7110_LIM_SIZE, &error_fatal);
    memset(memory_region_get_ram_ptr(&cache->memory), UNWRITTEN, JH7110_LIM_SIZE);
    memory_region_init_alias(&cache->window, NULL, "lim", &cache->memory, 0, JH7110_LIM_SIZE);
    memory_region_add_subregion(get_system_memory(), JH7110_LIM, &cache->window);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
}

static void ccache_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), ccache_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_CCACHE,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Ccache),
    .class_init = ccache_class_init,
}};

DEFINE_TYPES(types)
