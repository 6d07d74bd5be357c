/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The explorer's scheduler: harts, interrupts, and who goes on at each step.
 *
 * A schedule is the list of its decisions: at a step where several could go on, which. choose.c knows
 * what to decide, this file what there is to choose from, and coroutine.c goes there.
 *
 * Flow: explore_run -> setup, then actors; an access in <em/arch.h> -> explore_access -> choose_next ->
 *       coroutine_switch
 */
#include "explorer.h"
#include "choose.h"
#include "coroutine.h"
#include "retell.h"

#include <em/arch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_ACTORS = MAX_COROUTINES,
    MAX_STEPS = 20000, /* of one schedule; beyond that it goes round for ever */
};

enum state {
    OFF,     /* an interrupt that is not being served */
    READY,
    WAITING, /* for a change of a word, or, with none, for any change */
    ASLEEP,
    DONE,
};

typedef struct actor {
    void (*run)(uintptr_t);
    uintptr_t arg;
    unsigned hart;
    unsigned level;
    bool is_interrupt;
    enum state state;
    unsigned times;          /* an interrupt that may come so many times more by itself */
    bool pending;
    bool hart_was_masked;
    struct actor *stopped;   /* whom this interrupt stopped */
    const void *last_word;   /* looked at */
    const void *waits_for;
    uint64_t changes_at_enable;
} actor;

typedef struct hart {
    actor *top; /* who runs or would run: its main program, or the interrupt that is served */
    bool masked;
    bool ipi;
    bool has_interrupts;
} hart;

static actor actors[MAX_ACTORS];
static unsigned actor_count;
static hart harts[EM_CFG_MAX_HARTS];
static actor *current; /* NULL: setup or quiet */
static uint64_t steps, changes;
static const explore_scenario *scenario;
static uint64_t total_steps;

/* -- who could go on ------------------------------------------------------------------------------ */

static bool is_pending(unsigned h)
{
    for (actor *a = actors; a < actors + actor_count; a++) {
        if (a->is_interrupt && a->hart == h && a->pending) {
            return true;
        }
    }
    return harts[h].ipi;
}

/* Could this interrupt be taken now, if it is or becomes pending? */
static bool may_interrupt(const actor *a)
{
    const hart *h = &harts[a->hart];
    if (a->state != OFF || !(a->pending || a->times > 0)) {
        return false;
    }
    if (h->top && h->top->state == ASLEEP) {
        return !a->pending; /* it ends the sleep; taken when the hart unmasks */
    }
    return !h->masked && (a->level == 0 || !h->top || !h->top->is_interrupt || h->top->level < a->level);
}

static bool can_go_on(const actor *a)
{
    if (a->is_interrupt && a->state == OFF) {
        return may_interrupt(a);
    }
    if (harts[a->hart].top != a) {
        return false;
    }
    const actor *end = harts[a->hart].has_interrupts ? actors + actor_count : actors;
    for (const actor *i = actors; i < end; i++) {
        if (i->hart == a->hart && i->pending && i->state == OFF && a->state != ASLEEP && may_interrupt(i)) {
            return false; /* the interrupt comes first */
        }
    }
    return a->state == READY || (a->state == ASLEEP && is_pending(a->hart));
}

static void trace(const actor *a, const char *what, const void *word)
{
    retell(steps, a->hart, a->is_interrupt, what, word);
}

/* -- going on ------------------------------------------------------------------------------------- */

static int number_of(const actor *a)
{
    return a ? (int)(a - actors) : SCHEDULER;
}

void coroutine_body(unsigned number)
{
    actor *a = &actors[number];
    a->run(a->arg);
    if (!a->is_interrupt) {
        a->state = DONE;
    } else {
        trace(a, "return", NULL);
        a->state = OFF;
        harts[a->hart].top = a->stopped;
        harts[a->hart].masked = a->hart_was_masked;
    }
}

/* Make a the one that goes on. False: it was only made pending. */
static bool enter(actor *a)
{
    hart *h = &harts[a->hart];
    if (a->is_interrupt && a->state == OFF) {
        if (!a->pending) {
            a->times--;
        }
        if (h->top && h->top->state == ASLEEP) {
            a->pending = true;
            trace(a, "pending", NULL);
            return false;
        }
        a->pending = false;
        a->stopped = h->top;
        a->hart_was_masked = h->masked;
        a->state = READY;
        h->top = a;
        h->masked = a->level == 0;
        trace(a, "enter", NULL);
    }
    if (a->state == ASLEEP) {
        a->state = READY;
    }
    return true;
}

/* Who goes on now; NULL: nobody can. */
static actor *choose_next(void)
{
    bool preempts = current && current->state == READY && can_go_on(current);
    for (;;) {
        actor *able[MAX_ACTORS];
        unsigned count = 0;
        if (preempts) {
            able[count++] = current;
        }
        for (actor *a = actors; a < actors + actor_count; a++) {
            if (can_go_on(a) && !(preempts && a == current)) {
                able[count++] = a;
            }
        }
        if (count == 0) {
            return NULL;
        }
        actor *next = able[choose(count, preempts)];
        if (enter(next)) {
            return next;
        }
    }
}

static void go_on(void)
{
    actor *me = current;
    if (++steps > MAX_STEPS) {
        explore_fail(__FILE__, __LINE__, "goes round for ever");
    }
    actor *next = choose_next();
    if (next == me && me) {
        return;
    }
    current = next;
    coroutine_switch(number_of(me), number_of(next));
}

/* -- for <em/arch.h> and scenarios ---------------------------------------------------------------- */

void explore_point(const char *what)
{
    if (current) {
        trace(current, what, NULL);
        go_on();
    }
}

void explore_access(const char *what, const void *word)
{
    if (current) {
        go_on();
        trace(current, what, word);
        current->last_word = word;
    }
}

void explore_accessed(const void *word, uintptr_t before, uintptr_t after)
{
    if (before == after) {
        return;
    }
    changes++;
    for (actor *a = actors; a < actors + actor_count; a++) {
        if (a->state == WAITING && a != current && (!a->waits_for || a->waits_for == word)) {
            a->state = READY;
        }
    }
    world_changed(word, before, after);
}

unsigned em_arch_hart(void)
{
    return current ? current->hart : 0;
}

em_irq em_irq_save(void)
{
    hart *h = &harts[em_arch_hart()];
    em_irq irq = {h->masked};
    if (h->has_interrupts && !h->masked) {
        explore_point("mask");
    }
    h->masked = true;
    return irq;
}

void em_irq_restore(em_irq irq)
{
    hart *h = &harts[em_arch_hart()];
    h->masked = irq.was;
    if (!irq.was) {
        h->ipi = false; /* taken, and nothing to do */
        if (h->has_interrupts) {
            explore_point("unmask");
        }
    }
}

void em_irq_disable(void)
{
    explore_point("disable");
    harts[em_arch_hart()].masked = true;
}

/* The run loop calls this once a round. A round that saw no change would be the same again: wait for one. */
void em_irq_enable(void)
{
    hart *h = &harts[em_arch_hart()];
    h->masked = false;
    h->ipi = false;
    if (current->changes_at_enable == changes) {
        current->state = WAITING;
        current->waits_for = NULL;
    }
    explore_point("enable");
    current->changes_at_enable = changes;
}

bool em_irq_enabled(void)
{
    return !harts[em_arch_hart()].masked;
}

void em_arch_relax(void)
{
    if (!current) {
        explore_fail(__FILE__, __LINE__, "setup would wait for ever");
    }
    current->state = WAITING;
    current->waits_for = current->last_word;
    explore_point("wait");
}

void explore_sleep(void)
{
    explore_check(harts[current->hart].masked);
    if (!is_pending(current->hart)) {
        current->state = ASLEEP;
        explore_point("sleep");
    }
    changes++; /* an interrupt came */
}

void explore_raise(unsigned interrupt)
{
    actors[interrupt].pending = true;
}

void explore_ipi(unsigned h)
{
    harts[h].ipi = harts[h].masked; /* unmasked, it is taken at once */
}

static actor *add_actor(unsigned h, void (*run)(uintptr_t), uintptr_t arg)
{
    if (actor_count == MAX_ACTORS) {
        explore_fail(__FILE__, __LINE__, "too many actors");
    }
    actor *a = &actors[actor_count++];
    *a = (actor){.run = run, .arg = arg, .hart = h, .state = READY, .changes_at_enable = UINT64_MAX};
    coroutine_renew((unsigned)(a - actors));
    return a;
}

void explore_hart(unsigned h, void (*run)(uintptr_t), uintptr_t arg)
{
    harts[h].top = add_actor(h, run, arg);
}

unsigned explore_interrupt(unsigned h, unsigned level, void (*run)(uintptr_t), uintptr_t arg, unsigned times)
{
    actor *a = add_actor(h, run, arg);
    a->is_interrupt = true;
    a->level = level;
    a->times = times;
    a->state = OFF;
    harts[h].has_interrupts = true;
    return (unsigned)(a - actors);
}

_Noreturn void explore_fail(const char *file, unsigned line, const char *what)
{
    const char *slash = strrchr(file, '/');
    printf("FAILED %s after %llu schedules, %u steps into this one: %s (%s:%u)\n", scenario->name,
           (unsigned long long)choose_count(), (unsigned)steps, what, slash ? slash + 1 : file, line);
    printf("  on hart %u; repeat it with: --replay '", current ? current->hart : 0);
    choose_print();
    printf("' %s\n", scenario->name);
    fflush(stdout);
    _Exit(1);
}

static void on_crash(int signal)
{
    explore_fail("", 0, signal == SIGALRM ? "a step without end" : "crash");
}

/* -- schedules ------------------------------------------------------------------------------------ */

static void run_once(void)
{
    actor_count = 0;
    retell_begin();
    steps = 0;
    changes = 0;
    current = NULL;
    memset(harts, 0, sizeof harts);
    scenario->setup();
    while ((current = choose_next()) != NULL) {
        coroutine_switch(SCHEDULER, number_of(current));
    }
    for (actor *a = actors; a < actors + actor_count; a++) {
        if (a->state != DONE && a->state != ASLEEP && a->state != OFF) {
            explore_fail(__FILE__, __LINE__, "deadlock: a hart waits for a write that nobody does");
        }
    }
    scenario->quiet();
    total_steps += steps;
}

explore_result explore_run(const explore_scenario *s, const explore_plan *plan)
{
    static char signal_stack[COROUTINE_STACK];
    sigaltstack(&(stack_t){.ss_sp = signal_stack, .ss_size = sizeof signal_stack}, NULL);
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_NODEFER};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    scenario = s;
    total_steps = 0;
    choose_start(plan);
    do {
        run_once();
    } while (choose_another());
    return (explore_result){choose_count(), total_steps, choose_had_all()};
}
