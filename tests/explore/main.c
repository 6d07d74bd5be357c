/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * explore [--bound N] [--schedules N] [--seed N] [--replay DECISIONS] [SCENARIO…]
 *
 * Without --seed, every schedule with at most --bound preemptions, but no more than --schedules, each; with
 * it, --schedules random ones. --list prints the names. Status 1: a schedule failed, and was printed.
 *
 * Flow: here -> explorer.c -> scenarios_*.c
 */
#include "scenarios.h"

#include <em/config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const explore_scenario *const groups[] = {
#ifdef PRIORITIES
    scenarios_priorities, scenarios_pi_mutex, scenarios_tasks, scenarios_lives,
#elif EM_CFG_MAX_HARTS > 1
    scenarios_tasks, scenarios_lives, scenarios_signal, scenarios_sync, scenarios_rwlock, scenarios_condvar,
    scenarios_channel, scenarios_priority, scenarios_zerocopy,
    scenarios_event_flags, scenarios_barrier, scenarios_once, scenarios_greedy, scenarios_mutex, scenarios_pipe,
    scenarios_service,
    scenarios_pubsub, scenarios_watch, scenarios_multi_waker,
#else
    scenarios_one_hart,
#endif
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool is_wanted(const char *name, char **wanted)
{
    bool any = false;
    for (; *wanted; wanted++) {
        if (strcmp(*wanted, name) == 0) {
            return true;
        }
        any = true;
    }
    return !any;
}

static uint64_t run(const explore_scenario *s, const explore_plan *plan)
{
    double start = seconds();
    explore_result r = explore_run(s, plan);
    printf("ok   %-16s %9llu schedules, %s, %11llu steps, %.2f s\n", s->name, (unsigned long long)r.schedules,
           plan->seed ? "random" : r.all ? "all   " : "capped", (unsigned long long)r.steps, seconds() - start);
    fflush(stdout);
    return r.schedules;
}

int main(int argc, char **argv)
{
    explore_plan plan = {.preemptions = 2, .schedules = UINT64_MAX};
    bool list = false;
    uint64_t total = 0;
    unsigned count = 0;
    int i = 1;

    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "--list") == 0) {
            list = true;
        } else if (i + 1 < argc && strcmp(argv[i], "--bound") == 0) {
            plan.preemptions = (unsigned)strtoul(argv[++i], NULL, 0);
        } else if (i + 1 < argc && strcmp(argv[i], "--schedules") == 0) {
            plan.schedules = strtoull(argv[++i], NULL, 0);
        } else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0) {
            plan.seed = strtoull(argv[++i], NULL, 0);
            plan.preemptions = UINT32_MAX;
        } else if (i + 1 < argc && strcmp(argv[i], "--replay") == 0) {
            plan.replay = argv[++i];
        } else {
            fprintf(stderr, "unknown option %s\n", argv[i]);
            return 2;
        }
    }
    for (unsigned g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        for (const explore_scenario *s = groups[g]; s->name; s++) {
            if (list) {
                printf("%s\n", s->name);
            } else if (is_wanted(s->name, argv + i)) {
                total += run(s, &plan);
                count++;
            }
        }
    }
    if (!list) {
        printf("%u scenarios, %llu schedules\n", count, (unsigned long long)total);
    }
    return list || count > 0 ? 0 : 2;
}
