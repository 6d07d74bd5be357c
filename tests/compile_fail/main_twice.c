/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: redefinition of 'struct em_MAIN_defines_the_first_task' */
/* clang: redefinition of 'em_MAIN_defines_the_first_task' */
#include <em/async.h>

MAIN()
{
    ASYNC {
    }
}

#ifndef FIXED
MAIN() /* here */
{
    ASYNC {
    }
}
#endif
