/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: multiple definition of `another' */
/* clang: (multiple definition of `|duplicate symbol: )another */
/* link: start.c main_in_another_file.h */
#include <em/async.h>

#ifdef FIXED
TASK(one)
#else
TASK(another)
#endif
{
    ASYNC {
    }
}
