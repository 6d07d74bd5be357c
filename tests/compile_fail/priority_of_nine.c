/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TASK\(blink\): PRIORITY\(p\) is 0 \(low\) to 7 */
/* clang: TASK\(blink\): PRIORITY\(p\) is 0 \(low\) to 7 */
#include <em/async.h>

#ifdef FIXED
TASK(blink, PRIORITY(7))
#else
TASK(blink, PRIORITY(9)) /* here */
#endif
{
    ASYNC {
    }
}
