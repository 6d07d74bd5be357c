/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The run queue of an executor: intrusive, unbounded, many producers, one consumer, AMOs only.
 *
 * Flow: waker.c, executor.c (spawn) -> push -> em_port_pend;  executor.c -> take -> next
 *
 * tail is swapped by producers. Who swaps a NULL out made the queue non-empty: it stores head and
 * pends. Everyone else links behind what it swapped out. The consumer takes all by reading head and
 * then swapping tail for NULL: until that swap no producer can be a first one, so head cannot change
 * under it. The list from head to the old tail is a batch, oldest first.
 *
 * Between its swap and its link a producer leaves a gap. A producer on this hart is an interrupt, over
 * before the consumer goes on; one on another hart is masked and two instructions from its link.
 */
#pragma once

#include <em/executor.h>

/* Append. True: the queue was empty, pend. */
static inline __attribute__((always_inline)) bool em_run_queue_push_(em_executor *e, em_task *t)
{
    em_irq irq = {0};
    if (EM_CFG_MAX_HARTS > 1) {
        irq = em_irq_save();
    }
    em_atomic_poke_ptr_((void **)&t->next, NULL);
    em_task *last = em_atomic_swap_ptr_((void **)&e->tail, t); /* pairs with the swap of take */
    em_atomic_store_ptr_(last ? (void **)&last->next : (void **)&e->head, t); /* pairs with take and next */
    if (EM_CFG_MAX_HARTS > 1) {
        em_irq_restore(irq);
    }
    return last == NULL;
}

/* Take all: the first of the batch and, in *last, its last; or NULL: empty, or a first push is under way. */
static inline __attribute__((always_inline)) em_task *em_run_queue_take_(em_executor *e, em_task **last)
{
    em_task *first = em_atomic_load_ptr_((void *const *)&e->head); /* pairs with a first push */
    if (first) {
        em_atomic_poke_ptr_((void **)&e->head, NULL);
        *last = em_atomic_swap_ptr_((void **)&e->tail, NULL); /* pairs with the swap of push */
    }
    return first;
}

/* What follows t in the batch that ends with last, NULL behind that one. Before t may be pushed again. */
static inline __attribute__((always_inline)) em_task *em_run_queue_next_(em_task *t, em_task *last)
{
    if (t == last) {
        return NULL;
    }
    em_task *next = em_atomic_load_ptr_((void *const *)&t->next); /* pairs with a later push */
    while (__builtin_expect(next == NULL, 0)) {
        em_arch_relax();
        next = em_atomic_load_ptr_((void *const *)&t->next);
    }
    return next;
}
