/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The ring of waiting nodes: first is the longest waiting, first->prev the last.
 *
 * Flow: the objects of sync/, the drivers -> here
 */
#include <em/wait_list.h>

static void unlink_node(em_wait_list *l, em_wait_node *n)
{
    if (n->next == n) {
        l->first = NULL;
        return;
    }
    n->next->prev = n->prev;
    n->prev->next = n->next;
    if (l->first == n) {
        l->first = n->next;
    }
}

void em_wait_list_add(em_wait_list *l, em_wait_node *n, em_waker waker)
{
    n->waker = waker;
    if (n->next) {
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

em_wait_node *em_wait_list_notify(em_wait_list *l)
{
    em_wait_node *n = l->first;
    if (n) {
        unlink_node(l, n);
        n->next = NULL;
        n->prev = n;
    }
    return n;
}

bool em_wait_list_leave(em_wait_list *l, em_wait_node *n)
{
    if (n->next) {
        unlink_node(l, n);
        em_wait_node_init(n);
        return false;
    }
    bool notified = n->prev != NULL;
    em_wait_node_init(n);
    return notified;
}
