/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: undefined reference to `em_MAIN_defines_the_first_task' */
/* clang: (undefined reference to|undefined symbol:) [`']?em_MAIN_defines_the_first_task */
/* link: start.c */
#include <em/async.h>

#ifdef FIXED
MAIN()
#else
TASK(first, ARGS((em_spawner, spawner)))
#endif
{
    ASYNC {
    }
}
