/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The sieve: the timer's interrupt and the end of an idle time are held until it is clear what they were for.
 *
 * Flow: trace_stream.c -> here
 */
#include "trace_sift.h"

#define EVENT(record) ((unsigned)(record)->stamp & 0xff)
#define TIMER (EM_CFG_MODE_S ? 5u : 7u) /* [PRIV] table 3.6 */

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
        s->due_own |= x->object == own->timer;
        return x->object == own->timer;
    case EM_TRACE_AWAIT_:
        return s->polled;
    case EM_TRACE_ALARM_:
        return s->polled || s->due_own;
    default:
        return false;
    }
}

static bool may_be_nothing(const em_trace_record *x)
{
    return EVENT(x) == EM_TRACE_IDLE_END_ || (EVENT(x) == EM_TRACE_IRQ_BEGIN_ && x->arg == TIMER);
}

/* With x it still may be: the interrupt ends, and so does the idle time in which it came. */
static bool goes_on(const em_trace_sieve *s, const em_trace_record *x)
{
    unsigned last = EVENT(&s->hold[s->held - 1]);
    return (EVENT(x) == EM_TRACE_IRQ_END_ && last == EM_TRACE_IRQ_BEGIN_) ||
           (EVENT(x) == EM_TRACE_IDLE_END_ && last == EM_TRACE_IRQ_END_);
}

void em_trace_sift_(em_trace_sieve *s, const em_trace_own *own, const em_trace_record *x)
{
    if (EVENT(x) == EM_TRACE_LOST_) {
        s->polled = false;
    } else if (is_own(s, own, x)) {
        return;
    }
    if (EVENT(x) == EM_TRACE_IDLE_BEGIN_ && s->due_own && s->held > 0 &&
        EVENT(&s->hold[s->held - 1]) == EM_TRACE_IDLE_END_) {
        s->held = 0;
        s->due_own = false;
        return;
    }
    bool on = s->held > 0 && goes_on(s, x);
    s->hold[s->held++] = *x;
    if (!on) {
        s->due = may_be_nothing(x) ? s->held - 1 : s->held;
        s->due_own = false;
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
