/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A handler may change whatever a C function may; the code that it interrupts does not notice. With BY_LEVEL it is
 * a task of a level that does, and the handler only wakes it.
 *
 * expect: 200 interrupts, 0 registers changed
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>

static volatile long came;
static volatile long before; /* as it was when the alarm was set */
static em_interrupt alarm_irq;

static void change_registers(void)
{
    __asm__ volatile(".irp r, ra, t0, t1, t2, a0, a1, a2, a3, a4, a5, a6, a7, t3, t4, t5, t6\n"
                     "li \\r, -1\n"
                     ".endr\n" ::
                         : "ra", "t0", "t1", "t2", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t3", "t4", "t5",
                           "t6");
#ifdef __riscv_flen
    __asm__ volatile(".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31\n"
                     "fmv.d.x f\\n, zero\n"
                     ".endr\n"
                     "fsflagsi 31\n");
#endif
    came = came + 1;
}

#ifdef BY_LEVEL
static em_signal alarm_came;

TASK(changes, VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &alarm_came));
            change_registers();
        }
    }
}
#endif

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
#ifdef BY_LEVEL
    em_signal_set(&alarm_came);
#else
    change_registers();
#endif
}

/* Fill the registers, wait for `came` to change, and count those that are not as they were. */
static long wait_and_compare(void)
{
    long wrong;
#ifdef __riscv_flen
    __asm__ volatile(".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31\n"
                     "li t0, 1000 + \\n\n"
                     "fmv.d.x f\\n, t0\n"
                     ".endr\n"
                     "fsflagsi 5\n" ::
                         : "t0");
#endif
    __asm__ volatile(".irp n, 1, 5, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30\n"
                     "li x\\n, 100 + \\n\n"
                     ".endr\n"
                     "ld t6, before\n"
                     "1: ld t1, came\n"
                     "beq t1, t6, 1b\n"
                     "li t1, 0\n"
                     ".irp n, 1, 5, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30\n"
                     "li t6, 100 + \\n\n"
                     "beq t6, x\\n, 2f\n"
                     "addi t1, t1, 1\n"
                     "2:\n"
                     ".endr\n"
                     "mv %0, t1\n"
                     : "=r"(wrong)
                     :
                     : "ra", "t0", "t1", "t2", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t3", "t4", "t5", "t6",
                       "memory");
#ifdef __riscv_flen
    __asm__ volatile(".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31\n"
                     "li t0, 1000 + \\n\n"
                     "fmv.x.d t1, f\\n\n"
                     "beq t0, t1, 1f\n"
                     "addi %0, %0, 1\n"
                     "1:\n"
                     ".endr\n"
                     "frflags t0\n"
                     "addi t0, t0, -5\n"
                     "beqz t0, 1f\n"
                     "addi %0, %0, 1\n"
                     "1:\n"
                     : "+r"(wrong)
                     :
                     : "t0", "t1");
#endif
    return wrong;
}

int main(void)
{
    long wrong = 0;

#ifdef BY_LEVEL
    em_must_spawn(em_spawner_level(2), changes());
#endif
    em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
    em_interrupt_enable(&alarm_irq);
    for (unsigned i = 0; i < 200; i++) {
        before = came;
        rtc_set_alarm(50000);
        wrong += wait_and_compare();
    }
    em_print("%ld interrupts, %ld registers changed\n", came, wrong);
    return wrong != 0;
}
