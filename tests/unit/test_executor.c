/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The executor: life cycle, wakers, order, pender, cancel, join, stale wakes. Tasks without macros.
 */
#include "fake_port.h"
#include "test.h"

#include <em/assert.h>
#include <em/port.h>

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

static em_poll self_wake_poll(em_future *f, em_context *cx)
{
    (void)f;
    em_trace("self");
    em_wake(em_context_waker(cx));
    return EM_PENDING;
}
RAW_TASK_TYPE(self_wake, self_wake_poll, NULL)

static em_poll self_wake_twice_poll(em_future *f, em_context *cx)
{
    (void)f;
    em_trace("twice");
    em_wake(em_context_waker(cx));
    em_trace("between");
    em_wake(em_context_waker(cx));
    return EM_PENDING;
}
RAW_TASK_TYPE(self_wake_twice, self_wake_twice_poll, NULL)

static unsigned sleeper_drops;

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
    em_trace("drop");
}
RAW_TASK_TYPE(sleeper, sleeper_poll, sleeper_drop)
RAW_TASK_TYPE(sleeper2, sleeper_poll, sleeper_drop)

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

static void polling_an_empty_executor_does_nothing(void)
{
    begin();
    em_executor_poll(&first);
    CHECK_TRACE("");
    CHECK(em_executor_is_idle(&first));
}

static void a_task_is_pended_once_polled_once_and_ends(void)
{
    begin();
    CHECK(em_spawn(on(&first), once()) == EM_OK);
    CHECK_TRACE("pend");
    em_executor_poll(&first);
    CHECK_TRACE("once");
    em_executor_poll(&first);
    CHECK_TRACE("");
    CHECK(once_slot.task.state == 0);
}

static void a_self_wake_is_one_poll_in_the_next_batch(void)
{
    begin();
    em_must_spawn(on(&first), self_wake());
    em_executor_poll(&first);
    em_executor_poll(&first);
    CHECK_TRACE("pend self pend self pend");
    em_task_cancel((em_task_handle){&self_wake_slot.task, self_wake_slot.task.generation});
    em_executor_poll(&first);
    CHECK_TRACE("");
}

static void the_second_self_wake_in_a_poll_does_not_pend(void)
{
    begin();
    em_must_spawn(on(&first), self_wake_twice());
    em_executor_poll(&first);
    CHECK_TRACE("pend twice pend between");
    em_executor_poll(&first);
    CHECK_TRACE("twice pend between");
    em_task_cancel((em_task_handle){&self_wake_twice_slot.task, self_wake_twice_slot.task.generation});
    em_executor_poll(&first);
    CHECK_TRACE("");
}

static void ready_tasks_run_in_the_order_of_their_wakes(void)
{
    begin();
    em_must_spawn(on(&first), self_wake());
    em_must_spawn(on(&first), once());
    em_must_spawn(on(&first), sleeper());
    CHECK_TRACE("pend");
    em_executor_poll(&first);
    CHECK_TRACE("self pend once sleeper"); /* the self-wake waits for the next batch: A B A */
    em_executor_poll(&first);
    CHECK_TRACE("self pend");
    em_wake((em_waker){&sleeper_slot.task});
    em_executor_poll(&first);
    CHECK_TRACE("self pend sleeper");
    em_task_cancel((em_task_handle){&self_wake_slot.task, self_wake_slot.task.generation});
    end_sleeper();
    em_executor_poll(&first);
    CHECK_TRACE("drop");
}

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
    CHECK(sleeper_drops == 1);
    CHECK(em_task_ended(handle));
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

/* One that wakes itself for ever and nine others: nobody is polled twice before each was polled once. */
#define OTHERS 9
static unsigned polls[OTHERS + 1];
static struct counted {
    em_task task;
    em_future frame;
    unsigned number;
    unsigned pad;
} counted[OTHERS + 1];

static em_poll counted_poll(em_future *f, em_context *cx)
{
    const struct counted *c = (const struct counted *)(const void *)((char *)f - offsetof(struct counted, frame));
    polls[c->number]++;
    em_wake(em_context_waker(cx));
    if (c->number == 0) {
        em_wake(em_context_waker(cx));
    }
    return EM_PENDING;
}
static const em_task_type counted_type = {.ops = {.poll = counted_poll, .name = "counted"}, .count = 1};

static void nobody_is_polled_twice_before_every_other_ready_task(void)
{
    begin();
    fake_port_traces_pends = 0;
    for (unsigned i = 0; i <= OTHERS; i++) {
        counted[i] = (struct counted){.task = {.state = EM_TASK_CLAIMED_}, .frame = {&counted_type.ops}, .number = i};
        em_must_spawn(on(&first), em_token_of_slot_(&counted[i].task));
    }
    for (unsigned round = 1; round <= 1000; round++) {
        em_executor_poll(&first);
        for (unsigned i = 0; i <= OTHERS; i++) {
            CHECK(polls[i] == round);
        }
    }
}

static em_task *seen_running;
static em_executor *seen_executor;

static em_poll looker_poll(em_future *f, em_context *cx)
{
    (void)f;
    seen_running = em_running_task();
    seen_executor = em_spawner_current().executor;
    return seen_running == cx ? EM_READY : EM_PENDING;
}
RAW_TASK_TYPE(looker, looker_poll, NULL)

static void the_running_task_and_the_current_spawner_are_known(void)
{
    begin();
    CHECK(em_running_task() == NULL);
    em_must_spawn(on(&second), looker());
    em_executor_poll(&second);
    CHECK(seen_running == &looker_slot.task);
    CHECK(seen_executor == &second);
    CHECK(em_running_task() == NULL);
    CHECK_TRACE("pend");
}

static em_poll spawner_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    em_trace("spawner");
    em_must_spawn(em_spawner_current(), once());
    return EM_READY;
}
RAW_TASK_TYPE(spawner, spawner_poll, NULL)

static void a_task_spawns_through_the_current_executor(void)
{
    begin();
    em_must_spawn(on(&first), spawner());
    em_executor_poll(&first);
    CHECK_TRACE("pend spawner pend");
    em_executor_poll(&first);
    CHECK_TRACE("once");
}

static em_poll inner_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    em_trace("outer");
    em_executor_poll(&second);
    return seen_executor == em_spawner_current().executor ? EM_PENDING : EM_READY;
}
RAW_TASK_TYPE(inner, inner_poll, NULL)

static void an_executor_can_be_polled_inside_a_poll_of_another(void)
{
    begin();
    em_must_spawn(on(&first), inner());
    em_must_spawn(on(&second), once());
    em_executor_poll(&first);
    CHECK_TRACE("pend pend outer once");
    CHECK(inner_slot.task.state == 0);
}

static em_poll greedy_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    em_executor_poll(&first);
    return EM_READY;
}
RAW_TASK_TYPE(greedy, greedy_poll, NULL)

static void broken_contracts_panic(void)
{
    begin();
    fake_port_traces_pends = 0;
    CHECK(PANICS((void)em_spawner_current()));
    CHECK(PANICS((void)em_spawner_hart(1)));
    em_must_spawn(on(&second), sleeper2());
    CHECK(PANICS(em_must_spawn(on(&second), sleeper2())));
    em_must_spawn(on(&first), greedy());
    CHECK(PANICS(em_executor_poll(&first))); /* polled from inside its own poll */
    em_current_executor_[0] = NULL;
}

static void error_names(void)
{
    CHECK(em_error_name(EM_ERR_TIMEOUT)[7] == 'T');
    CHECK(em_error_name(3) == em_error_name(EM_OK));
    CHECK(em_error_name(-1)[7] == 'U');
    CHECK(em_error_name(INT32_MIN)[7] == 'U');
}

static const em_test tests[] = {
    TEST(polling_an_empty_executor_does_nothing),
    TEST(a_task_is_pended_once_polled_once_and_ends),
    TEST(a_self_wake_is_one_poll_in_the_next_batch),
    TEST(the_second_self_wake_in_a_poll_does_not_pend),
    TEST(ready_tasks_run_in_the_order_of_their_wakes),
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
    TEST(nobody_is_polled_twice_before_every_other_ready_task),
    TEST(the_running_task_and_the_current_spawner_are_known),
    TEST(a_task_spawns_through_the_current_executor),
    TEST(an_executor_can_be_polled_inside_a_poll_of_another),
    TEST(broken_contracts_panic),
    TEST(error_names),
};

int main(void)
{
    RUN_TESTS(tests);
}
