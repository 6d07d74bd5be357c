/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: has no member named 'future' */
/* clang: no member named 'future' in */
#include <em/async.h>

static em_mutex mutex;

TASK(blink, VARS(em_mutex_lock_future l))
{
    ASYNC {
#ifdef FIXED
        if (POLL_ONCE(em_mutex_lock(&self->l, &mutex))) {
#else
        if (POLL_ONCE(&mutex)) { /* here */
#endif
            em_mutex_unlock(&mutex);
        }
    }
}
