/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: ASYNC_FN\(add\): a part is not one of ARGS\(...\), VARS\(...\) */
/* clang: ASYNC_FN\(add\): a part is not one of ARGS\(...\), VARS\(...\) */
#include <em/async.h>

#ifdef FIXED
ASYNC_FN(int, add, ARGS((int, n)))
#else
ASYNC_FN(int, add, POOL(2), ARGS((int, n))) /* here */
#endif
{
    ASYNC {
        RETURN(self->n + 1);
    }
}

TASK(sum, VARS(struct add add))
{
    ASYNC {
        AWAIT(add(&self->add, 1));
    }
}
