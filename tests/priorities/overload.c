/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* 64 tasks, eight of each priority, have 17 us of work each millisecond: more than there is time for. The higher the
 * priority, the sooner a task is polled; the highest are nearly as soon as if there were no others; and even the
 * lowest are polled.
 *
 * run: --icount
 * expect: a higher priority is polled sooner: yes
 * expect: priority 7, 99 of 100: less than twice as late as alone: yes
 * expect: priority 0 is polled: yes
 */
#include <em/async.h>
#include <em/board.h>

enum { A_PRIORITY = 8, ROUNDS = 200, LATE_US = 4096 };

typedef struct row {
    uint64_t sum;
    unsigned polls;
    unsigned late[LATE_US]; /* how many were late by so many us */
} row;

static row rows[EM_PRIORITIES];
static em_instant begin, end;

static void compute_17_us(void)
{
    long n = 17 * 500;
    __asm__ volatile("1: addi %0, %0, -1\n\tbnez %0, 1b" : "+r"(n));
}

static void note(unsigned priority, em_instant due)
{
    row *r = &rows[priority];
    uint64_t us = em_duration_as_us(em_instant_diff(em_now(), due));
    r->sum += us;
    r->polls++;
    r->late[us < LATE_US ? us : LATE_US - 1]++;
}

TASK(worker, POOL(A_PRIORITY * EM_PRIORITIES), ARGS((unsigned, priority)), VARS(em_timer t; em_instant due))
{
    ASYNC {
        em_set_priority((uint8_t)self->priority);
        for (self->due = begin; em_instant_before(self->due, end); self->due = em_instant_add(self->due, em_ms(1))) {
            AWAIT(em_timer_at(&self->t, self->due));
            if (!em_instant_before(em_now(), end)) {
                break;
            }
            note(self->priority, self->due);
            compute_17_us();
        }
    }
}

/* 99 of 100 are late by no more. */
static unsigned p99(const row *r)
{
    unsigned us = 0;
    for (unsigned n = r->late[0]; n * 100 < r->polls * 99; n += r->late[++us]) {
    }
    return us;
}

static uint64_t mean(unsigned priority)
{
    return rows[priority].sum / rows[priority].polls;
}

/* Run those of these priorities. */
static void start(em_spawner s, unsigned lowest)
{
    begin = em_instant_add(em_now(), em_ms(5));
    end = em_instant_add(begin, em_ms(ROUNDS));
    for (unsigned i = 0; i < A_PRIORITY; i++) {
        for (unsigned p = lowest; p < EM_PRIORITIES; p++) {
            em_must_spawn(s, worker(p));
        }
    }
}

TASK(judge, PRIORITY(7), ARGS((em_spawner, s)), VARS(em_timer t; unsigned alone))
{
    ASYNC {
        start(self->s, EM_PRIORITIES - 1);
        AWAIT(em_timer_at(&self->t, em_instant_add(end, em_ms(50))));
        self->alone = p99(&rows[EM_PRIORITIES - 1]);
        rows[EM_PRIORITIES - 1] = (row){0};
        start(self->s, 0);
        AWAIT(em_timer_at(&self->t, em_instant_add(end, em_ms(50))));
        bool sooner = true;
        for (unsigned p = 0; p < EM_PRIORITIES; p++) {
            em_print("priority %u: %u polls, %u us late, 99 of 100: %u us\n", p, rows[p].polls, (unsigned)mean(p),
                     p99(&rows[p]));
            sooner &= p == 0 || mean(p) < mean(p - 1);
        }
        em_print("alone: %u us\n", self->alone);
        em_print("a higher priority is polled sooner: %s\n", sooner ? "yes" : "no");
        em_print("priority 7, 99 of 100: less than twice as late as alone: %s\n",
                 p99(&rows[EM_PRIORITIES - 1]) < 2 * self->alone ? "yes" : "no");
        em_print("priority 0 is polled: %s\n", rows[0].polls > A_PRIORITY ? "yes" : "no");
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, judge(self->spawner));
    }
}
