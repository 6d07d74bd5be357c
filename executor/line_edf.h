/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A line: the ready tasks of one priority, the earliest deadline first, then those without, by readiness.
 *
 * A pairing heap: to add is O(1), to take O(log n), amortised. Keys may change under it, which makes the order wrong
 * and nothing else: who changes one has the line sorted before the next task is taken.
 *
 * Interface: as line_fifo.h. Flow: priority.c -> here
 */
#pragma once

#include <em/task.h>

typedef struct em_line_ {
    em_task *root;
    uint32_t stamp; /* of who was last added */
} em_line_;

static inline bool em_line_before_(const em_task *a, const em_task *b)
{
    uintptr_t of_a = (uintptr_t)em_atomic_peek_ptr_(&a->urgency);
    uintptr_t of_b = (uintptr_t)em_atomic_peek_ptr_(&b->urgency);
    return of_a != of_b ? of_a > of_b : (int32_t)(a->stamp - b->stamp) < 0;
}

/* One heap of two, neither empty. */
static inline em_task *em_line_meld_(em_task *a, em_task *b)
{
    em_task *top = em_line_before_(b, a) ? b : a;
    em_task *below = top == a ? b : a;
    below->next = top->child;
    top->child = below;
    return top;
}

static inline void em_line_keep_(em_line_ *line, em_task *t, bool is_empty)
{
    t->child = NULL;
    line->root = is_empty ? t : em_line_meld_(line->root, t);
}

static inline void em_line_add_(em_line_ *line, em_task *t, bool is_empty)
{
    t->stamp = ++line->stamp; /* of an empty one it is whatever it was */
    em_line_keep_(line, t, is_empty);
}

/* One heap of a list of them: pairs from left to right, then these from right to left. */
static em_task *em_line_meld_all_(em_task *list)
{
    em_task *pairs = NULL;
    while (list) {
        em_task *t = list;
        em_task *other = t->next;
        list = other ? other->next : NULL;
        t = other ? em_line_meld_(t, other) : t;
        t->next = pairs;
        pairs = t;
    }
    em_task *root = pairs;
    for (pairs = pairs ? pairs->next : NULL; pairs;) {
        em_task *t = pairs;
        pairs = t->next;
        root = em_line_meld_(root, t);
    }
    return root;
}

static inline bool em_line_take_(em_line_ *line, em_task **first)
{
    *first = line->root;
    line->root = em_line_meld_all_(line->root->child);
    return line->root == NULL;
}

static inline void em_line_sort_(em_line_ *line)
{
    em_task *list = line->root;
    bool is_empty = true;
    list->next = NULL;
    while (list) {
        em_task *t = list;
        list = t->next;
        for (em_task *child = t->child; child;) {
            em_task *next = child->next;
            child->next = list;
            list = child;
            child = next;
        }
        em_line_keep_(line, t, is_empty);
        is_empty = false;
    }
}
