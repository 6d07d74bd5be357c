/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: field 'inner' has incomplete type */
/* clang: field has incomplete type 'struct sum' */
#include <em/async.h>

#ifdef FIXED
ASYNC_FN(int, sum, ARGS((int, n)))
#else
ASYNC_FN(int, sum, ARGS((int, n)), VARS(struct sum inner)) /* here */
#endif
{
    ASYNC {
        RETURN(self->n);
    }
}

TASK(user, VARS(struct sum sum))
{
    ASYNC {
        AWAIT(sum(&self->sum, 1));
    }
}
