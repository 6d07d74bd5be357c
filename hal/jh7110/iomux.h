/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sys_iomux: the 64 pins, what they are wired to, and their interrupts. What gpio.c, gpio_wait.c and pinmux.c share.
 *
 * Ref: [VF2UB] arch/riscv/include/asm/arch-jh7110/gpio.h, drivers/pinctrl/starfive/pinctrl-jh7110-sys.c
 */
#pragma once

#include <em/assert.h>
#include <em/gpio.h>
#include <em/lock.h>
#include <memory_map.h>

#define IOMUX_DOEN 0x000 /* 8 bits a pin, 6 in use: 0 drives, 1 does not, else a device's signal */
#define IOMUX_DOUT 0x040 /* 8 bits a pin, 7 in use: 0 low, 1 high, else a device's signal */
#define IOMUX_GPI 0x080  /* 8 bits a device's input, 7 in use: 0 low, 1 high, else the pin + 2 */
#define IOMUX_GPEN 0x0dc /* bit 0: interrupts, all of them */
#define IOMUX_IS 0x0e0   /* here and below a bit a pin, in two words: 1 edge, 0 level */
#define IOMUX_IC 0x0e8   /* 0 clears what an edge has set and holds it clear */
#define IOMUX_IBE 0x0f0  /* 1 both edges */
#define IOMUX_IEV 0x0f8  /* edge: 1 rising; level: 1 low ([LINUX] pinctrl-starfive-jh7110.c from 6.11 on) */
#define IOMUX_IE 0x100   /* 1 unmasked */
#define IOMUX_MIS 0x110  /* pending and unmasked */
#define IOMUX_DIN 0x118  /* levels */
#define IOMUX_PAD 0x120  /* a word a pin */

#define IOMUX_DOEN_MASK 0x3fu
#define IOMUX_DOUT_MASK 0x7fu
#define IOMUX_GPI_MASK 0x7fu
#define IOMUX_GPI_PIN0 2
#define IOMUX_DRIVES 0u
#define IOMUX_HIGH_Z 1u

#define PAD_INPUT (1u << 0)
#define PAD_DRIVE_SHIFT 1 /* 2, 4, 8, 12 mA */
#define PAD_DRIVE_MASK (3u << PAD_DRIVE_SHIFT)
#define PAD_PULL_UP (1u << 3)
#define PAD_PULL_DOWN (1u << 4)
#define PAD_SCHMITT (1u << 6)

/* Of all registers here that neighbours share: four pins a word of the multiplexer, 32 a word of the interrupts. */
extern em_lock em_iomux_lock_;

static inline volatile uint32_t *iomux_at(unsigned offset)
{
    return (volatile uint32_t *)(uintptr_t)(SYS_IOMUX_BASE + offset);
}

/** The word of a field of 8 bits. */
static inline volatile uint32_t *iomux_field(unsigned offset, unsigned n)
{
    return iomux_at(offset + n / 4 * 4);
}

static inline unsigned iomux_shift(unsigned n)
{
    return n % 4 * 8;
}

/** Change bits of a register. Context: any, with the lock */
static inline void iomux_change(volatile uint32_t *reg, uint32_t clear, uint32_t set)
{
    *reg = (*reg & ~clear) | set;
}

/** Write a field of 8 bits. Context: any; takes the lock */
void em_iomux_set_field_(unsigned offset, unsigned n, uint32_t mask, uint32_t value);

/** Change bits of a pin's pad. Context: any; takes the lock */
void em_iomux_set_pad_(em_pin pin, uint32_t clear, uint32_t set);

/** Clock and reset of the block, once; whoever configures a pin does it first. Context: init | task */
void em_iomux_start_(void);
