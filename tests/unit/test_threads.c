/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Linux only: as many threads as there may be harts, each with an executor, all with timers at the one alarm
 * thread, and wakes from each to the next. None is lost, nothing blocks: the test's timeout tells.
 */
#include "test.h"

#include <em/async.h>
#include <em/port.h>
#include <pthread.h>

#define HARTS EM_CFG_MAX_HARTS
#define ROUNDS 1000

static em_executor executor[HARTS];
static em_semaphore baton[HARTS];
static int32_t finished[HARTS];

TASK(naps, POOL(HARTS), ARGS((unsigned, hart)), VARS(em_timer t; unsigned left))
{
    ASYNC {
        for (self->left = ROUNDS; self->left > 0; self->left--) {
            AWAIT(em_timer_after(&self->t, em_ticks(self->left * (self->hart + 1) % 300)));
        }
        em_atomic_add(&finished[self->hart], 1);
    }
}

/* A ring of harts: each gives its neighbour a permit and waits for its own. */
TASK(passes, POOL(HARTS), ARGS((unsigned, hart)), VARS(em_semaphore_acquire_future a; unsigned left))
{
    ASYNC {
        for (self->left = ROUNDS; self->left > 0; self->left--) {
            em_semaphore_release(&baton[(self->hart + 1) % HARTS], 1);
            AWAIT(em_semaphore_acquire(&self->a, &baton[self->hart], 1));
        }
        em_atomic_add(&finished[self->hart], 1);
    }
}

static void *hart_main(void *arg)
{
    unsigned hart = (unsigned)(uintptr_t)arg;
    em_executor *e = &executor[hart];
    em_host_hart_ = hart;
    em_must_spawn((em_spawner){e}, naps(hart));
    em_must_spawn((em_spawner){e}, passes(hart));
    for (em_executor_poll(e); em_atomic_load(&finished[hart]) < 2; em_executor_poll(e)) {
        em_executor_sleep(e);
    }
    return NULL;
}

static void no_timer_and_no_wake_is_lost_among_many_harts(void)
{
    pthread_t thread[HARTS];
    for (unsigned i = 0; i < HARTS; i++) {
        CHECK(pthread_create(&thread[i], NULL, hart_main, (void *)(uintptr_t)i) == 0);
    }
    for (unsigned i = 0; i < HARTS; i++) {
        CHECK(pthread_join(thread[i], NULL) == 0);
        CHECK(finished[i] == 2 && em_semaphore_permits(&baton[i]) == 0);
    }
}

TASK(nothing)
{
    ASYNC {
    }
}

/* The pend that came between the run loop's look at the queue and the sleep: here, before the sleep. */
static void a_pend_before_the_sleep_ends_it(void)
{
    em_executor e = {0};
    em_must_spawn((em_spawner){&e}, nothing());
    em_irq_disable();
    em_port_idle(&e);
    em_irq_enable();
    em_executor_poll(&e);
    CHECK(em_executor_is_idle(&e));
}

static const em_test tests[] = {
    TEST(a_pend_before_the_sleep_ends_it),
    TEST(no_timer_and_no_wake_is_lost_among_many_harts),
};

int main(void)
{
    RUN_TESTS(tests);
}
