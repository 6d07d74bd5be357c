/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Event flags: 32 bits, each of which says that something has happened. Wait for any or for all of some.
 *
 * Flow: em_event_flags_set -> whoever waits for that, in order of waiting -> em_event_flags_wait_any is ready
 *
 * Rules for event flags:
 *  - Zeroed: none is set. Setting one that is set changes nothing.
 *  - wait sees flags and leaves them set: one set is seen by all that wait for it, even if it is cleared at once.
 *    take clears them: each set is taken once, by the task that waited longest among those that it satisfies.
 *  - Who waits for flags that are not set lets others pass; nobody overtakes a task that waits for the same.
 *  - A take that is dropped after it was given its flags sets them again, also if they were cleared meanwhile.
 */
#pragma once

#include <em/lock.h>
#include <em/wait_scan.h>

#define EM_EVENT_FLAGS_ALL_ 1
#define EM_EVENT_FLAGS_TAKE_ 2

typedef struct em_event_flags {
    em_wait_scan waiters;
    uint32_t flags;
    em_lock lock;
} em_event_flags;

typedef struct em_event_flags_wait_future {
    em_future future;
    em_wait_node node;
    em_event_flags *flags;
    uint32_t wanted;
    uint32_t out; /* those of the wanted that were set */
    unsigned how;
} em_event_flags_wait_future;

extern const em_future_ops em_event_flags_wait_ops;

static inline em_event_flags_wait_future *em_event_flags_init_(em_event_flags_wait_future *w, em_event_flags *e,
                                                               uint32_t wanted, unsigned how)
{
    w->future.ops = &em_event_flags_wait_ops;
    em_wait_node_init(&w->node);
    w->flags = e;
    w->wanted = wanted;
    w->how = how;
    return w;
}

int em_event_flags_try_(em_event_flags *e, uint32_t wanted, unsigned how, uint32_t *out);

/**
 * Set @p flags, and let all go on for whom that is enough.
 *
 * Context: task | isr | any hart
 * Cost:    O(waiting tasks), one critical section each
 */
void em_event_flags_set(em_event_flags *e, uint32_t flags);

/** Clear @p flags. Who was given them keeps them. Context: task | isr | any hart. Cost: O(1) */
void em_event_flags_clear(em_event_flags *e, uint32_t flags);

/** The flags that are set. Context: task | isr | any hart; a snapshot */
static inline uint32_t em_event_flags_get(const em_event_flags *e)
{
    return e->flags;
}

/**
 * Awaitable: at least one of @p flags is set; out: which of them. With none, never ready.
 *
 * Context: task
 * Cancel:  loses nothing
 * Cost:    O(1)
 */
static inline em_event_flags_wait_future *em_event_flags_wait_any(em_event_flags_wait_future *w, em_event_flags *e,
                                                                  uint32_t flags)
{
    return em_event_flags_init_(w, e, flags, 0);
}

/** As em_event_flags_wait_any(), but all of @p flags are set; with none, ready at once. Context: task */
static inline em_event_flags_wait_future *em_event_flags_wait_all(em_event_flags_wait_future *w, em_event_flags *e,
                                                                  uint32_t flags)
{
    return em_event_flags_init_(w, e, flags, EM_EVENT_FLAGS_ALL_);
}

/**
 * Awaitable: at least one of @p flags was set; out: which of them, and these are cleared. With none, never ready.
 *
 * Context: task
 * Cancel:  loses nothing: flags already taken for the dropped wait are set again
 * Cost:    O(1); a drop as em_event_flags_set()
 */
static inline em_event_flags_wait_future *em_event_flags_take_any(em_event_flags_wait_future *w, em_event_flags *e,
                                                                  uint32_t flags)
{
    return em_event_flags_init_(w, e, flags, EM_EVENT_FLAGS_TAKE_);
}

/** As em_event_flags_take_any(), but all of @p flags were set; with none, ready at once. Context: task */
static inline em_event_flags_wait_future *em_event_flags_take_all(em_event_flags_wait_future *w, em_event_flags *e,
                                                                  uint32_t flags)
{
    return em_event_flags_init_(w, e, flags, EM_EVENT_FLAGS_TAKE_ | EM_EVENT_FLAGS_ALL_);
}

/*
 * The same without waiting. EM_ERR_AGAIN also while a set is still serving those who wait, who come first.
 *
 * Context: task | isr | any hart
 * Errors:  EM_ERR_AGAIN  they are not set; @p out is as it was
 * Cost:    O(1)
 */
EM_MUST_USE static inline int em_event_flags_try_wait_any(em_event_flags *e, uint32_t flags, uint32_t *out)
{
    return em_event_flags_try_(e, flags, 0, out);
}

/** As em_event_flags_try_wait_any(), for all of @p flags. Context: task | isr | any hart */
EM_MUST_USE static inline int em_event_flags_try_wait_all(em_event_flags *e, uint32_t flags, uint32_t *out)
{
    return em_event_flags_try_(e, flags, EM_EVENT_FLAGS_ALL_, out);
}

/** As em_event_flags_try_wait_any(), and clears them. Context: task | isr | any hart */
EM_MUST_USE static inline int em_event_flags_try_take_any(em_event_flags *e, uint32_t flags, uint32_t *out)
{
    return em_event_flags_try_(e, flags, EM_EVENT_FLAGS_TAKE_, out);
}

/** As em_event_flags_try_wait_all(), and clears them. Context: task | isr | any hart */
EM_MUST_USE static inline int em_event_flags_try_take_all(em_event_flags *e, uint32_t flags, uint32_t *out)
{
    return em_event_flags_try_(e, flags, EM_EVENT_FLAGS_TAKE_ | EM_EVENT_FLAGS_ALL_, out);
}
