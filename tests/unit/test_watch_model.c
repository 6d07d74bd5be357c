/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The watch against a model: the value, its version, what each receiver has seen, who waits for what. Any order of
 * sends, modifications, clears, waits, tries and cancels.
 */
#include "waiters.h"

#include <em/watch.h>

EM_WATCH_TYPE(level, uint32_t);

enum { GET, CHANGED, GET_AND, CHANGED_AND, KINDS };

static level watch;
static level_receiver receivers[WAITERS];
static union {
    level_get_future get;
    level_changed_future changed;
    level_get_and_future get_and;
    level_changed_and_future changed_and;
} waits[WAITERS];
static waiters w; /* receiver i's wait */

/* The model. */
static bool has_value;
static uint32_t value;
static uint32_t version;
static uint32_t seen[WAITERS];
static unsigned kind_of[WAITERS];

static void begin(void)
{
    waiters_begin(&w);
    watch = (level){0};
    has_value = false;
    value = 0;
    version = 0;
    for (unsigned i = 0; i < WAITERS; i++) {
        level_receiver_init(&receivers[i], &watch);
        seen[i] = 0;
    }
}

static bool is_odd(const uint32_t *v, void *arg)
{
    (void)arg;
    return *v % 2;
}

static em_future *wait_of(unsigned i)
{
    switch (kind_of[i]) {
    case GET:
        return &level_get(&waits[i].get, &receivers[i])->future;
    case CHANGED:
        return &level_changed(&waits[i].changed, &receivers[i])->future;
    case GET_AND:
        return &level_get_and(&waits[i].get_and, &receivers[i], is_odd, NULL)->future;
    default:
        return &level_changed_and(&waits[i].changed_and, &receivers[i], is_odd, NULL)->future;
    }
}

static uint32_t out_of(unsigned i)
{
    switch (kind_of[i]) {
    case GET:
        return waits[i].get.out;
    case CHANGED:
        return waits[i].changed.out;
    case GET_AND:
        return waits[i].get_and.out;
    default:
        return waits[i].changed_and.out;
    }
}

static int try(unsigned i, unsigned kind, uint32_t *out)
{
    switch (kind) {
    case GET:
        return level_try_get(&receivers[i], out);
    case CHANGED:
        return level_try_changed(&receivers[i], out);
    case GET_AND:
        return level_try_get_and(&receivers[i], is_odd, NULL, out);
    default:
        return level_try_changed_and(&receivers[i], is_odd, NULL, out);
    }
}

static bool model_get(unsigned i, unsigned kind)
{
    bool must_be_new = kind == CHANGED || kind == CHANGED_AND;
    bool must_be_odd = kind == GET_AND || kind == CHANGED_AND;
    if (!has_value || (must_be_new && seen[i] == version) || (must_be_odd && value % 2 == 0)) {
        return false;
    }
    seen[i] = version;
    return true;
}

static void model_sent(void)
{
    version++;
    while (w.count) {
        w.wakes[w.queue[0]]++;
        waiters_unqueue(&w, w.queue[0]);
    }
}

/* One of five things to a value: among them to make it, to take it away, and not to touch it. */
static bool modify(uint32_t *v, bool *has, void *arg)
{
    uint32_t how = *(uint32_t *)arg % 5;
    if (how == 0) {
        *v = 99; /* and says that nothing was modified */
        return false;
    }
    *v = *has ? *v + how : 7;
    *has = how != 4;
    return true;
}

static void modify_always(uint32_t *v, bool *has, void *arg)
{
    (void)modify(v, has, arg);
}

static bool step_modify(uint32_t how, bool always)
{
    bool modified = true;
    if (always) {
        level_send_modify(&watch, modify_always, &how);
        (void)modify(&value, &has_value, &how);
    } else {
        uint32_t was = value;
        modified = modify(&value, &has_value, &how);
        value = modified ? value : was;
        EXPECT(level_send_if_modified(&watch, modify, &how) == modified);
    }
    if (modified) {
        model_sent();
    }
    return true;
}

static bool step_poll(unsigned i, unsigned kind)
{
    if (!waiters_pending(&w, i)) {
        kind_of[i] = kind;
        waiters_start(&w, i, wait_of(i));
    }
    waiters_unqueue(&w, i); /* in vain, it keeps its place: all are woken at once, so places do not matter */
    bool expected = model_get(i, kind_of[i]);
    EXPECT(runner_poll(&w.runner[i]) == expected);
    if (expected) {
        EXPECT(out_of(i) == value);
    } else {
        waiters_queue(&w, i);
    }
    return true;
}

static bool step_try(unsigned i, unsigned kind)
{
    uint32_t out = 12345;
    bool expected = model_get(i, kind);
    EXPECT(try(i, kind, &out) == (expected ? EM_OK : EM_ERR_AGAIN));
    EXPECT(out == (expected ? value : 12345));
    return true;
}

static bool step(unsigned i, uint32_t what, uint32_t r)
{
    switch (what) {
    case 0:
    case 1:
        value = r % 100;
        has_value = true;
        level_send(&watch, value);
        model_sent();
        return true;
    case 2:
        return step_modify(r, r / 16 % 2);
    case 3:
        level_clear(&watch);
        has_value = false;
        return true;
    case 4:
        if (waiters_pending(&w, i)) {
            runner_drop(&w.runner[i]);
            waiters_unqueue(&w, i);
        }
        return true;
    case 5:
    case 6:
        return step_try(i, r % KINDS);
    default:
        return step_poll(i, r % KINDS);
    }
}

static bool random_schedule(uint64_t *random)
{
    begin();
    for (unsigned n = 0; n < 40; n++) {
        uint32_t r = em_test_random(random);
        EXPECT(step(r % WAITERS, (r >> 8) % 11, r >> 16));
        EXPECT(waiters_agree(&w) && level_contains_value(&watch) == has_value && level_version(&watch) == version);
    }
    for (unsigned i = 0; i < WAITERS; i++) {
        if (waiters_pending(&w, i)) {
            runner_drop(&w.runner[i]);
        }
    }
    EXPECT(watch.watch.readers.waiters.first == NULL);
    return true;
}

static void any_schedule_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule));
}

static const em_test tests[] = {
    TEST(any_schedule_agrees_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
