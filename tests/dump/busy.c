/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Dumps while the tasks run on, on other harts and above: what is shown may be wrong, but nothing traps.
 *
 * The storage of what they wait for holds anything else most of the time, pointers to nowhere too.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/dump.h>
#include <em/level.h>
#include <string.h>

#define DUMPS 60

static int32_t end;

/* Long enough to be seen: what is awaited no more is garbage, and still what the frame points to. */
static __attribute__((noinline)) void linger(void)
{
    for (volatile int i = 0; i < 500; i++) {
    }
}

ASYNC_FN(int, change, ARGS((uint64_t, pattern)),
         VARS(ONE_OF(em_timer t, em_select2 sel, uint64_t garbage[12]); em_timer a; em_timer b))
{
    ASYNC {
        for (int i = 0; i < 12; i++)
            self->garbage[i] = self->pattern;
        YIELD();
        AWAIT(em_timer_after(&self->t, em_us(1)));
        for (int i = 0; i < 12; i++)
            self->garbage[i] = self->pattern + 8;
        linger();
        YIELD();
        AWAIT(SELECT(&self->sel, em_timer_after(&self->a, em_us(1)), em_timer_at(&self->b, EM_INSTANT_MAX)));
        memset(self->garbage, 0xff, sizeof self->garbage);
        linger();
        RETURN(0);
    }
}

TASK(changing, POOL(16), ARGS((uint64_t, pattern)), VARS(ONE_OF(struct change c, uint64_t garbage[20])))
{
    ASYNC {
        while (!em_atomic_load(&end)) {
            AWAIT(change(&self->c, self->pattern));
            for (int i = 0; i < 20; i++)
                self->garbage[i] = self->pattern;
            linger();
            YIELD();
        }
    }
}

MAIN(VARS(em_dump dump; unsigned i; unsigned lines))
{
    ASYNC {
        static const uint64_t patterns[] = {
            0, 8, 0x5a5a5a5a5a5a5a58, UINT64_MAX - 7, 0x10000001, 0x8000000000000000};
        for (unsigned h = 0; h < em_hart_count(); h++) {
            for (unsigned i = 0; i < 3; i++)
                em_must_spawn(em_spawner_hart(h), changing(patterns[(h * 3 + i) % 6]));
        }
        em_must_spawn(em_spawner_level(1), changing(24));
        for (self->i = 0; self->i < DUMPS; self->i++) {
            char line[EM_DUMP_LINE_MAX];
            em_dump_begin(&self->dump);
            while (em_dump_line(&self->dump, line, sizeof line))
                self->lines++;
            YIELD();
        }
        em_atomic_store(&end, 1);
        em_print(self->lines > DUMPS * em_hart_count() * 6 ? "all dumped\n" : "only %u lines\n", self->lines);
        em_board_exit(0);
    }
}
