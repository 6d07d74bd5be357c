/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'struct add' has no member named 'RETURN_needs_a_value_here' */
/* clang: no member named 'RETURN_needs_a_value_here' in 'struct add' */
#include <em/async.h>

ASYNC_FN(int, add, ARGS((int, n)))
{
    ASYNC {
#ifdef FIXED
        RETURN(self->n + 1);
#else
        RETURN(); /* here */
#endif
    }
}

TASK(sum, VARS(struct add add))
{
    ASYNC {
        AWAIT(add(&self->add, 1));
    }
}
