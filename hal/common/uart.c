/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The hardware-independent part of a UART: rings, turns, futures.
 *
 * Invariant: a lane that is not taken has no waiters; who ends a turn hands it to the longest waiting.
 *
 * Flow: em_uart_read, em_uart_write -> here -> ops->kick -> the driver -> em_uart_received_,
 * em_uart_transmitted_ -> em_wake
 */
#include "uart_core.h"

#include <string.h>

em_uart *em_uart_at_exit_;

/* -- turns, with the lock ----------------------------------------------------------------------- */

static bool lane_take(em_uart_lane *lane, em_wait_node *node, em_waker waker)
{
    if (em_wait_node_notified(node)) { /* handed over */
        em_wait_node_init(node);
        return true;
    }
    if (!lane->taken) {
        lane->taken = true;
        return true;
    }
    em_wait_list_add(&lane->waiting, node, waker);
    return false;
}

static void lane_release(em_uart_lane *lane)
{
    lane->waker.task = NULL;
    if (!em_wait_list_wake_one(&lane->waiting)) {
        lane->taken = false;
    }
}

static void lane_leave(em_uart *u, em_uart_lane *lane, em_wait_node *node, bool turn)
{
    em_irq irq = em_lock_acquire(&u->lock);
    if (em_wait_list_leave(&lane->waiting, node) || turn) {
        lane_release(lane);
    }
    em_lock_release(&u->lock, irq);
}

static inline void lane_wake(em_uart_lane *lane)
{
    if (lane->waker.task) {
        em_wake(lane->waker);
    }
}

/* -- rings -------------------------------------------------------------------------------------- */

static void copy_out(const em_uart *u, uint8_t *to, uint32_t n)
{
    uint32_t at = u->rx_tail & (u->rx_size - 1);
    uint32_t first = n < u->rx_size - at ? n : u->rx_size - at;
    memcpy(to, u->rx_ring + at, first);
    memcpy(to + first, u->rx_ring, n - first);
}

static void copy_in(em_uart *u, uint32_t index, const uint8_t *from, uint32_t n)
{
    uint32_t at = index & (u->tx_size - 1);
    uint32_t first = n < u->tx_size - at ? n : u->tx_size - at;
    memcpy(u->tx_ring + at, from, first);
    memcpy(u->tx_ring, from + first, n - first);
}

void em_uart_tx_commit_(em_uart *u)
{
    if (--u->tx_producers == 0) {
        u->tx_head = u->tx_reserved;
        u->tx_busy |= em_uart_tx_pending_(u);
        u->ops->kick(u);
    }
}

/* -- for drivers -------------------------------------------------------------------------------- */

static void count_events(em_uart_counters *c, uint8_t events)
{
    c->overruns += (events & EM_UART_OVERRUN) != 0;
    c->parity_errors += (events & EM_UART_PARITY) != 0;
    c->framing_errors += (events & EM_UART_FRAMING) != 0;
    c->breaks += (events & EM_UART_BREAK) != 0;
}

/* More places with unread events than marks: the last mark stands for the rest, so its kinds are one event each. */
void em_uart_rx_event_(em_uart *u, uint8_t events)
{
    count_events(&u->counters, events);
    em_uart_mark *last = &u->marks[u->rx_marks ? u->rx_marks - 1 : 0];
    if (u->rx_marks == 0 || (u->rx_marks < EM_UART_MARKS && (last->at != u->rx_head || (last->events & events)))) {
        u->marks[u->rx_marks++] = (em_uart_mark){u->rx_head, events};
    } else {
        last->events |= events;
    }
    lane_wake(&u->rx);
}

void em_uart_received_(em_uart *u, uint32_t head)
{
    if (head != u->rx_head) {
        u->counters.received += u->rx_head - head;
        lane_wake(&u->rx);
    }
}

static void wake_writer_if_room(em_uart *u)
{
    if (em_uart_tx_room_(u) >= u->tx_size / 2) {
        lane_wake(&u->tx);
    }
}

void em_uart_transmitted_(em_uart *u, uint32_t tail)
{
    u->counters.sent += u->tx_tail - tail;
    wake_writer_if_room(u);
}

void em_uart_tx_done_(em_uart *u)
{
    u->tx_busy = false;
    em_wait_list_wake_one(&u->flushers); /* and that one the next: flush_poll */
}

/* -- reading ------------------------------------------------------------------------------------ */

/* With the turn and the lock: how many bytes can be read up to the first event, or that event as an error. */
static int readable_or_event(em_uart *u, size_t len, uint8_t *event)
{
    uint32_t n = u->rx_head - u->rx_tail;
    if (u->rx_marks) {
        em_uart_mark *mark = &u->marks[0];
        n = mark->at - u->rx_tail;
        if (n == 0) {
            *event = (uint8_t)(mark->events & -mark->events); /* the lowest bit: one at a time */
            mark->events = (uint8_t)(mark->events & ~*event);
            if (mark->events == 0) {
                u->rx_marks--;
                memmove(mark, mark + 1, u->rx_marks * sizeof *mark);
            }
            return *event == EM_UART_OVERRUN ? EM_ERR_OVERFLOW : EM_ERR_IO;
        }
    }
    return (int)(n < len ? n : len);
}

/* With the turn and the lock, which is released for the copying: read n bytes, then end the turn. */
static em_irq read_and_release(em_uart *u, em_irq irq, uint8_t *buf, int n)
{
    if (n > 0) {
        em_lock_release(&u->lock, irq);
        copy_out(u, buf, (uint32_t)n);
        irq = em_lock_acquire(&u->lock);
        u->rx_tail += (uint32_t)n;
        if (u->rx_stalled && u->rx_head - u->rx_tail <= u->rx_size / 2) {
            u->rx_stalled = false;
            u->ops->kick(u);
        }
    }
    lane_release(&u->rx);
    return irq;
}

static em_poll read_poll(em_future *future, em_context *cx)
{
    em_uart_read_future *f = (em_uart_read_future *)(void *)future;
    em_uart *u = f->uart;
    int n = 0;

    if (f->len > 0) {
        em_irq irq = em_lock_acquire(&u->lock);
        f->turn = f->turn || lane_take(&u->rx, &f->node, em_context_waker(cx));
        n = f->turn ? readable_or_event(u, f->len, &f->error) : 0;
        if (n != 0) {
            irq = read_and_release(u, irq, f->buf, n);
        } else if (f->turn) {
            u->rx.waker = em_context_waker(cx);
        }
        em_lock_release(&u->lock, irq);
        if (n == 0) {
            return EM_PENDING;
        }
    }
    f->out = n;
    return EM_READY;
}

static void read_drop(em_future *future)
{
    em_uart_read_future *f = (em_uart_read_future *)(void *)future;
    lane_leave(f->uart, &f->uart->rx, &f->node, f->turn);
}

const em_future_ops em_uart_read_ops = {.poll = read_poll, .drop = read_drop, .name = "uart_read"};

int em_uart_try_read(em_uart *u, void *buf, size_t len)
{
    int n = 0;
    uint8_t event;

    em_irq irq = em_lock_acquire(&u->lock);
    if (!u->rx.taken && len > 0) {
        u->rx.taken = true;
        n = readable_or_event(u, len, &event);
        irq = read_and_release(u, irq, (uint8_t *)buf, n);
    }
    em_lock_release(&u->lock, irq);
    return n != 0 || len == 0 ? n : EM_ERR_AGAIN;
}

/* -- writing ------------------------------------------------------------------------------------ */

/* With the turn and the lock, which is released for the copying: write what there is room for. */
static em_irq write_some(em_uart *u, em_irq irq, const uint8_t *buf, size_t len, size_t *written)
{
    uint32_t room = em_uart_tx_room_(u);
    uint32_t n = len < room ? (uint32_t)len : room;
    *written = n;
    if (n > 0) {
        uint32_t at = em_uart_tx_reserve_(u, n);
        em_lock_release(&u->lock, irq);
        copy_in(u, at, buf, n);
        irq = em_lock_acquire(&u->lock);
        em_uart_tx_commit_(u);
    }
    return irq;
}

static em_poll write_poll(em_future *future, em_context *cx)
{
    em_uart_write_future *f = (em_uart_write_future *)(void *)future;
    em_uart *u = f->uart;

    if (f->len > 0) {
        em_irq irq = em_lock_acquire(&u->lock);
        f->turn = f->turn || lane_take(&u->tx, &f->node, em_context_waker(cx));
        if (f->turn) {
            size_t n;
            u->tx.waker.task = NULL;
            irq = write_some(u, irq, f->buf + f->sent, f->len - f->sent, &n);
            f->sent += n;
            if (f->sent == f->len) {
                lane_release(&u->tx);
            } else {
                u->tx.waker = em_context_waker(cx);
                wake_writer_if_room(u); /* it may have come while we copied */
            }
        }
        em_lock_release(&u->lock, irq);
        if (f->sent < f->len) {
            return EM_PENDING;
        }
    }
    f->out = (int)f->len;
    return EM_READY;
}

static void write_drop(em_future *future)
{
    em_uart_write_future *f = (em_uart_write_future *)(void *)future;
    lane_leave(f->uart, &f->uart->tx, &f->node, f->turn);
}

const em_future_ops em_uart_write_ops = {.poll = write_poll, .drop = write_drop, .name = "uart_write"};

int em_uart_try_write(em_uart *u, const void *buf, size_t len)
{
    size_t n = 0;

    em_irq irq = em_lock_acquire(&u->lock);
    if (!u->tx.taken) {
        u->tx.taken = true;
        irq = write_some(u, irq, (const uint8_t *)buf, len, &n);
        lane_release(&u->tx);
    }
    em_lock_release(&u->lock, irq);
    return n != 0 || len == 0 ? (int)n : EM_ERR_AGAIN;
}

int em_uart_try_write_whole(em_uart *u, const void *buf, size_t len)
{
    size_t n = 0;

    em_irq irq = em_lock_acquire(&u->lock);
    bool fits = !u->tx.taken && len <= em_uart_tx_room_(u);
    if (fits) {
        u->tx.taken = true;
        irq = write_some(u, irq, (const uint8_t *)buf, len, &n);
        lane_release(&u->tx);
    }
    em_lock_release(&u->lock, irq);
    return fits ? (int)len : EM_ERR_AGAIN;
}

/* -- flushing ----------------------------------------------------------------------------------- */

static em_poll flush_poll(em_future *future, em_context *cx)
{
    em_uart_flush_future *f = (em_uart_flush_future *)(void *)future;
    em_uart *u = f->uart;

    for (;;) {
        if (f->timing) {
            if (!em_future_poll(&f->last_byte.future, cx).ready) {
                return EM_PENDING;
            }
            f->timing = false;
        }
        em_irq irq = em_lock_acquire(&u->lock);
        bool idle = !u->tx_busy && u->tx_producers == 0;
        if (idle) {
            em_wait_list_leave(&u->flushers, &f->node);
            em_wait_list_wake_one(&u->flushers);
        } else {
            if (em_wait_node_notified(&f->node)) {
                em_wait_node_init(&f->node);
            }
            em_wait_list_add(&u->flushers, &f->node, em_context_waker(cx));
        }
        bool out = idle && u->ops->line_idle(u);
        em_lock_release(&u->lock, irq);
        if (!idle) {
            return EM_PENDING;
        }
        if (out) {
            return EM_READY;
        }
        em_timer_after(&f->last_byte, em_ticks(u->byte_ticks));
        f->timing = true;
    }
}

static void flush_drop(em_future *future)
{
    em_uart_flush_future *f = (em_uart_flush_future *)(void *)future;
    em_uart *u = f->uart;

    if (f->timing) {
        em_future_drop(&f->last_byte.future);
    }
    em_irq irq = em_lock_acquire(&u->lock);
    if (em_wait_list_leave(&u->flushers, &f->node) && !u->tx_busy) {
        em_wait_list_wake_one(&u->flushers);
    }
    em_lock_release(&u->lock, irq);
}

const em_future_ops em_uart_flush_ops = {.poll = flush_poll, .drop = flush_drop, .name = "uart_flush"};

/* -- looking ------------------------------------------------------------------------------------ */

size_t em_uart_readable(em_uart *u)
{
    em_irq irq = em_lock_acquire(&u->lock);
    size_t n = u->rx_head - u->rx_tail;
    em_lock_release(&u->lock, irq);
    return n;
}

size_t em_uart_writable(em_uart *u)
{
    em_irq irq = em_lock_acquire(&u->lock);
    size_t n = em_uart_tx_room_(u);
    em_lock_release(&u->lock, irq);
    return n;
}

em_uart_counters em_uart_get_counters(em_uart *u)
{
    em_irq irq = em_lock_acquire(&u->lock);
    em_uart_counters counters = u->counters;
    em_lock_release(&u->lock, irq);
    return counters;
}
