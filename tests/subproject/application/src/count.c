/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The task that counts, a millisecond between two numbers.
 *
 * Flow: main.c -> here -> counts
 */
#include "count.h"

TASK(count, ARGS((counts *, to), (int, n)), VARS(counts_send_future tx; em_timer pause; int i))
{
    ASYNC {
        for (self->i = 1; self->i <= self->n; self->i++) {
            AWAIT(em_timer_after(&self->pause, em_ms(1)));
            AWAIT(counts_send(&self->tx, self->to, self->i));
        }
    }
}
