/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The end of a task, and what follows it: its slot, stale handles.
 *
 * Flow: executor.c -> em_task_finish_ -> join.c, the pool's free list -> em_pool_claim_
 */
#include "lives.h"

#include <em/executor.h>

em_lock em_lives_;

/* A free slot's link stands where a tenant's frame has its operations. */
static inline em_task **free_link(em_task *t)
{
    return (em_task **)(void *)em_task_root(t);
}

em_task *em_pool_claim_(const em_task_type *type)
{
    em_pool *pool = type->pool;
    em_irq irq = em_lock_acquire(&pool->lock);
    em_task *t = pool->free;
    if (t) {
        pool->free = *free_link(t);
    } else if (pool->used_bytes < type->pool_bytes) {
        t = (em_task *)(void *)((char *)type->slots + pool->used_bytes);
        pool->used_bytes += type->slot_bytes;
    }
    em_lock_release(&pool->lock, irq);
    if (t) {
        em_atomic_or(&t->state, EM_TASK_CLAIMED_);
    }
    return t;
}

static void give_back(const em_task_type *type, em_task *t)
{
    em_pool *pool = type->pool;
    em_irq irq = em_lock_acquire(&pool->lock);
    *free_link(t) = pool->free;
    pool->free = t;
    em_lock_release(&pool->lock, irq);
}

/* Without join.c nobody waits. */
__attribute__((weak)) void em_wake_joins_(em_task *t, uint32_t generation)
{
    (void)t, (void)generation;
}

void em_task_finish_(em_task *t)
{
    const em_task_type *type = em_task_type_of(t);
    uint32_t generation = t->generation;
    em_check_end_(t);
    em_executor_count_(t->executor, -1);

    /* Zeroed now, not at the next spawn: a slot is always found as .bss has it. But for the operations, which tell the
     * type of a task as long as it lives. */
    uint64_t *word = (uint64_t *)(void *)em_task_root(t);
    for (uint32_t bytes = sizeof *t + sizeof *word; bytes < type->slot_bytes; bytes += (uint32_t)sizeof *word) {
        *++word = 0;
    }

    em_irq irq = em_lock_acquire(&em_lives_);
    t->generation = generation + 1;
#if EM_CFG_DEADLINES
    em_atomic_poke_ptr_(&t->urgency, NULL);
#endif
    long state = em_atomic_and(&t->state, EM_TASK_QUEUED_); /* a pool of one can be claimed from here on */
    if (type->pool) {
        give_back(type, t); /* with lives: who sees the end finds the slot free */
    }
    em_lock_release(&em_lives_, irq);

    if (state & EM_TASK_JOINED_) {
        em_wake_joins_(t, generation);
    }
}

int em_task_ended(em_task_handle h)
{
    em_irq irq = em_lock_acquire(&em_lives_);
    bool alive = em_is_alive_(h);
    em_lock_release(&em_lives_, irq);
    return !alive;
}

void em_task_cancel(em_task_handle h)
{
    em_irq irq = em_lock_acquire(&em_lives_);
    bool alive = em_is_alive_(h);
    if (alive) {
        em_atomic_or(&h.task->state, EM_TASK_CANCEL_);
    }
    em_lock_release(&em_lives_, irq);
    if (alive) {
        em_wake((em_waker){h.task});
    }
}
