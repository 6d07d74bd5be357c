/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The read/write lock: who may be inside together, order, downgrade, cancellation at every point. */
#include "fake_port.h"
#include "waiters.h"

#include <em/rwlock.h>

typedef struct pair {
    uint8_t first;
    uint8_t second;
} pair;

EM_RWLOCK_TYPE(shared, pair);

static em_rwlock rw;
static em_rwlock_read_future turn[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    rw = (em_rwlock){0};
}

static em_future *request(unsigned i, bool writes)
{
    return writes ? &em_rwlock_write(&turn[i], &rw)->future : &em_rwlock_read(&turn[i], &rw)->future;
}

/* Start a wait and poll it once. */
static bool ask(unsigned i, bool writes)
{
    waiters_start(&w, i, request(i, writes));
    return runner_poll(&w.runner[i]);
}

static bool read_lock(unsigned i)
{
    return ask(i, false);
}

static bool write_lock(unsigned i)
{
    return ask(i, true);
}

static void a_zeroed_lock_is_free(void)
{
    begin();
    CHECK(!em_rwlock_is_locked(&rw) && !em_rwlock_is_writing(&rw) && em_rwlock_readers(&rw) == 0);
    CHECK(em_rwlock_try_write(&rw) == EM_OK && em_rwlock_is_locked(&rw) && em_rwlock_is_writing(&rw));
    CHECK(em_rwlock_try_write(&rw) == EM_ERR_AGAIN && em_rwlock_try_read(&rw) == EM_ERR_AGAIN);
    em_rwlock_unlock_write(&rw);
    CHECK(em_rwlock_try_read(&rw) == EM_OK && em_rwlock_try_read(&rw) == EM_OK);
    CHECK(em_rwlock_readers(&rw) == 2 && em_rwlock_is_locked(&rw) && !em_rwlock_is_writing(&rw));
    CHECK(em_rwlock_try_write(&rw) == EM_ERR_AGAIN);
    em_rwlock_unlock_read(&rw);
    CHECK(em_rwlock_try_write(&rw) == EM_ERR_AGAIN);
    em_rwlock_unlock_read(&rw);
    CHECK(em_rwlock_try_write(&rw) == EM_OK);
    em_rwlock_unlock_write(&rw);
    CHECK(!em_rwlock_is_locked(&rw));
}

/* Upstream's read_guard_releases_lock_when_dropped. */
static void an_unlocked_read_leaves_the_data_to_the_next(void)
{
    static uint8_t data[2] = {0, 1};
    begin();
    CHECK(read_lock(0) && data[0] == 0 && data[1] == 1);
    em_rwlock_unlock_read(&rw);
    CHECK(read_lock(0) && data[0] == 0 && data[1] == 1);
    em_rwlock_unlock_read(&rw);
    CHECK(!em_rwlock_is_locked(&rw));
}

/* Upstream's write_guard_releases_lock_when_dropped. */
static void an_unlocked_write_shows_readers_the_change(void)
{
    static uint8_t data[2] = {0, 1};
    begin();
    CHECK(write_lock(0) && data[1] == 1);
    data[1] = 2;
    em_rwlock_unlock_write(&rw);
    CHECK(read_lock(0) && read_lock(1) && data[0] == 0 && data[1] == 2);
    em_rwlock_unlock_read(&rw);
    em_rwlock_unlock_read(&rw);
    CHECK(!em_rwlock_is_locked(&rw));
}

static void readers_share_and_a_writer_waits_for_the_last(void)
{
    begin();
    CHECK(read_lock(0) && read_lock(1) && !write_lock(2));
    em_rwlock_unlock_read(&rw);
    test_run();
    CHECK(w.runner[2].wakes == 0);
    em_rwlock_unlock_read(&rw);
    test_run();
    CHECK(w.runner[2].wakes == 1 && em_rwlock_is_writing(&rw) && runner_poll(&w.runner[2]));
    em_rwlock_unlock_write(&rw);
}

/* Upstream lets readers in for ever while there is one. */
static void readers_do_not_starve_a_writer(void)
{
    begin();
    CHECK(read_lock(0) && !write_lock(1));
    CHECK(em_rwlock_try_read(&rw) == EM_ERR_AGAIN && !read_lock(2) && !read_lock(3));
    em_rwlock_unlock_read(&rw);
    CHECK(em_rwlock_try_read(&rw) == EM_ERR_AGAIN && !runner_poll(&w.runner[2]));
    CHECK(runner_poll(&w.runner[1]));
    em_rwlock_unlock_write(&rw);
    CHECK(runner_poll(&w.runner[3]) && runner_poll(&w.runner[2]) && em_rwlock_readers(&rw) == 2);
    em_rwlock_unlock_read(&rw);
    em_rwlock_unlock_read(&rw);
}

static void writers_do_not_starve_a_reader(void)
{
    begin();
    CHECK(write_lock(0) && !read_lock(1) && !write_lock(2));
    em_rwlock_unlock_write(&rw);
    CHECK(em_rwlock_try_write(&rw) == EM_ERR_AGAIN && !write_lock(0) && !runner_poll(&w.runner[2]));
    CHECK(runner_poll(&w.runner[1]));
    em_rwlock_unlock_read(&rw);
    CHECK(!runner_poll(&w.runner[0]) && runner_poll(&w.runner[2]));
    em_rwlock_unlock_write(&rw);
    CHECK(runner_poll(&w.runner[0]));
    em_rwlock_unlock_write(&rw);
}

/* Upstream has one place for a waker, so those who wait are polled in every round, for ever. */
static void waiters_are_polled_at_most_twice(void)
{
    static runner r[3];
    begin();
    CHECK(em_rwlock_try_write(&rw) == EM_OK);
    for (unsigned i = 0; i < 3; i++) {
        runner_start(&r[i], NULL, request(i, i == 2)); /* two readers, a writer */
    }
    for (unsigned round = 0; round < 1000; round++) {
        em_executor_poll(&test_executor);
    }
    CHECK(em_executor_is_idle(&test_executor));
    em_rwlock_unlock_write(&rw);
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].ready && r[1].polls == 2 && r[2].polls == 1);
    em_rwlock_unlock_read(&rw);
    em_rwlock_unlock_read(&rw);
    test_run();
    CHECK(r[2].ready && r[2].polls == 2);
    em_rwlock_unlock_write(&rw);
}

/* r0 r1 | W | r3 r4, behind a writer. */
static void batches_of_readers_and_writers_take_turns_in_order(void)
{
    static runner r[5];
    static const char *const names[] = {"r0", "r1", "W2", "r3", "r4"};
    begin();
    CHECK(em_rwlock_try_write(&rw) == EM_OK);
    for (unsigned i = 0; i < 5; i++) {
        runner_start(&r[i], names[i], request(i, i == 2));
    }
    test_run();
    CHECK_TRACE("");
    em_rwlock_unlock_write(&rw);
    test_run();
    CHECK_TRACE("r0 r1");
    em_rwlock_unlock_read(&rw);
    test_run();
    CHECK_TRACE("");
    em_rwlock_unlock_read(&rw);
    test_run();
    CHECK_TRACE("W2");
    em_rwlock_unlock_write(&rw);
    test_run();
    CHECK_TRACE("r3 r4");
    for (unsigned i = 0; i < 5; i++) {
        CHECK(r[i].ready && r[i].polls == 2); /* upstream polls them in every round, for ever */
    }
    em_rwlock_unlock_read(&rw);
    em_rwlock_unlock_read(&rw);
    CHECK(!em_rwlock_is_locked(&rw));
}

static void a_downgrade_lets_readers_in_but_no_writer(void)
{
    begin();
    CHECK(write_lock(0) && !read_lock(1) && !write_lock(2) && !read_lock(3));
    em_rwlock_downgrade(&rw);
    test_run();
    CHECK(!em_rwlock_is_writing(&rw) && em_rwlock_readers(&rw) == 2);
    CHECK(w.runner[1].wakes == 1 && w.runner[2].wakes == 0 && w.runner[3].wakes == 0 && runner_poll(&w.runner[1]));
    em_rwlock_unlock_read(&rw);
    em_rwlock_unlock_read(&rw);
    CHECK(runner_poll(&w.runner[2]));
    em_rwlock_unlock_write(&rw);
    CHECK(runner_poll(&w.runner[3]));
    em_rwlock_unlock_read(&rw);
}

static void a_downgrade_does_not_overtake_a_waiting_writer(void)
{
    begin();
    CHECK(write_lock(0) && !write_lock(1) && !read_lock(2));
    em_rwlock_downgrade(&rw);
    test_run();
    CHECK(em_rwlock_readers(&rw) == 1 && w.runner[1].wakes == 0 && w.runner[2].wakes == 0);
    em_rwlock_unlock_read(&rw);
    CHECK(runner_poll(&w.runner[1]));
    em_rwlock_unlock_write(&rw);
    CHECK(runner_poll(&w.runner[2]));
    em_rwlock_unlock_read(&rw);
}

static void a_typed_lock_gives_its_value(void)
{
    static shared s = {.value = {0, 1}};
    static shared_read_future reads[2];
    static shared_write_future write;
    const pair *seen = NULL;
    pair *mine = NULL;
    begin();
    waiters_start(&w, 0, &shared_write(&write, &s)->future);
    CHECK(runner_poll(&w.runner[0]) && write.out == &s.value && em_rwlock_is_writing(&s.rwlock));
    CHECK(shared_try_read(&s, &seen) == EM_ERR_AGAIN && shared_try_write(&s, &mine) == EM_ERR_AGAIN && !seen && !mine);
    waiters_start(&w, 1, &shared_read(&reads[0], &s)->future);
    waiters_start(&w, 2, &shared_read(&reads[1], &s)->future);
    CHECK(!runner_poll(&w.runner[1]) && !runner_poll(&w.runner[2]));
    write.out->second = 2;
    seen = shared_downgrade(write.out);
    CHECK(seen->second == 2 && runner_poll(&w.runner[1]) && reads[0].out == seen && em_rwlock_readers(&s.rwlock) == 3);
    runner_drop(&w.runner[2]); /* it had been handed over */
    shared_unlock_read(seen);
    shared_unlock_read(reads[0].out);
    CHECK(!em_rwlock_is_locked(&s.rwlock) && shared_try_write(&s, &mine) == EM_OK && mine->second == 2);
    shared_unlock_write(mine);
    CHECK(shared_try_read(&s, &seen) == EM_OK && PANICS(shared_unlock_write(mine)));
    shared_unlock_read(seen);
}

static void a_request_dropped_before_its_first_poll_changes_nothing(void)
{
    begin();
    for (unsigned writes = 0; writes < 2; writes++) {
        waiters_start(&w, 0, request(0, writes));
        runner_drop(&w.runner[0]);
        CHECK(!em_rwlock_is_locked(&rw));
    }
    CHECK(em_rwlock_try_read(&rw) == EM_OK);
    waiters_start(&w, 0, request(0, true));
    runner_drop(&w.runner[0]);
    CHECK(em_rwlock_try_read(&rw) == EM_OK && em_rwlock_readers(&rw) == 2);
    em_rwlock_unlock_read(&rw);
    em_rwlock_unlock_read(&rw);
}

/* As upstream's semaphore does not (#6964): free for the next, and it sleeps. */
static void a_writer_that_gives_up_lets_the_readers_behind_it_in(void)
{
    begin();
    CHECK(read_lock(0) && !write_lock(1) && !read_lock(2) && !read_lock(3) && !write_lock(4));
    runner_drop(&w.runner[1]);
    test_run();
    CHECK(w.runner[2].wakes == 1 && w.runner[3].wakes == 1 && w.runner[4].wakes == 0);
    CHECK(em_rwlock_readers(&rw) == 3 && runner_poll(&w.runner[3]) && runner_poll(&w.runner[2]));
    for (unsigned n = 0; n < 3; n++) {
        em_rwlock_unlock_read(&rw);
    }
    CHECK(runner_poll(&w.runner[4]));
    em_rwlock_unlock_write(&rw);
}

static void a_wait_cancelled_after_the_hand_over_passes_it_on(void)
{
    begin();
    CHECK(read_lock(0) && !write_lock(1) && !read_lock(2));
    em_rwlock_unlock_read(&rw);
    runner_drop(&w.runner[1]);
    test_run();
    CHECK(w.runner[2].wakes == 1 && runner_poll(&w.runner[2]) && !write_lock(3));
    em_rwlock_unlock_read(&rw);
    runner_drop(&w.runner[3]); /* nobody else: it is free */
    CHECK(!em_rwlock_is_locked(&rw));
}

static void one_of_a_batch_cancelled_after_the_hand_over_is_counted_out(void)
{
    begin();
    CHECK(write_lock(0) && !read_lock(1) && !read_lock(2) && !write_lock(3));
    em_rwlock_unlock_write(&rw);
    runner_drop(&w.runner[1]);
    CHECK(em_rwlock_readers(&rw) == 1 && runner_poll(&w.runner[2]));
    em_rwlock_unlock_read(&rw);
    CHECK(runner_poll(&w.runner[3]));
    em_rwlock_unlock_write(&rw);
}

static void unlocking_what_is_not_locked_panics(void)
{
    begin();
    CHECK(PANICS(em_rwlock_unlock_read(&rw)) && PANICS(em_rwlock_unlock_write(&rw)));
    CHECK(PANICS(em_rwlock_downgrade(&rw)));
    CHECK(em_rwlock_try_read(&rw) == EM_OK && PANICS(em_rwlock_unlock_write(&rw)) && PANICS(em_rwlock_downgrade(&rw)));
    em_rwlock_unlock_read(&rw);
    CHECK(em_rwlock_try_write(&rw) == EM_OK && PANICS(em_rwlock_unlock_read(&rw)));
    em_rwlock_unlock_write(&rw);
}

static const em_test tests[] = {
    TEST(a_zeroed_lock_is_free),
    TEST(an_unlocked_read_leaves_the_data_to_the_next),
    TEST(an_unlocked_write_shows_readers_the_change),
    TEST(readers_share_and_a_writer_waits_for_the_last),
    TEST(readers_do_not_starve_a_writer),
    TEST(writers_do_not_starve_a_reader),
    TEST(waiters_are_polled_at_most_twice),
    TEST(batches_of_readers_and_writers_take_turns_in_order),
    TEST(a_downgrade_lets_readers_in_but_no_writer),
    TEST(a_downgrade_does_not_overtake_a_waiting_writer),
    TEST(a_typed_lock_gives_its_value),
    TEST(a_request_dropped_before_its_first_poll_changes_nothing),
    TEST(a_writer_that_gives_up_lets_the_readers_behind_it_in),
    TEST(a_wait_cancelled_after_the_hand_over_passes_it_on),
    TEST(one_of_a_batch_cancelled_after_the_hand_over_is_counted_out),
    TEST(unlocking_what_is_not_locked_panics),
};

int main(void)
{
    RUN_TESTS(tests);
}
