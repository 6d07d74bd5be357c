/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The channel against a model: a list of values, who waits to send, who waits to receive, what is set aside for
 * whom, and who watches. Any order of sends, receives, tries, clears and cancels, for capacities 1 and 3, and
 * through views.
 */
#include "channel_ops.h"
#include "waiters.h"

static const channel_ops *c;
static waiters tx;
static waiters rx;
static waiters tx_watching;
static waiters rx_watching;

/* The model. */
static uint32_t values[8];
static uint32_t length;
static uint32_t promised_values; /* the oldest, to receivers that were woken */
static uint32_t promised_space;
static uint32_t sending[WAITERS];
static uint32_t next_value;      /* every value is sent once, in order of their numbers */

static void begin(const channel_ops *ops)
{
    c = ops;
    waiters_begin(&tx);
    waiters_begin(&rx);
    waiters_begin(&tx_watching);
    waiters_begin(&rx_watching);
    one_channel = (one){0};
    three_channel = (three){0};
    length = 0;
    promised_values = 0;
    promised_space = 0;
    next_value = 100;
}

static void model_offer_value(void)
{
    if (rx.count) {
        waiters_hand_over(&rx);
        promised_values++;
    } else if (rx_watching.count) {
        waiters_hand_over(&rx_watching);
        promised_values++;
    }
}

static void model_offer_space(void)
{
    if (tx.count) {
        waiters_hand_over(&tx);
        promised_space++;
    } else if (tx_watching.count) {
        waiters_hand_over(&tx_watching);
        promised_space++;
    }
}

static void model_send(uint32_t value)
{
    values[length++] = value;
    model_offer_value();
}

static uint32_t model_receive(void)
{
    uint32_t first = values[0];
    length--;
    for (uint32_t n = 0; n < length; n++) {
        values[n] = values[n + 1];
    }
    model_offer_space();
    return first;
}

static bool has_space(void)
{
    return length + promised_space < c->capacity;
}

static bool has_value(void)
{
    return length > promised_values;
}

static bool step_send(unsigned i)
{
    bool fresh = !waiters_pending(&tx, i);
    if (fresh) {
        sending[i] = next_value++;
        waiters_start(&tx, i, c->send(i, sending[i]));
    }
    bool expected = tx.handed[i] || (fresh && has_space());
    EXPECT(runner_poll(&tx.runner[i]) == expected);
    if (expected) {
        promised_space -= tx.handed[i];
        tx.handed[i] = false;
        model_send(sending[i]);
    } else if (fresh) {
        waiters_queue(&tx, i);
    }
    return true;
}

static bool step_receive(unsigned i)
{
    bool fresh = !waiters_pending(&rx, i);
    if (fresh) {
        waiters_start(&rx, i, c->receive(i));
    }
    bool expected = rx.handed[i] || (fresh && has_value());
    EXPECT(runner_poll(&rx.runner[i]) == expected);
    if (expected) {
        promised_values -= rx.handed[i];
        rx.handed[i] = false;
        EXPECT(c->received(i) == model_receive());
    } else if (fresh) {
        waiters_queue(&rx, i);
    }
    return true;
}

static void step_cancel_send(unsigned i)
{
    runner_drop(&tx.runner[i]);
    waiters_unqueue(&tx, i);
    if (tx.handed[i]) {
        tx.handed[i] = false;
        promised_space--;
        model_offer_space();
    }
}

static void step_cancel_receive(unsigned i)
{
    runner_drop(&rx.runner[i]);
    waiters_unqueue(&rx, i);
    if (rx.handed[i]) {
        rx.handed[i] = false;
        promised_values--;
        model_offer_value();
    }
}

/* What those who watch have to do with. */
typedef struct side {
    waiters *waiting;
    waiters *watching;
    uint32_t *promised;
    bool (*is_there)(void);
    void (*offer)(void);
} side;

static const side to_be_sent = {&tx, &tx_watching, &promised_space, has_space, model_offer_space};
static const side to_be_received = {&rx, &rx_watching, &promised_values, has_value, model_offer_value};

/* It gives up what it was handed. */
static bool model_give_up(const side *s, unsigned i)
{
    bool handed = s->watching->handed[i];
    s->watching->handed[i] = false;
    *s->promised -= handed;
    return handed;
}

static bool step_watch(const side *s, unsigned i)
{
    if (!waiters_pending(s->watching, i)) {
        waiters_start(s->watching, i, s == &to_be_sent ? c->ready_to_send(i) : c->ready_to_receive(i));
    }
    bool passes_on = model_give_up(s, i) && s->is_there() && s->waiting->count;
    bool expected = s->is_there() && !passes_on;
    EXPECT(runner_poll(&s->watching->runner[i]) == expected);
    if (!expected && !waiters_queued(s->watching, i)) {
        waiters_queue(s->watching, i);
    }
    if (passes_on) {
        s->offer();
    }
    while (expected && s->watching->count) { /* they look for themselves */
        s->watching->handed[waiters_hand_over(s->watching)] = false;
    }
    return true;
}

static void step_stop_watching(const side *s, unsigned i)
{
    if (!waiters_pending(s->watching, i)) {
        return;
    }
    runner_drop(&s->watching->runner[i]);
    waiters_unqueue(s->watching, i);
    if (model_give_up(s, i)) {
        s->offer();
    }
}

static bool step_try_send(void)
{
    bool expected = has_space();
    EXPECT(c->try_send(next_value) == (expected ? EM_OK : EM_ERR_AGAIN));
    if (expected) {
        model_send(next_value);
    }
    next_value++;
    return true;
}

static bool step_try_receive(void)
{
    uint32_t peeked = 0;
    uint32_t out = 0;
    bool expected = has_value();
    EXPECT(c->try_peek(&peeked) == (expected ? EM_OK : EM_ERR_AGAIN));
    EXPECT(c->try_receive(&out) == (expected ? EM_OK : EM_ERR_AGAIN));
    EXPECT(peeked == out);
    if (expected) {
        EXPECT(out == model_receive());
    }
    return true;
}

static void step_clear(void)
{
    c->clear();
    while (has_value()) {
        length--; /* the youngest: the oldest are promised */
        model_offer_space();
    }
}

static bool step(unsigned i, uint32_t kind)
{
    switch (kind) {
    case 0:
    case 1:
    case 2:
        return step_send(i);
    case 3:
    case 4:
    case 5:
        return step_receive(i);
    case 6:
        if (waiters_pending(&tx, i)) {
            step_cancel_send(i);
        }
        return true;
    case 7:
        if (waiters_pending(&rx, i)) {
            step_cancel_receive(i);
        }
        return true;
    case 8:
        return step_try_send();
    case 9:
        return step_try_receive();
    case 10:
        return step_watch(&to_be_sent, i);
    case 11:
        return step_watch(&to_be_received, i);
    case 12:
        step_stop_watching(&to_be_sent, i);
        step_stop_watching(&to_be_received, i);
        return true;
    default:
        step_clear();
        return true;
    }
}

/* After any schedule: what was promised is taken, and the channel works as a fresh one does. */
static bool drain(void)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        if (waiters_pending(&tx, i)) {
            step_cancel_send(i);
        }
        if (waiters_pending(&rx, i)) {
            step_cancel_receive(i);
        }
        step_stop_watching(&to_be_sent, i);
        step_stop_watching(&to_be_received, i);
    }
    while (has_value()) {
        EXPECT(step_try_receive());
    }
    EXPECT(c->len() == 0 && promised_space == 0 && promised_values == 0);
    for (uint32_t n = 0; n < c->capacity; n++) {
        EXPECT(c->try_send(n) == EM_OK);
    }
    EXPECT(c->try_send(0) == EM_ERR_AGAIN && c->len() == c->capacity);
    return true;
}

static bool random_schedule(const channel_ops *ops, uint64_t *random)
{
    begin(ops);
    for (unsigned n = 0; n < 30; n++) {
        unsigned i = em_test_random(random) % WAITERS;
        EXPECT(step(i, em_test_random(random) % 14));
        EXPECT(waiters_agree(&tx) && waiters_agree(&rx) && c->len() == length);
        EXPECT(waiters_agree(&tx_watching) && waiters_agree(&rx_watching));
    }
    return drain();
}

static bool random_schedule_of_one(uint64_t *random)
{
    return random_schedule(&one_ops, random);
}

static bool random_schedule_of_three(uint64_t *random)
{
    return random_schedule(&three_ops, random);
}

static bool random_schedule_by_views(uint64_t *random)
{
    return random_schedule(&view_ops, random);
}

static void any_schedule_of_a_channel_of_one_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule_of_one));
}

static void any_schedule_of_a_channel_of_three_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule_of_three));
}

static void any_schedule_by_views_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule_by_views));
}

static const em_test tests[] = {
    TEST(any_schedule_of_a_channel_of_one_agrees_with_the_model),
    TEST(any_schedule_of_a_channel_of_three_agrees_with_the_model),
    TEST(any_schedule_by_views_agrees_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
