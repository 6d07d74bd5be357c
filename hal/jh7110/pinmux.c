/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Pins that carry signals of devices.
 *
 * Flow: em_pinmux_out, em_pinmux_in -> sys_iomux
 */
#include "iomux.h"

#include <em/pinmux.h>

static void drive(em_pin pin, uint32_t data, uint32_t enable)
{
    em_iomux_set_field_(IOMUX_DOUT, pin.number, IOMUX_DOUT_MASK, data);
    em_iomux_set_field_(IOMUX_DOEN, pin.number, IOMUX_DOEN_MASK, enable);
}

static void feed(em_pin pin, em_pinmux_input signal)
{
    em_iomux_set_field_(IOMUX_GPI, signal, IOMUX_GPI_MASK, pin.number + (uint32_t)IOMUX_GPI_PIN0);
}

void em_pinmux_out(em_pin pin, em_pinmux_output signal, em_pinmux_enable enable)
{
    em_gpio_set_pull(pin, EM_GPIO_PULL_NONE);
    drive(pin, signal, enable);
}

void em_pinmux_in(em_pin pin, em_pinmux_input signal, em_gpio_pull pull)
{
    em_gpio_input(pin, pull);
    feed(pin, signal);
}

void em_pinmux_open_drain(em_pin pin, em_pinmux_enable enable, em_pinmux_input signal)
{
    em_gpio_input(pin, EM_GPIO_PULL_UP);
    feed(pin, signal);
    drive(pin, 0, enable);
}
