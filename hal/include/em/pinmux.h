/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Pins for devices: which signal of the chip a pin carries. Boards with a multiplexer (jh7110).
 *
 * Flow: a driver, or a program -> here -> sys_iomux
 *
 * Rules for the multiplexer:
 *  - Any of the 64 pins can carry any signal; an output may be on several pins, an input comes from one.
 *  - A pin is given away for good by em_gpio_input(), em_gpio_output() or another signal.
 *
 * Ref: [VF2DT] jh7110-pinfunc.h: the numbers
 */
#pragma once

#include <em/gpio.h>

/* Outputs of devices. */
typedef enum em_pinmux_output {
    EM_OUT_WATCHDOG = 13,
    EM_OUT_UART0_TX = 20,
    EM_OUT_JTAG_TDO = 22,
    EM_OUT_PWM0 = 24,
    EM_OUT_PWM1 = 25,
    EM_OUT_PWM2 = 26,
    EM_OUT_PWM3 = 27,
    EM_OUT_SPI0_CLK = 30,
    EM_OUT_SPI0_FSS = 31,
    EM_OUT_SPI0_TXD = 32,
    EM_OUT_UART1_RTS = 67,
    EM_OUT_UART1_TX = 68,
    EM_OUT_UART2_RTS = 78,
    EM_OUT_UART2_TX = 79,
    EM_OUT_UART3_TX = 85,
    EM_OUT_UART4_RTS = 91,
    EM_OUT_UART4_TX = 92,
    EM_OUT_UART5_RTS = 98,
    EM_OUT_UART5_TX = 99,
} em_pinmux_output;

/* Inputs of devices. */
typedef enum em_pinmux_input {
    EM_IN_JTAG_TRST = 4,
    EM_IN_I2C0_SCL = 9,
    EM_IN_I2C0_SDA = 10,
    EM_IN_UART0_RX = 14,
    EM_IN_JTAG_TDI = 19,
    EM_IN_JTAG_TMS = 20,
    EM_IN_SPI0_RXD = 28,
    EM_IN_JTAG_TCK = 29,
    EM_IN_UART1_CTS = 54,
    EM_IN_UART1_RX = 55,
    EM_IN_UART2_CTS = 61,
    EM_IN_UART2_RX = 62,
    EM_IN_UART3_RX = 68,
    EM_IN_UART4_CTS = 74,
    EM_IN_UART4_RX = 75,
    EM_IN_UART5_CTS = 81,
    EM_IN_UART5_RX = 82,
} em_pinmux_input;

/* Signals by which devices switch a pin between driving and not. */
typedef enum em_pinmux_enable {
    EM_ENABLE_ALWAYS = 0,
    EM_ENABLE_I2C0_SCL = 5,
    EM_ENABLE_I2C0_SDA = 6,
    EM_ENABLE_JTAG_TDO = 8,
    EM_ENABLE_PWM0 = 9,
    EM_ENABLE_PWM1 = 10,
    EM_ENABLE_PWM2 = 11,
    EM_ENABLE_PWM3 = 12,
} em_pinmux_enable;

/** Have @p pin driven by @p signal, as long as @p enable says. Context: init | task */
void em_pinmux_out(em_pin pin, em_pinmux_output signal, em_pinmux_enable enable);

/** Have @p signal come from @p pin, which is made an input. Context: init | task */
void em_pinmux_in(em_pin pin, em_pinmux_input signal, em_gpio_pull pull);

/** A wire that several pull low: @p pin is low while @p enable says, else pulled up, and read by @p signal.
 *
 * Context: init | task
 */
void em_pinmux_open_drain(em_pin pin, em_pinmux_enable enable, em_pinmux_input signal);
