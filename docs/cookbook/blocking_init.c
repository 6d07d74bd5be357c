/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Wait for things in init, before the executor runs: em_block_on().
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   the clock is stable
 *   the radio says 7
 *   the program begins
 */
#include <em/async.h>
#include <em/board.h>

EM_SIGNAL_TYPE(radio_id, int);
static radio_id id;

TASK(radio, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(5)));
        radio_id_set(&id, 7);
    }
}

TASK(program)
{
    ASYNC {
        em_print("the program begins\n");
        em_board_exit(0);
    }
}

int main(void)
{
    static em_timer settle;
    static radio_id_wait_future wait;
    em_spawner spawner = em_spawner_hart(0);

    em_block_on(&em_timer_after(&settle, em_ms(2))->future); /* sleeps meanwhile */
    em_print("the clock is stable\n");

    em_must_spawn(spawner, radio()); /* runs while we wait for what it makes */
    em_block_on(&radio_id_wait(&wait, &id)->future);
    em_print("the radio says %d\n", wait.out);

    em_must_spawn(spawner, program());
    em_executor_run(spawner.executor);
}
