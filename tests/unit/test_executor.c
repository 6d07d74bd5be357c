/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The executor: order, pender, batches, spawning, broken contracts. Tasks without macros.
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

static em_poll sleeper_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    em_trace("sleeper");
    return EM_PENDING;
}

static void sleeper_drop(em_future *f)
{
    (void)f;
    em_trace("drop");
}
RAW_TASK_TYPE(sleeper, sleeper_poll, sleeper_drop)
RAW_TASK_TYPE(sleeper2, sleeper_poll, sleeper_drop)

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
    em_current_executor_[0][0] = NULL;
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
