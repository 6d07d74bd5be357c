/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Decisions. In order: the list of decisions is a number whose digits count up from the last to the first.
 *
 * Flow: explorer.c -> here
 */
#include "choose.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_DECISIONS = 1 << 16 };

typedef struct decision {
    uint8_t taken;
    uint8_t count;
} decision;

static explore_plan plan;
static decision decisions[MAX_DECISIONS];
static unsigned depth;  /* decisions of this schedule so far */
static unsigned fixed;  /* the first so many repeat the schedule before */
static unsigned preemptions;
static uint64_t schedules;
static bool all;
static uint64_t random_state;

static uint64_t next_random(void) /* xorshift64* */
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 2685821657736338717u >> 32;
}

static void begin_schedule(void)
{
    depth = 0;
    preemptions = 0;
    random_state = plan.seed + schedules * 0x9e3779b97f4a7c15u;
    schedules++;
}

void choose_start(const explore_plan *p)
{
    plan = *p;
    schedules = 0;
    fixed = 0;
    all = false;
    begin_schedule();
    if (plan.replay) {
        unsigned step, taken;
        int length;
        for (const char *s = plan.replay; sscanf(s, "%u=%u%n", &step, &taken, &length) == 2; s += length) {
            if (step < MAX_DECISIONS) {
                decisions[step].taken = (uint8_t)taken;
                fixed = step + 1;
            }
            length += s[length] == ',';
        }
    }
}

unsigned choose(unsigned count, bool preempts)
{
    if (count == 1) {
        return 0;
    }
    if (depth == MAX_DECISIONS) {
        explore_fail(__FILE__, __LINE__, "too many decisions");
    }
    decision *d = &decisions[depth];
    if (plan.seed) {
        uint64_t r = next_random();
        d->taken = (uint8_t)(preempts && r % 4 != 0 ? 0 : (r >> 8) % count); /* three in four go on */
    } else if (depth >= fixed) {
        d->taken = 0;
    }
    d->count = (uint8_t)count;
    if (preempts && preemptions == plan.preemptions && !plan.replay) {
        d->taken = 0;
        d->count = 1; /* for choose_another: there was no choice */
    }
    if (d->taken >= count) {
        explore_fail(__FILE__, __LINE__, "the scenario is not the same each time");
    }
    depth++;
    preemptions += preempts && d->taken != 0;
    return d->taken;
}

bool choose_another(void)
{
    if (plan.replay) {
        return false;
    }
    if (!plan.seed) {
        while (depth > 0 && decisions[depth - 1].taken + 1 == decisions[depth - 1].count) {
            depth--;
        }
        if (depth == 0) {
            all = true;
            return false;
        }
        decisions[depth - 1].taken++;
        fixed = depth;
    }
    if (schedules == plan.schedules) {
        return false;
    }
    begin_schedule();
    return true;
}

bool choose_had_all(void)
{
    return all;
}

uint64_t choose_count(void)
{
    return schedules;
}

bool choose_is_replay(void)
{
    return plan.replay != NULL;
}

void choose_print(void)
{
    const char *comma = "";
    for (unsigned i = 0; i < depth; i++) {
        if (decisions[i].taken) {
            printf("%s%u=%u", comma, i, decisions[i].taken);
            comma = ",";
        }
    }
}
