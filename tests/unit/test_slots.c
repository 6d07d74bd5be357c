/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The lives of a task slot: its state word, stale wakes and stale handles, cancel, join. Tasks without macros.
 */
#include "fake_port.h"
#include "test.h"

static em_executor first;
static em_executor second;

static void begin(void)
{
    first = (em_executor){0};
    second = (em_executor){0};
    fake_port_traces_pends = 1;
}

static em_spawner on(em_executor *e)
{
    return (em_spawner){e};
}

static bool queued(const em_task *t)
{
    return t->state < 0;
}

/* -- tasks -------------------------------------------------------------------------------------- */

static em_poll once_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    em_trace("once");
    return EM_READY;
}
RAW_TASK_TYPE(once, once_poll, NULL)

static unsigned sleeper_drops;
static em_task *dropped_in; /* the task that ran in the drop */

static em_poll sleeper_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    em_trace("sleeper");
    return EM_PENDING;
}

static void sleeper_drop(em_future *f)
{
    (void)f;
    sleeper_drops++;
    dropped_in = em_running_task();
    em_trace("drop");
}
RAW_TASK_TYPE(sleeper, sleeper_poll, sleeper_drop)

static em_task_join join_storage;
static em_task_handle join_handle;
static unsigned join_started;

static em_poll joiner_poll(em_future *f, em_context *cx)
{
    (void)f;
    if (!join_started) {
        join_started = 1;
        em_task_wait(&join_storage, join_handle);
    }
    em_trace("joiner");
    if (em_future_poll(&join_storage.future, cx).ready) {
        em_trace("joined");
        return EM_READY;
    }
    return EM_PENDING;
}

static void joiner_drop(em_future *f)
{
    (void)f;
    em_future_drop(&join_storage.future);
}
RAW_TASK_TYPE(joiner, joiner_poll, joiner_drop)

static void end_sleeper(void)
{
    em_task_cancel((em_task_handle){&sleeper_slot.task, sleeper_slot.task.generation});
}

/* -- tests -------------------------------------------------------------------------------------- */

/* All six transitions of em/task.h, by the word before and after. */
static void the_state_word_goes_through_all_transitions(void)
{
    const int32_t claimed = EM_TASK_CLAIMED_;
    const int32_t spawned = EM_TASK_CLAIMED_ | EM_TASK_SPAWNED_;
    em_task *t = &sleeper_slot.task;

    begin();
    CHECK(t->state == 0);
    em_spawn_token token = sleeper();
    CHECK(t->state == claimed);
    CHECK(em_spawn(on(&first), token) == EM_OK);
    CHECK(t->state == (spawned | EM_TASK_FRESH_ | EM_TASK_QUEUED_));
    em_executor_poll(&first);
    CHECK(t->state == spawned);
    em_wake((em_waker){t});
    CHECK(t->state == EM_TASK_READY_);
    em_wake((em_waker){t});
    CHECK(t->state == EM_TASK_READY_);
    em_executor_poll(&first);
    CHECK(t->state == spawned);
    end_sleeper();
    CHECK(t->state == (spawned | EM_TASK_CANCEL_ | EM_TASK_QUEUED_));
    em_executor_poll(&first);
    CHECK(t->state == 0);
    em_wake((em_waker){t}); /* of a task that has ended: queued, dequeued, not polled */
    CHECK(t->state == EM_TASK_QUEUED_);
    em_executor_poll(&first);
    CHECK(t->state == 0);
    CHECK_TRACE("pend sleeper pend sleeper pend drop pend");
}

static void waking_after_the_end_pends_but_does_not_poll(void)
{
    begin();
    em_must_spawn(on(&first), once());
    em_executor_poll(&first);
    CHECK_TRACE("pend once");
    em_wake((em_waker){&once_slot.task});
    em_wake((em_waker){&once_slot.task});
    CHECK_TRACE("pend");
    em_executor_poll(&first);
    CHECK_TRACE("");
    em_must_spawn(on(&first), once());
    em_executor_poll(&first);
    CHECK_TRACE("pend once");
}

static void a_slot_with_a_stale_wake_can_be_spawned_again_at_once(void)
{
    begin();
    em_must_spawn(on(&first), once());
    em_executor_poll(&first);
    em_wake((em_waker){&once_slot.task});
    CHECK_TRACE("pend once pend");
    CHECK(em_spawn(on(&first), once()) == EM_OK);
    CHECK_TRACE(""); /* it is in the queue already */
    em_executor_poll(&first);
    CHECK_TRACE("once");
    em_executor_poll(&first);
    CHECK_TRACE("");
}

static void a_slot_with_a_stale_wake_moves_to_the_executor_it_is_spawned_on(void)
{
    begin();
    em_must_spawn(on(&first), once());
    em_executor_poll(&first);
    em_wake((em_waker){&once_slot.task});
    CHECK(queued(&once_slot.task));
    CHECK_TRACE("pend once pend");
    CHECK(em_spawn(on(&second), once()) == EM_OK);
    em_executor_poll(&second);
    CHECK_TRACE(""); /* still in the queue of the first */
    em_executor_poll(&first);
    CHECK_TRACE("pend"); /* which passes it on without polling it */
    em_executor_poll(&second);
    CHECK_TRACE("once");
}

/* Upstream polls the next tenant on the wrong executor here: a stale wake is dequeued between claim and spawn. */
static void a_stale_wake_between_claim_and_spawn_polls_nothing(void)
{
    begin();
    em_must_spawn(on(&first), once());
    em_executor_poll(&first);
    CHECK_TRACE("pend once");
    em_spawn_token token = once();
    em_wake((em_waker){&once_slot.task});
    em_executor_poll(&first);
    CHECK_TRACE("pend");
    em_must_spawn(on(&second), token);
    em_executor_poll(&first);
    CHECK_TRACE("pend");
    em_executor_poll(&second);
    CHECK_TRACE("once");
}

static void an_old_waker_wakes_the_new_task_on_its_own_executor(void)
{
    begin();
    em_must_spawn(on(&first), sleeper());
    em_executor_poll(&first);
    em_waker old = {&sleeper_slot.task};
    end_sleeper();
    em_executor_poll(&first);
    em_must_spawn(on(&second), sleeper());
    em_executor_poll(&second);
    CHECK_TRACE("pend sleeper pend drop pend sleeper");
    em_wake(old);
    CHECK_TRACE("pend");
    em_executor_poll(&first);
    CHECK_TRACE("");
    em_executor_poll(&second);
    CHECK_TRACE("sleeper");
    end_sleeper();
    em_executor_poll(&second);
    CHECK_TRACE("pend drop");
}

static void a_full_pool_is_busy_and_nothing_happens(void)
{
    begin();
    em_must_spawn(on(&first), sleeper());
    CHECK(em_spawn(on(&first), sleeper()) == EM_ERR_BUSY);
    em_executor_poll(&first);
    CHECK_TRACE("pend sleeper");
    end_sleeper();
    em_executor_poll(&first);
    CHECK_TRACE("pend drop");
}

static void cancel_drops_the_frame_once_at_the_next_poll(void)
{
    em_task_handle handle;

    begin();
    sleeper_drops = 0;
    CHECK(em_spawn_handle(on(&first), sleeper(), &handle) == EM_OK);
    em_executor_poll(&first);
    CHECK(!em_task_ended(handle));
    em_task_cancel(handle);
    em_task_cancel(handle);
    CHECK(!em_task_ended(handle));
    em_executor_poll(&first);
    em_executor_poll(&first);
    CHECK_TRACE("pend sleeper pend drop");
    CHECK(sleeper_drops == 1 && dropped_in == handle.task);
    CHECK(em_task_ended(handle) && em_running_task() == NULL);
}

static void a_task_cancelled_before_its_first_poll_is_dropped(void)
{
    em_task_handle handle;

    begin();
    CHECK(em_spawn_handle(on(&first), sleeper(), &handle) == EM_OK);
    em_task_cancel(handle);
    em_executor_poll(&first);
    CHECK_TRACE("pend drop");
    CHECK(sleeper_slot.task.state == 0);
}

static void a_stale_handle_cancels_nothing(void)
{
    em_task_handle old;
    em_task_handle fresh;

    begin();
    CHECK(em_spawn_handle(on(&first), sleeper(), &old) == EM_OK);
    em_task_cancel(old);
    em_executor_poll(&first);
    CHECK(em_spawn_handle(on(&first), sleeper(), &fresh) == EM_OK);
    em_task_cancel(old);
    em_executor_poll(&first);
    CHECK_TRACE("pend drop pend sleeper");
    CHECK(em_task_ended(old) && !em_task_ended(fresh));
    em_task_cancel((em_task_handle){0});
    CHECK(em_task_ended((em_task_handle){0}));
    em_task_cancel(fresh);
    em_executor_poll(&first);
    CHECK_TRACE("pend drop");
}

static void join_is_woken_by_the_end(void)
{
    begin();
    join_started = 0;
    CHECK(em_spawn_handle(on(&first), sleeper(), &join_handle) == EM_OK);
    em_must_spawn(on(&second), joiner());
    em_executor_poll(&first);
    em_executor_poll(&second);
    CHECK_TRACE("pend pend sleeper joiner");
    em_task_cancel(join_handle);
    em_executor_poll(&first);
    CHECK_TRACE("pend drop pend");
    em_executor_poll(&second);
    CHECK_TRACE("joiner joined");
}

static void join_of_an_ended_task_is_ready_at_once_even_if_its_slot_lives_again(void)
{
    begin();
    join_started = 0;
    CHECK(em_spawn_handle(on(&first), sleeper(), &join_handle) == EM_OK);
    em_task_cancel(join_handle);
    em_executor_poll(&first);
    em_must_spawn(on(&first), sleeper());
    em_must_spawn(on(&second), joiner());
    em_executor_poll(&second);
    CHECK_TRACE("pend drop pend pend joiner joined");
    end_sleeper();
    em_executor_poll(&first);
    CHECK_TRACE("drop");
}

static void a_dropped_join_is_forgotten(void)
{
    begin();
    join_started = 0;
    CHECK(em_spawn_handle(on(&first), sleeper(), &join_handle) == EM_OK);
    em_must_spawn(on(&second), joiner());
    em_executor_poll(&first);
    em_executor_poll(&second);
    em_task_cancel((em_task_handle){&joiner_slot.task, joiner_slot.task.generation});
    em_executor_poll(&second);
    CHECK_TRACE("pend pend sleeper joiner pend");
    em_task_cancel(join_handle);
    em_executor_poll(&first);
    CHECK_TRACE("pend drop"); /* nobody is woken */
}

static const em_test tests[] = {
    TEST(the_state_word_goes_through_all_transitions),
    TEST(waking_after_the_end_pends_but_does_not_poll),
    TEST(a_slot_with_a_stale_wake_can_be_spawned_again_at_once),
    TEST(a_slot_with_a_stale_wake_moves_to_the_executor_it_is_spawned_on),
    TEST(a_stale_wake_between_claim_and_spawn_polls_nothing),
    TEST(an_old_waker_wakes_the_new_task_on_its_own_executor),
    TEST(a_full_pool_is_busy_and_nothing_happens),
    TEST(cancel_drops_the_frame_once_at_the_next_poll),
    TEST(a_task_cancelled_before_its_first_poll_is_dropped),
    TEST(a_stale_handle_cancels_nothing),
    TEST(join_is_woken_by_the_end),
    TEST(join_of_an_ended_task_is_ready_at_once_even_if_its_slot_lives_again),
    TEST(a_dropped_join_is_forgotten),
};

int main(void)
{
    RUN_TESTS(tests);
}
