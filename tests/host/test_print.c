/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* em_print into the ring: whole messages or none, what is dropped is counted and said in its place. */
#include "fake_uart.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#include <em/board.h>

/* The tests report by the harness's em_print; this is the one that they test, on a console of ours. */
#define em_print tested_print
#define em_board_console tested_console
em_uart *tested_console(void);
void tested_print(const char *fmt, ...);
#include "print.c"
#undef em_print
#undef em_board_console

static fake_uart fake;

em_uart *tested_console(void)
{
    return &fake.uart;
}

static bool sent_is(const char *text)
{
    fake_uart_send_all(&fake);
    return fake_uart_sent_is(&fake, text, strlen(text));
}

static void a_message_goes_out_whole(void)
{
    fake_uart_begin(&fake);
    tested_print("n = %d, s = %s\n", 42, "text");
    CHECK(sent_is("n = 42, s = text\n"));
    tested_print("%s", "");
    CHECK(!fake.uart.tx_busy);
}

static void a_message_as_long_as_the_buffer_fits(void)
{
    fake_uart_begin(&fake);
    tested_print("%032d", 7);
    CHECK(sent_is("00000000000000000000000000000007"));
    CHECK(em_uart_get_counters(&fake.uart).print_dropped == 0);
}

static uint8_t ring[128];

/* With a transmit ring of `size` bytes, as the notice does not fit the fake's. */
static void begin(uint32_t size)
{
    fake_uart_begin(&fake);
    fake.uart.tx_ring = ring;
    fake.uart.tx_size = size;
}

static void what_does_not_fit_is_dropped_counted_and_said_in_its_place(void)
{
    begin(128);
    tested_print("%0120d\n", 1);
    tested_print("dropped %d\n", 1);
    tested_print("x\n"); /* would fit, but what was lost comes first */
    CHECK(em_uart_get_counters(&fake.uart).print_dropped == 12);
    fake_uart_send(&fake, 20); /* no room for the notice yet */
    CHECK(fake.uart.on_room != NULL);
    fake_uart_send(&fake, 80); /* said by the interrupt */
    CHECK(fake.uart.on_room == NULL);
    tested_print("after\n");
    char expected[200];
    snprintf(expected, sizeof expected, "%0120d\n[em_print: 12 bytes dropped]\nafter\n", 1);
    CHECK(sent_is(expected));
}

static void a_message_too_long_for_ever_is_said_too(void)
{
    begin(64);
    tested_print("%0100d", 1);
    CHECK(em_uart_tx_pending_(&fake.uart) && fake.uart.on_room == NULL);
    CHECK(sent_is("[em_print: 100 bytes dropped]\n")); /* at once: an idle line has no interrupts */
    tested_print("after\n");
    CHECK(sent_is("after\n"));
}

static void fill_text(em_uart *u, uint32_t at, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    fill(u, at, (uint32_t)strlen(text), text, args);
    va_end(args);
}

/* An interrupt that prints while a message is formatted: its message does not mix with that one. */
static void an_interrupt_prints_between(void)
{
    begin(128);
    uint32_t at;
    CHECK(reserve_or_drop(&fake.uart, 6, &at));
    tested_print("isr\n");
    CHECK(!em_uart_tx_pending_(&fake.uart)); /* not before the first is complete */
    fill_text(&fake.uart, at, "outer\n");
    CHECK(sent_is("outer\nisr\n"));
}

static const em_test tests[] = {
    TEST(a_message_goes_out_whole),
    TEST(a_message_as_long_as_the_buffer_fits),
    TEST(what_does_not_fit_is_dropped_counted_and_said_in_its_place),
    TEST(a_message_too_long_for_ever_is_said_too),
    TEST(an_interrupt_prints_between),
};

int main(void)
{
    RUN_TESTS(tests);
}
