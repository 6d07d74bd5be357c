/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The multi-waker, and the list that it is made of: an event is for all who wait. */
#include "waiters.h"

#include <em/multi_waker.h>
#include <em/select.h>

static em_multi_waker m;
static em_multi_waker_wait_future wait[WAITERS];
static unsigned there; /* of what they wait for */
static unsigned looks;
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    m = (em_multi_waker){0};
    there = 0;
    looks = 0;
}

static bool take_one(void *arg)
{
    (void)arg;
    looks++;
    if (there == 0) {
        return false;
    }
    there--;
    return true;
}

/* A wait, polled once. */
static bool ask(unsigned i)
{
    waiters_start(&w, i, &em_multi_waker_wait(&wait[i], &m, take_one, NULL)->future);
    return runner_poll(&w.runner[i]);
}

static bool ask_next(unsigned i)
{
    waiters_start(&w, i, &em_multi_waker_next(&wait[i], &m)->future);
    return runner_poll(&w.runner[i]);
}

static bool woken(unsigned i, unsigned times)
{
    test_run();
    return w.runner[i].wakes == times;
}

static void a_wake_with_nobody_there_is_forgotten(void)
{
    begin();
    em_multi_waker_wake(&m);
    CHECK(em_executor_is_idle(&test_executor) && !ask_next(0) && !ask(1));
}

static void what_has_happened_before_is_there_at_once(void)
{
    begin();
    there = 1;
    em_multi_waker_wake(&m);
    CHECK(ask(0) && there == 0 && m.waiters.waiters.first == NULL && !ask(1));
}

/* Upstream has N places, and wakes all when there is one task more, again and again. */
static void any_number_of_tasks_is_woken_once_in_order(void)
{
    static em_multi_waker_wait_future waits[100];
    static runner r[100];
    begin();
    for (unsigned i = 0; i < 100; i++) {
        runner_start(&r[i], NULL, &em_multi_waker_wait(&waits[i], &m, take_one, NULL)->future);
    }
    test_run();
    CHECK(looks == 100);
    there = 100;
    em_multi_waker_wake(&m);
    test_run();
    for (unsigned i = 0; i < 100; i++) {
        CHECK(r[i].ready && r[i].polls == 2 && (i == 0 || r[i].order > r[i - 1].order));
    }
    em_multi_waker_wake(&m);
    CHECK(em_executor_is_idle(&test_executor));
}

static void who_finds_nothing_waits_on(void)
{
    begin();
    CHECK(!ask(0) && !ask(1));
    there = 1;
    em_multi_waker_wake(&m);
    CHECK(woken(0, 1) && woken(1, 1) && runner_poll(&w.runner[1]) && !runner_poll(&w.runner[0]));
    there = 1;
    em_multi_waker_wake(&m);
    CHECK(woken(0, 2) && woken(1, 1) && runner_poll(&w.runner[0]));
}

static void next_is_the_next_wake(void)
{
    begin();
    CHECK(!ask_next(0) && !runner_poll(&w.runner[0]));
    em_multi_waker_wake(&m);
    CHECK(woken(0, 1) && runner_poll(&w.runner[0]) && !ask_next(0));
    em_multi_waker_wake(&m);
    em_multi_waker_wake(&m);
    CHECK(woken(0, 2) && runner_poll(&w.runner[0]) && !ask_next(0));
}

/* Upstream stored a task twice (#1446). */
static void a_task_that_waits_twice_is_polled_once(void)
{
    em_select2 select;
    runner r = {0};
    begin();
    em_future *arms[] = {&em_multi_waker_wait(&wait[0], &m, take_one, NULL)->future,
                         &em_multi_waker_next(&wait[1], &m)->future};
    em_select_init_(&select.base, 2, arms);
    runner_start(&r, NULL, &select.future);
    test_run();
    runner_poll(&r);
    em_multi_waker_wake(&m);
    test_run();
    CHECK(r.ready && r.wakes == 2 && m.waiters.waiters.first == NULL);
}

static void polled_again_it_keeps_its_place_and_takes_the_new_waker(void)
{
    em_wait_all_node node[2];
    begin();
    for (unsigned i = 0; i < 2; i++) {
        em_wait_all_node_init(&node[i]);
        em_multi_waker_add(&m, &node[i], (em_waker){&w.runner[i].task});
    }
    runner_start_passive(&w.runner[2], NULL);
    em_multi_waker_add(&m, &node[0], (em_waker){&w.runner[2].task});
    CHECK(m.waiters.waiters.first == &node[0].node);
    em_multi_waker_leave(&m, &node[1]);
    em_multi_waker_wake(&m);
    CHECK(woken(2, 1) && woken(0, 0) && woken(1, 0));
}

static void a_wait_dropped_at_any_point_loses_nothing(void)
{
    begin();
    waiters_start(&w, 0, &em_multi_waker_wait(&wait[0], &m, take_one, NULL)->future);
    runner_drop(&w.runner[0]); /* before its first poll */
    CHECK(!ask(0) && !ask(1));
    runner_drop(&w.runner[0]); /* while it waits */
    CHECK(!ask(0));
    there = 1;
    em_multi_waker_wake(&m);
    runner_drop(&w.runner[0]); /* after it was woken */
    CHECK(woken(1, 1) && runner_poll(&w.runner[1]) && m.waiters.waiters.first == NULL);
    CHECK(!ask_next(0) && !ask_next(1));
    em_multi_waker_wake(&m);
    runner_drop(&w.runner[0]);
    CHECK(runner_poll(&w.runner[1]) && m.waiters.waiters.first == NULL);
}

static void a_wait_dropped_when_ready_loses_nothing(void)
{
    em_select2 select;
    probe other;
    begin();
    there = 1;
    em_future *arms[] = {probe_init(&other, 'o'), &em_multi_waker_wait(&wait[0], &m, take_one, NULL)->future};
    other.fired = true;
    em_select_init_(&select.base, 2, arms);
    waiters_start(&w, 0, &select.future);
    CHECK(runner_poll(&w.runner[0]) && there == 1 && ask(1));
}

/* -- the model ---------------------------------------------------------------------------------------- */

static bool is_next[WAITERS]; /* waits for a wake, and not for what is there */

static bool step_poll(unsigned i, bool next)
{
    if (!waiters_pending(&w, i)) {
        is_next[i] = next;
        w.handed[i] = false; /* woken since it waits */
        waiters_start(&w, i, next ? &em_multi_waker_next(&wait[i], &m)->future
                                  : &em_multi_waker_wait(&wait[i], &m, take_one, NULL)->future);
    }
    bool expected = is_next[i] ? w.handed[i] : there > 0;
    unsigned left = there - (expected && !is_next[i]);
    EXPECT(runner_poll(&w.runner[i]) == expected && there == left);
    bool waits = false;
    for (unsigned n = 0; n < w.count; n++) {
        waits |= w.queue[n] == i;
    }
    if (expected) {
        waiters_unqueue(&w, i);
    } else if (!waits) {
        waiters_queue(&w, i);
    }
    w.handed[i] = false;
    return true;
}

static bool in_order(void)
{
    em_wait_node *n = m.waiters.waiters.first;
    for (unsigned i = 0; i < w.count; i++, n = n->next) {
        EXPECT(n == &wait[w.queue[i]].node.node);
    }
    EXPECT(n == m.waiters.waiters.first);
    return true;
}

static bool random_waits_wakes_and_cancels(uint64_t *random)
{
    begin();
    for (unsigned step = 0; step < 40; step++) {
        uint32_t r = em_test_random(random);
        unsigned i = r % WAITERS;
        switch ((r >> 8) % 7) {
        case 0:
            if (waiters_pending(&w, i)) {
                runner_drop(&w.runner[i]);
                waiters_unqueue(&w, i);
            }
            break;
        case 1:
        case 2:
            there += (r >> 16) % 2;
            em_multi_waker_wake(&m);
            while (w.count) {
                waiters_hand_over(&w);
            }
            break;
        default:
            EXPECT(step_poll(i, (r >> 16) % 3 == 0));
            break;
        }
        EXPECT(waiters_agree(&w) && in_order());
    }
    return true;
}

static void any_waits_wakes_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_waits_wakes_and_cancels));
}

static const em_test tests[] = {
    TEST(a_wake_with_nobody_there_is_forgotten),
    TEST(what_has_happened_before_is_there_at_once),
    TEST(any_number_of_tasks_is_woken_once_in_order),
    TEST(who_finds_nothing_waits_on),
    TEST(next_is_the_next_wake),
    TEST(a_task_that_waits_twice_is_polled_once),
    TEST(polled_again_it_keeps_its_place_and_takes_the_new_waker),
    TEST(a_wait_dropped_at_any_point_loses_nothing),
    TEST(a_wait_dropped_when_ready_loses_nothing),
    TEST(any_waits_wakes_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
