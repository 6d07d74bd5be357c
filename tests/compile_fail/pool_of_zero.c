/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TASK\(blink\): POOL\(n\) needs a size of 1 to 65535 */
/* clang: TASK\(blink\): POOL\(n\) needs a size of 1 to 65535 */
#include <em/async.h>

#ifdef FIXED
TASK(blink, POOL(1))
#else
TASK(blink, POOL(0)) /* here */
#endif
{
    ASYNC {
    }
}
