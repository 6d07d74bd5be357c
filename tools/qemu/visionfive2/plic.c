/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PLIC: nine contexts, level gateways, and registers that power-on leaves random.
 *
 * A gateway forwards a level once, and looks at it again on completion. A claim is not bounded by the threshold; a
 * completion of a source that the context has not enabled is ignored (U74-MC, chapter PLIC).
 */
#include "jh7110.h"

#include "cpu.h"

#define TYPE_JH7110_PLIC "jh7110-plic"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Plic, JH7110_PLIC)

#define SOURCES 137 /* 0 is none */
#define WORDS DIV_ROUND_UP(SOURCES, 32)
#define CONTEXTS 9 /* M of hart 0; then M, S of harts 1 to 4 */
#define PENDING 0x1000
#define ENABLE 0x2000
#define ENABLE_STRIDE 0x80
#define CONTEXT 0x200000
#define CONTEXT_STRIDE 0x1000
#define PRIORITIES 7

struct Jh7110Plic {
    SysBusDevice parent_obj;
    MemoryRegion io;
    uint32_t seed;
    uint8_t priority[SOURCES], threshold[CONTEXTS];
    bool level[SOURCES], pending[SOURCES], in_service[SOURCES];
    uint32_t enable[CONTEXTS][WORDS];
    qemu_irq out[CONTEXTS];
};

static bool is_enabled(const Jh7110Plic *plic, unsigned context, unsigned source)
{
    return plic->enable[context][source / 32] & BIT(source % 32);
}

/* The pending, enabled source of the highest priority, the lowest number among equals. */
static unsigned best(const Jh7110Plic *plic, unsigned context)
{
    unsigned found = 0;
    for (unsigned source = 1; source < SOURCES; source++) {
        if (plic->pending[source] && is_enabled(plic, context, source) &&
            plic->priority[source] > (found ? plic->priority[found] : 0)) {
            found = source;
        }
    }
    return found;
}

static void update(Jh7110Plic *plic)
{
    for (unsigned context = 0; context < CONTEXTS; context++) {
        unsigned source = best(plic, context);
        qemu_set_irq(plic->out[context], source && plic->priority[source] > plic->threshold[context]);
    }
}

static void look_at_level(Jh7110Plic *plic, unsigned source)
{
    if (plic->level[source] && !plic->in_service[source]) {
        plic->pending[source] = true;
    }
}

static void set_level(void *opaque, int source, int level)
{
    Jh7110Plic *plic = opaque;

    plic->level[source] = level;
    look_at_level(plic, source);
    update(plic);
}

static uint32_t claim(Jh7110Plic *plic, unsigned context)
{
    unsigned source = best(plic, context);

    if (source) {
        plic->pending[source] = false;
        plic->in_service[source] = true;
        update(plic);
    }
    return source;
}

static void complete(Jh7110Plic *plic, unsigned context, uint32_t source)
{
    if (source > 0 && source < SOURCES && is_enabled(plic, context, source)) {
        plic->in_service[source] = false;
        look_at_level(plic, source);
        update(plic);
    }
}

static uint32_t pending_word(const Jh7110Plic *plic, unsigned word)
{
    uint32_t bits = 0;
    for (unsigned bit = 0; bit < 32 && word * 32 + bit < SOURCES; bit++) {
        bits |= (uint32_t)plic->pending[word * 32 + bit] << bit;
    }
    return bits;
}

static uint32_t *enable_word(Jh7110Plic *plic, hwaddr addr)
{
    hwaddr context = (addr - ENABLE) / ENABLE_STRIDE, word = (addr - ENABLE) % ENABLE_STRIDE / 4;
    return addr >= ENABLE && context < CONTEXTS && word < WORDS ? &plic->enable[context][word] : NULL;
}

static uint64_t plic_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Plic *plic = opaque;
    hwaddr context = (addr - CONTEXT) / CONTEXT_STRIDE;

    if (addr < 4 * SOURCES) {
        return plic->priority[addr / 4];
    }
    if (addr >= PENDING && addr < PENDING + 4 * WORDS) {
        return pending_word(plic, (addr - PENDING) / 4);
    }
    if (addr < CONTEXT) {
        uint32_t *word = enable_word(plic, addr);
        return word ? *word : 0;
    }
    switch (context < CONTEXTS ? (addr - CONTEXT) % CONTEXT_STRIDE : ~0ull) {
    case 0:
        return plic->threshold[context];
    case 4:
        return claim(plic, context);
    default:
        return 0;
    }
}

static void plic_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Plic *plic = opaque;
    hwaddr context = (addr - CONTEXT) / CONTEXT_STRIDE;

    if (addr < 4 * SOURCES) {
        plic->priority[addr / 4] = addr ? value & PRIORITIES : 0;
    } else if (addr < CONTEXT) {
        uint32_t *word = enable_word(plic, addr);
        if (word) {
            *word = value;
        }
    } else if (context < CONTEXTS && (addr - CONTEXT) % CONTEXT_STRIDE == 0) {
        plic->threshold[context] = value & PRIORITIES;
    } else if (context < CONTEXTS && (addr - CONTEXT) % CONTEXT_STRIDE == 4) {
        complete(plic, context, value);
    }
    update(plic);
}

static const MemoryRegionOps plic_ops = {
    .read = plic_read,
    .write = plic_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static uint32_t next_random(uint32_t *state) /* xorshift32 */
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void plic_reset(DeviceState *dev)
{
    Jh7110Plic *plic = JH7110_PLIC(dev);
    uint32_t state = plic->seed;

    memset(plic->pending, 0, sizeof plic->pending);
    memset(plic->in_service, 0, sizeof plic->in_service);
    for (unsigned source = 1; source < SOURCES; source++) {
        plic->priority[source] = next_random(&state) & PRIORITIES;
    }
    for (unsigned context = 0; context < CONTEXTS; context++) {
        plic->threshold[context] = next_random(&state) & PRIORITIES;
        for (unsigned word = 0; word < WORDS; word++) {
            plic->enable[context][word] = next_random(&state);
        }
    }
    update(plic);
}

/* A seed of 0 leaves the registers zero. */
DeviceState *jh7110_plic_new(uint32_t seed)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_PLIC);
    Jh7110Plic *plic = JH7110_PLIC(dev);

    plic->seed = seed;
    memory_region_init_io(&plic->io, OBJECT(dev), &plic_ops, plic, "plic", 64 * MiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &plic->io);
    qdev_init_gpio_in(dev, set_level, SOURCES);
    qdev_init_gpio_out(dev, plic->out, CONTEXTS);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, JH7110_PLIC_BASE);
    for (unsigned context = 0; context < CONTEXTS; context++) {
        DeviceState *cpu = DEVICE(qemu_get_cpu((context + 1) / 2));
        bool machine_mode = context == 0 || context % 2 == 1;
        qdev_connect_gpio_out(dev, context, qdev_get_gpio_in(cpu, machine_mode ? IRQ_M_EXT : IRQ_S_EXT));
    }
    return dev;
}

static void plic_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), plic_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_PLIC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Plic),
    .class_init = plic_class_init,
}};

DEFINE_TYPES(types)
