/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The pins of the JH7110 as inputs and outputs.
 *
 * Flow: em_gpio_set -> sys_iomux
 * Ref:  [VF2UB] drivers/pinctrl/starfive/pinctrl-starfive.c: the order of an output
 */
#include "crg.h"
#include "iomux.h"

em_lock em_iomux_lock_;

static const em_crg_needs needs = {&em_crg_sys, {SYS_IOMUX_CLOCK}, {SYS_IOMUX_RESET}};

void em_iomux_start_(void)
{
    static bool started; /* twice, by two harts, is harmless */

    if (!started) {
        em_crg_bring_up(&needs);
        started = true;
    }
}

void em_iomux_set_field_(unsigned offset, unsigned n, uint32_t mask, uint32_t value)
{
    em_irq irq = em_lock_acquire(&em_iomux_lock_);
    iomux_change(iomux_field(offset, n), mask << iomux_shift(n), value << iomux_shift(n));
    em_lock_release(&em_iomux_lock_, irq);
}

void em_iomux_set_pad_(em_pin pin, uint32_t clear, uint32_t set)
{
    EM_ASSERT(pin.number < SYS_PINS);
    em_iomux_start_();
    em_irq irq = em_lock_acquire(&em_iomux_lock_);
    iomux_change(iomux_at(IOMUX_PAD + 4u * pin.number), clear, set);
    em_lock_release(&em_iomux_lock_, irq);
}

static uint32_t pull_bits(em_gpio_pull pull)
{
    return pull == EM_GPIO_PULL_UP ? PAD_PULL_UP : pull == EM_GPIO_PULL_DOWN ? PAD_PULL_DOWN : 0;
}

void em_gpio_set_pull(em_pin pin, em_gpio_pull pull)
{
    em_iomux_set_pad_(pin, PAD_PULL_UP | PAD_PULL_DOWN, pull_bits(pull));
}

void em_gpio_input(em_pin pin, em_gpio_pull pull)
{
    em_iomux_set_pad_(pin, PAD_PULL_UP | PAD_PULL_DOWN, PAD_INPUT | PAD_SCHMITT | pull_bits(pull));
    em_iomux_set_field_(IOMUX_DOEN, pin.number, IOMUX_DOEN_MASK, IOMUX_HIGH_Z);
}

/* The level first, then the driver: no pulse of the wrong one. It can be read back. */
void em_gpio_output(em_pin pin, bool high)
{
    em_iomux_set_pad_(pin, PAD_PULL_UP | PAD_PULL_DOWN, PAD_INPUT | PAD_SCHMITT);
    em_gpio_set(pin, high);
    em_iomux_set_field_(IOMUX_DOEN, pin.number, IOMUX_DOEN_MASK, IOMUX_DRIVES);
}

void em_gpio_set_drive(em_pin pin, unsigned milliamperes)
{
    static const uint8_t steps[] = {2, 4, 8, 12};
    uint32_t step = 0;

    while (step < sizeof steps && steps[step] != milliamperes) {
        step++;
    }
    EM_ASSERT(step < sizeof steps);
    em_iomux_set_pad_(pin, PAD_DRIVE_MASK, step << PAD_DRIVE_SHIFT);
}

void em_gpio_set(em_pin pin, bool high)
{
    EM_ASSERT(pin.number < SYS_PINS);
    em_iomux_set_field_(IOMUX_DOUT, pin.number, IOMUX_DOUT_MASK, high);
}

void em_gpio_toggle(em_pin pin)
{
    EM_ASSERT(pin.number < SYS_PINS);
    em_irq irq = em_lock_acquire(&em_iomux_lock_);
    *iomux_field(IOMUX_DOUT, pin.number) ^= 1u << iomux_shift(pin.number);
    em_lock_release(&em_iomux_lock_, irq);
}

bool em_gpio_get(em_pin pin)
{
    EM_ASSERT(pin.number < SYS_PINS);
    return *iomux_at(IOMUX_DIN + pin.number / 32u * 4) >> pin.number % 32 & 1;
}
