/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* More than the console's buffer holds, with interrupts masked: whole lines, then what was dropped, then the rest.
 *
 * status: 5
 * expect: line 0 +
 * expect: line 1 +
 * expect: \[em_print: [0-9]+ bytes dropped\]
 * expect: and on
 * only: line [0-9]+ +
 * only: \[em_print: [0-9]+ bytes dropped\]
 * only: and on
 */
#include <em/arch.h>
#include <em/board.h>
#include <em/uart.h>

int main(void)
{
    em_irq irq = em_irq_save();
    uint32_t total = 0;
    for (unsigned i = 0; i < 100; i++) {
        em_print("line %-95u\n", i); /* long: QEMU sends a FIFO of it at once */
        total += 101;
    }
    em_uart_counters counters = em_uart_get_counters(em_board_console());
    bool some = counters.print_dropped > 0 && counters.print_dropped < total;
    em_irq_restore(irq);
    while (em_uart_writable(em_board_console()) < 100) {
    }
    em_print("and on\n");
    return some ? 5 : 1;
}
