/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TASK\(blink\): ARGS takes up to 8 pairs: ARGS\(\(type, name\), \(type, name\)\) */
/* clang: TASK\(blink\): ARGS takes up to 8 pairs: ARGS\(\(type, name\), \(type, name\)\) */
#include <em/async.h>

#ifdef FIXED
TASK(blink, ARGS((int, n), (int, m)))
#else
TASK(blink, ARGS((int, n), int m)) /* here */
#endif
{
    ASYNC {
    }
}
