/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Each hart has the C library's variables for itself, and they start as on the first.
 *
 * run: --smp 8
 * expect: 8 harts: errno of each is its own, and rand begins alike
 */
#include <em/async.h>
#include <em/board.h>
#include <errno.h>
#include <stdlib.h>

static em_semaphore wrote, may_look, looked;
static int first[8];

TASK(on_each, POOL(8), VARS(em_semaphore_acquire_future acquire))
{
    ASYNC {
        EM_ASSERT(errno == 0);
        errno = (int)em_hart_id() + 100;
        srand(7);
        first[em_hart_id()] = rand();
        em_semaphore_release(&wrote, 1);
        AWAIT(em_semaphore_acquire(&self->acquire, &may_look, 1));
        EM_ASSERT(errno == (int)em_hart_id() + 100);
        em_semaphore_release(&looked, 1);
    }
}

MAIN(VARS(em_semaphore_acquire_future acquire))
{
    ASYNC {
        for (unsigned h = 0; h < em_hart_count(); h++) {
            em_must_spawn(em_spawner_hart(h), on_each());
        }
        AWAIT(em_semaphore_acquire(&self->acquire, &wrote, em_hart_count()));
        em_semaphore_release(&may_look, em_hart_count());
        AWAIT(em_semaphore_acquire(&self->acquire, &looked, em_hart_count()));
        for (unsigned h = 0; h < em_hart_count(); h++) {
            EM_ASSERT(first[h] == first[0]);
        }
        em_print("%u harts: errno of each is its own, and rand begins alike\n", em_hart_count());
        em_board_exit(0);
    }
}
