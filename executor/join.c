/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Waiting for the end of a task. In a file of its own: a program in which nobody does has none of it.
 *
 * Flow: em_task_wait -> join_poll;  task.c -> em_wake_joins_ -> the joiners' wakers
 */
#include "lives.h"

#include <em/executor.h>

static em_task_join *joins;

#if EM_CFG_CHECKS
static bool join_is_intact(const void *node, const em_task *task)
{
    return ((const em_task_join *)node)->waker.task == task;
}

static const em_check_kind join_kind = {.name = "an em_task_wait()", .intact = join_is_intact};
#endif

/* Wake who waits for the life of t that has just ended. One join a critical section. */
void em_wake_joins_(em_task *t, uint32_t generation)
{
    for (;;) {
        em_irq irq = em_lock_acquire(&em_lives_);
        em_task_join **link = &joins;
        while (*link && ((*link)->handle.task != t || (*link)->handle.generation != generation)) {
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
