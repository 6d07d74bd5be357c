/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: multiple definition of `em_MAIN_defines_the_first_task' */
/* clang: (multiple definition of `|duplicate symbol: )em_MAIN_defines_the_first_task */
/* link: start.c main_in_another_file.h */
#include <em/async.h>

#ifdef FIXED
TASK(first, ARGS((em_spawner, spawner)))
#else
MAIN()
#endif
{
    ASYNC {
    }
}
