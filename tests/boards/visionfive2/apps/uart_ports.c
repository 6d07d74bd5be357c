/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* UART 1 to 5, each on two pins of the header: greets, and sends back what it receives, up to a '!'. */
#include <em/async.h>
#include <em/board.h>
#include <em/uart.h>
#include <em/uart_port.h>

#define PORTS 5

static const struct {
    em_pin tx, rx;
} pins[PORTS] = {{EM_PIN(43), EM_PIN(42)}, {EM_PIN(38), EM_PIN(54)}, {EM_PIN(47), EM_PIN(51)},
                 {EM_PIN(50), EM_PIN(52)}, {EM_PIN(53), EM_PIN(48)}};

static uint8_t rx_rings[PORTS][64], tx_rings[PORTS][64];
static em_semaphore ended;

static volatile uint32_t *reg_of(unsigned port, unsigned offset)
{
    uintptr_t base = port < 3 ? 0x10000000 + 0x10000 * port : 0x12000000 + 0x10000 * (port - 3);
    return (volatile uint32_t *)(base + offset);
}

static unsigned divisor_of(unsigned port)
{
    *reg_of(port, 0xc) = 0x83;
    unsigned divisor = (*reg_of(port, 4) & 0xff) << 8 | (*reg_of(port, 0) & 0xff);
    *reg_of(port, 0xc) = 0x03;
    return divisor;
}

static int open_port(unsigned port, uint32_t baud, em_uart **out)
{
    unsigned i = (port - 1) % PORTS;
    em_uart_setup setup = {.tx = pins[i].tx, .rx = pins[i].rx, .baud = baud,
                           .rx_ring = rx_rings[i], .rx_size = sizeof rx_rings[i],
                           .tx_ring = tx_rings[i], .tx_size = sizeof tx_rings[i]};
    return em_uart_open(port, &setup, out);
}

TASK(echo, POOL(PORTS), ARGS((unsigned, port), (em_uart *, uart)),
     VARS(ONE_OF(em_uart_read_future rd, em_uart_write_future wr, em_uart_flush_future fl); char buf[17]; int n))
{
    ASYNC {
        self->buf[0] = (char)('0' + self->port);
        AWAIT(em_uart_write(&self->wr, self->uart, self->buf, 1));
        do {
            AWAIT_INTO(self->n, em_uart_read(&self->rd, self->uart, self->buf, sizeof self->buf));
            EM_ASSERT(self->n > 0);
            AWAIT(em_uart_write(&self->wr, self->uart, self->buf, (size_t)self->n));
        } while (self->buf[self->n - 1] != '!');
        AWAIT(em_uart_flush(&self->fl, self->uart));
        em_semaphore_release(&ended, 1);
    }
}

MAIN(VARS(em_semaphore_acquire_future all; em_uart *uart))
{
    ASYNC {
        em_print("0: %s, 6: %s, too fast: %s\n", em_error_name(open_port(0, 115200, &self->uart)),
                 em_error_name(open_port(6, 115200, &self->uart)), em_error_name(open_port(1, 2000000, &self->uart)));
        for (unsigned port = 1; port <= PORTS; port++) {
            EM_ASSERT(open_port(port, port == 2 ? 1500000 : 115200, &self->uart) == EM_OK);
            em_print("divisor of %u: %u\n", port, divisor_of(port));
            em_must_spawn(self->spawner, echo(port, self->uart));
        }
        em_print("again: %s\n", em_error_name(open_port(3, 115200, &self->uart)));
        AWAIT(em_semaphore_acquire(&self->all, &ended, PORTS));
        em_print("done\n");
        em_board_exit(0);
    }
}
