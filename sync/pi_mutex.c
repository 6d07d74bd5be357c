/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Mutexes with priority inheritance: who owns one, who waits for it, and what its owner inherits.
 *
 * A task's header has no room for this, so what belongs to an owner is in the mutexes that it holds, and these are
 * found in a list of all that are locked. Waiters are counted by priority, so nobody looks through them.
 *
 * Invariant: somebody waits only while it is locked; a notified waiter owns it. waiting[p] is the number of those in
 * waiters whose priority is p. If an owner inherits, one of its mutexes says so and knows the owner's own priority.
 *
 * Flow: a poll, a drop, an unlock -> follow -> inherit -> em_task_set_priority;  em_pi_mutex_unlock -> wait_list.c
 */
#include <em/assert.h>
#include <em/pi_mutex.h>

#define UNKNOWN (-1)

/* Guards all of them; em_lives_ nests in it. */
static em_lock lock;
static em_pi_mutex *locked;

static em_pi_mutex_lock_future *future_of(em_wait_node *n)
{
    return (em_pi_mutex_lock_future *)(void *)((char *)n - offsetof(em_pi_mutex_lock_future, node));
}

static em_task_handle waiter_of(const em_pi_mutex_lock_future *l)
{
    return (em_task_handle){l->node.waker.task, l->generation};
}

static bool owns(em_task_handle h, const em_pi_mutex *m)
{
    return m->owner.task == h.task && m->owner.generation == h.generation;
}

static int highest_waiting(const em_pi_mutex *m)
{
    int p = EM_PRIORITIES - 1;
    while (p >= 0 && m->waiting[p] == 0) {
        p--;
    }
    return p;
}

/* -- inheriting, with the lock -------------------------------------------------------------------------- */

/*
 * Give h what it inherits now. base is its own priority, and wait what it waits for, if a mutex that it no longer
 * holds knew that. Returns the wait by which others inherit from it, or NULL.
 */
static em_pi_mutex_lock_future *inherit(em_task_handle h, int base, em_pi_mutex_lock_future *wait)
{
    int highest = UNKNOWN;
    int now = em_task_priority(h);
    if (now < 0) {
        return NULL; /* it ended and kept a mutex */
    }
    for (em_pi_mutex *m = locked; m; m = m->next) {
        if (owns(h, m)) {
            int p = highest_waiting(m);
            highest = p > highest ? p : highest;
            base = m->inherits ? m->base : base;
            wait = m->owner_waits ? m->owner_waits : wait;
        }
    }
    base = base == UNKNOWN ? now : base;
    for (em_pi_mutex *m = locked; m; m = m->next) {
        if (owns(h, m)) {
            m->base = (uint8_t)base;
            m->inherits = highest > base;
        }
    }
    int next = highest > base ? highest : base;
    if (next != now) {
        em_task_set_priority(h, (uint8_t)next);
    }
    return wait;
}

/* inherit(), and so on along the chain of those for whom h waits. */
static void follow(em_task_handle h, int base, em_pi_mutex_lock_future *wait)
{
    for (unsigned owners = 0; owners < EM_PI_MUTEX_CHAIN; owners++) {
        wait = inherit(h, base, wait);
        int p = wait ? em_task_priority(h) : UNKNOWN;
        if (!wait || p == wait->priority) {
            return;
        }
        wait->mutex->waiting[wait->priority]--;
        wait->mutex->waiting[p]++;
        wait->priority = (uint8_t)p;
        h = wait->mutex->owner;
        base = UNKNOWN;
        wait = NULL;
    }
}

/* -- waiting and owning, with the lock ------------------------------------------------------------------- */

/* What l's task holds knows, or no longer, that it waits for another one. */
static void tell_held(em_pi_mutex_lock_future *l, em_pi_mutex_lock_future *before, em_pi_mutex_lock_future *now)
{
    for (em_pi_mutex *m = locked; m; m = m->next) {
        if (owns(waiter_of(l), m) && m->owner_waits == before) {
            m->owner_waits = now;
        }
    }
}

static void begin_waiting(em_pi_mutex_lock_future *l, em_context *cx)
{
    em_wait_list_add(&l->mutex->waiters, &l->node, em_context_waker(cx));
    l->generation = cx->generation;
    l->priority = (uint8_t)em_task_priority(waiter_of(l));
    l->mutex->waiting[l->priority]++;
    tell_held(l, NULL, l);
}

/* But for its place in the list. */
static void end_waiting(em_pi_mutex_lock_future *l)
{
    l->mutex->waiting[l->priority]--;
    tell_held(l, l, NULL);
}

/* Nobody has or waits for it. */
static void take(em_pi_mutex *m, em_task *t)
{
    m->owner = (em_task_handle){t, t->generation};
    m->owner_waits = NULL;
    m->inherits = false;
    m->next = locked;
    locked = m;
}

/* Nobody waits for it. */
static void set_free(em_pi_mutex *m)
{
    em_pi_mutex **link = &locked;
    while (*link != m) {
        link = &(*link)->next;
    }
    *link = m->next;
    m->owner.task = NULL;
}

/* Which releases the lock. */
static void pass_on(em_pi_mutex *m, em_irq irq)
{
    em_task_handle former = m->owner;
    int base = m->inherits ? m->base : UNKNOWN;
    em_pi_mutex_lock_future *wait = m->owner_waits; /* it may be unlocked by another one meanwhile */
    if (em_wait_list_empty(&m->waiters)) {
        set_free(m);
        em_lock_release(&lock, irq);
        return; /* who is not waited for gave nothing to inherit */
    }
    em_pi_mutex_lock_future *next = future_of(m->waiters.first);
    end_waiting(next);
    m->owner = waiter_of(next);
    m->owner_waits = NULL;
    m->inherits = false;
    follow(former, base, wait);
    follow(m->owner, UNKNOWN, NULL);
    em_wait_list_wake_release(&m->waiters, &lock, irq);
}

/* -- the interface --------------------------------------------------------------------------------------- */

int em_pi_mutex_try_lock(em_pi_mutex *m)
{
    em_task *t = em_running_task();
    EM_ASSERT(t != NULL);
    em_irq irq = em_lock_acquire(&lock);
    bool was_free = !em_pi_mutex_is_locked(m);
    if (was_free) {
        take(m, t);
    }
    em_lock_release(&lock, irq);
    return was_free ? EM_OK : EM_ERR_AGAIN;
}

void em_pi_mutex_unlock(em_pi_mutex *m)
{
    em_irq irq = em_lock_acquire(&lock);
    EM_ASSERT(em_pi_mutex_is_locked(m));
    pass_on(m, irq);
}

/* Wait for it, or go on waiting with another waker and another priority. */
static void wait_for(em_pi_mutex_lock_future *l, em_context *cx)
{
    if (em_wait_node_waiting(&l->node)) {
        end_waiting(l);
    }
    begin_waiting(l, cx);
    follow(l->mutex->owner, UNKNOWN, NULL);
}

static em_poll lock_poll(em_future *f, em_context *cx)
{
    em_pi_mutex_lock_future *l = (em_pi_mutex_lock_future *)(void *)f;
    em_irq irq = em_lock_acquire(&lock);
    bool is_owner = em_wait_node_notified(&l->node);
    bool has_to_wait = em_pi_mutex_is_locked(l->mutex) && !is_owner;
    if (has_to_wait) {
        wait_for(l, cx);
    } else {
        em_wait_node_init(&l->node);
        if (!is_owner) {
            take(l->mutex, cx);
        }
    }
    em_lock_release(&lock, irq);
    return has_to_wait ? EM_PENDING : EM_READY;
}

static void lock_drop(em_future *f)
{
    em_pi_mutex_lock_future *l = (em_pi_mutex_lock_future *)(void *)f;
    em_irq irq = em_lock_acquire(&lock);
    bool waited = em_wait_node_waiting(&l->node);
    if (waited) {
        end_waiting(l);
    }
    if (em_wait_list_leave(&l->mutex->waiters, &l->node)) {
        pass_on(l->mutex, irq);
        return;
    }
    if (waited) {
        follow(l->mutex->owner, UNKNOWN, NULL);
    }
    em_lock_release(&lock, irq);
}

const em_future_ops em_pi_mutex_lock_ops = {.poll = lock_poll, .drop = lock_drop, .name = "pi_mutex_lock"};
