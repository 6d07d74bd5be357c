/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The UART's receive ring, its readers' turns, and events of the line, on a fake hardware; cancellation; flow. */
#include "fake_uart.h"
#include "runner.h"

#include <string.h>

static fake_uart fake;
static em_uart *const uart = &fake.uart;
static runner a, b, c;
static em_uart_read_future rd, rd2;
static em_uart_write_future wr;
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

static void type(const char *text)
{
    fake_uart_type(&fake, text, strlen(text));
    test_run();
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
};

int main(void)
{
    RUN_TESTS(tests);
}
