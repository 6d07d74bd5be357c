/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TASK\(blink\): ARGS takes up to 8 pairs */
/* clang: TASK\(blink\): ARGS takes up to 8 pairs */
#include <em/async.h>

#ifdef FIXED
TASK(blink, ARGS((int, a), (int, b), (int, c), (int, d), (int, e), (int, f), (int, g), (int, h)))
#else
TASK(blink, ARGS((int, a), (int, b), (int, c), (int, d), (int, e), (int, f), (int, g), (int, h), (int, i))) /* here */
#endif
{
    ASYNC {
    }
}
