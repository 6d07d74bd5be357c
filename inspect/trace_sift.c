/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The sieve: a few records are held until it is clear whether they are an interrupt of the UART alone, or the end of an
 * idle time that goes on.
 *
 * Flow: trace_stream.c -> here
 */
#include "trace_sift.h"

#define EVENT(record) ((unsigned)(record)->stamp & 0xff)
#define EXTERNAL (EM_CFG_MODE_S ? 9u : 11u) /* [PRIV] table 3.6 */

static bool is_own(em_trace_sieve *s, const em_trace_own *own, const em_trace_record *x)
{
    switch (EVENT(x)) {
    case EM_TRACE_POLL_BEGIN_:
    case EM_TRACE_POLL_END_:
        if (x->object != own->task) {
            return false;
        }
        s->polled = EVENT(x) == EM_TRACE_POLL_BEGIN_;
        return true;
    case EM_TRACE_WAKE_:
    case EM_TRACE_WAKE_AGAIN_:
        return x->object == own->task;
    case EM_TRACE_TIMER_DUE_:
        return x->object == own->timer;
    case EM_TRACE_AWAIT_:
    case EM_TRACE_ALARM_:
        return s->polled;
    default:
        return false;
    }
}

static bool may_be_nothing(const em_trace_record *x)
{
    return EVENT(x) == EM_TRACE_IDLE_END_ || (EVENT(x) == EM_TRACE_IRQ_BEGIN_ && x->arg == EXTERNAL);
}

static bool holds(const em_trace_sieve *s, unsigned n, unsigned last)
{
    return s->held == n && EVENT(&s->hold[n - 1]) == last;
}

/* With x that what is held is nothing. */
static bool ends_nothing(const em_trace_sieve *s, const em_trace_record *x)
{
    return (EVENT(x) == EM_TRACE_IRQ_END_ && holds(s, 3, EM_TRACE_SOURCE_END_)) ||
           (EVENT(x) == EM_TRACE_IDLE_BEGIN_ && holds(s, 1, EM_TRACE_IDLE_END_));
}

/* With x it still may be. */
static bool goes_on(const em_trace_sieve *s, const em_trace_own *own, const em_trace_record *x)
{
    return x->arg == own->source && ((EVENT(x) == EM_TRACE_SOURCE_BEGIN_ && holds(s, 1, EM_TRACE_IRQ_BEGIN_)) ||
                                     (EVENT(x) == EM_TRACE_SOURCE_END_ && holds(s, 2, EM_TRACE_SOURCE_BEGIN_)));
}

void em_trace_sift_(em_trace_sieve *s, const em_trace_own *own, const em_trace_record *x)
{
    if (EVENT(x) == EM_TRACE_LOST_) {
        s->polled = false;
    } else if (is_own(s, own, x)) {
        return;
    }
    if (s->held > 0 && ends_nothing(s, x)) {
        s->held = 0;
        return;
    }
    bool on = s->held > 0 && goes_on(s, own, x);
    s->hold[s->held++] = *x;
    if (!on) {
        s->due = may_be_nothing(x) ? s->held - 1 : s->held;
    }
}

bool em_trace_sifted_(em_trace_sieve *s, em_trace_record *out)
{
    if (s->due == 0) {
        return false;
    }
    *out = s->hold[0];
    s->held--;
    s->due--;
    for (unsigned i = 0; i < s->held; i++) {
        s->hold[i] = s->hold[i + 1];
    }
    return true;
}
