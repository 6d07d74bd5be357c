/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DesignWare mobile storage host, with its descriptor DMA, and the SD card of `-drive if=sd`.
 *
 * A command and its data are done when it is written. Registers and descriptors: U-Boot, drivers/mmc/dw_mmc.c.
 */
#include "jh7110.h"

#include "hw/sd/sd.h"
#include "system/block-backend.h"
#include "system/blockdev.h"
#include "system/dma.h"

#define TYPE_JH7110_MSHC "jh7110-mshc"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Mshc, JH7110_MSHC)

#define CTRL 0x00
#define CTRL_RESETS 7
#define CTRL_IDMAC BIT(25)
#define BYTCNT 0x20
#define INTMASK 0x24
#define CMDARG 0x28
#define CMD 0x2c
#define CMD_RESPONSE BIT(6)
#define CMD_LONG BIT(7)
#define CMD_DATA BIT(9)
#define CMD_WRITE BIT(10)
#define CMD_AUTO_STOP BIT(12)
#define CMD_CLOCK_ONLY BIT(21)
#define CMD_START BIT(31)
#define RESP0 0x30
#define MINTSTS 0x40
#define RINTSTS 0x44
#define INT_COMMAND_DONE BIT(2)
#define INT_DATA_OVER BIT(3)
#define INT_TX_READY BIT(4)
#define INT_RX_READY BIT(5)
#define INT_NO_RESPONSE BIT(8)
#define INT_AUTO_STOPPED BIT(14)
#define STATUS 0x48
#define STATUS_FIFO_EMPTY BIT(2)
#define STATUS_FIFO_COUNT 17
#define CDETECT 0x50
#define VERID 0x6c
#define BMOD 0x80
#define BMOD_RESET BIT(0)
#define DBADDR 0x88
#define IDSTS 0x8c
#define IDSTS_DONE (BIT(8) | 3)
#define FIFO 0x200
#define FIFO_WORDS 32
#define DESC_OWN BIT(31)
#define DESC_LAST BIT(2)
#define STOP_TRANSMISSION 12

struct Jh7110Mshc {
    SysBusDevice parent_obj;
    MemoryRegion io;
    qemu_irq irq;
    SDBus bus;
    uint32_t reg[0x100 / 4];
    uint32_t left; /* bytes to go through the FIFO */
    bool writing;
};

static void update(Jh7110Mshc *host)
{
    qemu_set_irq(host->irq, (host->reg[RINTSTS / 4] & host->reg[INTMASK / 4]) && (host->reg[CTRL / 4] & BIT(4)));
}

static void move(Jh7110Mshc *host, uint32_t address, uint32_t n)
{
    g_autofree uint8_t *buffer = g_malloc(n);

    if (host->writing) {
        dma_memory_read(&address_space_memory, address, buffer, n, MEMTXATTRS_UNSPECIFIED);
        sdbus_write_data(&host->bus, buffer, n);
    } else {
        sdbus_read_data(&host->bus, buffer, n);
        dma_memory_write(&address_space_memory, address, buffer, n, MEMTXATTRS_UNSPECIFIED);
    }
}

/* Descriptors of four words: flags, size, buffer, next. */
static void run_descriptors(Jh7110Mshc *host)
{
    uint32_t at = host->reg[DBADDR / 4], desc[4] = {0};

    while (host->left && !(desc[0] & DESC_LAST)) {
        dma_memory_read(&address_space_memory, at, desc, sizeof desc, MEMTXATTRS_UNSPECIFIED);
        for (int i = 0; i < 4; i++) {
            desc[i] = le32_to_cpu(desc[i]);
        }
        if (!(desc[0] & DESC_OWN)) {
            break;
        }
        uint32_t n = MIN(desc[1] & 0x1fff, host->left);
        move(host, desc[2], n);
        host->left -= n;
        stl_le_dma(&address_space_memory, at, desc[0] & ~DESC_OWN, MEMTXATTRS_UNSPECIFIED);
        at = desc[3];
    }
    host->reg[IDSTS / 4] |= IDSTS_DONE;
}

static void end_data(Jh7110Mshc *host)
{
    SDRequest stop = {.cmd = STOP_TRANSMISSION};
    uint8_t response[16];

    if (host->reg[CMD / 4] & CMD_AUTO_STOP) {
        sdbus_do_command(&host->bus, &stop, response);
        host->reg[RINTSTS / 4] |= INT_AUTO_STOPPED;
    }
    host->reg[RINTSTS / 4] |= INT_DATA_OVER;
}

static void start_data(Jh7110Mshc *host, uint32_t command)
{
    host->left = host->reg[BYTCNT / 4];
    host->writing = command & CMD_WRITE;
    if (host->reg[CTRL / 4] & CTRL_IDMAC) {
        run_descriptors(host);
        end_data(host);
    } else {
        host->reg[RINTSTS / 4] |= host->writing ? INT_TX_READY : INT_RX_READY;
    }
}

static void run_command(Jh7110Mshc *host, uint32_t command)
{
    SDRequest request = {.cmd = command & 0x3f, .arg = host->reg[CMDARG / 4]};
    uint8_t response[16] = {0};
    int n = sdbus_do_command(&host->bus, &request, response);

    host->reg[RINTSTS / 4] |= INT_COMMAND_DONE;
    if ((command & CMD_RESPONSE) && n <= 0) {
        host->reg[RINTSTS / 4] |= INT_NO_RESPONSE;
        return;
    }
    for (int i = 0; i < n / 4; i++) {
        host->reg[RESP0 / 4 + i] = ldl_be_p(response + n - 4 - 4 * i);
    }
    if (command & CMD_DATA) {
        start_data(host, command);
    }
}

static uint32_t take_word(Jh7110Mshc *host)
{
    uint8_t bytes[4] = {0};
    uint32_t n = MIN(4, host->left);

    if (n) {
        sdbus_read_data(&host->bus, bytes, n);
        host->left -= n;
        if (!host->left) {
            end_data(host);
        }
    }
    return ldl_le_p(bytes);
}

static void put_word(Jh7110Mshc *host, uint32_t word)
{
    uint8_t bytes[4];
    uint32_t n = MIN(4, host->left);

    stl_le_p(bytes, word);
    if (n) {
        sdbus_write_data(&host->bus, bytes, n);
        host->left -= n;
        if (!host->left) {
            end_data(host);
        }
    }
}

static uint64_t mshc_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Mshc *host = opaque;
    uint32_t in_fifo = host->writing ? 0 : MIN(DIV_ROUND_UP(host->left, 4), FIFO_WORDS);

    switch (addr) {
    case MINTSTS:
        return host->reg[RINTSTS / 4] & host->reg[INTMASK / 4];
    case STATUS:
        return in_fifo << STATUS_FIFO_COUNT | (in_fifo ? 0 : STATUS_FIFO_EMPTY);
    case CDETECT:
        return !sdbus_get_inserted(&host->bus);
    case VERID:
        return 0x5342290a;
    case FIFO ... FIFO + 0xfff:
        return take_word(host);
    default:
        return addr < sizeof host->reg ? host->reg[addr / 4] : 0;
    }
}

static void mshc_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Mshc *host = opaque;

    switch (addr) {
    case CTRL:
        host->reg[CTRL / 4] = value & ~CTRL_RESETS;
        break;
    case BMOD:
        host->reg[BMOD / 4] = value & ~BMOD_RESET;
        break;
    case RINTSTS: case IDSTS:
        host->reg[addr / 4] &= ~value;
        break;
    case CMD:
        host->reg[CMD / 4] = value & ~CMD_START;
        if ((value & CMD_START) && !(value & CMD_CLOCK_ONLY)) {
            run_command(host, value);
        }
        break;
    case FIFO ... FIFO + 0xfff:
        put_word(host, value);
        break;
    default:
        if (addr < sizeof host->reg) {
            host->reg[addr / 4] = value;
        }
    }
    update(host);
}

static const MemoryRegionOps mshc_ops = {
    .read = mshc_read,
    .write = mshc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static void mshc_reset(DeviceState *dev)
{
    Jh7110Mshc *host = JH7110_MSHC(dev);
    memset(host->reg, 0, sizeof host->reg);
    host->left = 0;
}

bool jh7110_mshc_has_card(DeviceState *dev)
{
    return sdbus_get_inserted(&JH7110_MSHC(dev)->bus);
}

DeviceState *jh7110_mshc_new(unsigned n)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_MSHC);
    Jh7110Mshc *host = JH7110_MSHC(dev);
    DriveInfo *drive = drive_get(IF_SD, 0, n);
    g_autofree char *name = g_strdup_printf("mmc%u", n);

    memory_region_init_io(&host->io, OBJECT(dev), &mshc_ops, host, name, 64 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &host->io);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &host->irq);
    qbus_init(&host->bus, sizeof host->bus, TYPE_SD_BUS, dev, name);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    if (drive) {
        DeviceState *card = qdev_new(TYPE_SD_CARD);
        qdev_prop_set_drive_err(card, "drive", blk_by_legacy_dinfo(drive), &error_fatal);
        qdev_realize_and_unref(card, BUS(&host->bus), &error_fatal);
    }
    return dev;
}

static void mshc_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), mshc_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_MSHC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Mshc),
    .class_init = mshc_class_init,
}};

DEFINE_TYPES(types)
