/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Settings that many read, across awaits, and one changes: a read/write lock around them. Nobody sees half a change.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   reader 1: 10..20
 *   reader 2: 10..20
 *   reader 2 saw the same at its end: yes
 *   reader 1 saw the same at its end: yes
 *   changed to 30..40
 *   reader 3: 30..40
 */
#include <em/async.h>
#include <em/board.h>

typedef struct limits {
    int low, high;
} limits;

EM_RWLOCK_TYPE(settings, limits);
static settings current = {.value = {10, 20}};
static em_semaphore done;

TASK(reader, POOL(2), ARGS((unsigned, number)), VARS(settings_read_future read; limits seen; em_timer use))
{
    ASYNC {
        AWAIT(settings_read(&self->read, &current));
        self->seen = *self->read.out; /* out: const limits * */
        em_print("reader %u: %d..%d\n", self->number, self->seen.low, self->seen.high);
        AWAIT(em_timer_after(&self->use, em_ms(30 / self->number)));
        bool same = self->seen.low == self->read.out->low && self->seen.high == self->read.out->high;
        em_print("reader %u saw the same at its end: %s\n", self->number, same ? "yes" : "no");
        settings_unlock_read(self->read.out);
        em_semaphore_release(&done, 1);
    }
}

TASK(changer, VARS(settings_write_future write; em_timer slow))
{
    ASYNC {
        AWAIT(settings_write(&self->write, &current)); /* alone: after the readers, before those that come later */
        self->write.out->low = 30;
        AWAIT(em_timer_after(&self->slow, em_ms(10)));
        self->write.out->high = 40;
        em_print("changed to %d..%d\n", self->write.out->low, self->write.out->high);
        settings_unlock_write(self->write.out);
    }
}

MAIN(VARS(em_semaphore_acquire_future both; settings_read_future read; em_timer t))
{
    ASYNC {
        em_must_spawn(self->spawner, reader(1));
        em_must_spawn(self->spawner, reader(2));
        em_must_spawn(self->spawner, changer());
        AWAIT(em_timer_after(&self->t, em_ms(5)));
        AWAIT(settings_read(&self->read, &current)); /* behind the writer, who so does not wait for ever */
        em_print("reader 3: %d..%d\n", self->read.out->low, self->read.out->high);
        settings_unlock_read(self->read.out);
        AWAIT(em_semaphore_acquire(&self->both, &done, 2));
        em_board_exit(0);
    }
}
