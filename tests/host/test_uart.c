/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The UART's rings, turns and futures, on a fake hardware: order, cancellation at every point, errors, flow. */
#include "fake_uart.h"
#include "runner.h"

#include <string.h>

static fake_uart fake;
static em_uart *const uart = &fake.uart;
static runner a, b, c;
static em_uart_read_future rd, rd2;
static em_uart_write_future wr, wr2;
static em_uart_flush_future fl, fl2;
static char buf[64], buf2[64];

static void begin(void)
{
    test_begin();
    fake_uart_begin(&fake);
    memset(buf, 0, sizeof buf);
    memset(buf2, 0, sizeof buf2);
}

static void start_read(runner *r, const char *name, em_uart_read_future *f, void *to, size_t len)
{
    runner_start(r, name, &em_uart_read(f, uart, to, len)->future);
    test_run();
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

static void type(const char *text)
{
    fake_uart_type(&fake, text, strlen(text));
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

/* -- reading ------------------------------------------------------------------------------------ */

static void a_read_gets_what_is_there(void)
{
    begin();
    type("hello");
    start_read(&a, "a", &rd, buf, sizeof buf);
    CHECK(a.ready && rd.out == 5 && memcmp(buf, "hello", 5) == 0);
    CHECK(em_uart_get_counters(uart).received == 5);
}

static void a_read_gets_at_most_its_length(void)
{
    begin();
    type("hello");
    start_read(&a, "a", &rd, buf, 2);
    start_read(&b, "b", &rd2, buf2, 3);
    CHECK(rd.out == 2 && memcmp(buf, "he", 2) == 0 && buf[2] == 0);
    CHECK(rd2.out == 3 && memcmp(buf2, "llo", 3) == 0);
}

static void a_read_waits_and_is_woken_once(void)
{
    begin();
    start_read(&a, "a", &rd, buf, sizeof buf);
    CHECK(!a.ready && a.polls == 1);
    type("x");
    CHECK(a.ready && rd.out == 1 && buf[0] == 'x' && a.polls == 2);
    CHECK(!uart->rx.taken);
}

static void a_length_of_zero_is_ready_at_once(void)
{
    begin();
    start_read(&b, "b", &rd2, buf2, 1);
    start_read(&a, "a", &rd, buf, 0);
    CHECK(a.ready && rd.out == 0);
    start_write(&c, "c", &wr, "");
    CHECK(c.ready && wr.out == 0);
    CHECK(em_uart_try_read(uart, buf, 0) == 0 && em_uart_try_write(uart, buf, 0) == 0);
}

static void readers_take_turns(void)
{
    begin();
    start_read(&a, "a", &rd, buf, 4);
    start_read(&b, "b", &rd2, buf2, 4);
    CHECK(em_uart_try_read(uart, buf, 1) == EM_ERR_AGAIN);
    type("12");
    CHECK(a.ready && rd.out == 2 && !b.ready);
    type("3");
    CHECK(b.ready && rd2.out == 1 && buf2[0] == '3');
    CHECK_TRACE("a b");
}

static void bytes_for_two_serve_two(void)
{
    begin();
    start_read(&a, "a", &rd, buf, 1);
    start_read(&b, "b", &rd2, buf2, 1);
    type("12");
    CHECK(a.ready && b.ready && buf[0] == '1' && buf2[0] == '2');
    CHECK_TRACE("a b");
}

static void try_read_does_not_overtake(void)
{
    begin();
    CHECK(em_uart_try_read(uart, buf, 1) == EM_ERR_AGAIN);
    CHECK(em_uart_readable(uart) == 0);
    type("xyz");
    CHECK(em_uart_readable(uart) == 3);
    CHECK(em_uart_try_read(uart, buf, 2) == 2 && memcmp(buf, "xy", 2) == 0);
    CHECK(em_uart_try_read(uart, buf, 2) == 1 && buf[0] == 'z');
    start_read(&a, "a", &rd, buf, 1);
    fake_uart_type(&fake, "q", 1); /* a was woken and has not run yet */
    CHECK(em_uart_try_read(uart, buf2, 1) == EM_ERR_AGAIN);
    test_run();
    CHECK(a.ready && buf[0] == 'q');
}

static void a_cancelled_read_loses_nothing(void)
{
    begin();
    start_read(&a, "a", &rd, buf, 8); /* has the turn, waits for bytes */
    runner_drop(&a);
    type("1");
    CHECK(buf[0] == 0);
    start_read(&a, "a", &rd, buf, 8);
    CHECK(a.ready && buf[0] == '1');

    start_read(&a, "a", &rd, buf, 8); /* woken, not polled */
    start_read(&b, "b", &rd2, buf2, 8); /* waits for the turn */
    fake_uart_type(&fake, "2", 1);
    runner_drop(&a);
    test_run();
    CHECK(b.ready && buf2[0] == '2' && buf[0] == '1');
}

static void cancelling_who_waits_for_the_turn(void)
{
    begin();
    start_read(&a, "a", &rd, buf, 8);
    start_read(&b, "b", &rd2, buf2, 8);
    runner_drop(&b);
    type("1");
    CHECK(a.ready && !uart->rx.taken);
    start_read(&a, "a", &rd, buf, 1);
    start_read(&b, "b", &rd2, buf2, 8);
    fake_uart_type(&fake, "2", 1);
    CHECK(runner_poll(&a)); /* hands the turn to b */
    runner_drop(&b);        /* which has it, and never looked */
    CHECK(!uart->rx.taken);
    test_run();
    type("3");
    CHECK(em_uart_try_read(uart, buf, 1) == 1 && buf[0] == '3');
}

static void a_full_buffer_holds_the_line_back(void)
{
    begin();
    char text[101];
    for (int i = 0; i < 100; i++) {
        text[i] = (char)('0' + i % 10);
    }
    text[100] = '\0';
    type(text);
    CHECK(em_uart_readable(uart) == FAKE_RX_RING && uart->rx_stalled);
    char got[101] = {0};
    int n = 0;
    while (n < 100) {
        start_read(&a, NULL, &rd, got + n, 7);
        CHECK(a.ready && rd.out > 0);
        n += rd.out;
    }
    CHECK(strcmp(got, text) == 0);
    CHECK(!uart->rx_stalled && em_uart_get_counters(uart).received == 100);
}

/* -- events of the line ------------------------------------------------------------------------- */

static void errors_come_in_their_place_once(void)
{
    begin();
    type("ab");
    fake_uart_event(&fake, EM_UART_PARITY);
    type("c");
    start_read(&a, NULL, &rd, buf, 8);
    CHECK(rd.out == 2 && memcmp(buf, "ab", 2) == 0);
    start_read(&a, NULL, &rd, buf, 8);
    CHECK(rd.out == EM_ERR_IO && rd.error == EM_UART_PARITY);
    start_read(&a, NULL, &rd, buf, 8);
    CHECK(rd.out == 1 && buf[0] == 'c');
    start_read(&a, NULL, &rd, buf, 8);
    CHECK(!a.ready);
}

static void an_error_wakes_the_reader(void)
{
    begin();
    start_read(&a, NULL, &rd, buf, 8);
    fake_uart_event(&fake, EM_UART_OVERRUN);
    test_run();
    CHECK(a.ready && rd.out == EM_ERR_OVERFLOW && rd.error == EM_UART_OVERRUN);
    fake_uart_event(&fake, EM_UART_BREAK);
    CHECK(em_uart_try_read(uart, buf, 1) == EM_ERR_IO);
    CHECK(em_uart_try_read(uart, buf, 1) == EM_ERR_AGAIN);
}

static void kinds_at_one_place_are_reported_one_by_one(void)
{
    begin();
    fake_uart_event(&fake, EM_UART_FRAMING | EM_UART_PARITY);
    fake_uart_event(&fake, EM_UART_OVERRUN);
    static const uint8_t order[] = {EM_UART_PARITY, EM_UART_FRAMING, EM_UART_OVERRUN};
    unsigned seen = 0;
    for (unsigned i = 0; i < 3; i++) {
        start_read(&a, NULL, &rd, buf, 8);
        CHECK(a.ready && rd.out < 0);
        seen |= rd.error;
    }
    CHECK(seen == (unsigned)(order[0] | order[1] | order[2]));
    start_read(&a, NULL, &rd, buf, 8);
    CHECK(!a.ready);
}

static void the_same_error_twice_is_two_errors(void)
{
    begin();
    fake_uart_event(&fake, EM_UART_PARITY);
    fake_uart_event(&fake, EM_UART_PARITY);
    type("x");
    CHECK(em_uart_try_read(uart, buf, 8) == EM_ERR_IO);
    CHECK(em_uart_try_read(uart, buf, 8) == EM_ERR_IO);
    CHECK(em_uart_try_read(uart, buf, 8) == 1);
    CHECK(em_uart_get_counters(uart).parity_errors == 2);
}

static void unread_errors_beyond_the_marks_are_merged_and_no_byte_is_lost(void)
{
    begin();
    for (char i = 0; i < 8; i++) {
        char text[] = {(char)('a' + i), 0};
        type(text);
        fake_uart_event(&fake, EM_UART_FRAMING);
    }
    unsigned errors = 0;
    size_t n = 0;
    for (int i = 0; i < 20; i++) {
        int got = em_uart_try_read(uart, buf + n, 8);
        errors += got == EM_ERR_IO;
        n += got > 0 ? (size_t)got : 0;
    }
    CHECK(errors == EM_UART_MARKS && n == 8 && memcmp(buf, "abcdefgh", 8) == 0);
    CHECK(em_uart_get_counters(uart).framing_errors == 8);
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
    TEST(a_read_gets_what_is_there),
    TEST(a_read_gets_at_most_its_length),
    TEST(a_read_waits_and_is_woken_once),
    TEST(a_length_of_zero_is_ready_at_once),
    TEST(readers_take_turns),
    TEST(bytes_for_two_serve_two),
    TEST(try_read_does_not_overtake),
    TEST(a_cancelled_read_loses_nothing),
    TEST(cancelling_who_waits_for_the_turn),
    TEST(a_full_buffer_holds_the_line_back),
    TEST(errors_come_in_their_place_once),
    TEST(an_error_wakes_the_reader),
    TEST(kinds_at_one_place_are_reported_one_by_one),
    TEST(the_same_error_twice_is_two_errors),
    TEST(unread_errors_beyond_the_marks_are_merged_and_no_byte_is_lost),
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
