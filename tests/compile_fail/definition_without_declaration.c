/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: invalid application of 'sizeof' to incomplete type 'struct add' */
/* clang: invalid application of 'sizeof' to an incomplete type 'struct add' */
#include <em/async.h>

#ifdef FIXED
ASYNC_FN_DECL(int, add, ARGS((int, n)));
#endif

ASYNC_FN_DEF(add) /* here */
{
    ASYNC {
        RETURN(self->n + 1);
    }
}
