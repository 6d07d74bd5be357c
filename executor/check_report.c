/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the checks say: one line, with the place that the task is at.
 *
 * Flow: check.c, futures/check_await.c, time/poll_limit.c -> here -> em_port_panic
 */
#include "check_report.h"

#include <em/port.h>

#if EM_CFG_CHECKS

void em_check_add_(em_check_text *t, const char *words)
{
    for (; *words && t->length < sizeof t->chars - 1; words++) {
        t->chars[t->length++] = *words;
    }
    t->chars[t->length] = '\0';
}

static void add_number(em_check_text *t, uint64_t n, unsigned base)
{
    char digits[24];
    char *at = digits + sizeof digits;
    *--at = '\0';
    do {
        *--at = "0123456789abcdef"[n % base];
        n /= base;
    } while (n > 0);
    em_check_add_(t, at);
}

void em_check_add_place_(em_check_text *t, const char *file, uint32_t line)
{
    em_check_add_(t, file);
    em_check_add_(t, ":");
    add_number(t, line, 10);
}

/* The type of a task, also of one that has ended. */
static const em_task_type *type_of(const em_task *t)
{
    const em_future *root = (const em_future *)(const void *)(t + 1);
    return t->type ? t->type : (const em_task_type *)(const void *)em_future_ops_(root);
}

void em_check_add_task_(em_check_text *t, const em_task *task)
{
    em_check_add_(t, "task ");
    if (!task) {
        em_check_add_(t, "(none)");
        return;
    }
    const em_task_type *type = type_of(task);
    em_check_add_(t, type->ops.name);
    if (type->count > 1) {
        em_check_add_(t, "[");
        add_number(t, ((uintptr_t)task - (uintptr_t)type->slots) / type->slot_bytes, 10);
        em_check_add_(t, "]");
    }
}

void em_check_begin_(em_check_text *t, const em_task *task, const char *what)
{
    t->length = 0;
    em_check_add_task_(t, task);
    em_check_add_(t, ": ");
    em_check_add_(t, what);
}

const em_place *em_check_place_(const em_task *t)
{
    return t->place ? t->place : t->last;
}

/* Where @p task is, as far as awaits tell. */
_Noreturn void em_check_panic_(const em_task *task, const em_check_text *t)
{
    const em_place *place = task ? em_check_place_(task) : NULL;
    if (place) {
        em_port_panic(t->chars, place->file, place->line);
    }
    em_port_panic(t->chars, task ? type_of(task)->file : "?", task ? type_of(task)->line : 0);
}

_Noreturn void em_check_failed_(const em_task *task, const char *what, const char *name)
{
    em_check_text t;
    em_check_begin_(&t, task, what);
    if (name) {
        em_check_add_(&t, ": ");
        em_check_add_(&t, name);
    }
    em_check_panic_(task, &t);
}

_Noreturn void em_check_late_(const em_task *task, const char *what, uint64_t ms, const void *pc)
{
    em_check_text t;
    em_check_begin_(&t, task, what);
    em_check_add_(&t, " ");
    add_number(&t, ms, 10);
    em_check_add_(&t, " ms");
    if (pc) {
        em_check_add_(&t, ", it is at pc 0x");
        add_number(&t, (uintptr_t)pc, 16);
    }
    em_check_panic_(task, &t);
}

#endif
