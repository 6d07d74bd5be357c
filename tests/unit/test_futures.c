/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Yield, futures of a function, block_on, and the order in which frames are dropped. */
#include "fake_port.h"
#include "runner.h"

#include <em/block_on.h>
#include <em/frame.h>
#include <em/mock_clock.h>
#include <em/poll_fn.h>
#include <em/timer.h>
#include <em/yield.h>
#include <string.h>

/* -- yield -------------------------------------------------------------------------------------- */

static void yield_is_ready_at_the_second_poll(void)
{
    runner r = {0};
    em_yield y;
    test_begin();
    runner_start(&r, NULL, &em_yield_now(&y)->future);
    em_executor_poll(&test_executor);
    CHECK(!r.ready && !em_executor_is_idle(&test_executor));
    em_executor_poll(&test_executor);
    CHECK(r.ready && r.polls == 2 && em_executor_is_idle(&test_executor));
    runner_start(&r, NULL, &em_yield_now(&y)->future); /* the storage may be used again */
    test_run();
    CHECK(r.ready && r.polls == 2);
}

static void everybody_who_is_ready_runs_during_a_yield(void)
{
    runner a = {0};
    runner b = {0};
    runner c = {0};
    em_yield y;
    probe p;
    test_begin();
    probe_init(&p, 'p');
    runner_start(&a, "a", &em_yield_now(&y)->future);
    runner_start(&b, "b", &p.future);
    runner_start(&c, "c", &p.future);
    p.fired = true;
    test_run();
    CHECK_TRACE("p! b p! c a");
}

/* -- poll_fn ------------------------------------------------------------------------------------ */

static em_poll count_down(void *arg, em_context *cx)
{
    unsigned *left = arg;
    if (*left == 0) {
        return EM_READY;
    }
    --*left;
    em_wake(em_context_waker(cx));
    return EM_PENDING;
}

static void a_future_of_a_function_calls_it_at_every_poll(void)
{
    runner r = {0};
    em_poll_fn p;
    unsigned left = 5;
    test_begin();
    runner_start(&r, NULL, &em_poll_fn_start(&p, count_down, &left)->future);
    test_run();
    CHECK(r.ready && r.polls == 6 && left == 0);
}

static void dropping_a_future_of_a_function_does_nothing(void)
{
    runner r = {0};
    em_poll_fn p;
    unsigned left = 5;
    test_begin();
    runner_start_passive(&r, &em_poll_fn_start(&p, count_down, &left)->future);
    CHECK(!runner_poll(&r));
    runner_drop(&r);
    CHECK(left == 4);
    test_run();
}

/* -- block_on ----------------------------------------------------------------------------------- */

static em_executor *thread_executor(void)
{
    em_mock_clock_reset();
    return em_spawner_hart(0).executor;
}

static void block_on_waits_for_a_timer_by_sleeping(void)
{
    em_timer t;
    thread_executor();
    CHECK(em_block_on(&em_timer_after(&t, em_ms(5))->future) == EM_OK);
    CHECK(em_now().ticks == em_ms(5).ticks);
    CHECK(em_mock_clock_alarms_set() == 1);
}

static void block_on_of_a_ready_future_does_not_sleep(void)
{
    probe p;
    thread_executor();
    probe_init(&p, 'p');
    p.fired = true;
    CHECK(em_block_on(&p.future) == EM_OK); /* the fake port panics when it idles for ever */
    CHECK_TRACE("p!");
}

static void block_on_can_be_called_again_and_again(void)
{
    em_timer t;
    em_yield y;
    thread_executor();
    for (unsigned i = 1; i <= 100; i++) {
        CHECK(em_block_on(&em_timer_after(&t, em_ms(1))->future) == EM_OK);
        CHECK(em_block_on(&em_yield_now(&y)->future) == EM_OK);
        CHECK(em_now().ticks == em_ms(i).ticks);
    }
}

static void a_waker_left_behind_by_block_on_is_harmless(void)
{
    probe p;
    em_timer t;
    thread_executor();
    probe_init(&p, 'p');
    p.fired = true;
    CHECK(em_block_on(&p.future) == EM_OK);
    probe_fire(&p); /* nobody blocks now */
    em_executor_poll(em_spawner_hart(0).executor);
    probe_fire(&p);
    CHECK(em_block_on(&em_timer_after(&t, em_ms(1))->future) == EM_OK);
    CHECK(em_now().ticks == em_ms(1).ticks);
    CHECK_TRACE("p!");
}

static void other_tasks_run_while_somebody_blocks(void)
{
    static runner other;
    em_timer mine;
    em_timer others;
    other.task.executor = thread_executor();
    runner_start(&other, "other", &em_timer_after(&others, em_ms(3))->future);
    CHECK(em_block_on(&em_timer_after(&mine, em_ms(5))->future) == EM_OK);
    CHECK(other.ready);
    CHECK_TRACE("other");
}

static void what_is_blocked_on_may_depend_on_other_tasks(void)
{
    static runner other;
    em_timer t;
    probe p;
    other.task.executor = thread_executor();
    probe_init(&p, 'p');
    runner_start(&other, NULL, &em_timer_after(&t, em_ms(3))->future);
    CHECK(PANICS(em_block_on(&p.future))); /* nobody fires it: it would idle for ever */
    CHECK(other.ready && em_now().ticks == em_ms(3).ticks);
    CHECK(PANICS(em_block_on(&p.future)));              /* that call still waits, as far as anybody knows */
    CHECK(strncmp(fake_port_panic_text, "assert", 6) == 0); /* and not: "idle for ever" */
    em_trace_clear();
}

static em_poll blocks_poll(em_future *f, em_context *cx)
{
    em_yield y;
    (void)f, (void)cx;
    em_block_on(&em_yield_now(&y)->future);
    return EM_READY;
}
RAW_TASK_TYPE(blocks, blocks_poll, NULL)

static void block_on_panics_in_a_task(void)
{
    em_executor e = {0};
    em_must_spawn((em_spawner){&e}, blocks());
    CHECK(PANICS(em_executor_poll(&e)));
    em_current_executor_[0][0] = NULL;
}

static void block_on_panics_with_interrupts_masked_as_in_an_isr(void)
{
    em_yield y;
    bool panicked = false;
    thread_executor();
    em_irq irq = em_irq_save();
    panicked = PANICS(em_block_on(&em_yield_now(&y)->future));
    em_irq_restore(irq);
    CHECK(panicked);
}

/* -- frames ------------------------------------------------------------------------------------- */

/* What an ASYNC_FN expands to, by hand: a body that traces what it is called for. */
typedef struct frame {
    em_frame head;
    const char *name;
} frame;

static em_poll frame_poll(em_future *f, em_context *cx)
{
    frame *self = (frame *)(void *)f;
    (void)cx;
    em_trace(self->name);
    em_trace(self->head.pc == EM_PC_CANCEL ? "cancelled" : "polled");
    return EM_READY;
}

static const em_future_ops frame_ops = {.poll = frame_poll, .drop = em_frame_drop, .name = "frame"};

static frame suspended(const char *name, em_future *awaiting)
{
    static char some_label;
    return (frame){.head = {.future = {&frame_ops}, .awaiting = awaiting, .pc = &some_label}, .name = name};
}

static void frames_are_dropped_leaf_first(void)
{
    probe leaf;
    frame inner = suspended("inner", probe_init(&leaf, 'l'));
    frame middle = suspended("middle", &inner.head.future);
    frame outer = suspended("outer", &middle.head.future);
    em_future_drop(&outer.head.future);
    CHECK_TRACE("~l inner cancelled middle cancelled outer cancelled");
    CHECK(outer.head.awaiting == NULL && leaf.drops == 1);
}

static void a_frame_that_never_started_has_nothing_to_drop(void)
{
    probe leaf;
    frame never = suspended("never", probe_init(&leaf, 'l'));
    never.head.pc = EM_PC_START;
    em_future_drop(&never.head.future);
    CHECK_TRACE("");
}

static void a_frame_that_yields_awaits_nothing(void)
{
    frame yielding = suspended("yielding", NULL);
    em_future_drop(&yielding.head.future);
    CHECK_TRACE("yielding cancelled");
}

static const em_test tests[] = {
    TEST(yield_is_ready_at_the_second_poll),
    TEST(everybody_who_is_ready_runs_during_a_yield),
    TEST(a_future_of_a_function_calls_it_at_every_poll),
    TEST(dropping_a_future_of_a_function_does_nothing),
    TEST(block_on_waits_for_a_timer_by_sleeping),
    TEST(block_on_of_a_ready_future_does_not_sleep),
    TEST(block_on_can_be_called_again_and_again),
    TEST(a_waker_left_behind_by_block_on_is_harmless),
    TEST(other_tasks_run_while_somebody_blocks),
    TEST(block_on_panics_in_a_task),
    TEST(block_on_panics_with_interrupts_masked_as_in_an_isr),
    TEST(frames_are_dropped_leaf_first),
    TEST(a_frame_that_never_started_has_nothing_to_drop),
    TEST(a_frame_that_yields_awaits_nothing),
    TEST(what_is_blocked_on_may_depend_on_other_tasks), /* last: it leaves block_on in use */
};

int main(void)
{
    RUN_TESTS(tests);
}
