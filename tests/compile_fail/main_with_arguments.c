/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: MAIN\(em_MAIN_defines_the_first_task\): ARGS is given twice */
/* clang: MAIN\(em_MAIN_defines_the_first_task\): ARGS is given twice */
#include <em/async.h>

#ifdef FIXED
MAIN(VARS(int n))
#else
MAIN(ARGS((int, n))) /* here */
#endif
{
    ASYNC {
    }
}
