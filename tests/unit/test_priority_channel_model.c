/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The priority channel against a model: a list of values in order, who waits to send and to receive, how much is set
 * aside for whom. Any order of sends, receives, tries, removals, clears and cancels, typed and through a view.
 */
#include "waiters.h"

#include <em/priority_channel.h>

/* Few keys, so that there are equals; the serial number tells them apart. */
typedef struct item {
    int16_t key;
    uint16_t serial;
} item;

#define KEY_OF(i) ((i)->key)
EM_PRIORITY_CHANNEL_TYPE(channel, item, 5, EM_MAX_FIRST, KEY_OF);

static channel c;
static union {
    channel_send_future typed;
    em_channel_send_future view;
} sends[WAITERS];
static union {
    channel_receive_future typed;
    em_channel_receive_future view;
} receives[WAITERS];
static em_channel_ready_future to_send[WAITERS], to_receive[WAITERS];
static item sending[WAITERS], got[WAITERS];
static bool by_view[WAITERS];
static waiters tx, rx;
static waiters tx_watching, rx_watching;

/* The model. */
static item items[8]; /* what comes first, first */
static uint32_t length;
static uint32_t promised_items; /* to receivers that were woken; after a removal there may be fewer */
static uint32_t promised_space;
static unsigned returned; /* so many at the head of rx were woken in vain */
static uint16_t next_serial;

static void begin(void)
{
    waiters_begin(&tx);
    waiters_begin(&rx);
    waiters_begin(&tx_watching);
    waiters_begin(&rx_watching);
    c = (channel){0};
    length = 0;
    promised_items = 0;
    promised_space = 0;
    returned = 0;
    next_serial = 0;
}

static bool same(item a, item b)
{
    return a.key == b.key && a.serial == b.serial;
}

static bool has_space(void)
{
    return length + promised_space < 5;
}

static bool has_item(void)
{
    return length > promised_items;
}

static void model_offer_item(void)
{
    if (!has_item()) {
        return;
    }
    if (rx.count) {
        waiters_hand_over(&rx);
        returned -= returned > 0;
        promised_items++;
    } else if (rx_watching.count) {
        waiters_hand_over(&rx_watching);
        promised_items++;
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

static void model_send(item i)
{
    uint32_t at = length++;
    for (; at > 0 && items[at - 1].key < i.key; at--) {
        items[at] = items[at - 1];
    }
    items[at] = i;
    model_offer_item();
}

static item model_take(uint32_t at)
{
    item taken = items[at];
    length--;
    for (; at < length; at++) {
        items[at] = items[at + 1];
    }
    model_offer_space();
    return taken;
}

static item new_item(uint64_t *random)
{
    return (item){(int16_t)(em_test_random(random) % 3) - 1, next_serial++};
}

static em_future *new_send(unsigned i)
{
    if (sending[i].serial % 2) {
        return &channel_send(&sends[i].typed, &c, sending[i])->future;
    }
    return &em_channel_send(&sends[i].view, channel_view(&c), &sending[i], sizeof(item))->future;
}

static em_future *new_receive(unsigned i)
{
    if (by_view[i]) {
        return &em_channel_receive(&receives[i].view, channel_view(&c), &got[i], sizeof(item))->future;
    }
    return &channel_receive(&receives[i].typed, &c)->future;
}

static bool step_send(unsigned i, uint64_t *random)
{
    bool fresh = !waiters_pending(&tx, i);
    if (fresh) {
        sending[i] = new_item(random);
        waiters_start(&tx, i, new_send(i));
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

/* It waits on before all others, but for those to whom the same has happened. */
static void model_return(unsigned i)
{
    for (unsigned n = rx.count++; n > returned; n--) {
        rx.queue[n] = rx.queue[n - 1];
    }
    rx.queue[returned++] = i;
}

static bool step_receive(unsigned i, uint64_t *random)
{
    bool fresh = !waiters_pending(&rx, i);
    bool woken = rx.handed[i];
    if (fresh) {
        by_view[i] = em_test_random(random) % 2;
        waiters_start(&rx, i, new_receive(i));
    }
    bool expected = woken ? length > 0 : fresh && has_item();
    EXPECT(runner_poll(&rx.runner[i]) == expected);
    rx.handed[i] = false;
    promised_items -= woken;
    if (expected) {
        EXPECT(same(by_view[i] ? got[i] : receives[i].typed.out, model_take(0)));
    } else if (woken) {
        model_return(i);
    } else if (fresh) {
        waiters_queue(&rx, i);
    }
    return true;
}

static void step_cancel_send(unsigned i)
{
    if (!waiters_pending(&tx, i)) {
        return;
    }
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
    if (!waiters_pending(&rx, i)) {
        return;
    }
    for (unsigned n = 0; n < returned; n++) {
        if (rx.queue[n] == i) {
            returned--;
        }
    }
    runner_drop(&rx.runner[i]);
    waiters_unqueue(&rx, i);
    if (rx.handed[i]) {
        rx.handed[i] = false;
        promised_items--;
        model_offer_item();
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
static const side to_be_received = {&rx, &rx_watching, &promised_items, has_item, model_offer_item};

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
        waiters_start(s->watching, i, s == &to_be_sent ? &channel_ready_to_send(&to_send[i], &c)->future
                                                       : &channel_ready_to_receive(&to_receive[i], &c)->future);
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

static bool step_try(uint64_t *random)
{
    item peeked = {0, 0};
    item out = {0, 0};
    if (em_test_random(random) % 2) {
        bool expected = has_space();
        item i = new_item(random);
        EXPECT(channel_try_send(&c, i) == (expected ? EM_OK : EM_ERR_AGAIN));
        if (expected) {
            model_send(i);
        }
        return true;
    }
    bool expected = has_item();
    EXPECT(channel_try_peek(&c, &peeked) == (expected ? EM_OK : EM_ERR_AGAIN));
    EXPECT(channel_try_receive(&c, &out) == (expected ? EM_OK : EM_ERR_AGAIN) && same(out, peeked));
    EXPECT(!expected || same(out, model_take(0)));
    return true;
}

static bool has_key(const item *i, void *arg)
{
    return i->key == *(int16_t *)arg;
}

static bool step_remove(int16_t key)
{
    uint32_t removed = channel_remove_if(&c, has_key, &key);
    for (uint32_t at = length; at-- > 0;) {
        if (items[at].key == key) {
            model_take(at);
            removed--;
        }
    }
    EXPECT(removed == 0);
    return true;
}

static bool step_clear(void)
{
    channel_clear(&c);
    while (length > 0) {
        model_take(0);
    }
    return true;
}

static bool step(unsigned i, uint32_t kind, uint64_t *random)
{
    switch (kind) {
    case 0 ... 3:
        return step_send(i, random);
    case 4 ... 7:
        return step_receive(i, random);
    case 8:
        step_cancel_send(i);
        return true;
    case 9:
        step_cancel_receive(i);
        return true;
    case 10:
        return step_try(random);
    case 11:
        return step_remove((int16_t)((int)(em_test_random(random) % 3) - 1));
    case 12:
        return em_test_random(random) % 4 ? true : step_clear();
    case 13:
        return step_watch(&to_be_sent, i);
    case 14:
        return step_watch(&to_be_received, i);
    default:
        step_stop_watching(&to_be_sent, i);
        step_stop_watching(&to_be_received, i);
        return true;
    }
}

/* After any schedule it works as a fresh one does. */
static bool drain(uint64_t *random)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        step_cancel_send(i);
        step_cancel_receive(i);
        step_stop_watching(&to_be_sent, i);
        step_stop_watching(&to_be_received, i);
    }
    EXPECT(promised_space == 0 && promised_items == 0 && c.priority.returned == NULL);
    EXPECT(step_clear() && channel_is_empty(&c));
    for (unsigned n = 0; n < 5; n++) {
        EXPECT(channel_try_send(&c, new_item(random)) == EM_OK);
    }
    EXPECT(channel_try_send(&c, new_item(random)) == EM_ERR_AGAIN && channel_is_full(&c));
    return true;
}

static bool random_schedule(uint64_t *random)
{
    begin();
    for (unsigned n = 0; n < 40; n++) {
        unsigned i = em_test_random(random) % WAITERS;
        EXPECT(step(i, em_test_random(random) % 16, random));
        EXPECT(waiters_agree(&tx) && waiters_agree(&rx) && channel_len(&c) == length);
        EXPECT(waiters_agree(&tx_watching) && waiters_agree(&rx_watching));
    }
    return drain(random);
}

static void any_schedule_agrees_with_the_model(void)
{
    CHECK(test_schedules(200000, random_schedule));
}

static const em_test tests[] = {
    TEST(any_schedule_agrees_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
