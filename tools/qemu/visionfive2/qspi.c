/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Cadence QSPI controller: commands by registers (STIG), indirect reads and writes through its AHB window.
 *
 * Everything is done when it is asked for. No direct mode.
 */
#include "jh7110.h"

#include "nor.h"

#define TYPE_JH7110_QSPI "jh7110-qspi"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Qspi, JH7110_QSPI)

#define CONFIG 0x00
#define CONFIG_IDLE BIT(31)
#define SRAM_LEVEL 0x2c /* words: read in bits 0 to 15, write in bits 16 to 31 */
#define INDIRECT_READ 0x60
#define INDIRECT_WRITE 0x70
#define INDIRECT_START BIT(0)
#define INDIRECT_DONE BIT(5)
#define START_AT(transfer) ((transfer) + 0x8)
#define BYTES(transfer) ((transfer) + 0xc)
#define CMD_CTRL 0x90
#define CMD_EXECUTE BIT(0)
#define CMD_ADDRESS 0x94
#define CMD_READ_DATA 0xa0
#define CMD_WRITE_DATA 0xa8
#define SRAM_WORDS 128
#define PAGE 256

struct Jh7110Qspi {
    SysBusDevice parent_obj;
    MemoryRegion io, ahb;
    Jh7110Nor nor;
    uint32_t reg[0x100 / 4];
    uint32_t at, left; /* of the indirect transfer under way */
    uint8_t page[PAGE];
    uint32_t collected;
};

static uint64_t qspi_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Qspi *qspi = opaque;

    switch (addr) {
    case CONFIG:
        return qspi->reg[CONFIG / 4] | CONFIG_IDLE;
    case SRAM_LEVEL:
        return MIN(DIV_ROUND_UP(qspi->left, 4), SRAM_WORDS);
    case INDIRECT_READ: case INDIRECT_WRITE:
        return qspi->left ? 0 : qspi->reg[addr / 4] & INDIRECT_DONE;
    default:
        return addr < sizeof qspi->reg ? qspi->reg[addr / 4] : 0;
    }
}

static void execute(Jh7110Qspi *qspi, uint32_t control)
{
    uint8_t in[8], out[8];
    uint32_t n_out = control & BIT(23) ? extract32(control, 20, 3) + 1 : 0;
    uint32_t n_in = control & BIT(15) ? extract32(control, 12, 3) + 1 : 0;

    stl_le_p(in, qspi->reg[CMD_WRITE_DATA / 4]);
    stl_le_p(in + 4, qspi->reg[CMD_WRITE_DATA / 4 + 1]);
    memset(out, 0, sizeof out);
    if (qspi->nor.bytes) {
        jh7110_nor_command(&qspi->nor, control >> 24, qspi->reg[CMD_ADDRESS / 4], in, n_in, out, n_out);
    }
    qspi->reg[CMD_READ_DATA / 4] = ldl_le_p(out);
    qspi->reg[CMD_READ_DATA / 4 + 1] = ldl_le_p(out + 4);
}

static void qspi_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Qspi *qspi = opaque;

    if (addr >= sizeof qspi->reg) {
        return;
    }
    if (addr == CMD_CTRL && (value & CMD_EXECUTE)) {
        execute(qspi, value);
        value &= ~3u; /* executed, not in progress */
    }
    if (addr == INDIRECT_READ || addr == INDIRECT_WRITE) {
        bool start = value & INDIRECT_START;
        qspi->at = qspi->reg[START_AT(addr) / 4];
        qspi->left = start && qspi->nor.bytes ? qspi->reg[BYTES(addr) / 4] : 0;
        qspi->collected = 0;
        value = start ? INDIRECT_DONE : 0; /* otherwise: acknowledged, or cancelled */
    }
    qspi->reg[addr / 4] = value;
}

static uint64_t ahb_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Qspi *qspi = opaque;
    uint8_t bytes[8] = {0};
    uint32_t n = MIN(size, qspi->left);

    if (n) {
        jh7110_nor_read(&qspi->nor, qspi->at, bytes, n);
    }
    qspi->at += n;
    qspi->left -= n;
    return ldn_le_p(bytes, size);
}

/* A page is programmed when it is complete, or the transfer. */
static void ahb_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Qspi *qspi = opaque;

    for (unsigned i = 0; i < size && qspi->left; i++) {
        qspi->page[qspi->collected++] = value >> 8 * i;
        qspi->left--;
        if (!qspi->left || (qspi->at + qspi->collected) % PAGE == 0) {
            jh7110_nor_program(&qspi->nor, qspi->at, qspi->page, qspi->collected);
            qspi->at += qspi->collected;
            qspi->collected = 0;
        }
    }
}

static const MemoryRegionOps qspi_ops = {
    .read = qspi_read,
    .write = qspi_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static const MemoryRegionOps ahb_ops = {
    .read = ahb_read,
    .write = ahb_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

const uint8_t *jh7110_qspi_flash(DeviceState *qspi)
{
    return JH7110_QSPI(qspi)->nor.bytes;
}

DeviceState *jh7110_qspi_new(const char *flash_file, bool writable)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_QSPI);
    Jh7110Qspi *qspi = JH7110_QSPI(dev);

    if (flash_file) {
        jh7110_nor_open(&qspi->nor, flash_file, writable);
    }
    memory_region_init_io(&qspi->io, OBJECT(dev), &qspi_ops, qspi, "qspi", 64 * KiB);
    memory_region_init_io(&qspi->ahb, OBJECT(dev), &ahb_ops, qspi, "qspi.ahb", 4 * MiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &qspi->io);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &qspi->ahb);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    return dev;
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_QSPI,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Qspi),
}};

DEFINE_TYPES(types)
