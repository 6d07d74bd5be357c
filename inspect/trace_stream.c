/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The stream of records: from the rings to frames on a UART.
 *
 * A frame is the hart's number and the 16 bytes of a record, less the zero bytes at its end, stuffed by COBS, so that
 * it has no zero byte inside; there is one on each side. tools/trace/em_trace/mixed.py takes them out of text.
 *
 * Flow: em_trace_rings_ -> here -> em_uart_try_write_whole
 */
#include "trace_sift.h"

#include <em/irq.h>
#include <em/trace_ring.h>
#include <em/trace_stream.h>

#include <em/async.h>
#include <string.h>

#define PERIOD em_ms(20)
#define ROOM em_ms(EM_CFG_TRACE ? 20 : 2) /* until we look for room again, which itself is some records of a trace */
#define HALF_WRITTEN 7 /* so many of the oldest may be half overwritten while we look: a line of the log */
#define USABLE (EM_CFG_TRACE_RECORDS - HALF_WRITTEN)
#define FRAME_MAX (1 + sizeof(em_trace_record) + 2)

static uint32_t sent[EM_CFG_MAX_HARTS]; /* as `written` counts */

static bool overtaken(const em_trace_ring *ring, uint32_t at, uint32_t *ahead)
{
    *ahead = (uint32_t)em_atomic_load((const int32_t *)&ring->written) - at;
    return *ahead > USABLE;
}

/* The oldest record of a ring that is not sent. False: there is none. @p lost: how many in front of it are gone. */
static bool oldest(unsigned hart, em_trace_record *r, uint32_t *lost)
{
    const em_trace_ring *ring = &em_trace_rings_[hart];
    uint32_t at = sent[hart];
    uint32_t ahead;
    for (;;) {
        if (overtaken(ring, at, &ahead)) {
            at += ahead - USABLE + USABLE / 8; /* some more, or the next one is gone before we are there */
            continue;
        }
        if (ahead == 0) {
            return false;
        }
        *r = ring->record[at % EM_CFG_TRACE_RECORDS];
        em_arch_fence_();
        if (!overtaken(ring, at, &ahead)) {
            *lost = at - sent[hart];
            return true;
        }
    }
}

/* The oldest of all rings, as the next thing to send. False: there is none. */
static bool next(uint8_t *from, em_trace_record *first)
{
    bool found = false;
    uint32_t gone = 0;
    for (unsigned hart = 0; hart < EM_CFG_MAX_HARTS; hart++) {
        em_trace_record r;
        uint32_t lost;
        if (oldest(hart, &r, &lost) && (!found || r.stamp >> 8 < first->stamp >> 8)) {
            found = true;
            *from = (uint8_t)hart;
            *first = r;
            gone = lost;
        }
    }
    if (gone) {
        *first = (em_trace_record){first->stamp >> 8 << 8 | EM_TRACE_LOST_, 0, gone};
    }
    if (found) {
        sent[*from] += gone ? gone : 1;
    }
    return found;
}

#if EM_CFG_TRACE
static em_trace_own own;
static em_trace_sieve sieves[EM_CFG_MAX_HARTS];

static void know(const em_task *task, const em_timer *timer, const em_uart *uart)
{
    (void)uart;
    own = (em_trace_own){.task = em_trace_address_(task), .timer = em_trace_address_(timer)};
#if defined(__riscv)
    em_interrupt_quiet_(uart);
#endif
}

/* The next one that is worth sending. */
static bool worth(uint8_t *from, em_trace_record *r)
{
    static uint8_t hart; /* whose sieve may have some */
    while (!em_trace_sifted_(&sieves[hart], r)) {
        if (!next(&hart, r)) {
            return false;
        }
        em_trace_sift_(&sieves[hart], &own, r);
    }
    *from = hart;
    return true;
}
#else
#define know(task, timer, uart) ((void)0)
#define worth next
#endif

/* COBS, and the zero behind it. Returns where the next frame begins. */
static uint8_t *stuff(uint8_t *to, const uint8_t *from, size_t n)
{
    uint8_t *code = to++;
    for (size_t i = 0; i < n; i++) {
        if (from[i] != 0) {
            *to++ = from[i];
        } else {
            *code = (uint8_t)(to - code);
            code = to++;
        }
    }
    *code = (uint8_t)(to - code);
    *to++ = 0;
    return to;
}

/* What is to be sent next. Not the task's own: who cancels it, or sends the rest, finds it here. */
static uint8_t batch[128];
static size_t length;

/* As many frames as there are and fit, behind a zero; those that wait already. False: there are none. */
static bool fill(void)
{
    uint8_t *to = batch;
    em_trace_record r;
    uint8_t frame[1 + sizeof r];
    if (length > 0) {
        return true;
    }
    *to++ = 0;
    while ((size_t)(to - batch) + FRAME_MAX <= sizeof batch && worth(&frame[0], &r)) {
        memcpy(frame + 1, &r, sizeof r);
        size_t n = sizeof frame;
        while (n > 2 && frame[n - 1] == 0) {
            n--;
        }
        to = stuff(to, frame, n);
    }
    length = to - batch > 1 ? (size_t)(to - batch) : 0;
    return length > 0;
}

TASK(em_trace_stream, ARGS((em_uart *, uart)), VARS(em_timer pause))
{
    ASYNC {
        know(cx, &self->pause, self->uart);
        for (;;) {
            if (!fill()) {
                AWAIT(em_timer_after(&self->pause, PERIOD));
            } else if (em_uart_try_write_whole(self->uart, batch, length) < 0) {
                AWAIT(em_timer_after(&self->pause, ROOM));
            } else {
                length = 0;
            }
        }
    }
}

void em_trace_stream_rest(em_uart *uart)
{
    for (; fill(); length = 0) {
        em_uart_write_blocking(uart, batch, length);
    }
}
