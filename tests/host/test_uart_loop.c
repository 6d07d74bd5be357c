/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Both directions of a UART at once, by one task, over a line that leads back. */
#include "fake_uart.h"
#include "runner.h"

#include <em/async.h>
#include <string.h>

enum { ROUNDS = 42, BYTES = 100 }; /* more than both rings hold */

static fake_uart fake;
static em_uart *const uart = &fake.uart;
static unsigned rounds;

ASYNC_FN(void, read_all, ARGS((uint8_t *, to), (unsigned, length)), VARS(em_uart_read_future read; unsigned done))
{
    ASYNC {
        for (self->done = 0; self->done < self->length; self->done += (unsigned)self->read.out) {
            AWAIT(em_uart_read(&self->read, uart, self->to + self->done, self->length - self->done));
            EM_ASSERT(self->read.out > 0);
        }
    }
}

TASK(looper, VARS(em_uart_write_future write; struct read_all read; em_join2 both; uint8_t sent[BYTES];
                  uint8_t got[BYTES]))
{
    ASYNC {
        for (rounds = 0; rounds < ROUNDS; rounds++) {
            for (unsigned i = 0; i < BYTES; i++) {
                self->sent[i] = (uint8_t)(i ^ rounds);
            }
            memset(self->got, 0, BYTES);
            AWAIT(JOIN(&self->both, em_uart_write(&self->write, uart, self->sent, BYTES),
                       read_all(&self->read, self->got, BYTES)));
            if (memcmp(self->got, self->sent, BYTES) != 0) {
                break;
            }
        }
    }
}

/* Upstream's uart_dma: what is written while the same task reads comes back, in a pattern that changes. */
static void a_join_of_both_directions_gets_back_what_it_sends(void)
{
    size_t looped = 0;
    test_begin();
    fake_uart_begin(&fake);
    em_must_spawn((em_spawner){&test_executor}, looper());
    test_run();
    while (uart->tx_busy) {
        fake_uart_send(&fake, 7);
        test_run();
        fake_uart_type(&fake, fake.out + looped, fake.out_length - looped);
        looped = fake.out_length;
        test_run();
    }
    CHECK(rounds == ROUNDS && looped == ROUNDS * BYTES);
}

static const em_test tests[] = {
    TEST(a_join_of_both_directions_gets_back_what_it_sends),
};

int main(void)
{
    RUN_TESTS(tests);
}
