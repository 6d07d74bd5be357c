/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the VisionFive 2 machine know of each other: one constructor each.
 *
 * Every register and address: the device tree and the drivers of mainline U-Boot (arch/riscv, drivers),
 * unless a file names another source.
 */
#ifndef JH7110_H
#define JH7110_H

#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "qapi/error.h"
#include "qemu/bitops.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "qemu/units.h"
#include "exec/address-spaces.h"

#define JH7110_HARTS 5
#define JH7110_ROM 0x2a000000
#define JH7110_CLINT 0x02000000
#define JH7110_PLIC_BASE 0x0c000000
#define JH7110_LIM 0x08000000
#define JH7110_LIM_SIZE (2 * MiB)
#define JH7110_DRAM 0x40000000
#define JH7110_OSC_HZ 24000000
#define JH7110_TIMEBASE_HZ 4000000

/* cpu.c: hart 0, and harts 1 to 4 */
#define TYPE_JH7110_S7 "jh7110-s7-riscv-cpu"
#define TYPE_JH7110_U74 "jh7110-u74-riscv-cpu"
void jh7110_cpu_identify(unsigned hart);

/* crg.c: a clock and reset generator */
typedef struct Jh7110Crg Jh7110Crg;
typedef enum { JH7110_SYSCRG, JH7110_STGCRG, JH7110_AONCRG } Jh7110CrgKind;
Jh7110Crg *jh7110_crg_new(Jh7110CrgKind kind, hwaddr base);
bool jh7110_crg_clock_on(const Jh7110Crg *crg, unsigned id);
bool jh7110_crg_released(const Jh7110Crg *crg, unsigned id);
void jh7110_crg_start_on(Jh7110Crg *crg, unsigned id, bool is_reset, bool on);

/* gate.c: a device answers only while it is clocked and out of reset */
#define JH7110_GATE_IDS 4
typedef struct Jh7110GateSpec {
    const char *name;
    hwaddr base;
    uint64_t size;
    uint8_t clocks[JH7110_GATE_IDS]; /* ids, 0 ends the list */
    uint8_t resets[JH7110_GATE_IDS];
} Jh7110GateSpec;
MemoryRegion *jh7110_gate_new(const Jh7110GateSpec *spec, Jh7110Crg *crg, bool strict);

/* The others: made, and mapped by the machine. */
DeviceState *jh7110_plic_new(uint32_t seed);
void jh7110_ccache_new(hwaddr base);
void jh7110_ddrc_new(hwaddr base, MemoryRegion *dram, bool trained);
void jh7110_bank_new(const char *name, hwaddr base, uint64_t size, uint32_t straps);
DeviceState *jh7110_gpio_new(void);
bool jh7110_gpio_drives(DeviceState *gpio, unsigned signal); /* does a pin carry this output of a device? */
bool jh7110_gpio_feeds(DeviceState *gpio, unsigned signal);  /* does a pin feed this input of a device? */
void jh7110_gpio_hold(DeviceState *gpio, unsigned pin, bool level); /* before the first reset */
DeviceState *jh7110_uart_new(unsigned n, DeviceState *pins);
DeviceState *jh7110_i2c_new(unsigned n, uint64_t ram_size);
DeviceState *jh7110_qspi_new(const char *flash_file, bool writable);
const uint8_t *jh7110_qspi_flash(DeviceState *qspi);
DeviceState *jh7110_mshc_new(unsigned n);
bool jh7110_mshc_has_card(DeviceState *mshc);
DeviceState *jh7110_timer_new(void);
DeviceState *jh7110_watchdog_new(void);
DeviceState *jh7110_trng_new(void);

/* bootrom.c: how the harts get from reset to the image */
typedef struct Jh7110Boot {
    uint64_t entry, next, dtb, boot_hart;
    uint32_t harts; /* a bit each: who leaves the ROM */
    uint32_t order; /* whom the first of them interrupts, a digit each, the lowest first */
    bool ipi_pending;
} Jh7110Boot;
uint64_t jh7110_bootrom_load_nor(const uint8_t *flash);
void jh7110_bootrom_new(const Jh7110Boot *boot);

/* What I2C5 is wired to (board_i2c.c). */
typedef struct Jh7110I2cTarget {
    uint8_t address;
    uint8_t pointer;
    uint8_t memory[256];
    void (*written)(struct Jh7110I2cTarget *target, uint8_t at);
} Jh7110I2cTarget;
void jh7110_eeprom_init(Jh7110I2cTarget *target, uint64_t ram_size);
void jh7110_pmic_init(Jh7110I2cTarget *target);

#endif
