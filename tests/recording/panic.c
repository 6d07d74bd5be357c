/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A panic report ends with the recording. */
#include <em/async.h>
#include <em/board.h>
#include <em/mark.h>
#include <em/recording.h>

MAIN(VARS(bool never))
{
    ASYNC {
        em_trace_mark("before", 7);
        EM_ASSERT(self->never);
        em_trace_print();
    }
}
