/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The zero-copy channel against a model: the values in order, what is borrowed, who waits, and what is set aside for
 * whom. Any order of borrowing, giving back in either way, tries, clears and cancels, for capacities 1 and 3.
 */
#include "waiters.h"

#include <em/zerocopy_channel.h>

EM_ZEROCOPY_CHANNEL_TYPE(one, uint32_t, 1);
EM_ZEROCOPY_CHANNEL_TYPE(three, uint32_t, 3);

/* What differs between the two. The futures have the same layout. */
typedef struct channel_ops {
    em_future *(*send)(unsigned i);
    em_future *(*receive)(unsigned i);
    int (*try_send)(uint32_t **);
    int (*try_receive)(uint32_t **);
    void (*send_done)(uint32_t *);
    void (*send_undo)(uint32_t *);
    void (*receive_done)(uint32_t *);
    void (*receive_undo)(uint32_t *);
    void (*clear)(void);
    uint32_t (*len)(void);
    uint32_t (*free)(void);
    uint32_t capacity;
} channel_ops;

static one_send_future sends[WAITERS];
static one_receive_future receives[WAITERS];

#define GIVE_BACK(name, how)                                                          \
    static void name##_##how##_op(uint32_t *value)                                    \
    {                                                                                 \
        name##_##how(&name##_channel, value);                                         \
    }
#define OPS(name, N)                                                                  \
    static name name##_channel;                                                       \
    static em_future *name##_send_op(unsigned i)                                      \
    {                                                                                 \
        return &name##_send((name##_send_future *)(void *)&sends[i], &name##_channel)->future; \
    }                                                                                 \
    static em_future *name##_receive_op(unsigned i)                                   \
    {                                                                                 \
        return &name##_receive((name##_receive_future *)(void *)&receives[i], &name##_channel)->future; \
    }                                                                                 \
    static int name##_try_send_op(uint32_t **value)                                   \
    {                                                                                 \
        return name##_try_send(&name##_channel, value);                               \
    }                                                                                 \
    static int name##_try_receive_op(uint32_t **value)                                \
    {                                                                                 \
        return name##_try_receive(&name##_channel, value);                            \
    }                                                                                 \
    GIVE_BACK(name, send_done)                                                        \
    GIVE_BACK(name, send_undo)                                                        \
    GIVE_BACK(name, receive_done)                                                     \
    GIVE_BACK(name, receive_undo)                                                     \
    static void name##_clear_op(void)                                                 \
    {                                                                                 \
        name##_clear(&name##_channel);                                                \
    }                                                                                 \
    static uint32_t name##_len_op(void)                                               \
    {                                                                                 \
        return name##_len(&name##_channel);                                           \
    }                                                                                 \
    static uint32_t name##_free_op(void)                                              \
    {                                                                                 \
        return name##_free(&name##_channel);                                          \
    }                                                                                 \
    static const channel_ops name##_ops = {                                           \
        name##_send_op,      name##_receive_op,   name##_try_send_op,     name##_try_receive_op,   \
        name##_send_done_op, name##_send_undo_op, name##_receive_done_op, name##_receive_undo_op,  \
        name##_clear_op,     name##_len_op,       name##_free_op,         N};
OPS(one, 1)
OPS(three, 3)

static const channel_ops *c;
static waiters tx, rx;

/* The model. */
static uint32_t values[3];    /* in order */
static uint32_t length;
static uint32_t *filling[3];  /* who borrowed places has these */
static uint32_t filling_count;
static uint32_t *reading[3];
static uint32_t read_value[3]; /* what must be there */
static uint32_t reading_count;
static uint32_t promised_values, promised_space;
static uint32_t next_value;

static void begin(const channel_ops *ops)
{
    c = ops;
    waiters_begin(&tx);
    waiters_begin(&rx);
    one_channel = (one){.values = {0}};
    three_channel = (three){.values = {0}};
    length = filling_count = reading_count = promised_values = promised_space = 0;
    next_value = 100;
}

static bool has_space(void)
{
    return length + filling_count + reading_count + promised_space < c->capacity;
}

static bool has_value(void)
{
    return length > promised_values;
}

static void model_offer_value(void)
{
    if (rx.count) {
        waiters_hand_over(&rx);
        promised_values++;
    }
}

static void model_offer_space(void)
{
    if (tx.count) {
        waiters_hand_over(&tx);
        promised_space++;
    }
}

/* A place was borrowed. It is nobody else's. */
static bool model_fill(uint32_t *place)
{
    for (uint32_t n = 0; n < filling_count; n++) {
        EXPECT(filling[n] != place);
    }
    for (uint32_t n = 0; n < reading_count; n++) {
        EXPECT(reading[n] != place);
    }
    filling[filling_count++] = place;
    *place = 0xffffffff; /* not yet */
    return true;
}

static bool model_read(uint32_t *place)
{
    EXPECT(*place == values[0]);
    reading[reading_count] = place;
    read_value[reading_count++] = values[0];
    length--;
    for (uint32_t n = 0; n < length; n++) {
        values[n] = values[n + 1];
    }
    return true;
}

static bool step_send(unsigned i)
{
    bool fresh = !waiters_pending(&tx, i);
    if (fresh) {
        waiters_start(&tx, i, c->send(i));
    }
    bool expected = tx.handed[i] || (fresh && has_space());
    EXPECT(runner_poll(&tx.runner[i]) == expected);
    if (expected) {
        promised_space -= tx.handed[i];
        tx.handed[i] = false;
        EXPECT(model_fill(sends[i].out));
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
        EXPECT(model_read(receives[i].out));
    } else if (fresh) {
        waiters_queue(&rx, i);
    }
    return true;
}

static void step_cancel(waiters *w, unsigned i, uint32_t *promised, void (*offer)(void))
{
    if (!waiters_pending(w, i)) {
        return;
    }
    runner_drop(&w->runner[i]);
    waiters_unqueue(w, i);
    if (w->handed[i]) {
        w->handed[i] = false;
        --*promised;
        offer();
    }
}

static bool step_try(bool send)
{
    uint32_t *place;
    bool expected = send ? has_space() : has_value();
    EXPECT((send ? c->try_send(&place) : c->try_receive(&place)) == (expected ? EM_OK : EM_ERR_AGAIN));
    return !expected || (send ? model_fill(place) : model_read(place));
}

/* Give back one of those that are being filled. */
static bool step_filled(uint32_t which, bool done)
{
    if (filling_count == 0) {
        return true;
    }
    which %= filling_count;
    uint32_t *place = filling[which];
    filling[which] = filling[--filling_count];
    if (done) {
        *place = values[length++] = next_value++;
        c->send_done(place);
        model_offer_value();
    } else {
        c->send_undo(place);
        model_offer_space();
    }
    return true;
}

static bool step_read(uint32_t which, bool done)
{
    if (reading_count == 0) {
        return true;
    }
    which %= reading_count;
    uint32_t *place = reading[which];
    uint32_t value = read_value[which];
    EXPECT(*place == value);
    reading[which] = reading[--reading_count];
    read_value[which] = read_value[reading_count];
    if (done) {
        c->receive_done(place);
        model_offer_space();
        return true;
    }
    c->receive_undo(place);
    for (uint32_t n = length++; n > 0; n--) {
        values[n] = values[n - 1];
    }
    values[0] = value;
    model_offer_value();
    return true;
}

static bool step_clear(void)
{
    c->clear();
    while (has_value()) {
        length--; /* the youngest: the oldest are promised */
        model_offer_space();
    }
    return true;
}

static bool step(unsigned i, uint32_t kind)
{
    switch (kind) {
    case 0 ... 2:
        return step_send(i);
    case 3 ... 5:
        return step_receive(i);
    case 6:
        step_cancel(&tx, i, &promised_space, model_offer_space);
        return true;
    case 7:
        step_cancel(&rx, i, &promised_values, model_offer_value);
        return true;
    case 8:
    case 9:
        return step_try(kind == 8);
    case 10 ... 12:
        return step_filled(i, kind > 10);
    case 13 ... 15:
        return step_read(i, kind > 13);
    default:
        return step_clear();
    }
}

/* After any schedule: what was promised or borrowed is given back, and the channel works as a fresh one does. */
static bool drain(void)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        step_cancel(&tx, i, &promised_space, model_offer_space);
        step_cancel(&rx, i, &promised_values, model_offer_value);
    }
    while (filling_count > 0) {
        EXPECT(step_filled(0, false));
    }
    while (reading_count > 0) {
        EXPECT(step_read(0, false));
    }
    EXPECT(step_clear() && c->len() == 0 && c->free() == c->capacity);
    EXPECT(promised_space == 0 && promised_values == 0);
    for (uint32_t n = 0; n < c->capacity; n++) {
        EXPECT(step_try(true));
    }
    EXPECT(c->free() == 0 && step_try(true));
    return true;
}

static bool random_schedule(const channel_ops *ops, uint64_t *random)
{
    begin(ops);
    for (unsigned n = 0; n < 40; n++) {
        unsigned i = em_test_random(random) % WAITERS;
        EXPECT(step(i, em_test_random(random) % 17));
        EXPECT(waiters_agree(&tx) && waiters_agree(&rx) && c->len() == length);
        EXPECT(c->free() == c->capacity - length - filling_count - reading_count);
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

static void any_schedule_of_a_channel_of_one_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule_of_one));
}

static void any_schedule_of_a_channel_of_three_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule_of_three));
}

static const em_test tests[] = {
    TEST(any_schedule_of_a_channel_of_one_agrees_with_the_model),
    TEST(any_schedule_of_a_channel_of_three_agrees_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
