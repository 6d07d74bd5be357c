/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: assignment to 'int' from 'char \*' makes integer from pointer */
/* clang: incompatible pointer to integer conversion assigning to 'int' from 'char */
#include <em/async.h>

ASYNC_FN(int, add, ARGS((int, n)))
{
    ASYNC {
#ifdef FIXED
        RETURN(self->n + 1);
#else
        RETURN("three"); /* here */
#endif
    }
}

TASK(sum, VARS(struct add add))
{
    ASYNC {
        AWAIT(add(&self->add, 1));
    }
}
