/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Dropping an async function: leaf first, then outwards, each FINALLY after its child is gone.
 *
 * Flow: em_future_drop -> here -> the drop of what it waits for, the body with EM_PC_CANCEL
 */
#include <em/check_await.h>

void em_frame_drop(em_future *f)
{
    em_frame *frame = (em_frame *)(void *)f;

    if (frame->pc == EM_PC_START) {
        return;
    }
    if (frame->awaiting) {
        em_future_drop(frame->awaiting);
        em_check_dropped_(frame);
        frame->awaiting = NULL;
    }
    frame->pc = EM_PC_CANCEL;
    em_future_poll(f, NULL);
}
