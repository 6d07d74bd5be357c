/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* UART reads and writes, cancelled at random: no byte is lost, doubled or written for who was cancelled. */
#include "fake_uart.h"
#include "runner.h"

#include <string.h>

static fake_uart fake;
static em_uart *const uart = &fake.uart;
static runner writer;
static em_uart_write_future wr;

/* Readers with random lengths, each cancelled at random, against a line that types at random: nothing is lost. */
static bool random_read_cancels(uint64_t *random)
{
    test_begin();
    fake_uart_begin(&fake);
    static struct reader {
        runner r;
        em_uart_read_future rd;
        uint8_t buf[17];
        bool busy;
    } readers[3];
    memset(readers, 0, sizeof readers);
    uint8_t typed = 0;
    uint8_t expected = 0;
    for (unsigned cancels = 0; cancels < 1000;) {
        uint32_t dice = em_test_random(random);
        struct reader *r = &readers[dice % 3];
        if (dice & 0x100) {
            uint8_t piece[24];
            uint32_t n = (dice >> 16) % 24;
            for (uint32_t i = 0; i < n && fake.line_length + n < sizeof fake.line; i++) {
                piece[i] = typed++;
            }
            fake_uart_type(&fake, piece, fake.line_length + n < sizeof fake.line ? n : 0);
        }
        if (!r->busy) {
            memset(r->buf, 0xee, sizeof r->buf);
            runner_start_passive(&r->r, &em_uart_read(&r->rd, uart, r->buf, 1 + (dice >> 10) % 17)->future);
            r->busy = true;
        }
        if ((dice >> 24) % 4 == 0) {
            runner_drop(&r->r);
            r->busy = false;
            cancels++;
            EXPECT(r->buf[0] == 0xee && r->buf[16] == 0xee); /* not written by who was cancelled */
            continue;
        }
        if (runner_poll(&r->r)) {
            r->busy = false;
            EXPECT(r->rd.out >= 1 && r->rd.out <= 17);
            for (int i = 0; i < r->rd.out; i++) {
                EXPECT(r->buf[i] == expected++);
            }
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        if (readers[i].busy) {
            runner_drop(&readers[i].r);
        }
    }
    int n;
    static char buf[64];
    while ((n = em_uart_try_read(uart, buf, sizeof buf)) > 0) {
        for (int i = 0; i < n; i++) {
            EXPECT((uint8_t)buf[i] == expected++);
        }
    }
    EXPECT(expected == typed && !uart->rx.taken && !uart->rx_stalled);
    return true;
}

static void a_hundred_thousand_cancelled_reads_lose_nothing(void)
{
    CHECK(test_schedules(100, random_read_cancels));
}

/* Writers cancelled at random: the line carries the prefixes that they report, in the order of their turns. */
static bool random_write_cancels(uint64_t *random)
{
    test_begin();
    fake_uart_begin(&fake);
    static uint8_t text[100];
    uint8_t next = 0;
    size_t total = 0;
    for (unsigned i = 0; i < 300; i++) {
        uint32_t dice = em_test_random(random);
        size_t len = 1 + dice % sizeof text;
        for (size_t k = 0; k < len; k++) {
            text[k] = (uint8_t)(next + k);
        }
        runner_start_passive(&writer, &em_uart_write(&wr, uart, text, len)->future);
        bool ready = false;
        for (unsigned step = (dice >> 8) % 6; step > 0 && !ready; step--) {
            ready = runner_poll(&writer);
            fake_uart_send(&fake, em_test_random(random) % 20);
        }
        if (!ready) {
            runner_drop(&writer);
        }
        EXPECT(wr.sent <= len && (!ready || wr.sent == len));
        next = (uint8_t)(next + wr.sent);
        total += wr.sent;
    }
    fake_uart_send_all(&fake);
    EXPECT(fake.out_length == total && !uart->tx.taken);
    for (size_t i = 0; i < total; i++) {
        EXPECT(fake.out[i] == (uint8_t)i);
    }
    return true;
}

static void cancelled_writes_report_what_they_sent(void)
{
    CHECK(test_schedules(300, random_write_cancels));
}

static const em_test tests[] = {
    TEST(a_hundred_thousand_cancelled_reads_lose_nothing),
    TEST(cancelled_writes_report_what_they_sent),
};

int main(void)
{
    RUN_TESTS(tests);
}
