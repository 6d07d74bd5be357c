/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Join that ends at the first failure.
 *
 * Flow: TRY_JOIN -> here -> the arms' poll and drop
 */
#include <em/try_join.h>

static void try_join_drop(em_future *f)
{
    em_try_join *j = (em_try_join *)(void *)f;
    for (unsigned i = 0; i < j->count; i++) {
        if (j->arms[i].future) {
            em_future_drop(j->arms[i].future);
            j->arms[i].future = NULL;
        }
    }
}

/* The result of an arm that is ready, which is done from here on. */
static int finish(em_try_arm *arm)
{
    int out = *(const int *)(const void *)((const char *)arm->future + arm->out_at);
    arm->future = NULL;
    return out;
}

static em_poll try_join_poll(em_future *f, em_context *cx)
{
    em_try_join *j = (em_try_join *)(void *)f;
    unsigned pending = 0;
    j->out = EM_OK;
    for (unsigned i = 0; i < j->count; i++) {
        if (!j->arms[i].future) {
            continue;
        }
        if (!em_future_poll(j->arms[i].future, cx).ready) {
            pending++;
            continue;
        }
        int out = finish(&j->arms[i]);
        if (out < 0) {
            try_join_drop(f);
            j->out = out;
            return EM_READY;
        }
    }
    return pending ? EM_PENDING : EM_READY;
}

const em_future_ops em_try_join_ops = {.poll = try_join_poll, .drop = try_join_drop, .name = "try_join"};

void em_try_join_init_(em_try_join *base, unsigned n, const em_try_arm *arms)
{
    em_try_arm *own = ((em_try_join2 *)(void *)base)->arm; /* at the same place for every count */
    for (unsigned i = 0; i < n; i++) {
        own[i] = arms[i];
    }
    em_try_join_array(base, own, n);
}
