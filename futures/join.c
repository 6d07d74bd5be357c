/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Join: poll what is not done, until all is.
 *
 * Flow: JOIN -> here -> the arms' poll and drop
 */
#include <em/join.h>

static em_poll join_poll(em_future *f, em_context *cx)
{
    em_join *j = (em_join *)(void *)f;
    unsigned pending = 0;
    for (unsigned i = 0; i < j->count; i++) {
        if (!j->arms[i]) {
            continue;
        }
        if (em_future_poll(j->arms[i], cx).ready) {
            j->arms[i] = NULL;
        } else {
            pending++;
        }
    }
    return pending ? EM_PENDING : EM_READY;
}

static void join_drop(em_future *f)
{
    em_join *j = (em_join *)(void *)f;
    for (unsigned i = 0; i < j->count; i++) {
        if (j->arms[i]) {
            em_future_drop(j->arms[i]);
        }
    }
}

const em_future_ops em_join_ops = {.poll = join_poll, .drop = join_drop, .name = "join"};

void em_join_init_(em_join *base, unsigned n, em_future *const *arms)
{
    em_future **own = ((em_join2 *)(void *)base)->arm; /* at the same place for every count */
    for (unsigned i = 0; i < n; i++) {
        own[i] = arms[i];
    }
    em_join_array(base, own, n);
}
