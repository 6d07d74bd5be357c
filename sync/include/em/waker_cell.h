/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Room for one waker, between one task and any number of interrupts and harts: no lock, one AMO.
 *
 * Flow: a future's poll -> em_waker_cell_set;  an ISR -> em_waker_cell_wake -> em_wake
 *
 * Rules for waker cells:
 *  - A zeroed cell is empty.
 *  - Set at every poll, before looking whether the event has happened: a wake takes the waker out.
 *  - One task at a time: setting another's waker wakes the one that was there.
 */
#pragma once

#include <em/arch.h>
#include <em/future.h>

typedef struct em_waker_cell {
    em_task *task;
} em_waker_cell;

/** Put a waker in. Who was evicted, if it is another task, is woken. Context: task. Cost: one AMO */
static inline void em_waker_cell_set(em_waker_cell *cell, em_waker waker)
{
    em_task *evicted = em_atomic_swap_ptr_((void **)&cell->task, waker.task);
    if (evicted && evicted != waker.task) {
        em_wake((em_waker){evicted});
    }
}

/** Take the waker out, if there is one, and wake it. Context: task | isr | any hart. Cost: one AMO and em_wake() */
static inline void em_waker_cell_wake(em_waker_cell *cell)
{
    em_task *task = em_atomic_swap_ptr_((void **)&cell->task, NULL);
    if (task) {
        em_wake((em_waker){task});
    }
}

/** Take the waker out and forget it: for a drop. Context: task. Cost: one AMO */
static inline void em_waker_cell_clear(em_waker_cell *cell)
{
    em_atomic_swap_ptr_((void **)&cell->task, NULL);
}
