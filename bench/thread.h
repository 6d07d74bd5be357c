/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Threads to compare with: a stack each, round robin, preempted by the timer. As lean as threads can be on one hart in
 * M-mode: no priorities, no timeouts, one waiter a semaphore.
 *
 * Flow: thread_start -> thread_yield, semaphore_wait, an interrupt -> thread_switch_ (threads.S)
 */
#pragma once

#include <em/arch.h>
#include <stddef.h>

#define THREAD_STACK 512

typedef struct thread {
    void *sp;
    struct thread *next; /* among the ready */
} thread;

typedef struct thread_semaphore {
    unsigned count;
    thread *waiter;
} thread_semaphore;

static thread *thread_running, *thread_first, *thread_last;

void thread_switch_(void **from, void *to);
void thread_entry_(void);
void thread_exit_(void);

static inline void thread_make_ready(thread *t)
{
    t->next = NULL;
    if (thread_first) {
        thread_last->next = t;
    } else {
        thread_first = t;
    }
    thread_last = t;
}

static inline void thread_switch_to(thread *t)
{
    thread *from = thread_running;
    thread_running = t;
    thread_switch_(&from->sp, t->sp);
}

/* Masked; somebody is ready. */
static inline void thread_go_on(void)
{
    thread *t = thread_first;
    thread_first = t->next;
    thread_switch_to(t);
}

static inline void thread_start(thread *t, char *stack, void (*run)(void *), void *arg)
{
    uintptr_t *saved = (uintptr_t *)(void *)(stack + THREAD_STACK - 112);
    saved[0] = (uintptr_t)thread_entry_;
    saved[1] = (uintptr_t)run;
    saved[2] = (uintptr_t)arg;
    t->sp = saved;
    thread_make_ready(t);
}

static inline void thread_yield(void)
{
    em_irq irq = em_irq_save();
    thread_make_ready(thread_running);
    thread_go_on();
    em_irq_restore(irq);
}

static inline void thread_post(thread_semaphore *s)
{
    em_irq irq = em_irq_save();
    if (s->waiter) {
        thread_make_ready(s->waiter);
        s->waiter = NULL;
    } else {
        s->count++;
    }
    em_irq_restore(irq);
}

static inline void thread_wait(thread_semaphore *s)
{
    em_irq irq = em_irq_save();
    if (s->count) {
        s->count--;
    } else {
        s->waiter = thread_running;
        thread_go_on();
    }
    em_irq_restore(irq);
}

/* In an interrupt: the running thread goes on later, t now. The CSRs are those of its trap. */
static inline void thread_preempt(thread *t)
{
    unsigned long epc, status;
    __asm__ volatile("csrr %0, mepc\n\tcsrr %1, mstatus" : "=r"(epc), "=r"(status));
    thread_make_ready(thread_running);
    thread_switch_to(t);
    __asm__ volatile("csrw mepc, %0\n\tcsrw mstatus, %1" ::"r"(epc), "r"(status));
}
