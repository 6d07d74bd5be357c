/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two UARTs of the same kind, the console and a PCI card, each echoed by a task of its own; uart_two.py
 * talks to both. The card's port is written to before anything was received, after a long idle.
 */
#include "uart16550.h"

#include <em/async.h>

#define ECAM_SLOT_1 0x30008000ul /* device tree of virt: /soc/pci reg */
#define PCI_COMMAND 0x04
#define PCI_BAR0 0x10
#define IO_WINDOW 0x03000000ul /* /soc/pci ranges */
#define IO_PORT 0x1000u
#define PCI_IRQ_SLOT_1 33 /* /soc/pci interrupt-map: pin A of slot 1 */

static const em_uart16550_traits card_traits = {
    .base = IO_WINDOW + IO_PORT, .width = 1, .rx_trigger = 3, .irq = PCI_IRQ_SLOT_1,
    .clock_hz = 1843200, .baud = 115200};
static uint8_t rx_ring[64];
static uint8_t tx_ring[64];
static em_uart16550 card = EM_UART16550_INIT(&card_traits, rx_ring, tx_ring);

static em_uart *start_card(void)
{
    *(volatile uint32_t *)(ECAM_SLOT_1 + PCI_BAR0) = IO_PORT;
    *(volatile uint16_t *)(ECAM_SLOT_1 + PCI_COMMAND) = 1; /* I/O space */
    em_uart16550_start(&card);
    return &card.uart;
}

TASK(echo, POOL(2), ARGS((em_uart *, uart)),
     VARS(ONE_OF(em_uart_read_future rd, em_uart_write_future wr); uint8_t buf[64]))
{
    ASYNC {
        for (;;) {
            int n;
            AWAIT_INTO(n, em_uart_read(&self->rd, self->uart, self->buf, sizeof self->buf));
            EM_ASSERT(n > 0);
            if (self->buf[0] == 0x04) {
                em_board_exit(7);
            }
            AWAIT(em_uart_write(&self->wr, self->uart, self->buf, (size_t)n));
        }
    }
}

MAIN(VARS(em_timer t; em_uart_write_future wr; em_uart *port))
{
    ASYNC {
        self->port = start_card();
        em_must_spawn(self->spawner, echo(em_board_console()));
        em_must_spawn(self->spawner, echo(self->port));
        em_print("ready\n");
        AWAIT(em_timer_after(&self->t, em_ms(100)));
        AWAIT(em_uart_write(&self->wr, self->port, "card\n", 5));
    }
}
