/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Select: poll from left to right, drop the losers.
 *
 * Flow: SELECT -> here -> the arms' poll and drop
 */
#include <em/select.h>

static void drop_all_but(em_select *s, unsigned winner)
{
    for (unsigned i = 0; i < s->count; i++) {
        if (i != winner) {
            em_future_drop(s->arms[i]);
        }
    }
}

static em_poll select_poll(em_future *f, em_context *cx)
{
    em_select *s = (em_select *)(void *)f;
    for (unsigned i = 0; i < s->count; i++) {
        if (em_future_poll(s->arms[i], cx).ready) {
            drop_all_but(s, i);
            s->out = (int)i;
            return EM_READY;
        }
    }
    if (s->count == 0) {
        (void)em_context_waker(cx); /* so the checks see that it is meant to wait for ever */
    }
    return EM_PENDING;
}

static void select_drop(em_future *f)
{
    em_select *s = (em_select *)(void *)f;
    drop_all_but(s, s->count);
}

const em_future_ops em_select_ops = {.poll = select_poll, .drop = select_drop, .name = "select"};

void em_select_init_(em_select *base, unsigned n, em_future *const *arms)
{
    em_future **own = ((em_select2 *)(void *)base)->arm; /* at the same place for every count */
    for (unsigned i = 0; i < n; i++) {
        own[i] = arms[i];
    }
    em_select_array(base, own, n);
}
