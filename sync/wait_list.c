/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The ring of waiting nodes: first is the longest waiting, first->prev the last.
 *
 * Flow: the objects of sync/, the drivers -> here
 */
#include <em/wait_list.h>

#if EM_CFG_CHECKS
static bool wait_is_intact(const void *node, const em_task *task)
{
    const em_wait_node *n = (const em_wait_node *)node;
    return em_wait_node_waiting(n) && n->waker.task == task;
}

const em_check_kind em_wait_kind_ = {.name = "a wait", .intact = wait_is_intact};
#endif

/* Before it is. */
static inline void check_add(const em_wait_node *n, em_waker waker)
{
    if (em_wait_node_waiting(n)) {
        em_check_relink_(&em_wait_kind_, n, waker.task);
    } else {
        em_check_link_(&em_wait_kind_, n, waker.task);
    }
}

void em_wait_list_add(em_wait_list *l, em_wait_node *n, em_waker waker)
{
    check_add(n, waker);
    n->waker = waker;
    if (em_wait_node_waiting(n)) {
        return;
    }
    em_wait_node *first = l->first;
    if (!first) {
        n->next = n;
        n->prev = n;
        l->first = n;
        return;
    }
    n->next = first;
    n->prev = first->prev;
    first->prev->next = n;
    first->prev = n;
}

em_poll em_wait_list_wait_behind_(em_wait_list *l, em_wait_node *n, em_context *cx, em_lock *lock, em_irq irq)
{
    em_wait_list_add(l, n, em_context_waker(cx));
    em_lock_release(lock, irq);
    return EM_PENDING;
}

#if EM_CFG_MAX_HARTS == 1 && !defined(__clang__)
void em_wait_list_wake_restore_(em_wait_list *l, em_irq irq)
{
    em_wait_list_wake_release(l, NULL, irq);
}
#endif

bool em_wait_list_leave(em_wait_list *l, em_wait_node *n)
{
    bool notified = em_wait_node_notified(n);
    if (em_wait_node_waiting(n)) {
        em_wait_list_unlink_(l, n);
    }
    em_wait_node_init(n);
    return notified;
}
