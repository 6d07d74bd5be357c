/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: incompatible type for argument 2 of 'em_must_spawn' */
/* clang: passing 'struct add \*' to parameter of incompatible type 'em_spawn_token' */
#include <em/async.h>

ASYNC_FN(int, add, ARGS((int, n)))
{
    ASYNC {
        RETURN(self->n + 1);
    }
}

MAIN(VARS(struct add add))
{
    ASYNC {
#ifdef FIXED
        AWAIT(add(&self->add, 1));
#else
        em_must_spawn(self->spawner, add(&self->add, 1)); /* here */
#endif
    }
}
