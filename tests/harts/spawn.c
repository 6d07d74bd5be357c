/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Spawning from another hart, and from an interrupt there: the pool says when it is full, and has room again.
 *
 * run: --smp 2
 * expect: from hart 1: EM_OK EM_OK EM_OK EM_ERR_BUSY
 * expect: after one has ended: EM_OK
 * expect: from an interrupt on hart 1: EM_OK, runs on hart 0
 */
#include "../qemu/rtc.h"

#include <em/async.h>
#include <em/board.h>

static em_semaphore go, ended;
static em_signal came;
static int32_t from_isr = 1;
static em_interrupt alarm_irq;

TASK(worker, POOL(3), VARS(em_semaphore_acquire_future acquire))
{
    ASYNC {
        EM_ASSERT(em_hart_id() == 0);
        AWAIT(em_semaphore_acquire(&self->acquire, &go, 1));
        em_semaphore_release(&ended, 1);
    }
}

TASK(urgent)
{
    ASYNC {
        while (em_atomic_load(&from_isr) == 1) {
            YIELD(); /* hart 1 is about to write it down */
        }
        em_print("from an interrupt on hart 1: %s, runs on hart %u\n", em_error_name(em_atomic_load(&from_isr)),
                 em_hart_id());
        em_signal_set(&came);
    }
}

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    EM_ASSERT(em_hart_id() == 1);
    int err = em_spawn(em_spawner_hart(0), urgent());
    em_atomic_store(&from_isr, err);
}

static const char *spawned(void)
{
    return em_error_name(em_spawn(em_spawner_hart(0), worker()));
}

TASK(on_hart_1, VARS(em_semaphore_acquire_future acquire))
{
    ASYNC {
        {
            const char *one = spawned();
            const char *two = spawned();
            const char *three = spawned();
            em_print("from hart 1: %s %s %s %s\n", one, two, three, spawned());
        }
        em_semaphore_release(&go, 1);
        AWAIT(em_semaphore_acquire(&self->acquire, &ended, 1));
        while (em_spawn(em_spawner_hart(0), worker()) == EM_ERR_BUSY) {
            YIELD(); /* it has said so, and is still on its way out */
        }
        em_print("after one has ended: EM_OK\n");
        em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&alarm_irq);
        rtc_set_alarm(1000000);
    }
}

MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        em_must_spawn(em_spawner_hart(1), on_hart_1());
        AWAIT(em_signal_wait(&self->wait, &came));
        em_board_exit(0);
    }
}
