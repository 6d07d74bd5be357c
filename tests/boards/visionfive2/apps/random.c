/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Random bytes: of all lengths, for several tasks at once, with waits that are given up. What is given twice, or
 * left as it was, is found. Then as often as the console says 'r', a fill and how it ended.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/random.h>
#include <em/uart.h>

#include <string.h>

#define TASKS 4
#define ROUNDS 100

static uint64_t seen[TASKS * ROUNDS * 13]; /* all that was given, 8 bytes at a time */
static unsigned given;
static em_semaphore ended;
static unsigned ones;

/* Of 64 random bits none is twice in some thousand, but by a chance of 1e-12. */
static void take_note(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i + 8 <= len; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        for (unsigned j = 0; j < given; j++) {
            EM_ASSERT(seen[j] != word);
        }
        seen[given++] = word;
        ones += (unsigned)__builtin_popcountll(word);
    }
}

TASK(taker, POOL(TASKS), VARS(em_random_fill_future fill; em_timeout limit; uint8_t buf[104]; size_t len; int round))
{
    ASYNC {
        for (self->round = 0; self->round < ROUNDS; self->round++) {
            self->len = (size_t)self->round % sizeof self->buf;
            AWAIT(em_random_fill(&self->fill, self->buf, self->len));
            EM_ASSERT(self->fill.out == (int)self->len);
            take_note(self->buf, self->len);
            AWAIT(WITH_TIMEOUT(&self->limit, em_ticks(1), em_random_fill(&self->fill, self->buf, sizeof self->buf)));
        }
        em_semaphore_release(&ended, 1);
    }
}

static void say_how_even(unsigned percent)
{
    em_print("all different, %s\n", percent >= 45 && percent <= 55 ? "even" : "uneven");
}

MAIN(VARS(em_semaphore_acquire_future all; em_uart_read_future rd; em_random_fill_future fill; uint8_t buf[40];
          char what))
{
    ASYNC {
        for (int i = 0; i < TASKS; i++) {
            em_must_spawn(self->spawner, taker());
        }
        AWAIT(em_semaphore_acquire(&self->all, &ended, TASKS));
        say_how_even(ones * 100 / (given * 64));
        for (;;) {
            AWAIT(em_uart_read(&self->rd, em_board_console(), &self->what, 1));
            if (self->what != 'r') {
                em_board_exit(0);
            }
            AWAIT(em_random_fill(&self->fill, self->buf, sizeof self->buf));
            em_print("fill: %d\n", self->fill.out);
        }
    }
}
