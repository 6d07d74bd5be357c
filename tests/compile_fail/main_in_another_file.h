/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The other file of a case with two: it has the MAIN, and a task. (A header in name only: it is no case.) */
#include <em/async.h>

TASK(another)
{
    ASYNC {
    }
}

MAIN()
{
    ASYNC {
        YIELD();
    }
}

em_poll em_yield_(em_future *body, em_context *cx)
{
    (void)body;
    (void)cx;
    return EM_PENDING;
}
