/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The LEDs of a board that has none: lines on the console. */
#include <em/board.h>
#include <em/lock.h>

static uint32_t lit;
static em_lock lock;

static void say(em_led led, bool on)
{
    em_print("LED%u %s\n", led.number, on ? "on" : "off");
}

void em_led_set(em_led led, bool on)
{
    uint32_t bit = 1u << (led.number & 31);
    em_irq irq = em_lock_acquire(&lock);
    lit = on ? lit | bit : lit & ~bit;
    em_lock_release(&lock, irq);
    say(led, on);
}

void em_led_toggle(em_led led)
{
    uint32_t bit = 1u << (led.number & 31);
    em_irq irq = em_lock_acquire(&lock);
    lit ^= bit;
    bool on = (lit & bit) != 0;
    em_lock_release(&lock, irq);
    say(led, on);
}
