/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Tasks that use an object of sync/: each waits for one operation at a time, in storage of its scenario,
 * and can be cancelled. What was dropped is overwritten: nobody may look at it any more.
 *
 * Flow: a scenario's setup -> users_reset, users_start;  its body -> users_await
 */
#pragma once

#include "world.h"

#include <stddef.h>

enum { USERS = WORLD_SLOTS };

typedef struct user {
    life life;
    em_future *op; /* what it waits for, or NULL */
    void *storage; /* of op, and so much of it */
    size_t bytes;
    unsigned number;
    unsigned step;  /* the body's */
    unsigned count; /* of what it had */
    bool has;
    void (*give_back)(struct user *u); /* what it has, when it is dropped */
} user;

extern user users[USERS];

/** As after reset; user n's operations will be in @p storage + n * @p bytes. */
void users_reset(void *storage, size_t bytes);

/** Spawn user @p n on a hart's executor. */
void users_start(unsigned n, em_poll (*body)(user *u, em_context *cx), unsigned hart);

/** Poll u->op, which the body set. True: it is done, and u->op is NULL. */
bool users_await(user *u, em_context *cx);

/** Be polled again, and let others run before. */
em_poll users_yield(user *u);

/** Harts 0 to count - 1 run their executors. */
void users_run(unsigned count);

/** A hart's program: cancel user n. */
void users_cancel(uintptr_t n);

/** How many have ended, by themselves or cancelled. */
unsigned users_ended(void);
