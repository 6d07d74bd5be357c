/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The small hart's image: it squares numbers for the big ones. */
#include "mixed.h"

#include <em/async.h>
#include <em/doorbell.h>

static em_ring_end in, out;

/* Answer what there is, as far as there is room for answers. */
static void answer_all(message *held, bool *holds)
{
    for (;;) {
        if (!*holds) {
            int taken = em_shared_ring_take(&in, held);
            if (taken == EM_ERR_AGAIN) {
                return;
            }
            EM_ASSERT(taken >= 0);
            *holds = true;
            held->square = (uint64_t)held->number * held->number;
            if (taken) {
                em_doorbell_ring(BIG_HART); /* there is room again */
            }
        }
        int put = em_shared_ring_put(&out, held);
        if (put == EM_ERR_AGAIN) {
            return;
        }
        EM_ASSERT(put >= 0);
        *holds = false;
        if (put) {
            em_doorbell_ring(BIG_HART);
        }
    }
}

MAIN(VARS(em_signal *bell; em_signal_wait_future wait; message held; bool holds))
{
    ASYNC {
        self->bell = em_doorbell();
        let_the_others_go();
        while (em_shared_ring_attach(&in, to_small(), half(), sizeof(message)) == EM_ERR_AGAIN ||
               em_shared_ring_attach(&out, to_big(), half(), sizeof(message)) == EM_ERR_AGAIN) {
            AWAIT(em_signal_wait(&self->wait, self->bell));
        }
        EM_ASSERT(in.entries == ENTRIES && out.entries == ENTRIES);
        for (;;) {
            answer_all(&self->held, &self->holds);
            AWAIT(em_signal_wait(&self->wait, self->bell));
        }
    }
}
