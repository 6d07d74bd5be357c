/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A line of the log: EM_TRACE_LOG_ and its arguments, all of them in one masked section, with one time.
 *
 * The count of the ring is stored last, so who sees the line sees its arguments. There is a function for each number
 * of arguments: nothing is counted, and what the caller passes is in registers.
 *
 * Flow: em_log_info (em/log.h) -> here -> em_trace_rings_ (em/trace_ring.h)
 */
#include "trace_write.h"

#include <em/log.h>
#include <string.h>

/* An em_trace_record, whose object and arg are one word. */
typedef struct __attribute__((may_alias)) log_record {
    uint64_t stamp;
    uint64_t word;
} log_record;

EM_TRACE_INLINE_ void put(em_trace_writer *w, uint64_t stamp, uint64_t word)
{
    uintptr_t at = (uintptr_t)w->ring + w->head++ % EM_CFG_TRACE_RECORDS * sizeof(log_record);
    __asm__("" : "+r"(at)); /* one address for both, or GCC makes two */
    *(log_record *)(at + offsetof(em_trace_ring, record)) = (log_record){stamp, word};
}

/* False: the ring does not run. No loop: it is all there is where n is known. */
EM_TRACE_INLINE_ bool keep(uintptr_t text, uint32_t n, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                           uint64_t f)
{
    em_trace_writer w = em_trace_begin_();
    if (!em_trace_runs_(w)) {
        em_trace_unlock_(w.ring, w.irq);
        return false;
    }
    uint64_t stamp = em_trace_clock_() << 8 | EM_TRACE_LOG_;
    put(&w, stamp, text | (uint64_t)n << 32);
    stamp += EM_TRACE_LOG_ARG_ - EM_TRACE_LOG_;
    if (n > 0) {
        put(&w, stamp, a);
    }
    if (n > 1) {
        put(&w, stamp, b);
    }
    if (n > 2) {
        put(&w, stamp, c);
    }
    if (n > 3) {
        put(&w, stamp, d);
    }
    if (n > 4) {
        put(&w, stamp, e);
    }
    if (n > 5) {
        put(&w, stamp, f);
    }
    em_trace_end_(w);
    return true;
}

/* Out of the way of the others: a line for a ring that does not run yet, or was stopped. */
static __attribute__((noinline)) void first(uintptr_t text, uint32_t n, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                            uint64_t e, uint64_t f)
{
    em_trace_writer w = em_trace_begin_();
    if (em_trace_runs_(w)) {
        em_trace_unlock_(w.ring, w.irq); /* an interrupt was quicker */
    } else if (!em_trace_start_(w)) {
        return;
    }
    keep(text, n, a, b, c, d, e, f);
}

EM_TRACE_INLINE_ void line(uintptr_t text, uint32_t n, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                           uint64_t f)
{
    if (!keep(text, n, a, b, c, d, e, f)) {
        first(text, n, a, b, c, d, e, f);
    }
}

void em_log_0_(uintptr_t text)
{
    line(text, 0, 0, 0, 0, 0, 0, 0);
}

void em_log_1_(uintptr_t text, uint64_t a)
{
    line(text, 1, a, 0, 0, 0, 0, 0);
}

void em_log_2_(uintptr_t text, uint64_t a, uint64_t b)
{
    line(text, 2, a, b, 0, 0, 0, 0);
}

void em_log_3_(uintptr_t text, uint64_t a, uint64_t b, uint64_t c)
{
    line(text, 3, a, b, c, 0, 0, 0);
}

void em_log_4_(uintptr_t text, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    line(text, 4, a, b, c, d, 0, 0);
}

void em_log_5_(uintptr_t text, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    line(text, 5, a, b, c, d, e, 0);
}

void em_log_6_(uintptr_t text, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    line(text, 6, a, b, c, d, e, f);
}

void em_log_copy_(uintptr_t text, const char *from, size_t size)
{
    uint64_t w[EM_LOG_COPY_MAX / 8] = {0};
    size_t n = strnlen(from, size < sizeof w ? size : sizeof w);
    memcpy(w, from, n);
    first(text, (uint32_t)((n + 7) / 8), w[0], w[1], w[2], w[3], w[4], w[5]);
}
