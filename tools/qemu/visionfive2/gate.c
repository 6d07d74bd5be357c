/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The gate before a device: an access while one of its clocks is off, or while it is held in reset, is a bus error
 * and is said once. On silicon it may hang the bus, read zeros, or be lost.
 */
#include "jh7110.h"

#include "exec/memory.h"

typedef struct Jh7110Gate {
    const Jh7110GateSpec *spec;
    Jh7110Crg *crg;
    MemoryRegion outer, inner;
    AddressSpace behind;
    bool strict, said;
} Jh7110Gate;

static bool is_open(Jh7110Gate *gate, hwaddr addr)
{
    const char *why = NULL;
    unsigned id = 0;

    for (int i = 0; gate->strict && !why && i < JH7110_GATE_IDS; i++) {
        if (gate->spec->clocks[i] && !jh7110_crg_clock_on(gate->crg, gate->spec->clocks[i])) {
            why = "clock", id = gate->spec->clocks[i];
        } else if (gate->spec->resets[i] && !jh7110_crg_released(gate->crg, gate->spec->resets[i])) {
            why = "reset", id = gate->spec->resets[i];
        }
    }
    if (why && !gate->said) {
        error_report("visionfive2: %s+0x%x: access while %s %u %s", gate->spec->name, (unsigned)addr, why, id,
                     why[0] == 'c' ? "is off" : "is asserted");
        gate->said = true;
    }
    return !why;
}

static MemTxResult gate_read(void *opaque, hwaddr addr, uint64_t *data, unsigned size, MemTxAttrs attrs)
{
    Jh7110Gate *gate = opaque;
    uint8_t bytes[8] = {0};

    if (!is_open(gate, addr)) {
        return MEMTX_ERROR;
    }
    MemTxResult result = address_space_read(&gate->behind, addr, attrs, bytes, size);
    *data = ldn_le_p(bytes, size);
    return result;
}

static MemTxResult gate_write(void *opaque, hwaddr addr, uint64_t data, unsigned size, MemTxAttrs attrs)
{
    Jh7110Gate *gate = opaque;
    uint8_t bytes[8];

    if (!is_open(gate, addr)) {
        return MEMTX_ERROR;
    }
    stn_le_p(bytes, size, data);
    return address_space_write(&gate->behind, addr, attrs, bytes, size);
}

static const MemoryRegionOps gate_ops = {
    .read_with_attrs = gate_read,
    .write_with_attrs = gate_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 1, .max_access_size = 4}, /* the device says what it takes */
};

/* Returns the room behind the gate: the device's regions go there. */
MemoryRegion *jh7110_gate_new(const Jh7110GateSpec *spec, Jh7110Crg *crg, bool strict)
{
    Jh7110Gate *gate = g_new0(Jh7110Gate, 1);

    gate->spec = spec;
    gate->crg = crg;
    gate->strict = strict;
    memory_region_init(&gate->inner, NULL, spec->name, spec->size);
    address_space_init(&gate->behind, &gate->inner, spec->name);
    memory_region_init_io(&gate->outer, NULL, &gate_ops, gate, spec->name, spec->size);
    memory_region_add_subregion(get_system_memory(), spec->base, &gate->outer);
    return &gate->inner;
}
