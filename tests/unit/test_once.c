/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Once: set once, waiting asleep, made at the first use, taken out, cancellation at every point. */
#include "fake_port.h"
#include "waiters.h"

#include <em/once.h>

EM_ONCE_TYPE(cell, int);

static cell c;
static cell_get_future get[WAITERS];
static cell_get_or_init_future get_or_init[WAITERS];
static waiters w;
static unsigned made; /* calls of the functions that make a value */

static void begin(void)
{
    waiters_begin(&w);
    c = (cell){0};
    made = 0;
}

static void make(int *value, void *arg)
{
    made++;
    *value = *(int *)arg;
}

/* Start a get and poll it once. */
static bool ask(unsigned i)
{
    waiters_start(&w, i, &cell_get(&get[i], &c)->future);
    return runner_poll(&w.runner[i]);
}

static bool ask_or_init(unsigned i, void (*how)(int *, void *), void *arg)
{
    waiters_start(&w, i, &cell_get_or_init(&get_or_init[i], &c, how, arg)->future);
    return runner_poll(&w.runner[i]);
}

/* Upstream's once_lock. */
static void it_is_set_once_and_the_second_is_refused(void)
{
    int *value = NULL;
    begin();
    CHECK(!cell_is_set(&c) && cell_try_get(&c, &value) == EM_ERR_AGAIN && value == NULL);
    CHECK(cell_init(&c, 42) == EM_OK && cell_is_set(&c));
    CHECK(cell_try_get(&c, &value) == EM_OK && *value == 42);
    CHECK(cell_init(&c, 43) == EM_ERR_BUSY && *value == 42);
    CHECK(PANICS(cell_must_init(&c, 44)) && *value == 42);
    begin();
    cell_must_init(&c, 45);
    CHECK(cell_try_get(&c, &value) == EM_OK && *value == 45);
}

/* Upstream's once_lock_get_or_init. */
static void only_the_first_function_makes_the_value(void)
{
    int first = 42, second = 43, *value;
    begin();
    CHECK(cell_try_get_or_init(&c, make, &first, &value) == EM_OK && *value == 42 && value == &c.value);
    CHECK(cell_is_set(&c) && cell_try_get_or_init(&c, make, &second, &value) == EM_OK && *value == 42);
    CHECK(ask_or_init(0, make, &second) && get_or_init[0].out == &c.value && *get_or_init[0].out == 42);
    CHECK(cell_init(&c, 44) == EM_ERR_BUSY && made == 1);
}

/* Upstream's once_lock_async and once_lock_static. */
static void a_get_is_ready_with_the_value(void)
{
    static cell zeroed;
    begin();
    CHECK(!ask(0) && cell_init(&c, 42) == EM_OK);
    test_run();
    CHECK(w.runner[0].wakes == 1 && runner_poll(&w.runner[0]) && get[0].out == &c.value && *get[0].out == 42);
    CHECK(ask(1) && get[1].out == get[0].out);
    CHECK(!cell_is_set(&zeroed) && cell_init(&zeroed, 1) == EM_OK && cell_is_set(&zeroed));
}

/* Upstream's wakes itself at every poll: 10 polls, 10 wakes. */
static void who_waits_sleeps(void)
{
    static runner r;
    begin();
    runner_start(&r, NULL, &cell_get(&get[0], &c)->future);
    for (unsigned round = 0; round < 10; round++) {
        em_executor_poll(&test_executor);
    }
    CHECK(em_executor_is_idle(&test_executor) && r.polls == 1);
    CHECK(cell_init(&c, 1) == EM_OK);
    test_run();
    CHECK(r.ready && r.polls == 2);
}

static void all_that_wait_are_woken_in_order(void)
{
    static runner r[4];
    static const char *const names[] = {"a", "b", "c", "d"};
    begin();
    for (unsigned i = 0; i < 4; i++) {
        runner_start(&r[i], names[i], &cell_get(&get[i], &c)->future);
    }
    test_run();
    CHECK(cell_init(&c, 1) == EM_OK);
    test_run();
    CHECK_TRACE("a b c d");
    CHECK(r[0].polls == 2 && r[1].polls == 2 && r[2].polls == 2 && r[3].polls == 2);
}

/* Upstream's test_lazy_lock and test_lazy_lock_mutation. */
static void a_lazy_value_is_made_at_the_first_use(void)
{
    int value = 42;
    begin();
    CHECK(made == 0 && ask_or_init(0, make, &value) && made == 1 && *get_or_init[0].out == 42);
    *get_or_init[0].out = 43;
    CHECK(ask_or_init(1, make, &value) && made == 1 && *get_or_init[1].out == 43);
}

/* Upstream's once_lock_into_inner, once_lock_take_init, test_lazy_lock_into_inner. */
static void what_is_taken_out_can_be_set_again(void)
{
    int value = 7, *in_cell;
    begin();
    CHECK(cell_take(&c, &value) == EM_ERR_AGAIN && value == 7);
    CHECK(cell_init(&c, 42) == EM_OK && cell_take(&c, &value) == EM_OK && value == 42);
    CHECK(!cell_is_set(&c) && cell_try_get(&c, &in_cell) == EM_ERR_AGAIN && cell_take(&c, &value) == EM_ERR_AGAIN);
    CHECK(cell_init(&c, 43) == EM_OK && cell_try_get(&c, &in_cell) == EM_OK && *in_cell == 43);
}

/* What the function sees, and what others see that come while it runs: here, from inside it. */
static void ask_inside(int *value, void *arg)
{
    static int other;
    int *in_cell = NULL;
    other = 1;
    bool *asked = arg;
    made++;
    *asked = cell_init(&c, 2) == EM_ERR_BUSY && cell_try_get(&c, &in_cell) == EM_ERR_AGAIN && !cell_is_set(&c) &&
             cell_try_get_or_init(&c, make, &other, &in_cell) == EM_ERR_AGAIN &&
             cell_take(&c, &other) == EM_ERR_AGAIN && !ask(1) && !ask_or_init(2, make, &other);
    *value = 42;
}

static void who_comes_while_it_is_made_waits(void)
{
    bool asked = false;
    begin();
    CHECK(ask_or_init(0, ask_inside, &asked) && asked && *get_or_init[0].out == 42);
    test_run();
    CHECK(w.runner[1].wakes == 1 && w.runner[2].wakes == 1 && made == 1);
    CHECK(runner_poll(&w.runner[2]) && *get_or_init[2].out == 42 && runner_poll(&w.runner[1]) && *get[1].out == 42);
}

static void who_is_told_too_late_waits_or_makes_it_again(void)
{
    int value = 5;
    bool asked = false;
    begin();
    CHECK(ask_or_init(0, ask_inside, &asked) && cell_take(&c, &value) == EM_OK && value == 42);
    CHECK(!runner_poll(&w.runner[1]) && runner_poll(&w.runner[2]) && *get_or_init[2].out == 1 && made == 2);
    CHECK(runner_poll(&w.runner[1]) && *get[1].out == 1);
}

static void dropped_gets_change_nothing(void)
{
    int value = 5;
    begin();
    waiters_start(&w, 0, &cell_get_or_init(&get_or_init[0], &c, make, &value)->future);
    runner_drop(&w.runner[0]);
    CHECK(made == 0 && !cell_is_set(&c) && !ask(1) && !ask(2) && !ask(3));
    runner_drop(&w.runner[1]);
    CHECK(cell_init(&c, 42) == EM_OK);
    runner_drop(&w.runner[2]);
    test_run();
    CHECK(w.runner[1].wakes == 0 && w.runner[3].wakes == 1 && runner_poll(&w.runner[3]) && *get[3].out == 42);
}

static void an_untyped_once_is_a_thing_that_happens_once(void)
{
    static em_once happened;
    static em_once_get_future g;
    begin();
    waiters_start(&w, 0, &em_once_get(&g, &happened)->future);
    CHECK(!em_once_is_set(&happened) && !runner_poll(&w.runner[0]) && em_once_init(&happened) == EM_OK);
    CHECK(em_once_init(&happened) == EM_ERR_BUSY && em_once_is_set(&happened) && runner_poll(&w.runner[0]));
}

/* -- the model: empty, begun, set; begun and finished by hand, as another hart would ------------- */

static enum { EMPTY, BEGUN, SET } state;
static int contents;
static bool may_init[WAITERS];
static int arg[WAITERS];

static void model_set(int value)
{
    state = SET;
    contents = value;
    while (w.count) {
        waiters_hand_over(&w);
    }
}

static bool step_poll(unsigned i, bool init, int value)
{
    bool fresh = !waiters_pending(&w, i);
    if (fresh) {
        may_init[i] = init;
        arg[i] = value;
        em_future *f = &cell_get(&get[i], &c)->future;
        waiters_start(&w, i, init ? &cell_get_or_init(&get_or_init[i], &c, make, &arg[i])->future : f);
    }
    bool makes = state == EMPTY && may_init[i];
    bool expected = makes || state == SET;
    unsigned made_before = made;
    EXPECT(runner_poll(&w.runner[i]) == expected && made == made_before + makes);
    if (expected) {
        w.handed[i] = false;
        EXPECT((may_init[i] ? get_or_init[i].out : get[i].out) == &c.value);
    } else if (fresh || w.handed[i]) {
        w.handed[i] = false;
        waiters_queue(&w, i);
    }
    if (makes) {
        model_set(arg[i]);
    }
    return true;
}

static bool step_own(uint32_t what, int value)
{
    int out = -1;
    if (what == 0) {
        EXPECT(cell_init(&c, value) == (state == EMPTY ? EM_OK : EM_ERR_BUSY));
        if (state == EMPTY) {
            model_set(value);
        }
    } else if (what == 1) {
        EXPECT(cell_take(&c, &out) == (state == SET ? EM_OK : EM_ERR_AGAIN) && out == (state == SET ? contents : -1));
        state = state == SET ? EMPTY : state;
    } else if (state == BEGUN) {
        c.value = value;
        em_once_finish_(&c.once);
        model_set(value);
    } else {
        EXPECT(em_once_begin_(&c.once) == (state == EMPTY));
        state = state == EMPTY ? BEGUN : state;
    }
    return true;
}

static bool random_sets_gets_and_cancels(uint64_t *random)
{
    begin();
    state = EMPTY;
    for (unsigned step = 0; step < 40; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        uint32_t n = em_test_random(random);
        switch (em_test_random(random) % 6) {
        case 0:
            if (waiters_pending(&w, i)) {
                runner_drop(&w.runner[i]);
                waiters_unqueue(&w, i);
                w.handed[i] = false;
            }
            break;
        case 1:
        case 2:
            EXPECT(step_own(n % 4, (int)(n >> 8)));
            break;
        default:
            EXPECT(step_poll(i, n & 1, (int)(n >> 8)));
            break;
        }
        EXPECT(waiters_agree(&w) && cell_is_set(&c) == (state == SET) && (state != SET || c.value == contents));
    }
    return true;
}

static void any_sets_gets_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_sets_gets_and_cancels));
}

static const em_test tests[] = {
    TEST(it_is_set_once_and_the_second_is_refused),
    TEST(only_the_first_function_makes_the_value),
    TEST(a_get_is_ready_with_the_value),
    TEST(who_waits_sleeps),
    TEST(all_that_wait_are_woken_in_order),
    TEST(a_lazy_value_is_made_at_the_first_use),
    TEST(what_is_taken_out_can_be_set_again),
    TEST(who_comes_while_it_is_made_waits),
    TEST(who_is_told_too_late_waits_or_makes_it_again),
    TEST(dropped_gets_change_nothing),
    TEST(an_untyped_once_is_a_thing_that_happens_once),
    TEST(any_sets_gets_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
