/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Mutexes with priority inheritance: the inversion that they prevent, by trace, with a plain mutex beside it; what is
 * inherited by several mutexes and along chains, and given back; order, hand-over and cancels. Random
 * sequences: test_pi_mutex_model.c.
 */
#include "pi_members.h"

#include <em/mutex.h>

enum { LOW, MEDIUM, HIGH };

static em_mutex plain;
static em_mutex_lock_future plain_lock;
static bool with_inheritance;

/* -- the inversion ---------------------------------------------------------------------------------------- */

static unsigned steps[3];

static em_future *start_lock(unsigned i)
{
    return with_inheritance ? &em_pi_mutex_lock(&lock[i], &mutexes[0])->future
                            : &em_mutex_lock(&plain_lock, &plain)->future;
}

static void end_lock(void)
{
    if (with_inheritance) {
        unlock(0);
    } else {
        em_mutex_unlock(&plain);
    }
}

/* Locks, lets the others become ready, needs another two polls with the mutex. */
static bool low_body(em_context *cx)
{
    switch (steps[LOW]++) {
    case 0:
        em_trace(em_future_poll(start_lock(LOW), cx).ready ? "low-locks" : "low-waits");
        em_wake((em_waker){&slots[HIGH].task});
        em_wake((em_waker){&slots[MEDIUM].task});
        return true;
    case 1:
        em_trace("low-works");
        return true;
    case 2:
        em_trace("low-unlocks");
        end_lock();
        return true;
    default:
        em_trace("low-goes-on");
        return false;
    }
}

static bool medium_body(em_context *cx)
{
    (void)cx;
    em_trace("medium");
    return ++steps[MEDIUM] < 4;
}

static bool high_body(em_context *cx)
{
    static em_future *wait;
    wait = steps[HIGH]++ == 0 ? start_lock(HIGH) : wait;
    bool owns = em_future_poll(wait, cx).ready;
    em_trace(owns ? "high-locks" : "high-waits");
    if (owns) {
        end_lock();
    }
    return false;
}

static void invert(bool inherit)
{
    begin(3, (uint8_t[]){1, 4, 6});
    with_inheritance = inherit;
    memset(steps, 0, sizeof steps);
    bodies[LOW] = low_body;
    bodies[MEDIUM] = medium_body;
    bodies[HIGH] = high_body;
    em_wake((em_waker){&slots[LOW].task});
    run();
}

static void medium_work_does_not_delay_who_waits(void)
{
    invert(true);
    CHECK_TRACE("low-locks high-waits low-works low-unlocks high-locks medium medium medium medium low-goes-on");
    CHECK(priority(LOW) == 1 && priority(HIGH) == 6 && !em_pi_mutex_is_locked(&mutexes[0]));
}

static void with_a_plain_mutex_it_does(void)
{
    invert(false);
    CHECK_TRACE("low-locks high-waits medium medium medium medium low-works low-unlocks high-locks low-goes-on");
}

/* -- inheriting ------------------------------------------------------------------------------------------- */

static void an_owner_has_the_priority_of_who_waits(void)
{
    begin(4, (uint8_t[]){2, 1, 5, 3});
    CHECK(ask(0, 0) && priority(0) == 2);
    CHECK(!ask(1, 0) && priority(0) == 2); /* who is lower gives nothing */
    CHECK(!ask(2, 0) && priority(0) == 5);
    CHECK(!ask(3, 0) && priority(0) == 5);
    unlock(0);
    CHECK(priority(0) == 2 && priority(1) == 5); /* the next in line, for whom 2 and 3 wait now */
    run();
    CHECK(polls[1] == 1 && polls[2] == 0 && again(1));
    unlock(0);
    CHECK(priority(1) == 1 && priority(2) == 5 && again(2));
    unlock(0);
    CHECK(priority(2) == 5 && again(3));
    unlock(0);
    CHECK(priority(3) == 3 && !em_pi_mutex_is_locked(&mutexes[0]));
}

static void of_several_mutexes_the_highest_that_is_left_counts(void)
{
    begin(4, (uint8_t[]){0, 3, 6, 4});
    CHECK(ask(0, 0) && ask(0, 1) && !ask(1, 0) && !ask(2, 1));
    CHECK(priority(0) == 6 && ask(0, 2) && !ask(3, 2) && priority(0) == 6);
    unlock(1);
    CHECK(priority(0) == 4);
    unlock(2);
    CHECK(priority(0) == 3);
    unlock(0);
    CHECK(priority(0) == 0);
}

/* The one by which it inherited first goes first, and a later one has to know what was before. */
static void a_mutex_locked_while_inheriting_keeps_the_base(void)
{
    begin(3, (uint8_t[]){1, 5, 4});
    CHECK(ask(0, 0) && !ask(1, 0) && priority(0) == 5);
    CHECK(ask(0, 1) && priority(0) == 5 && !ask(2, 1));
    unlock(0);
    CHECK(priority(0) == 4);
    unlock(1);
    CHECK(priority(0) == 1);
}

static void a_cancelled_wait_takes_back_what_it_gave(void)
{
    begin(4, (uint8_t[]){0, 3, 6, 2});
    CHECK(ask(0, 0) && !ask(1, 0) && !ask(2, 0) && priority(0) == 6);
    drop(2);
    CHECK(priority(0) == 3);
    drop(1);
    CHECK(priority(0) == 0);
    em_pi_mutex_lock(&lock[3], &mutexes[0]);
    drop(3); /* before its first poll */
    CHECK(priority(0) == 0);
    unlock(0);
    run();
    CHECK(!em_pi_mutex_is_locked(&mutexes[0]) && polls[1] + polls[2] + polls[3] == 0);
}

static void a_wait_cancelled_after_the_hand_over_passes_it_on(void)
{
    begin(4, (uint8_t[]){0, 1, 2, 5});
    CHECK(ask(0, 0) && !ask(1, 0) && !ask(2, 0) && !ask(3, 0));
    unlock(0);
    CHECK(priority(1) == 5);
    drop(1);
    CHECK(priority(1) == 1 && priority(2) == 5 && again(2));
    unlock(0);
    drop(3);
    CHECK(priority(3) == 5 && !em_pi_mutex_is_locked(&mutexes[0]));
}

/* Task 0 owns mutex 0, each next one its own and waits for that of the one before. */
static void a_chain_of_owners_is_followed_to_its_bound(void)
{
    uint8_t priorities[TASKS] = {0};
    priorities[TASKS - 1] = 7;
    begin(TASKS, priorities);
    for (unsigned i = 0; i < TASKS - 1; i++) {
        CHECK(ask(i, i) && (i == 0 || !ask(i, i - 1)));
    }
    CHECK(!ask(TASKS - 1, TASKS - 2));
    CHECK(priority(0) == 0); /* one too many */
    for (unsigned i = 1; i < TASKS; i++) {
        CHECK(priority(i) == 7);
    }
    drop(TASKS - 1);
    for (unsigned i = 0; i < TASKS - 1; i++) {
        CHECK(priority(i) == 0);
    }
}

static void a_chain_ends_where_it_is_cut(void)
{
    begin(4, (uint8_t[]){0, 2, 0, 6});
    CHECK(ask(0, 0) && ask(1, 1) && ask(2, 2));
    CHECK(!ask(1, 0) && !ask(2, 1) && priority(0) == 2 && priority(1) == 2);
    CHECK(!ask(3, 2) && priority(0) == 6 && priority(1) == 6 && priority(2) == 6);
    drop(1); /* it goes on with what it holds */
    CHECK(priority(0) == 0 && priority(1) == 6);
    unlock(1);
    CHECK(priority(1) == 2 && priority(2) == 6 && again(2));
    unlock(2);
    CHECK(priority(2) == 0 && priority(3) == 6 && again(3));
}

static void who_waits_with_another_priority_gives_that(void)
{
    begin(2, (uint8_t[]){1, 4});
    CHECK(ask(0, 0) && !ask(1, 0) && priority(0) == 4);
    em_task_set_priority(handles[1], 6);
    CHECK(priority(0) == 4 && !again(1) && priority(0) == 6);
    em_task_set_priority(handles[1], 0);
    CHECK(!again(1) && priority(0) == 1);
}

static void the_owner_of_another_executor_inherits(void)
{
    begin(2, (uint8_t[]){5, 5});
    spawn(2, 0, &other);
    run();
    CHECK(ask(2, 0) && !ask(1, 0) && priority(2) == 5);
    unlock(0);
    CHECK(priority(2) == 0 && again(1));
}

static void an_owner_that_has_ended_inherits_nothing(void)
{
    begin(2, (uint8_t[]){1, 5});
    CHECK(ask(0, 0));
    em_task_cancel(handles[0]);
    run();
    spawn(0, 2, &executor); /* in its slot */
    CHECK(!ask(1, 0) && priority(0) == 2);
    unlock(0);
    CHECK(priority(0) == 2 && again(1));
}

static bool tries(em_context *cx)
{
    (void)cx;
    em_trace(em_pi_mutex_try_lock(&mutexes[0]) == EM_OK ? "locks" : "again");
    return false;
}

static void try_lock_is_of_the_running_task(void)
{
    begin(2, (uint8_t[]){1, 4});
    bodies[0] = tries;
    for (unsigned n = 0; n < 2; n++) {
        em_wake((em_waker){&slots[0].task});
        run();
    }
    CHECK_TRACE("locks again");
    CHECK(!ask(1, 0) && priority(0) == 4);
    unlock(0);
    CHECK(priority(0) == 1 && again(1));
    unlock(0);
    CHECK(PANICS(bodies[0] = em_pi_mutex_try_lock(&mutexes[1]) == EM_OK ? tries : NULL) && PANICS(unlock(2)));
}

static const em_test tests[] = {
    TEST(medium_work_does_not_delay_who_waits),
    TEST(with_a_plain_mutex_it_does),
    TEST(an_owner_has_the_priority_of_who_waits),
    TEST(of_several_mutexes_the_highest_that_is_left_counts),
    TEST(a_mutex_locked_while_inheriting_keeps_the_base),
    TEST(a_cancelled_wait_takes_back_what_it_gave),
    TEST(a_wait_cancelled_after_the_hand_over_passes_it_on),
    TEST(a_chain_of_owners_is_followed_to_its_bound),
    TEST(a_chain_ends_where_it_is_cut),
    TEST(who_waits_with_another_priority_gives_that),
    TEST(the_owner_of_another_executor_inherits),
    TEST(an_owner_that_has_ended_inherits_nothing),
    TEST(try_lock_is_of_the_running_task),
};

int main(void)
{
    RUN_TESTS(tests);
}
