/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: incompatible types when returning type 'int' but 'em_poll' .*use_RETURN_in_async_code */
/* clang: returning 'int' from a function with incompatible result type 'em_poll' .*use_RETURN_in_async_code */
#include <em/async.h>

ASYNC_FN(int, add, ARGS((int, n)))
{
    ASYNC {
#ifdef FIXED
        RETURN(self->n + 1);
#else
        return self->n + 1; /* here */
#endif
    }
}

TASK(sum, VARS(struct add add))
{
    ASYNC {
        AWAIT(add(&self->add, 1));
    }
}
