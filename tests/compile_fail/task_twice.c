/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: redefinition of 'struct blink' */
/* clang: redefinition of 'blink' */
#include <em/async.h>

TASK(blink)
{
    ASYNC {
    }
}

#ifndef FIXED
TASK(blink) /* here */
{
    ASYNC {
    }
}
#endif
