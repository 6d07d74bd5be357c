/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the fake UART sends comes back to it, in pieces: JOIN of a read and a write, 42 times. */
#include "fake_uart.h"
#include "runner.h"

#include "../qemu/rounds.h"

static fake_uart fake;
static unsigned done;

TASK(rounds_task, VARS(struct rounds rounds))
{
    ASYNC {
        AWAIT_INTO(done, rounds(&self->rounds, &fake.uart));
    }
}

/* The line carries up to n bytes back. False: there were none. */
static bool line_carries(size_t n)
{
    size_t before = fake.out_length;
    fake_uart_send(&fake, n);
    if (fake.out_length > before) {
        fake_uart_type(&fake, fake.out + before, fake.out_length - before);
    }
    test_run();
    return fake.out_length > before;
}

static bool all_rounds_come_back(uint64_t *random)
{
    test_begin();
    fake_uart_begin(&fake);
    done = 0;
    em_must_spawn((em_spawner){&test_executor}, rounds_task());
    test_run();
    for (unsigned idle = 0; idle < 4 && done == 0;) { /* the hardware says twice that it has nothing to send */
        idle = line_carries(1 + em_test_random(random) % 20) ? 0 : idle + 1;
    }
    EXPECT(done == ROUNDS);
    return true;
}

static void what_is_sent_comes_back_in_pieces_of_any_length(void)
{
    CHECK(test_schedules(100, all_rounds_come_back));
}

/* One byte of the line is damaged. */
static void a_damaged_byte_ends_it(void)
{
    test_begin();
    fake_uart_begin(&fake);
    done = 77;
    em_must_spawn((em_spawner){&test_executor}, rounds_task());
    test_run();
    fake.uart.tx_ring[fake.uart.tx_tail % FAKE_TX_RING] ^= 1;
    CHECK(line_carries(20) && done == 0);
}

static const em_test tests[] = {
    TEST(what_is_sent_comes_back_in_pieces_of_any_length),
    TEST(a_damaged_byte_ends_it),
};

int main(void)
{
    RUN_TESTS(tests);
}
