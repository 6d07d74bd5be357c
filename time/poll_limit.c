/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The watchdog: it shares the alarm of each hart with the timer queue, as long as the hart polls.
 *
 * A poll does not set the alarm if it is set already: one that began since then is given what is left of its time when
 * it comes. So it comes once in a limit, and not again on a hart that sleeps.
 *
 * Flow: executor/check.c -> em_limit_begin_;  timer_queue.c -> em_limit_set_alarm_ -> the driver ->
 * em_time_on_alarm -> em_limit_on_alarm_ -> executor/check.c
 */
#include <em/executor.h>
#include <em/time_driver.h>
#include <em/poll_limit.h>

#if EM_CFG_CHECKS

/* Moments as in em_executor_timers: ~at, 0: not set. */
typedef struct watch {
    uint64_t alarm;  /* the timer queue's */
    uint64_t review; /* ours */
    em_limited_poll poll;
    em_lock lock; /* on the host the alarm is another thread */
} watch;

#pragma weak em_limit_clock_
#pragma weak em_limit_pc_
/* By pointers that may be NULL, as an address in code may not. */
static uint64_t (*const volatile clock_of)(unsigned hart) = em_limit_clock_;
static const void *(*const volatile pc)(void) = em_limit_pc_;

static watch watches[EM_CFG_MAX_HARTS];
static uint64_t limit = EM_TICK_HZ;

void em_limit_set_(uint64_t ticks)
{
    *(volatile uint64_t *)&limit = ticks;
}

static uint64_t clock_now(unsigned hart)
{
    return clock_of ? clock_of(hart) : em_time_driver_now();
}

static uint64_t sooner(watch *w)
{
    em_irq irq = em_lock_acquire(&w->lock);
    uint64_t at = w->alarm > w->review ? w->alarm : w->review;
    em_lock_release(&w->lock, irq);
    return ~at;
}

/* Without the lock, as the driver may call us at once. So the other thread may have come in between. */
static void set_alarm(watch *w)
{
    em_irq irq = em_irq_save();
    uint64_t at;
    do {
        at = sooner(w);
        em_time_driver_set_alarm(at);
    } while (at != sooner(w));
    em_irq_restore(irq);
}

void em_limit_set_alarm_(uint64_t at)
{
    watch *w = &watches[em_arch_hart()];
    em_irq irq = em_lock_acquire(&w->lock);
    w->alarm = ~at;
    em_lock_release(&w->lock, irq);
    set_alarm(w);
}

em_limited_poll em_limit_begin_(em_task *task)
{
    unsigned hart = em_arch_hart();
    watch *w = &watches[hart];
    uint64_t now = clock_now(hart);

    em_irq irq = em_lock_acquire(&w->lock);
    em_limited_poll outer = w->poll;
    w->poll = (em_limited_poll){task, now};
    uint64_t review = limit > 0 ? ~(em_time_driver_now() + limit) : 0;
    bool is_sooner = review > w->review; /* it was not set, or the limit was longer */
    if (is_sooner) {
        w->review = review;
    }
    em_lock_release(&w->lock, irq);
    if (is_sooner) {
        set_alarm(w);
    }
    return outer;
}

static uint64_t as_ms(uint64_t ticks)
{
    return ticks / (EM_TICK_HZ / 1000);
}

void em_limit_end_(em_limited_poll outer)
{
    unsigned hart = em_arch_hart();
    watch *w = &watches[hart];

    em_irq irq = em_lock_acquire(&w->lock);
    uint64_t took = clock_now(hart) - w->poll.begun;
    em_task *task = w->poll.task;
    outer.begun += took; /* it was not its own time */
    w->poll = outer;
    em_lock_release(&w->lock, irq);
    if (limit > 0 && took > limit) { /* the alarm was masked, or is yet to come */
        em_check_late_(task, "has yielded, but only after", as_ms(took), NULL);
    }
}

/* Our alarm has come. The task that has had its time, or NULL. */
static em_task *review(watch *w, unsigned hart)
{
    em_task *task = w->poll.task;
    uint64_t took = task ? clock_now(hart) - w->poll.begun : 0;

    w->review = 0;
    if (!task || limit == 0) {
        return NULL; /* until the next poll */
    }
    if (took < limit) {
        w->review = ~(em_time_driver_now() + (limit - took));
        return NULL;
    }
    return task;
}

bool em_limit_on_alarm_(void)
{
    unsigned hart = em_arch_hart();
    watch *w = &watches[hart];
    em_task *late = NULL;

    em_irq irq = em_lock_acquire(&w->lock);
    uint64_t now = em_time_driver_now();
    bool is_ours = w->review && ~w->review <= now;
    if (is_ours) {
        late = review(w, hart);
    }
    bool is_theirs = w->alarm && ~w->alarm <= now;
    if (is_theirs) {
        w->alarm = 0; /* they set it anew */
    }
    bool is_set = w->alarm || w->review;
    em_lock_release(&w->lock, irq);

    if (late) {
        em_check_late_(late, "has not yielded for", as_ms(limit), pc ? pc() : NULL);
    }
    if (is_set) {
        set_alarm(w);
    }
    if (is_ours) {
        em_port_pend(&em_thread_executors_[hart]); /* who sleeps looks which alarm is the next (hal/host) */
    }
    return is_theirs;
}

#endif
