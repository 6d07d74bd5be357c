/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine "visionfive2": StarFive's VisionFive 2, a JH7110 with its NOR flash, SD card, EEPROM and power chip.
 *
 * It is meant to be stricter than convenient: an image that passes here has set up its clocks, resets and pins. Where
 * it is still kinder than the board: docs/boards/visionfive2.md.
 */
#include "jh7110.h"

#include "elf.h"
#include "hw/boards.h"
#include "hw/cpu/cluster.h"
#include "hw/intc/riscv_aclint.h"
#include "hw/loader.h"
#include "hw/misc/unimp.h"
#include "hw/riscv/riscv_hart.h"
#include "qapi/visitor.h"
#include "system/device_tree.h"

#define TYPE_VISIONFIVE2 MACHINE_TYPE_NAME("visionfive2")
OBJECT_DECLARE_SIMPLE_TYPE(VisionFive2, VISIONFIVE2)

struct VisionFive2 {
    MachineState parent_obj;
    CPUClusterState small_cluster, big_cluster;
    RISCVHartArrayState small, big;
    uint64_t bios_addr, kernel_addr, dtb_addr, start_harts, boot_hart, order, boot_mode, seed;
    bool strict, cold, flash_writable, ipi_pending;
    char *flash;
};

#define GATED_UART(n, base, id) {"uart" #n, base, 64 * KiB, {id, id + 1}, {83 + 2 * n, 84 + 2 * n}}
#define GATED_I2C(n, base) {"i2c" #n, base, 64 * KiB, {138 + n}, {76 + n}}

static const Jh7110GateSpec uarts[] = {
    GATED_UART(0, 0x10000000, 145), GATED_UART(1, 0x10010000, 147), GATED_UART(2, 0x10020000, 149),
    GATED_UART(3, 0x12000000, 151), GATED_UART(4, 0x12010000, 153), GATED_UART(5, 0x12020000, 155)};
static const uint8_t uart_irqs[] = {32, 33, 34, 45, 46, 47};
static const Jh7110GateSpec i2cs[] = {
    GATED_I2C(0, 0x10030000), GATED_I2C(1, 0x10040000), GATED_I2C(2, 0x10050000), GATED_I2C(3, 0x12030000),
    GATED_I2C(4, 0x12040000), GATED_I2C(5, 0x12050000), GATED_I2C(6, 0x12060000)};
static const Jh7110GateSpec mshcs[] = {{"mmc0", 0x16010000, 64 * KiB, {91, 93}, {64}},
                                       {"mmc1", 0x16020000, 64 * KiB, {92, 94}, {65}}};
static const Jh7110GateSpec iomux = {"sys_iomux", 0x13040000, 4 * KiB, {112}, {2}};
static const Jh7110GateSpec qspi = {"qspi", 0x13010000, 64 * KiB, {87, 88, 90}, {61, 62, 63}};
static const Jh7110GateSpec timer = {"timer", 0x13050000, 64 * KiB, {124}, {117}};
static const Jh7110GateSpec watchdog = {"watchdog", 0x13070000, 64 * KiB, {122, 123}, {109, 110}};
static const Jh7110GateSpec trng = {"trng", 0x1600c000, 16 * KiB, {15, 16}, {3}}; /* of STGCRG */
#define GPIO_IRQ 86
#define TIMER_IRQ 69
#define WATCHDOG_IRQ 68
#define TRNG_IRQ 30
#define MSHC_IRQ 74
#define SD_DETECT_PIN 41

static const struct { const char *name; hwaddr base; uint64_t size; } banks[] = {
    {"stg_syscon", 0x10240000, 4 * KiB}, {"ddrphy", 0x13000000, 64 * KiB},    {"sys_syscon", 0x13030000, 4 * KiB},
    {"aon_syscon", 0x17010000, 4 * KiB}, {"aon_iomux", 0x17020000, 64 * KiB}, {"pmu", 0x17030000, 64 * KiB},
    {"prefetcher", 0x02030000, 48 * KiB},
};

/* Read as zero; writes are lost. */
static const struct { const char *name; hwaddr base; uint64_t size; } absent[] = {
    {"spi0-2", 0x10060000, 192 * KiB}, {"usb", 0x10100000, 1 * MiB},     {"usbphy", 0x10200000, 192 * KiB},
    {"spi3-6", 0x12070000, 256 * KiB}, {"i2s,pwm", 0x120b0000, 320 * KiB}, {"crypto", 0x16000000, 48 * KiB},
    {"gmac0", 0x16030000, 64 * KiB},   {"gmac1", 0x16040000, 64 * KiB},  {"dma", 0x16050000, 64 * KiB},
    {"rtc", 0x17040000, 64 * KiB},     {"pcie0", 0x2b000000, 16 * MiB},  {"pcie1", 0x2c000000, 16 * MiB},
};

static void map(const Jh7110GateSpec *spec, Jh7110Crg *crg, DeviceState *dev, bool strict)
{
    memory_region_add_subregion(jh7110_gate_new(spec, crg, strict), 0,
                                sysbus_mmio_get_region(SYS_BUS_DEVICE(dev), 0));
}

static void connect_irq(DeviceState *dev, int n, DeviceState *plic, unsigned irq)
{
    sysbus_connect_irq(SYS_BUS_DEVICE(dev), n, qdev_get_gpio_in(plic, irq));
}

static void start_unclocked(Jh7110Crg *crg, const Jh7110GateSpec *spec)
{
    for (int i = 0; i < JH7110_GATE_IDS && spec->clocks[i]; i++) {
        jh7110_crg_start_on(crg, spec->clocks[i], false, false);
    }
}

static void hold_in_reset(Jh7110Crg *crg, const Jh7110GateSpec *spec)
{
    for (int i = 0; i < JH7110_GATE_IDS && spec->resets[i]; i++) {
        jh7110_crg_start_on(crg, spec->resets[i], true, false);
    }
}

/* What nobody has switched on for the image: neither the reset nor the boot ROM. */
static void start_off(Jh7110Crg *crg, const Jh7110GateSpec *spec)
{
    start_unclocked(crg, spec);
    hold_in_reset(crg, spec);
}

/* PCIe's configuration space with nothing plugged in */
static uint64_t ones_read(void *opaque, hwaddr addr, unsigned size)
{
    return UINT64_MAX;
}

static void ones_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
}

static const MemoryRegionOps ones_ops = {
    .read = ones_read, .write = ones_write, .endianness = DEVICE_LITTLE_ENDIAN};

static void add_ones(hwaddr base)
{
    MemoryRegion *region = g_new(MemoryRegion, 1);
    memory_region_init_io(region, NULL, &ones_ops, NULL, "pcie.config", 256 * MiB);
    memory_region_add_subregion(get_system_memory(), base, region);
}

static void add_harts(Object *parent, CPUClusterState *cluster, RISCVHartArrayState *harts, const char *name,
                      unsigned first, unsigned n, const char *type)
{
    object_initialize_child(parent, name, cluster, TYPE_CPU_CLUSTER);
    qdev_prop_set_uint32(DEVICE(cluster), "cluster-id", first ? 1 : 0);
    object_initialize_child(OBJECT(cluster), "harts", harts, TYPE_RISCV_HART_ARRAY);
    qdev_prop_set_uint32(DEVICE(harts), "num-harts", n);
    qdev_prop_set_uint32(DEVICE(harts), "hartid-base", first);
    qdev_prop_set_string(DEVICE(harts), "cpu-type", type);
    qdev_prop_set_uint64(DEVICE(harts), "resetvec", JH7110_ROM);
    sysbus_realize(SYS_BUS_DEVICE(harts), &error_fatal);
    qdev_realize(DEVICE(cluster), NULL, &error_fatal);
}

static void add_core_complex(VisionFive2 *board)
{
    add_harts(OBJECT(board), &board->small_cluster, &board->small, "small", 0, 1, TYPE_JH7110_S7);
    add_harts(OBJECT(board), &board->big_cluster, &board->big, "big", 1, 4, TYPE_JH7110_U74);
    for (unsigned hart = 0; hart < JH7110_HARTS; hart++) {
        jh7110_cpu_identify(hart);
    }
    riscv_aclint_swi_create(JH7110_CLINT, 0, JH7110_HARTS, false);
    riscv_aclint_mtimer_create(JH7110_CLINT + RISCV_ACLINT_SWI_SIZE, RISCV_ACLINT_DEFAULT_MTIMER_SIZE, 0,
                               JH7110_HARTS, RISCV_ACLINT_DEFAULT_MTIMECMP, RISCV_ACLINT_DEFAULT_MTIME,
                               JH7110_TIMEBASE_HZ, false); /* no time CSR */
    jh7110_ccache_new(0x02010000);
}

static void add_serial_buses(VisionFive2 *board, Jh7110Crg *sys, DeviceState *plic, DeviceState *gpio)
{
    for (unsigned n = 0; n < ARRAY_SIZE(uarts); n++) {
        DeviceState *uart = jh7110_uart_new(n, gpio);
        map(&uarts[n], sys, uart, board->strict);
        connect_irq(uart, 0, plic, uart_irqs[n]);
        if (n) {
            start_off(sys, &uarts[n]);
        }
    }
    for (unsigned n = 0; n < ARRAY_SIZE(i2cs); n++) {
        map(&i2cs[n], sys, jh7110_i2c_new(n, MACHINE(board)->ram_size), board->strict);
        start_off(sys, &i2cs[n]);
    }
}

static void add_storage(VisionFive2 *board, Jh7110Crg *sys, DeviceState *plic, DeviceState *gpio, uint64_t *entry)
{
    DeviceState *flash = jh7110_qspi_new(board->flash, board->flash_writable);

    map(&qspi, sys, flash, board->strict);
    memory_region_add_subregion(get_system_memory(), 0x21000000, sysbus_mmio_get_region(SYS_BUS_DEVICE(flash), 1));
    if (board->boot_mode) {
        hold_in_reset(sys, &qspi); /* U-Boot releases it, but relies on its clocks */
    } else if (board->flash && !MACHINE(board)->firmware) {
        *entry = jh7110_bootrom_load_nor(jh7110_qspi_flash(flash));
    }
    for (unsigned n = 0; n < ARRAY_SIZE(mshcs); n++) {
        DeviceState *host = jh7110_mshc_new(n);
        map(&mshcs[n], sys, host, board->strict);
        connect_irq(host, 0, plic, MSHC_IRQ + n);
        start_unclocked(sys, &mshcs[n]); /* U-Boot does not release it */
        if (n == 1) {
            jh7110_gpio_hold(gpio, SD_DETECT_PIN, !jh7110_mshc_has_card(host));
        }
    }
}

static void add_rest(VisionFive2 *board, Jh7110Crg *sys, Jh7110Crg *stg, DeviceState *plic)
{
    DeviceState *dev = jh7110_timer_new();

    map(&timer, sys, dev, board->strict);
    start_off(sys, &timer);
    for (unsigned n = 0; n < 4; n++) {
        connect_irq(dev, n, plic, TIMER_IRQ + n);
    }
    dev = jh7110_watchdog_new();
    map(&watchdog, sys, dev, board->strict);
    start_off(sys, &watchdog);
    connect_irq(dev, 0, plic, WATCHDOG_IRQ);
    dev = jh7110_trng_new();
    map(&trng, stg, dev, board->strict);
    start_off(stg, &trng);
    connect_irq(dev, 0, plic, TRNG_IRQ);
    for (size_t i = 0; i < ARRAY_SIZE(banks); i++) {
        jh7110_bank_new(banks[i].name, banks[i].base, banks[i].size, board->boot_mode);
    }
    for (size_t i = 0; i < ARRAY_SIZE(absent); i++) {
        create_unimplemented_device(absent[i].name, absent[i].base, absent[i].size);
    }
    add_ones(0x940000000);
    add_ones(0x9c0000000);
}

/* An ELF file goes where it says, anything else to addr. Returns the entry. */
static uint64_t load(const char *file, hwaddr addr)
{
    uint64_t entry;

    if (load_elf(file, NULL, NULL, NULL, &entry, NULL, NULL, NULL, ELFDATA2LSB, EM_RISCV, 1, 0) > 0) {
        return entry;
    }
    if (load_image_targphys(file, addr, 64 * MiB) < 0) {
        error_report("visionfive2: cannot load '%s'", file);
        exit(1);
    }
    return addr;
}

static void load_dtb(VisionFive2 *board)
{
    int size;
    void *fdt = load_device_tree(MACHINE(board)->dtb, &size);

    if (!fdt) {
        exit(1);
    }
    /* As SPL does: the memory that is really there. */
    qemu_fdt_setprop_sized_cells(fdt, "/memory@40000000", "reg", 2, (uint64_t)JH7110_DRAM, 2,
                                 MACHINE(board)->ram_size);
    rom_add_blob_fixed_as("jh7110.dtb", fdt, size, board->dtb_addr, &address_space_memory);
}

static void board_init(MachineState *machine)
{
    VisionFive2 *board = VISIONFIVE2(machine);
    Jh7110Boot boot = {.entry = board->bios_addr, .next = board->kernel_addr, .harts = board->start_harts,
                       .boot_hart = board->boot_hart, .order = board->order, .ipi_pending = board->ipi_pending};

    add_core_complex(board);
    memory_region_add_subregion(get_system_memory(), JH7110_DRAM, machine->ram);
    DeviceState *plic = jh7110_plic_new(board->seed);
    Jh7110Crg *sys = jh7110_crg_new(JH7110_SYSCRG, 0x13020000);
    Jh7110Crg *stg = jh7110_crg_new(JH7110_STGCRG, 0x10230000);
    jh7110_crg_new(JH7110_AONCRG, 0x17000000);

    DeviceState *gpio = jh7110_gpio_new();
    map(&iomux, sys, gpio, board->strict);
    connect_irq(gpio, 0, plic, GPIO_IRQ);
    if (board->cold) {
        start_off(sys, &iomux);
    }
    add_serial_buses(board, sys, plic, gpio);
    add_storage(board, sys, plic, gpio, &boot.entry);
    add_rest(board, sys, stg, plic);

    if (machine->dtb) {
        load_dtb(board);
        boot.dtb = board->dtb_addr;
    }
    if (machine->kernel_filename) {
        boot.next = load(machine->kernel_filename, board->kernel_addr);
    }
    if (machine->firmware && strcmp(machine->firmware, "none")) {
        boot.entry = load(machine->firmware, board->bios_addr);
    }
    /* What is put into the DRAM by us is there because an SPL was here before. */
    jh7110_ddrc_new(0x15700000, machine->ram, boot.entry >= JH7110_DRAM || machine->kernel_filename);
    jh7110_bootrom_new(&boot);
}

static void get_number(Object *obj, Visitor *v, const char *name, void *offset, Error **errp)
{
    visit_type_uint64(v, name, (uint64_t *)((char *)obj + (uintptr_t)offset), errp);
}

static void get_flag(Object *obj, Visitor *v, const char *name, void *offset, Error **errp)
{
    visit_type_bool(v, name, (bool *)((char *)obj + (uintptr_t)offset), errp);
}

static char *get_flash(Object *obj, Error **errp)
{
    return g_strdup(VISIONFIVE2(obj)->flash);
}

static void set_flash(Object *obj, const char *value, Error **errp)
{
    g_free(VISIONFIVE2(obj)->flash);
    VISIONFIVE2(obj)->flash = g_strdup(value);
}

static void board_instance_init(Object *obj)
{
    VisionFive2 *board = VISIONFIVE2(obj);

    board->bios_addr = JH7110_DRAM;
    board->kernel_addr = 0x40200000;
    board->dtb_addr = 0x46000000;
    board->start_harts = 0x1f;
    board->boot_hart = 1;
    board->order = 0x4321;
    board->boot_mode = 3;
    board->seed = 1;
    board->strict = true;
}

#define NUMBER(name, field, text) {name, offsetof(VisionFive2, field), text}
static const struct Option { const char *name; size_t offset; const char *text; } numbers[] = {
    NUMBER("bios-addr", bios_addr, "where a raw -bios is loaded and started"),
    NUMBER("kernel-addr", kernel_addr, "where a raw -kernel is loaded"),
    NUMBER("dtb-addr", dtb_addr, "where -dtb is loaded"),
    NUMBER("start-harts", start_harts, "the harts that leave the boot ROM, a bit each"),
    NUMBER("boot-hart", boot_hart, "the hart that -bios, an OpenSBI, starts -kernel on: 1 to 4"),
    NUMBER("order", order, "the harts that the boot ROM's first one interrupts, a hex digit each, from the right"),
    NUMBER("boot-mode", boot_mode, "the boot switches: 0 NOR, 1 SD, 2 eMMC, 3 UART"),
    NUMBER("seed", seed, "of the PLIC's random state at power-on; 0: zero"),
}, flags[] = {
    NUMBER("strict", strict, "a device without clock, or in reset, answers with a bus error"),
    NUMBER("cold", cold, "the pin multiplexer, too, starts without clock and in reset"),
    NUMBER("flash-writable", flash_writable, "what is written to the NOR flash goes to its file"),
    NUMBER("ipi-pending", ipi_pending, "harts 1 to 4 enter with their software interrupt pending"),
};

static void board_class_init(ObjectClass *oc, void *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    mc->desc = "StarFive VisionFive 2 (JH7110)";
    mc->init = board_init;
    mc->max_cpus = mc->min_cpus = mc->default_cpus = JH7110_HARTS;
    mc->default_cpu_type = TYPE_JH7110_U74;
    mc->default_ram_id = "jh7110.dram";
    mc->default_ram_size = 2 * GiB;
    mc->block_default_type = IF_SD;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        object_class_property_add(oc, numbers[i].name, "uint64", get_number, get_number, NULL,
                                  (void *)numbers[i].offset);
        object_class_property_set_description(oc, numbers[i].name, numbers[i].text);
    }
    for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
        object_class_property_add(oc, flags[i].name, "bool", get_flag, get_flag, NULL, (void *)flags[i].offset);
        object_class_property_set_description(oc, flags[i].name, flags[i].text);
    }
    object_class_property_add_str(oc, "flash", get_flash, set_flash);
    object_class_property_set_description(oc, "flash", "an image of the 16 MiB NOR flash, or of its beginning");
}

static const TypeInfo types[] = {{
    .name = TYPE_VISIONFIVE2,
    .parent = TYPE_MACHINE,
    .instance_size = sizeof(VisionFive2),
    .instance_init = board_instance_init,
    .class_init = board_class_init,
}};

DEFINE_TYPES(types)
