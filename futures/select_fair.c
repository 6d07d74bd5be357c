/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Selects that begin to poll behind the last winner. One drops the losers, the other keeps them.
 *
 * Flow: SELECT_FAIR, em_first_array -> here -> the arms' poll and drop
 */
#include <em/select_fair.h>

#include <stdbool.h>

void em_first_drop(em_future **arms, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (arms[i]) {
            em_future_drop(arms[i]);
            arms[i] = NULL;
        }
    }
}

/* Poll the arms, once round. True: out is the winner. Counts those that are pending. */
static bool poll_round(em_select_fair *s, em_context *cx, unsigned *pending)
{
    *pending = 0;
    unsigned i = s->count ? s->start % s->count : 0;
    for (unsigned n = 0; n < s->count; n++, i = i + 1 < s->count ? i + 1 : 0) {
        if (!s->arms[i]) {
            continue;
        }
        if (em_future_poll(s->arms[i], cx).ready) {
            s->out = (int)i;
            s->start = i + 1;
            return true;
        }
        ++*pending;
    }
    return false;
}

static em_poll select_fair_poll(em_future *f, em_context *cx)
{
    em_select_fair *s = (em_select_fair *)(void *)f;
    unsigned pending;
    if (!poll_round(s, cx, &pending)) {
        if (pending == 0) {
            (void)em_context_waker(cx); /* so the checks see that it is meant to wait for ever */
        }
        return EM_PENDING;
    }
    for (unsigned i = 0; i < s->count; i++) {
        if ((int)i != s->out) {
            em_future_drop(s->arms[i]);
        }
    }
    return EM_READY;
}

static void select_fair_drop(em_future *f)
{
    em_select_fair *s = (em_select_fair *)(void *)f;
    for (unsigned i = 0; i < s->count; i++) {
        em_future_drop(s->arms[i]);
    }
}

const em_future_ops em_select_fair_ops = {
    .poll = select_fair_poll, .drop = select_fair_drop, .name = "select_fair"};

static em_poll first_poll(em_future *f, em_context *cx)
{
    em_first *s = (em_first *)(void *)f;
    unsigned pending;
    if (poll_round(s, cx, &pending)) {
        s->arms[s->out] = NULL;
        return EM_READY;
    }
    s->out = EM_ERR_CLOSED;
    return pending ? EM_PENDING : EM_READY;
}

static void first_drop(em_future *f)
{
    em_first *s = (em_first *)(void *)f;
    em_first_drop(s->arms, s->count);
}

const em_future_ops em_first_ops = {.poll = first_poll, .drop = first_drop, .name = "first"};

void em_select_fair_init_(em_select_fair *base, unsigned n, em_future *const *arms)
{
    em_future **own = ((em_select_fair2 *)(void *)base)->arm; /* at the same place for every count */
    for (unsigned i = 0; i < n; i++) {
        own[i] = arms[i];
    }
    em_select_fair_array(base, own, n);
}
