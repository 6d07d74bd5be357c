/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The clock against the time CSR, over several rounds of the timer block's 32 bits, asleep and awake; and what reading
 * it and waiting for it cost, in instructions of this hart, the firmware's included.
 */
#include <em/async.h>
#include <em/board.h>

#define WAITS 1000
#define LONG 7 /* minutes, each a wait */

static uint64_t time_csr(void)
{
    uint64_t value;
    __asm__ volatile("rdtime %0" : "=r"(value)::"memory");
    return value;
}

static uint64_t instructions(void)
{
    uint64_t value;
    __asm__ volatile("rdinstret %0" : "=r"(value)::"memory");
    return value;
}

/* Read between two readings of the other: between them, but for the tick that one may be ahead. */
static bool agrees(void)
{
    uint64_t before = time_csr(), now = em_now().ticks, after = time_csr();
    return now + 1 >= before && now <= after + 4;
}

MAIN(VARS(em_timer timer; int i; uint64_t start; bool good))
{
    ASYNC {
        self->start = instructions();
        for (int i = 0; i < WAITS; i++) {
            em_now();
        }
        em_print("read: %u\n", (unsigned)((instructions() - self->start) / WAITS));
        self->start = instructions();
        for (self->i = 0; self->i < WAITS; self->i++) {
            AWAIT(em_timer_after(&self->timer, em_us(5)));
        }
        em_print("wait: %u\n", (unsigned)((instructions() - self->start) / WAITS));
        self->good = true;
        for (self->i = 0; self->i < LONG; self->i++) {
            self->start = em_now().ticks;
            AWAIT(em_timer_after(&self->timer, em_secs(60)));
            self->good &= em_now().ticks - self->start >= 60ull * EM_TICK_HZ && agrees();
        }
        AWAIT(em_timer_after(&self->timer, em_secs(1000)));
        em_print("%s\n", self->good && agrees() ? "right" : "wrong");
        em_board_exit(0);
    }
}
