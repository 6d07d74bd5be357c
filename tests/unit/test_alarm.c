/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The time driver alone, with this file in place of the timer queue: every alarm comes, wherever and however
 * shortly before, or after, its time it was set. A lost one stops the test: its timeout tells.
 */
#include "test.h"

#include <em/executor.h>
#include <em/time.h>

#define FROM_ISR (SHORT_WAITS)
static em_executor e;
static volatile unsigned alarms;
static unsigned chain; /* how many more alarms the ISR sets by itself */
static bool early;
static uint64_t wanted;

static em_poll ear_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    return EM_PENDING;
}
RAW_TASK_TYPE(ear, ear_poll, NULL)

static void set(uint64_t at)
{
    wanted = at;
    em_time_driver_set_alarm(at);
}

/* em_time_on_alarm(), by the linker's --wrap. */
void __wrap_em_time_on_alarm(void);
void __wrap_em_time_on_alarm(void)
{
    early |= em_time_driver_now() < wanted;
    alarms++;
    if (chain) {
        chain--;
        set(em_time_driver_now() + chain % 4);
    }
    em_wake((em_waker){&ear_slot.task}); /* ends the sleep */
}

static void begin(unsigned more)
{
    alarms = 0;
    chain = more;
    early = false;
}

static void wait_for(unsigned n)
{
    for (em_executor_poll(&e); alarms < n; em_executor_poll(&e)) {
        em_executor_sleep(&e); /* not at all, if the alarm has come since */
    }
}

static void an_alarm_comes_once_and_not_before_its_time(void)
{
    for (unsigned i = 0; i < 100; i++) {
        begin(0);
        set(em_time_driver_now() + i * 100);
        wait_for(1);
        CHECK(alarms == 1 && !early);
    }
}

static void an_alarm_in_the_past_comes_at_once(void)
{
    begin(0);
    set(0);
    wait_for(1);
    begin(0);
    set(em_time_driver_now() - 1);
    wait_for(1);
}

static void no_alarm_0_to_3_ticks_ahead_is_lost(void)
{
    for (unsigned i = 0; i < SHORT_WAITS; i++) {
        begin(0);
        set(em_time_driver_now() + i % 4);
        wait_for(1);
    }
}

static void no_alarm_set_with_interrupts_masked_is_lost(void)
{
    for (unsigned i = 0; i < SHORT_WAITS; i++) {
        begin(0);
        em_irq irq = em_irq_save();
        set(em_time_driver_now() + i % 4);
        em_irq_restore(irq);
        wait_for(1);
    }
}

static void no_alarm_set_by_the_alarm_is_lost(void)
{
    begin(FROM_ISR);
    set(em_time_driver_now() + 1);
    wait_for(FROM_ISR + 1);
    CHECK(alarms == FROM_ISR + 1 && chain == 0);
}

static void a_new_alarm_replaces_the_old(void)
{
    begin(0);
    set(em_time_driver_now() + em_secs(3600).ticks);
    set(em_time_driver_now() + 100);
    wait_for(1);
    CHECK(!early);
    begin(0);
    set(em_time_driver_now() + em_ms(50).ticks);
    set(UINT64_MAX); /* no alarm */
    set(em_time_driver_now() + em_ms(100).ticks);
    wait_for(1);
    CHECK(!early && alarms == 1);
}

static const em_test tests[] = {
    TEST(an_alarm_comes_once_and_not_before_its_time),
    TEST(an_alarm_in_the_past_comes_at_once),
    TEST(no_alarm_0_to_3_ticks_ahead_is_lost),
    TEST(no_alarm_set_with_interrupts_masked_is_lost),
    TEST(no_alarm_set_by_the_alarm_is_lost),
    TEST(a_new_alarm_replaces_the_old),
};

int main(void)
{
    em_must_spawn((em_spawner){&e}, ear());
    RUN_TESTS(tests);
}
