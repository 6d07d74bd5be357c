/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Coroutines: a stack each, and where each goes on.
 *
 * swapcontext() would do, but asks the kernel for the mask of signals each time: half of all the time that it took.
 *
 * Flow: coroutine_renew -> main_of, once -> begin; coroutine_switch -> coroutine_body
 */
#include "coroutine.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

static struct coroutine {
    jmp_buf begin; /* of its main_of() */
    jmp_buf left;  /* where it was left */
    jmp_buf *at;   /* where it goes on */
    bool is_made;
    char stack[COROUTINE_STACK] __attribute__((aligned(16)));
} coroutines[MAX_COROUTINES];
static jmp_buf scheduler;

static void main_of(unsigned number)
{
    if (!_setjmp(coroutines[number].begin)) {
        _longjmp(scheduler, 1);
    }
    for (;;) {
        coroutine_body(number);
        coroutine_switch((int)number, SCHEDULER);
    }
}

static void make(struct coroutine *c)
{
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = c->stack;
    context.uc_stack.ss_size = COROUTINE_STACK;
    context.uc_link = NULL;
    makecontext(&context, (void (*)(void))(uintptr_t)main_of, 1, (unsigned)(c - coroutines));
    c->is_made = true;
    if (!_setjmp(scheduler)) {
        setcontext(&context);
    }
}

void coroutine_renew(unsigned number)
{
    struct coroutine *c = &coroutines[number];
    if (!c->is_made) {
        make(c);
    }
    c->at = &c->begin;
}

void coroutine_switch(int from, int to)
{
    jmp_buf *here = &scheduler;
    if (from != SCHEDULER) {
        here = coroutines[from].at = &coroutines[from].left;
    }
    if (!_setjmp(*here)) {
        _longjmp(to == SCHEDULER ? scheduler : *coroutines[to].at, 1);
    }
}
