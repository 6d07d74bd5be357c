/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The priority channel: the order, stable, also after removals; full and empty.
 * Who waits: test_priority_channel_wait.c.
 */
#include "runner.h"
#include "three.h"

typedef struct job {
    char name;
    int8_t urgency;
} job;

static int64_t urgency(const job *j)
{
    return j->urgency;
}

EM_PRIORITY_CHANNEL_TYPE(least, int32_t, 16, EM_MIN_FIRST);
EM_PRIORITY_CHANNEL_TYPE(jobs, job, 6, EM_MAX_FIRST, urgency);
EM_PRIORITY_CHANNEL_TYPE(far, int64_t, 5, EM_MAX_FIRST);
EM_PRIORITY_CHANNEL_TYPE(names, const char *, 2, EM_MIN_FIRST, **);

static least l;
static jobs j;

static void begin(void)
{
    test_begin();
    c = (three){0};
    l = (least){0};
    j = (jobs){0};
}

static bool is_number(const int32_t *value, void *arg)
{
    return *value == *(int32_t *)arg;
}

/* -- upstream's tests ------------------------------------------------------------------------------- */

static void sending_once(void)
{
    begin();
    CHECK(three_try_send(&c, 1) == EM_OK && three_free(&c) == 2 && three_capacity(&c) == 3);
}

static void sending_when_full(void)
{
    begin();
    CHECK(fill(1, 1, 1) && three_try_send(&c, 2) == EM_ERR_AGAIN && three_free(&c) == 0 && three_is_full(&c));
}

static void send_priority(void)
{
    begin();
    CHECK(fill(1, 2, 3) && gives(3) && gives(2) && gives(1));
}

static void receiving_once_with_one_send(void)
{
    begin();
    CHECK(three_try_send(&c, 1) == EM_OK && gives(1) && three_free(&c) == 3);
}

static void receiving_when_empty(void)
{
    uint32_t out = 7;
    begin();
    CHECK(three_try_receive(&c, &out) == EM_ERR_AGAIN && three_try_peek(&c, &out) == EM_ERR_AGAIN && out == 7);
    CHECK(three_free(&c) == 3 && three_is_empty(&c));
}

static void simple_send_and_receive(void)
{
    uint32_t out = 0;
    begin();
    CHECK(three_try_send(&c, 1) == EM_OK);
    CHECK(three_try_peek(&c, &out) == EM_OK && out == 1 && three_try_peek(&c, &out) == EM_OK && out == 1);
    CHECK(gives(1) && three_try_peek(&c, &out) == EM_ERR_AGAIN);
}

static void dynamic_dispatch(void)
{
    static const uint32_t values[] = {1, 3, 2};
    uint32_t out = 0;
    begin();
    em_channel_view v = three_view(&c);
    for (unsigned n = 0; n < 3; n++) {
        CHECK(em_channel_try_send(v, &values[n], sizeof values[n]) == EM_OK);
    }
    CHECK(em_channel_is_full(v) && em_channel_try_peek(v, &out, sizeof out) == EM_OK && out == 3);
    for (uint32_t expected = 3; expected > 0; expected--) {
        CHECK(em_channel_try_receive(v, &out, sizeof out) == EM_OK && out == expected);
    }
    CHECK(em_channel_try_peek(v, &out, sizeof out) == EM_ERR_AGAIN && fill(1, 2, 3));
    em_channel_clear(v);
    CHECK(three_is_empty(&c));
}

/* -- order ------------------------------------------------------------------------------------------ */

static void the_least_comes_first_if_so_ordered(void)
{
    static const int32_t values[] = {5, INT32_MIN, 0, -7, INT32_MAX, 5, -7};
    static const int32_t sorted[] = {INT32_MIN, -7, -7, 0, 5, 5, INT32_MAX};
    int32_t out;
    begin();
    for (unsigned n = 0; n < 7; n++) {
        CHECK(least_try_send(&l, values[n]) == EM_OK);
    }
    for (unsigned n = 0; n < 7; n++) {
        CHECK(least_try_receive(&l, &out) == EM_OK && out == sorted[n]);
    }
}

static void equals_come_in_the_order_in_which_they_were_sent(void)
{
    static const job sent[] = {{'a', 0}, {'b', 1}, {'c', 0}, {'d', -128}, {'e', 1}, {'f', 0}};
    job out;
    begin();
    for (unsigned round = 0; round < 4; round++) {
        j.priority.sent = (uint32_t)-3 * (round % 2); /* the numbers wrap, too */
        for (unsigned n = 0; n < 6; n++) {
            CHECK(jobs_try_send(&j, sent[n]) == EM_OK);
        }
        for (const char *name = "beacfd"; *name; name++) {
            CHECK(jobs_try_receive(&j, &out) == EM_OK && out.name == *name);
        }
    }
}

static void keys_are_of_64_bits(void)
{
    static const int64_t keys[] = {1, INT64_MIN, 0, INT64_MAX, -1};
    static const int64_t sorted[] = {INT64_MAX, 1, 0, -1, INT64_MIN};
    static far f;
    int64_t out;
    begin();
    for (unsigned n = 0; n < 5; n++) {
        CHECK(far_try_send(&f, keys[n]) == EM_OK);
    }
    for (unsigned n = 0; n < 5; n++) {
        CHECK(far_try_receive(&f, &out) == EM_OK && out == sorted[n]);
    }
}

/* A key may be an expression, and a value a pointer. */
static void values_may_be_pointers(void)
{
    static names n;
    const char *out;
    begin();
    CHECK(names_try_send(&n, "two") == EM_OK && names_try_send(&n, "one") == EM_OK);
    CHECK(names_try_receive(&n, &out) == EM_OK && out[0] == 'o');
    CHECK(names_try_receive(&n, &out) == EM_OK && out[0] == 't');
}

/* -- removing --------------------------------------------------------------------------------------- */

/* Sixteen in some order, one of them removed. */
static bool others_in_order(uint64_t *random)
{
    int32_t numbers[16];
    int32_t gone = (int32_t)(em_test_random(random) % 16);
    int32_t out;
    begin();
    for (int32_t n = 0; n < 16; n++) {
        unsigned at = em_test_random(random) % ((unsigned)n + 1);
        numbers[n] = at < (unsigned)n ? numbers[at] : n;
        numbers[at] = n;
    }
    for (int32_t n = 0; n < 16; n++) {
        EXPECT(least_try_send(&l, numbers[n]) == EM_OK);
    }
    EXPECT(least_remove_if(&l, is_number, &gone) == 1 && least_len(&l) == 15);
    for (int32_t n = 0; n < 16; n++) {
        EXPECT(n == gone || (least_try_receive(&l, &out) == EM_OK && out == n));
    }
    return least_is_empty(&l);
}

static void remove_if_leaves_the_others_in_order(void)
{
    CHECK(test_schedules(5000, others_in_order));
}

static void remove_if_finds_nothing_in_what_was_received(void)
{
    uint32_t value = 3;
    begin();
    CHECK(three_remove_if(&c, is_any, NULL) == 0 && fill(1, 2, 3) && gives(3));
    CHECK(three_remove_if(&c, is_value, &value) == 0 && remove_value(1) && gives(2));
}

/* What is removed while remove looks at it, or comes, is not removed once more, nor something else. */
static bool receives_it_first(const uint32_t *value, void *arg)
{
    uint32_t *left = arg;
    if (*left) {
        --*left;
        EXPECT(gives(3) && three_try_send(&c, 3) == EM_OK); /* another 3, in the same slot */
    }
    return *value == 3;
}

static void what_comes_during_a_removal_is_left_or_removed_whole(void)
{
    uint32_t once = 1;
    begin();
    CHECK(fill(3, 1, 2) && three_remove_if(&c, receives_it_first, &once) == 0);
    CHECK(gives(3) && gives(2) && gives(1) && three_is_empty(&c));
}

static const em_test tests[] = {
    TEST(sending_once),
    TEST(sending_when_full),
    TEST(send_priority),
    TEST(receiving_once_with_one_send),
    TEST(receiving_when_empty),
    TEST(simple_send_and_receive),
    TEST(dynamic_dispatch),
    TEST(the_least_comes_first_if_so_ordered),
    TEST(equals_come_in_the_order_in_which_they_were_sent),
    TEST(keys_are_of_64_bits),
    TEST(values_may_be_pointers),
    TEST(remove_if_leaves_the_others_in_order),
    TEST(remove_if_finds_nothing_in_what_was_received),
    TEST(what_comes_during_a_removal_is_left_or_removed_whole),
};

int main(void)
{
    RUN_TESTS(tests);
}
