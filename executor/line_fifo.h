/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A line: the ready tasks of one priority, in the order in which they became ready. Each step is O(1).
 *
 * One context uses a line: that which polls the executor. An empty one has no value: who has lines knows which are.
 *
 * Flow: priority.c -> here
 */
#pragma once

#include <em/task.h>

/* A ring by em_task.next, whose last is known. */
typedef struct em_line_ {
    em_task *last;
} em_line_;

static inline void em_line_add_(em_line_ *line, em_task *t, bool is_empty)
{
    if (is_empty) {
        t->next = t;
    } else {
        t->next = line->last->next;
        line->last->next = t;
    }
    line->last = t;
}

/* Take the first. True: that was the last one. */
static inline bool em_line_take_(em_line_ *line, em_task **first)
{
    em_task *last = line->last;
    *first = last->next;
    last->next = last->next->next;
    return *first == last;
}

/* What the order depends on may have changed: nothing does. */
static inline void em_line_sort_(em_line_ *line)
{
    (void)line;
}

/* Put back one that was taken from this line, and stays in it. */
static inline void em_line_keep_(em_line_ *line, em_task *t, bool is_empty)
{
    em_line_add_(line, t, is_empty);
}
