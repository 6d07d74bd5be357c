/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The stream of records over a line that has no room: whoever comes next sends what it was about to send. */
#include "fake_uart.h"
#include "runner.h"

#include <em/assert.h>
#include <em/trace_ring.h>
#include <em/trace_stream.h>
#include <string.h>

#define RECORDS 20 /* three times what is sent at once */

em_trace_ring em_trace_rings_[EM_CFG_MAX_HARTS];

static fake_uart fake;
static uint8_t wide[512];
static uint8_t expected[1024];
static size_t expected_length;

static void write_records(unsigned from, unsigned to)
{
    em_trace_ring *ring = &em_trace_rings_[0];
    for (unsigned i = from; i < to; i++) {
        ring->record[ring->written % EM_CFG_TRACE_RECORDS] = (em_trace_record){
            .stamp = (uint64_t)(1000 + i) << 8 | EM_TRACE_LOG_, .object = 0x1234, .arg = i};
        ring->written++;
    }
}

/* What a line with room gets, as the measure of all others. */
static void begin(void)
{
    test_begin();
    fake_uart_begin(&fake);
    write_records(0, RECORDS);
    em_trace_stream_rest(&fake.uart);
    memcpy(expected, fake.out, fake.out_length);
    expected_length = fake.out_length;
    fake_uart_begin(&fake);
}

static em_task_handle stream;

static void start(void)
{
    EM_ASSERT(em_spawn_handle((em_spawner){&test_executor}, em_trace_stream(&fake.uart), &stream) == 0);
    test_run();
}

static void stop(void)
{
    em_task_cancel(stream);
    test_run();
}

static void widen(void)
{
    fake.uart.tx_ring = wide;
    fake.uart.tx_size = sizeof wide;
}

static bool same_frames(void)
{
    return fake_uart_sent_is(&fake, expected, expected_length);
}

static void each_record_is_a_frame(void)
{
    begin();
    unsigned frames = 0;
    for (size_t i = 1; i < expected_length; i++) {
        frames += expected[i] == 0 && expected[i - 1] != 0;
    }
    CHECK(frames == RECORDS);
}

static void the_stream_sends_what_there_is(void)
{
    begin();
    widen();
    write_records(0, RECORDS);
    start();
    stop();
    fake_uart_send_all(&fake);
    CHECK(same_frames());
}

static void the_rest_begins_with_what_the_stream_had_no_room_for(void)
{
    begin();
    write_records(0, RECORDS);
    start();
    size_t sent = fake.out_length;
    em_trace_stream_rest(&fake.uart);
    stop();
    CHECK(sent == 0);
    CHECK(same_frames());
}

static void a_stream_that_is_cancelled_loses_nothing(void)
{
    begin();
    write_records(0, RECORDS);
    start();
    stop();
    widen();
    start();
    stop();
    fake_uart_send_all(&fake);
    CHECK(same_frames());
}

int main(void)
{
    static const em_test tests[] = {
        TEST(each_record_is_a_frame),
        TEST(the_stream_sends_what_there_is),
        TEST(the_rest_begins_with_what_the_stream_had_no_room_for),
        TEST(a_stream_that_is_cancelled_loses_nothing),
    };
    RUN_TESTS(tests);
}
