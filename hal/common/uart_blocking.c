/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Writing without interrupts, through the same ring: bytes stay in order, and who waits for room is told of it.
 *
 * Flow: em_uart_write_blocking -> the ring -> ops->drain -> the hardware
 */
#include "uart_core.h"

/* As much as there is room for. */
static uint32_t put(em_uart *u, const uint8_t *from, size_t len)
{
    em_irq irq = em_lock_acquire(&u->lock);
    uint32_t room = em_uart_tx_room_(u);
    uint32_t n = len < room ? (uint32_t)len : room;
    if (n > 0) {
        uint32_t at = em_uart_tx_reserve_(u, n);
        for (uint32_t i = 0; i < n; i++) {
            u->tx_ring[(at + i) & (u->tx_size - 1)] = from[i];
        }
        em_uart_tx_commit_(u);
    }
    em_lock_release(&u->lock, irq);
    return n;
}

static void drain(em_uart *u)
{
    em_irq irq = em_irq_save();
    u->ops->drain(u);
    em_irq_restore(irq);
    irq = em_lock_acquire(&u->lock);
    em_uart_transmitted_(u, u->tx_tail);
    em_uart_end_irq_(u, irq);
}

void em_uart_write_blocking(em_uart *u, const void *buf, size_t len)
{
    const uint8_t *from = (const uint8_t *)buf;

    do {
        uint32_t n = put(u, from, len);
        from += n;
        len -= n;
        drain(u);
    } while (len > 0);
}
