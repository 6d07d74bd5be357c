/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The end of a task, and what follows it: its slot, its joiners, stale handles.
 *
 * Flow: executor.c -> em_task_finish_ -> joiners' wakers, the pool's free list -> em_pool_claim_
 */
#include "lives.h"

#include <em/executor.h>

em_lock em_lives_;
static em_task_join *joins;

#if EM_CFG_CHECKS
static bool join_is_intact(const void *node, const em_task *task)
{
    return ((const em_task_join *)node)->waker.task == task;
}

static const em_check_kind join_kind = {.name = "an em_task_wait()", .intact = join_is_intact};
#endif

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

/* Wake who waits for the life that t has just ended. One join a critical section. */
static void wake_joins(em_task_handle ended)
{
    for (;;) {
        em_irq irq = em_lock_acquire(&em_lives_);
        em_task_join **link = &joins;
        while (*link && ((*link)->handle.task != ended.task || (*link)->handle.generation != ended.generation)) {
            em_check_linked_(*link);
            link = &(*link)->next;
        }
        em_task_join *join = *link;
        em_waker waker = {NULL};
        if (join) {
            em_check_unlink_(join);
            *link = join->next;
            waker = join->waker;
            join->waker.task = NULL;
        }
        em_lock_release(&em_lives_, irq);
        if (!join) {
            return;
        }
        em_wake(waker);
    }
}

void em_task_finish_(em_task *t)
{
    const em_task_type *type = em_task_type_of(t);
    em_task_handle ended = {t, t->generation};
    em_check_end_(t);
    em_executor_count_(t->executor, -1);

    /* Zeroed now, not at the next spawn: a slot is always found as .bss has it. But for the operations, which tell the
     * type of a task as long as it lives. */
    uint64_t *word = (uint64_t *)(void *)em_task_root(t);
    for (uint32_t bytes = sizeof *word; bytes < type->frame_bytes; bytes += sizeof *word) {
        *++word = 0;
    }

    em_irq irq = em_lock_acquire(&em_lives_);
    t->generation = ended.generation + 1;
#if EM_CFG_DEADLINES
    em_atomic_poke_ptr_(&t->urgency, NULL);
#endif
    long state = em_atomic_and(&t->state, EM_TASK_QUEUED_); /* a pool of one can be claimed from here on */
    if (type->pool) {
        give_back(type, t); /* with lives: who sees the end finds the slot free */
    }
    em_lock_release(&em_lives_, irq);

    if (state & EM_TASK_JOINED_) {
        wake_joins(ended);
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

/* Take join out of the list if it is in. With em_lives_ held. */
static void unlink_join(em_task_join *join)
{
    for (em_task_join **link = &joins; *link; link = &(*link)->next) {
        em_check_linked_(*link);
        if (*link == join) {
            em_check_unlink_(join);
            *link = join->next;
            return;
        }
    }
}

static em_poll join_poll(em_future *f, em_context *cx)
{
    em_task_join *join = (em_task_join *)(void *)f;
    em_irq irq = em_lock_acquire(&em_lives_);
    bool alive = em_is_alive_(join->handle);
    if (alive) {
        if (!join->waker.task) {
            em_check_link_(&join_kind, join, cx);
            join->next = joins;
            joins = join;
        } else {
            em_check_relink_(&join_kind, join, cx);
        }
        join->waker = em_context_waker(cx);
        em_atomic_or(&join->handle.task->state, EM_TASK_JOINED_);
    } else if (join->waker.task) {
        unlink_join(join); /* polled for another reason before wake_joins came to it */
    }
    em_lock_release(&em_lives_, irq);
    return alive ? EM_PENDING : EM_READY;
}

static void join_drop(em_future *f)
{
    em_irq irq = em_lock_acquire(&em_lives_);
    unlink_join((em_task_join *)(void *)f);
    em_lock_release(&em_lives_, irq);
}

const em_future_ops em_task_join_ops = {.poll = join_poll, .drop = join_drop, .name = "task_wait"};
