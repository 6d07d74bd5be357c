/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Publish and subscribe against a model: the messages by number, what each subscriber reads next, who waits, who was
 * woken. Any order of everything, with cancels, for capacities 1 and 3.
 */
#include "pubsub_ops.h"
#include "waiters.h"

static const pubsub_ops *p;
static waiters tx; /* publishers, of whom the first that was woken stays in the queue */
static waiters rx; /* subscriber i's wait */

/* The model. */
static uint32_t messages[128]; /* by number */
static uint32_t oldest;
static uint32_t end;
static uint32_t count; /* subscribers */
static bool subscribed[WAITERS];
static uint32_t next[WAITERS];
static bool pure[WAITERS];
static bool woken_tx[WAITERS]; /* in this step */
static uint32_t next_message;

static void begin(const pubsub_ops *ops)
{
    p = ops;
    waiters_begin(&tx);
    waiters_begin(&rx);
    one_pubsub = (one){0};
    three_pubsub = (three){0};
    oldest = 0;
    end = 0;
    count = 0;
    next_message = 100;
    for (unsigned i = 0; i < WAITERS; i++) {
        subscribed[i] = false;
        woken_tx[i] = false;
    }
}

static bool has_room(void)
{
    return count == 0 || end - oldest < p->capacity;
}

static void model_wake_publisher(void)
{
    if (tx.count) {
        woken_tx[tx.queue[0]] = true;
    }
}

static void model_push(uint32_t message)
{
    if (count) {
        messages[end++] = message;
    }
    while (count && rx.count) {
        rx.wakes[rx.queue[0]]++;
        waiters_unqueue(&rx, rx.queue[0]);
    }
}

/* What nobody has to read any more leaves. */
static void model_trim(void)
{
    for (; oldest < end; oldest++) {
        for (unsigned i = 0; i < WAITERS; i++) {
            if (subscribed[i] && next[i] <= oldest) {
                return;
            }
        }
        model_wake_publisher();
    }
}

/* What subscriber i gets: false: nothing. Else so many missed, or a message. */
static bool model_next(unsigned i, bool is_pure, uint32_t *missed, uint32_t *message)
{
    *missed = next[i] < oldest ? oldest - next[i] : 0;
    next[i] += *missed;
    if (*missed && !is_pure) {
        return true;
    }
    *missed = 0;
    if (next[i] == end) {
        return false;
    }
    *message = messages[next[i]++];
    model_trim();
    return true;
}

/* -- steps ------------------------------------------------------------------------------------------- */

static bool step_publish(unsigned i)
{
    bool fresh = !waiters_pending(&tx, i);
    if (fresh) {
        waiters_start(&tx, i, p->publish(i, next_message++));
    }
    bool expected = has_room() && (fresh ? tx.count == 0 : tx.queue[0] == i);
    EXPECT(runner_poll(&tx.runner[i]) == expected);
    if (expected) {
        waiters_unqueue(&tx, i);
        if (count == 0 || end - oldest + 1 < p->capacity) {
            model_wake_publisher();
        }
        model_push(publishes[i].message);
    } else if (fresh) {
        waiters_queue(&tx, i);
    }
    return true;
}

static void step_cancel_publish(unsigned i)
{
    bool first = tx.count && tx.queue[0] == i;
    runner_drop(&tx.runner[i]);
    waiters_unqueue(&tx, i);
    if (first && has_room()) {
        model_wake_publisher();
    }
}

static bool step_try_publish(void)
{
    bool expected = tx.count == 0 && has_room();
    EXPECT(p->try_publish(next_message) == (expected ? EM_OK : EM_ERR_AGAIN));
    if (expected) {
        model_push(next_message);
    }
    next_message++;
    return true;
}

static void step_publish_immediate(void)
{
    p->publish_immediate(next_message);
    oldest += !has_room();
    model_push(next_message++);
}

static bool step_next(unsigned i, bool is_pure)
{
    uint32_t missed;
    uint32_t message = 0;
    if (!waiters_pending(&rx, i)) {
        pure[i] = is_pure;
        waiters_start(&rx, i, is_pure ? p->next_pure(i) : p->next(i));
    }
    waiters_unqueue(&rx, i); /* in vain, it keeps its place: all are woken at once, so places do not matter */
    bool expected = model_next(i, pure[i], &missed, &message);
    EXPECT(runner_poll(&rx.runner[i]) == expected);
    if (!expected) {
        waiters_queue(&rx, i);
    } else if (pure[i]) {
        EXPECT(pures[i].out == message);
    } else {
        EXPECT(nexts[i].out.lagged == missed && (missed || nexts[i].out.message == message));
    }
    return true;
}

static bool step_try_next(unsigned i, bool is_pure)
{
    uint32_t missed;
    uint32_t message = 0;
    one_result out = {.lagged = 99, .message = 98};
    bool expected = model_next(i, is_pure, &missed, &message);
    int error = is_pure ? p->try_next_pure(i, &out.message) : p->try_next(i, &out);
    EXPECT(error == (expected ? EM_OK : EM_ERR_AGAIN));
    EXPECT(out.lagged == (expected && !is_pure ? missed : 99));
    EXPECT(out.message == (expected && !missed ? message : 98));
    return true;
}

static void step_subscription(unsigned i)
{
    if (!subscribed[i]) {
        p->subscribe(i);
        subscribed[i] = true;
        next[i] = end;
        count++;
    } else if (!waiters_pending(&rx, i)) {
        p->unsubscribe(i);
        subscribed[i] = false;
        count--;
        model_trim();
    }
}

static void step_clear(void)
{
    p->clear();
    oldest = end;
    model_wake_publisher();
}

static void step_cancel_next(unsigned i)
{
    runner_drop(&rx.runner[i]);
    waiters_unqueue(&rx, i);
}

static bool step_of_subscriber(unsigned i, uint32_t kind, bool flip)
{
    if (!subscribed[i]) {
        return true;
    }
    if (kind < 3) {
        return step_next(i, flip);
    }
    if (kind < 5) {
        return step_try_next(i, flip);
    }
    if (waiters_pending(&rx, i)) {
        step_cancel_next(i);
    }
    return true;
}

static bool step(unsigned i, uint32_t kind, bool flip)
{
    switch (kind) {
    case 6:
    case 7:
        step_subscription(i);
        return true;
    case 8:
        if (waiters_pending(&tx, i)) {
            step_cancel_publish(i);
        }
        return true;
    case 9:
    case 10:
    case 11:
        return step_publish(i);
    case 12:
        return step_try_publish();
    case 13:
        step_publish_immediate();
        return true;
    case 14:
        if (flip) {
            step_clear();
        }
        return true;
    default:
        return step_of_subscriber(i, kind, flip);
    }
}

static bool agree(void)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        tx.wakes[i] += woken_tx[i];
        woken_tx[i] = false;
        EXPECT(!subscribed[i] || p->available(i) == end - (next[i] < oldest ? oldest : next[i]));
    }
    return waiters_agree(&tx) && waiters_agree(&rx) && p->len() == end - oldest && p->subscribers() == count;
}

/* After any schedule: it empties, and works as a fresh one does. */
static bool drain(void)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        if (waiters_pending(&tx, i)) {
            step_cancel_publish(i);
        }
        if (waiters_pending(&rx, i)) {
            step_cancel_next(i);
        }
        if (subscribed[i]) {
            step_subscription(i);
        }
        EXPECT(agree());
    }
    EXPECT(p->len() == 0);
    step_subscription(0);
    for (uint32_t n = 0; n < p->capacity; n++) {
        EXPECT(p->try_publish(n) == EM_OK);
    }
    EXPECT(p->try_publish(0) == EM_ERR_AGAIN && p->len() == p->capacity);
    return true;
}

static bool random_schedule(const pubsub_ops *ops, uint64_t *random)
{
    begin(ops);
    step_subscription(0);
    for (unsigned n = 0; n < 40; n++) {
        uint32_t r = em_test_random(random);
        EXPECT(step(r % WAITERS, (r >> 8) % 15, (r >> 16) % 2));
        EXPECT(agree());
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

static void any_schedule_of_a_queue_of_one_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule_of_one));
}

static void any_schedule_of_a_queue_of_three_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule_of_three));
}

static const em_test tests[] = {
    TEST(any_schedule_of_a_queue_of_one_agrees_with_the_model),
    TEST(any_schedule_of_a_queue_of_three_agrees_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
