/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The check that an awaited future is not a local of the body that awaits it. Only with -Dchecks=true.
 *
 * Flow: AWAIT (macros/) -> here -> EM_ASSERT
 */
#include <em/assert.h>
#include <em/frame.h>

__attribute__((noinline)) void em_check_storage_(const em_future *f, const void *body)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0); /* below everything of the body's */

    EM_ASSERT(f != NULL && f->ops != NULL);
    EM_ASSERT((uintptr_t)f < here || (uintptr_t)f >= (uintptr_t)body);
}
