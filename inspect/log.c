/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A line of the log: EM_TRACE_LOG_ and its arguments, all of them in one masked section, with one time.
 *
 * The count of the ring is stored last, so who sees the line sees its arguments. There is a function for each number
 * of arguments: nothing is counted, and what the caller passes is in registers.
 *
 * Flow: em_log_info (em/log.h) -> here -> em_trace_rings_ (em/trace_ring.h)
 */
#include <em/arch.h>
#include <em/log.h>
#include <em/time_driver.h>
#include <em/trace_ring.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE em_trace_record *record(em_trace_ring *ring, uint32_t at)
{
    return &ring->record[at % EM_CFG_TRACE_RECORDS];
}

INLINE void put_argument(em_trace_record *r, uint64_t stamp, uint64_t word)
{
    r->stamp = stamp;
    memcpy(&r->object, &word, sizeof word); /* object and arg in one */
}

INLINE void line(uintptr_t text, uint32_t n, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    const uint64_t args[] = {a, b, c, d, e, f};
    em_irq irq = em_irq_save();
    uint64_t stamp = em_time_driver_now() << 8 | EM_TRACE_LOG_;
    em_trace_ring *ring = &em_trace_rings_[em_arch_hart()];
    uint32_t at = ring->written;
    em_trace_record *r = record(ring, at);
    r->stamp = stamp;
    r->object = (uint32_t)text;
    r->arg = n;
    for (uint32_t i = 0; i < n; i++) {
        put_argument(record(ring, at + 1 + i), stamp + EM_TRACE_LOG_ARG_ - EM_TRACE_LOG_, args[i]);
    }
    ring->records = EM_CFG_TRACE_RECORDS;
    em_atomic_store((int32_t *)&ring->written, (int32_t)(at + 1 + n));
    em_irq_restore(irq);
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
    uint64_t words[EM_LOG_COPY_MAX / 8] = {0};
    size_t n = strnlen(from, size < sizeof words ? size : sizeof words);
    memcpy(words, from, n);
    line(text, (uint32_t)((n + 7) / 8), words[0], words[1], words[2], words[3], words[4], words[5]);
}
