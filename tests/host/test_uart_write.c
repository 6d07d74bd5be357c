/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The UART's transmit ring, its writers' turns, and flushing, on a fake hardware; cancellation at every point. */
#include "fake_uart.h"
#include "runner.h"

#include <string.h>

static fake_uart fake;
static em_uart *const uart = &fake.uart;
static runner a, b, c;
static em_uart_write_future wr, wr2;
static em_uart_flush_future fl, fl2;

static void begin(void)
{
    test_begin();
    fake_uart_begin(&fake);
}

static void start_write(runner *r, const char *name, em_uart_write_future *f, const char *text)
{
    runner_start(r, name, &em_uart_write(f, uart, text, strlen(text))->future);
    test_run();
}

static void start_flush(runner *r, const char *name, em_uart_flush_future *f)
{
    runner_start(r, name, &em_uart_flush(f, uart)->future);
    test_run();
}

static void send_some(size_t n)
{
    fake_uart_send(&fake, n);
    test_run();
}

static void send_all(void)
{
    do {
        send_some(16);
    } while (uart->tx_busy);
}

/* -- writing ------------------------------------------------------------------------------------ */

static const char forty[] = "0123456789012345678901234567890123456789";

static void a_write_that_fits_is_ready_at_once(void)
{
    begin();
    start_write(&a, "a", &wr, "hello");
    CHECK(a.ready && wr.out == 5 && wr.sent == 5 && a.polls == 1 && a.wakes == 1);
    send_all();
    CHECK(fake_uart_sent_is(&fake, "hello", 5));
    CHECK(em_uart_get_counters(uart).sent == 5 && a.wakes == 1);
}

static void a_write_that_does_not_fit_waits_for_room(void)
{
    begin();
    start_write(&a, "a", &wr, forty);
    CHECK(!a.ready && wr.sent == FAKE_TX_RING && em_uart_writable(uart) == 0);
    send_some(4);
    CHECK(!a.ready && a.polls == 1); /* not for every byte: for half a buffer */
    send_some(12);
    CHECK(a.ready && wr.out == 40 && a.polls == 2);
    send_all();
    CHECK(fake_uart_sent_is(&fake, forty, 40));
}

static void room_that_comes_while_a_write_copies_is_not_missed(void)
{
    begin();
    fake.at_once = true;
    start_write(&a, "a", &wr, forty);
    CHECK(a.ready && fake_uart_sent_is(&fake, forty, 40));
}

static void writers_do_not_mix(void)
{
    begin();
    start_write(&a, "a", &wr, forty);
    start_write(&b, "b", &wr2, "NEXT");
    CHECK(em_uart_try_write(uart, "z", 1) == EM_ERR_AGAIN);
    send_all();
    CHECK_TRACE("a b");
    CHECK(em_uart_try_write(uart, "z", 1) == 1);
    send_all();
    CHECK(fake_uart_sent_is(&fake, "0123456789012345678901234567890123456789NEXTz", 45));
}

static void try_write_takes_a_prefix(void)
{
    begin();
    CHECK(em_uart_try_write(uart, forty, 40) == FAKE_TX_RING);
    CHECK(em_uart_try_write(uart, forty, 40) == EM_ERR_AGAIN);
    send_all();
    CHECK(fake_uart_sent_is(&fake, forty, FAKE_TX_RING));
}

/* Cancel a long write after k steps of the hardware: exactly `sent` bytes leave, then the next writer's. */
static void a_cancelled_write_has_sent_a_prefix(void)
{
    char text[201];
    for (int i = 0; i < 200; i++) {
        text[i] = (char)('a' + i % 26);
    }
    text[200] = '\0';
    for (unsigned steps = 0; steps < 20; steps++) {
        begin();
        start_write(&a, NULL, &wr, text);
        start_write(&b, NULL, &wr2, "NEXT");
        for (unsigned i = 0; i < steps; i++) {
            send_some(13);
        }
        if (a.ready) {
            CHECK(steps > 12);
            continue;
        }
        runner_drop(&a);
        test_run();
        send_all();
        CHECK(b.ready && !uart->tx.taken && wr.sent >= FAKE_TX_RING && wr.sent < 200);
        char expected[210];
        memcpy(expected, text, wr.sent);
        memcpy(expected + wr.sent, "NEXT", 4);
        CHECK(fake_uart_sent_is(&fake, expected, wr.sent + 4));
    }
}

static void a_write_cancelled_before_its_turn_sends_nothing(void)
{
    begin();
    start_write(&a, NULL, &wr, forty);
    start_write(&b, NULL, &wr2, "NEVER");
    runner_drop(&b);
    CHECK(wr2.sent == 0);
    send_all();
    CHECK(a.ready && fake_uart_sent_is(&fake, forty, 40));

    start_write(&a, NULL, &wr, forty);
    start_write(&b, NULL, &wr2, "NEVER");
    fake_uart_send(&fake, 32);
    CHECK(runner_poll(&a)); /* hands the turn to b */
    runner_drop(&b);
    CHECK(!uart->tx.taken);
    test_run();
    send_all();
    CHECK(fake_uart_sent_is(&fake, forty, 40));
}

static void overlapping_producers_publish_together(void)
{
    begin();
    uint32_t outer = em_uart_tx_reserve_(uart, 2);
    uint32_t inner = em_uart_tx_reserve_(uart, 1); /* an interrupt prints while a task copies */
    uart->tx_ring[inner % FAKE_TX_RING] = '3';
    em_uart_tx_commit_(uart);
    CHECK(!em_uart_tx_pending_(uart));
    uart->tx_ring[outer % FAKE_TX_RING] = '1';
    uart->tx_ring[(outer + 1) % FAKE_TX_RING] = '2';
    em_uart_tx_commit_(uart);
    send_all();
    CHECK(fake_uart_sent_is(&fake, "123", 3));
}

/* -- flushing ----------------------------------------------------------------------------------- */

static void flush_of_an_idle_line_is_ready_at_once(void)
{
    begin();
    start_flush(&a, "a", &fl);
    CHECK(a.ready && a.polls == 1);
}

static void flush_waits_for_the_buffer_then_for_the_last_byte(void)
{
    begin();
    start_write(&a, NULL, &wr, "hello");
    fake.shifting = true;
    start_flush(&b, "b", &fl);
    send_some(5);
    CHECK(!b.ready && b.polls == 1); /* the buffer is empty, the hardware's is not */
    send_some(1);
    CHECK(!b.ready && b.polls == 2); /* that, too, but the last byte is on the line */
    test_pass(9);
    CHECK(!b.ready && b.polls == 2);
    test_pass(1);
    CHECK(!b.ready && b.polls >= 3); /* it takes longer than it should */
    fake.shifting = false;
    test_pass(10);
    CHECK(b.ready);
}

static void all_who_flush_are_served(void)
{
    begin();
    start_write(&a, NULL, &wr, "hello");
    start_flush(&b, "b", &fl);
    start_flush(&c, "c", &fl2);
    send_all();
    CHECK(b.ready && c.ready);
    CHECK_TRACE("b c");
}

static void flush_waits_for_what_is_written_meanwhile(void)
{
    begin();
    start_write(&a, NULL, &wr, "hello");
    start_flush(&b, "b", &fl);
    fake_uart_send(&fake, 5);
    fake_uart_send(&fake, 1); /* b is woken … */
    CHECK(em_uart_try_write(uart, "more", 4) == 4); /* … too early */
    test_run();
    CHECK(!b.ready);
    send_all();
    CHECK(b.ready);
}

static void a_cancelled_flush_passes_on(void)
{
    begin();
    start_write(&a, NULL, &wr, "hello");
    start_flush(&b, "b", &fl);
    start_flush(&c, "c", &fl2);
    fake_uart_send(&fake, 5);
    fake_uart_send(&fake, 1);
    runner_drop(&b); /* it was the one notified */
    test_run();
    CHECK(c.ready);

    start_write(&a, NULL, &wr, "hello");
    fake.shifting = true;
    start_flush(&b, "b", &fl);
    send_all();
    CHECK(!b.ready && fl.timing);
    runner_drop(&b); /* on the clock */
    CHECK(test_executor.timers.first == NULL);
}

static const em_test tests[] = {
    TEST(a_write_that_fits_is_ready_at_once),
    TEST(a_write_that_does_not_fit_waits_for_room),
    TEST(room_that_comes_while_a_write_copies_is_not_missed),
    TEST(writers_do_not_mix),
    TEST(try_write_takes_a_prefix),
    TEST(a_cancelled_write_has_sent_a_prefix),
    TEST(a_write_cancelled_before_its_turn_sends_nothing),
    TEST(overlapping_producers_publish_together),
    TEST(flush_of_an_idle_line_is_ready_at_once),
    TEST(flush_waits_for_the_buffer_then_for_the_last_byte),
    TEST(all_who_flush_are_served),
    TEST(flush_waits_for_what_is_written_meanwhile),
    TEST(a_cancelled_flush_passes_on),
};

int main(void)
{
    RUN_TESTS(tests);
}
