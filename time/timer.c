/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The timer as a future.
 *
 * Flow: em_timer_at -> poll -> timer_queue.c
 */
#include <em/timer.h>

#if EM_CFG_CHECKS
static bool timer_is_intact(const void *node, const em_task *task)
{
    const em_timer *t = (const em_timer *)node;
    return t->link && t->task == task;
}

const em_check_kind em_timer_kind_ = {.name = "a timer", .intact = timer_is_intact, .is_local = true};
#endif

static em_poll timer_poll(em_future *f, em_context *cx)
{
    em_timer *t = (em_timer *)(void *)f;

    if (!t->task) {
        return em_timer_start_(t, cx);
    }
    if (!t->link) {
        return EM_READY;
    }
    em_check_relink_(&em_timer_kind_, t, cx);
    t->task = cx;
    return EM_PENDING;
}

static void timer_drop(em_future *f)
{
    em_timer *t = (em_timer *)(void *)f;
    if (t->link) {
        em_check_local_(t);
        em_timer_cancel_(t);
    }
}

const em_future_ops em_timer_ops = {.poll = timer_poll, .drop = timer_drop, .name = "timer"};

void em_block_for(em_duration d)
{
    em_instant end = em_instant_add(em_now(), d);
    while (em_instant_before(em_now(), end)) {
        em_arch_relax();
    }
}
