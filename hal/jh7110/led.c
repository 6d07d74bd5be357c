/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The board's one LED that software has: RGPIO3, active high.
 *
 * Flow: em_led_set -> aon_iomux
 * Ref:  [VF2DT] jh7110-common.dtsi led-0; [VF2UB] drivers/pinctrl/starfive/pinctrl-jh7110-aon.c
 */
#include <em/assert.h>
#include <em/board.h>
#include <em/lock.h>
#include <memory_map.h>

#define DOEN 0 /* 8 bits a pin: 0 drives */
#define DOUT 4 /* 8 bits a pin: 0 low, 1 high, else a device's signal */
#define FIELD (8 * LED_RGPIO)

static em_lock lock;

static void change(bool on, bool toggle)
{
    volatile uint32_t *doen = (volatile uint32_t *)(AON_IOMUX_BASE + DOEN);
    volatile uint32_t *dout = (volatile uint32_t *)(AON_IOMUX_BASE + DOUT);

    em_irq irq = em_lock_acquire(&lock);
    uint32_t was = *dout;
    uint32_t bit = toggle ? (was >> FIELD & 1) ^ 1 : on;
    *dout = (was & ~(0xfu << FIELD)) | bit << FIELD;
    *doen &= ~(0x7u << FIELD);
    em_lock_release(&lock, irq);
}

void em_led_set(em_led led, bool on)
{
    EM_ASSERT(led.number == 0);
    change(on, false);
}

void em_led_toggle(em_led led)
{
    EM_ASSERT(led.number == 0);
    change(false, true);
}
