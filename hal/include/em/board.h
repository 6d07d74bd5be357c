/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What a program may ask of any board: console, LEDs, the end.
 *
 * Flow: examples -> here -> hal/<board>/board.c
 */
#pragma once

#include <em/config.h>
#include <stdbool.h>

typedef struct em_uart em_uart;

/* An LED of the board, by number. */
typedef struct em_led {
    unsigned number;
} em_led;
#define EM_LED0 ((em_led){0})

/** The console UART, for em_uart_read() and em_uart_write() (em/uart.h). Context: task | isr | any hart | init */
em_uart *em_board_console(void);

/** Switch an LED; a board without LEDs prints "LED0 on" or "LED0 off". Context: task | isr | any hart | init */
void em_led_set(em_led led, bool on);

/** Switch an LED the other way. Context: task | isr | any hart | init */
void em_led_toggle(em_led led);

/**
 * Print on the console, in the manner of printf.
 *
 * Buffered, never blocks: what does not fit the console's transmit buffer is dropped as a whole, counted,
 * and said in a line "[em_print: N bytes dropped]" as soon as there is room.
 * Knows %c %s %d %i %u %x %X %p %% with - and 0, width, precision, and the lengths hh h l ll z; no floating point.
 *
 * Context: task | isr | any hart | init
 * Cost:    O(length), in pieces with this hart's interrupts masked
 */
void em_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * End the program after the console has drained: QEMU and the host exit with @p status, 0 .. 255; a
 * board prints it and stops.
 *
 * Context: task | isr | any hart | init
 */
_Noreturn void em_board_exit(int status);
