/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* An async function and a task for test_definitions.c. */
#include "other_file.h"

ASYNC_FN_DEF(sum_to)
{
    ASYNC {
        self->out = 0;
        for (self->i = 1; self->i <= self->n; self->i++) {
            AWAIT(late_value(&self->l, 1, 0));
            self->out += self->i;
        }
        RETURN(self->out);
    }
}

TASK(elsewhere, ARGS((unsigned, n), (const char *, word)), VARS(struct sum_to sum))
{
    ASYNC {
        AWAIT(sum_to(&self->sum, self->n));
        em_trace_number(self->word, self->sum.out);
    }
}
