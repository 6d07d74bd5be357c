/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The texts of the checks, put together without a C library.
 *
 * Flow: check.c -> here -> em_port_panic
 */
#pragma once

#include <em/task.h>

#if EM_CFG_CHECKS

typedef struct em_check_text {
    char chars[240];
    size_t length;
} em_check_text;

/* "task NAME: what" */
void em_check_begin_(em_check_text *t, const em_task *task, const char *what);
void em_check_add_(em_check_text *t, const char *words);
void em_check_add_place_(em_check_text *t, const char *file, uint32_t line);
/* "task NAME[slot]", also of one that has ended. */
void em_check_add_task_(em_check_text *t, const em_task *task);

/* The await that a task is in, or that it began last, or NULL. */
const em_place *em_check_place_(const em_task *t);

/* At that place. */
_Noreturn void em_check_panic_(const em_task *task, const em_check_text *t);

#endif
