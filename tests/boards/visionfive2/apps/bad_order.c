/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * UART1 and a pin by hand, with a step left out by what the console says, to see that it fails; 'n' leaves none out,
 * 'd' is what the drivers do, and 'o' what they do while the port is still busy with somebody else's byte. 'l' is LCR
 * while it is busy. Where a bus error is expected its report ends the program.
 *
 * Ref: docs/SOURCES.md [VF2DT], [VF2UB]; by numbers, so as not to repeat a mistake of the drivers
 */
#include <em/async.h>
#include <em/board.h>
#include <em/gpio.h>
#include <em/uart.h>
#include <em/uart_port.h>

#define SYSCRG 0x13020000
#define IOMUX 0x13040000
#define UART1 0x10010000
#define PIN 42

static uint32_t get(uintptr_t address)
{
    return *(volatile uint32_t *)address;
}

static void set(uintptr_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

static void change(uintptr_t address, uint32_t clear, uint32_t bits)
{
    set(address, (get(address) & ~clear) | bits);
}

static void release(unsigned id)
{
    change(SYSCRG + 0x2f8 + id / 32 * 4, 1u << id % 32, 0);
    while (!(get(SYSCRG + 0x308 + id / 32 * 4) & 1u << id % 32)) {
    }
}

static void bring_pins_up(char without)
{
    if (without != 'C') {
        change(SYSCRG + 4 * 112, 0, 1u << 31);
    }
    if (without != 'R') {
        release(2);
    }
    change(IOMUX + 0x120 + 4 * PIN, 0, 0x41);
}

static void bring_uart_up(char without)
{
    for (unsigned id = 147; id <= 148; id++) {
        if (!(without == 'a' && id == 147) && !(without == 'c' && id == 148)) {
            change(SYSCRG + 4 * id, 0, 1u << 31);
        }
    }
    for (unsigned id = 85; id <= 86; id++) {
        if (!(without == 'b' && id == 85) && !(without == 'r' && id == 86)) {
            release(id);
        }
    }
    if (without != 't') {
        change(IOMUX + 0x68, 0x7fu << 24, 68u << 24);
        change(IOMUX + 0x28, 0x3fu << 24, 0);
    }
    if (without != 'x') {
        change(IOMUX + 0xb4, 0x7fu << 24, 44u << 24);
    }
    set(UART1 + 0x0c, 0x83);
    set(UART1 + 0x00, 13);
    set(UART1 + 0x04, 0);
    set(UART1 + 0x0c, 0x03);
    set(UART1 + 0x08, 0x07);
}

static uint32_t interrupt_of_uart(void)
{
    return get(UART1 + 0x08) & 0xf;
}

/* LCR keeps its value, and only USR ends the interrupt that says so. */
static void write_lcr_while_busy(void)
{
    set(UART1 + 0x0c, 0x83); /* the slowest rate: a character takes 0.4 s, so it is busy however slow we are */
    set(UART1 + 0x00, 0xff);
    set(UART1 + 0x04, 0xff);
    set(UART1 + 0x0c, 0x03);
    set(UART1 + 0x00, '1');
    set(UART1 + 0x0c, 0x1b);
    em_print("LCR %x, interrupt %u", (unsigned)get(UART1 + 0x0c), (unsigned)interrupt_of_uart());
    em_print(" %u", (get(UART1 + 0x14), get(UART1 + 0x00), (unsigned)interrupt_of_uart()));
    em_print(", then %u\n", (get(UART1 + 0x7c), (unsigned)interrupt_of_uart()));
}

static void use_uart(char without)
{
    em_instant start = em_now();

    set(UART1 + 0x00, '1');
    em_print("up\n");
    while (!(get(UART1 + 0x14) & 1)) {
        if (without == 'x' && em_duration_as_ms(em_instant_elapsed(start)) > 500) {
            em_print("heard nothing\n");
            return;
        }
    }
    em_print("heard %c\n", (char)get(UART1 + 0x00));
}

static void use_drivers(void)
{
    static uint8_t rings[2][16];
    em_uart_setup setup = {.tx = EM_PIN(43), .rx = EM_PIN(PIN), .baud = 115200, .rx_ring = rings[0], .rx_size = 16,
                           .tx_ring = rings[1], .tx_size = 16};
    em_uart *uart;
    char c;

    EM_ASSERT(em_uart_open(1, &setup, &uart) == EM_OK && em_uart_try_write(uart, "1", 1) == 1);
    em_print("up\n");
    while (em_uart_try_read(uart, &c, 1) < 0) {
    }
    em_print("heard %c\n", c);
}

MAIN(VARS(em_uart_read_future rd; char what))
{
    ASYNC {
        AWAIT(em_uart_read(&self->rd, em_board_console(), &self->what, 1));
        if (self->what != 'd') {
            bring_pins_up(self->what);
            bring_uart_up(self->what);
        }
        if (self->what == 'l') {
            write_lcr_while_busy();
        } else if (self->what == 'o') {
            set(UART1 + 0x00, '0');
        } else if (self->what != 'd') {
            use_uart(self->what);
        }
        if (self->what == 'd' || self->what == 'o') {
            use_drivers();
        }
        em_board_exit(0);
    }
}
