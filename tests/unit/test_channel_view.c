/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Views: any channel through one handle, beside the typed functions; sizes are checked. */
#include "fake_port.h"
#include "waiters.h"

#include <em/assert.h>
#include <em/channel.h>

EM_CHANNEL_TYPE(one, uint32_t, 1);
EM_CHANNEL_TYPE(three, uint32_t, 3);

struct pair {
    char name[12];
    uint64_t value;
};
EM_CHANNEL_TYPE(pairs, struct pair, 2);

static one c;
static three c3;
static em_channel_ready_future watch[WAITERS];
static one_send_future sends[WAITERS];
static one_receive_future receives[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    c = (one){0};
    c3 = (three){0};
}

static bool start(unsigned i, em_future *f)
{
    waiters_start(&w, i, f);
    return runner_poll(&w.runner[i]);
}

static bool receive(unsigned i)
{
    return start(i, &one_receive(&receives[i], &c)->future);
}

static bool send(unsigned i, uint32_t value)
{
    return start(i, &one_send(&sends[i], &c, value)->future);
}

static unsigned wakes(unsigned i)
{
    test_run();
    return w.runner[i].wakes;
}

/* Upstream's dynamic_dispatch_into and dynamic_dispatch_constructor, for a channel of any capacity. */
static bool goes_through(em_channel_view v)
{
    uint32_t value = 1;
    uint32_t out = 0;
    EXPECT(em_channel_try_receive(v, &out, sizeof out) == EM_ERR_AGAIN && em_channel_is_empty(v));
    EXPECT(em_channel_try_send(v, &value, sizeof value) == EM_OK);
    EXPECT(em_channel_try_peek(v, &out, sizeof out) == EM_OK && out == 1);
    EXPECT(em_channel_try_peek(v, &out, sizeof out) == EM_OK && out == 1 && em_channel_len(v) == 1);
    out = 0;
    EXPECT(em_channel_try_receive(v, &out, sizeof out) == EM_OK && out == 1);
    for (uint32_t n = 0; n < em_channel_capacity(v); n++) {
        EXPECT(em_channel_free(v) == em_channel_capacity(v) - n && !em_channel_is_full(v));
        EXPECT(em_channel_try_send(v, &n, sizeof n) == EM_OK);
    }
    EXPECT(em_channel_is_full(v) && em_channel_try_send(v, &value, sizeof value) == EM_ERR_AGAIN);
    for (uint32_t n = 0; n < em_channel_capacity(v); n++) {
        EXPECT(em_channel_try_receive(v, &out, sizeof out) == EM_OK && out == n);
    }
    EXPECT(em_channel_try_peek(v, &out, sizeof out) == EM_ERR_AGAIN);
    EXPECT(em_channel_try_send(v, &value, sizeof value) == EM_OK);
    em_channel_clear(v);
    EXPECT(em_channel_is_empty(v));
    return true;
}

static void one_function_serves_every_capacity(void)
{
    begin();
    for (unsigned n = 0; n < 3; n++) {
        CHECK(goes_through(one_view(&c)) && goes_through(three_view(&c3)));
    }
}

static void views_and_typed_functions_wait_in_one_line(void)
{
    static em_channel_receive_future by_view[2];
    static em_channel_send_future send_by_view;
    static const uint32_t four = 4;
    uint32_t got[2] = {0, 0};
    uint32_t out;
    begin();
    CHECK(!start(0, &em_channel_receive(&by_view[0], one_view(&c), &got[0], sizeof got[0])->future));
    CHECK(!receive(1));
    CHECK(!start(2, &em_channel_receive(&by_view[1], one_view(&c), &got[1], sizeof got[1])->future));
    CHECK(one_try_send(&c, 1) == EM_OK && wakes(0) == 1 && runner_poll(&w.runner[0]) && got[0] == 1);
    CHECK(one_try_send(&c, 2) == EM_OK && wakes(1) == 1);
    runner_drop(&w.runner[1]);
    CHECK(wakes(2) == 1 && runner_poll(&w.runner[2]) && got[1] == 2);
    CHECK(send(0, 3) && !start(1, &em_channel_send(&send_by_view, one_view(&c), &four, sizeof four)->future));
    CHECK(!send(2, 5) && one_try_receive(&c, &out) == EM_OK && out == 3 && wakes(1) == 2);
    CHECK(runner_poll(&w.runner[1]) && one_try_receive(&c, &out) == EM_OK && out == 4 && wakes(2) == 2);
    CHECK(runner_poll(&w.runner[2]) && one_try_receive(&c, &out) == EM_OK && out == 5);
}

static void a_view_that_is_dropped_passes_on_what_it_was_handed(void)
{
    static em_channel_send_future send_by_view;
    static em_channel_receive_future receive_by_view;
    static const uint32_t two = 2;
    uint32_t got = 0;
    uint32_t out;
    begin();
    CHECK(send(0, 1) && !start(1, &em_channel_send(&send_by_view, one_view(&c), &two, sizeof two)->future));
    CHECK(!send(2, 3) && one_try_receive(&c, &out) == EM_OK);
    runner_drop(&w.runner[1]);
    CHECK(wakes(2) == 1 && runner_poll(&w.runner[2]) && one_try_receive(&c, &out) == EM_OK && out == 3);
    CHECK(!start(0, &em_channel_receive(&receive_by_view, one_view(&c), &got, sizeof got)->future) && !receive(1));
    CHECK(one_try_send(&c, 4) == EM_OK);
    runner_drop(&w.runner[0]);
    CHECK(runner_poll(&w.runner[1]) && receives[1].out == 4 && got == 0);
}

static void views_tell_who_watches(void)
{
    uint32_t value = 1;
    begin();
    CHECK(!start(0, &em_channel_ready_to_receive(&watch[0], one_view(&c))->future));
    CHECK(start(1, &em_channel_ready_to_send(&watch[1], one_view(&c))->future));
    CHECK(em_channel_try_send(one_view(&c), &value, sizeof value) == EM_OK && wakes(0) == 1);
    CHECK(runner_poll(&w.runner[0]));
    CHECK(!start(1, &em_channel_ready_to_send(&watch[1], one_view(&c))->future));
    CHECK(em_channel_try_receive(one_view(&c), &value, sizeof value) == EM_OK && wakes(1) == 1);
}

static void structs_are_copied_whole(void)
{
    static pairs p;
    struct pair in = {.name = "eleven long", .value = 1ull << 60};
    struct pair out = {.value = 0};
    begin();
    for (unsigned n = 0; n < 3; n++) { /* around the ring */
        CHECK(em_channel_try_send(pairs_view(&p), &in, sizeof in) == EM_OK);
        CHECK(pairs_try_send(&p, (struct pair){.value = n}) == EM_OK);
        CHECK(pairs_try_receive(&p, &out) == EM_OK && out.name[10] == 'g' && out.value == 1ull << 60);
        CHECK(em_channel_try_receive(pairs_view(&p), &out, sizeof out) == EM_OK && out.value == n && !out.name[0]);
    }
}

static void a_value_of_another_size_panics(void)
{
    static em_channel_send_future s;
    static em_channel_receive_future r;
    uint64_t value = 0;
    begin();
    CHECK(PANICS((void)em_channel_send(&s, one_view(&c), &value, sizeof value)));
    CHECK(PANICS((void)em_channel_receive(&r, one_view(&c), &value, sizeof value)));
    CHECK(PANICS(EM_ASSERT(em_channel_try_send(one_view(&c), &value, sizeof value) == EM_OK)));
    CHECK(PANICS(EM_ASSERT(em_channel_try_receive(one_view(&c), &value, 3) == EM_OK)));
    CHECK(PANICS(EM_ASSERT(em_channel_try_peek(one_view(&c), &value, 0) == EM_OK)));
}

static const em_test tests[] = {
    TEST(one_function_serves_every_capacity),
    TEST(views_and_typed_functions_wait_in_one_line),
    TEST(a_view_that_is_dropped_passes_on_what_it_was_handed),
    TEST(views_tell_who_watches),
    TEST(structs_are_copied_whole),
    TEST(a_value_of_another_size_panics),
};

int main(void)
{
    RUN_TESTS(tests);
}
