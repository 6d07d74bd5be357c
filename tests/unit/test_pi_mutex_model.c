/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Mutexes with priority inheritance against a model that looks through all waits for each priority: random locks,
 * unlocks, cancels and changes of priorities.
 */
#include "pi_members.h"

enum { NONE = 99, MODEL_TASKS = 6, MODEL_MUTEXES = 5 };

static unsigned owner[MODEL_MUTEXES];
static unsigned line[MODEL_MUTEXES][MODEL_TASKS], length[MODEL_MUTEXES];
static unsigned waits_for[MODEL_TASKS]; /* a mutex; handed over is owned and not taken yet */
static bool handed[MODEL_TASKS];
static int base[MODEL_TASKS];
static unsigned woken[MODEL_TASKS];

static int expected_priority(unsigned i)
{
    int p = base[i];
    for (unsigned m = 0; m < MODEL_MUTEXES; m++) {
        for (unsigned n = 0; owner[m] == i && n < length[m]; n++) {
            int q = expected_priority(line[m][n]);
            p = q > p ? q : p;
        }
    }
    return p;
}

/* Would i wait for itself? */
static bool is_deadlock(unsigned i, unsigned m)
{
    while (m != NONE && owner[m] != NONE) {
        if (owner[m] == i) {
            return true;
        }
        m = handed[owner[m]] ? NONE : waits_for[owner[m]];
    }
    return false;
}

static void leave_line(unsigned i, unsigned m)
{
    unsigned kept = 0;
    for (unsigned n = 0; n < length[m]; n++) {
        if (line[m][n] != i) {
            line[m][kept++] = line[m][n];
        }
    }
    length[m] = kept;
}

static void model_unlock(unsigned m)
{
    owner[m] = length[m] ? line[m][0] : NONE;
    if (owner[m] != NONE) {
        handed[owner[m]] = true;
        woken[owner[m]]++;
        leave_line(owner[m], m);
    }
}

static bool step_lock(unsigned i, unsigned m)
{
    if (waits_for[i] != NONE) {
        bool is_ready = handed[i];
        EXPECT(again(i) == is_ready);
        waits_for[i] = is_ready ? NONE : waits_for[i];
        handed[i] = false;
    } else if (!is_deadlock(i, m)) {
        bool is_free = owner[m] == NONE;
        EXPECT(ask(i, m) == is_free);
        if (is_free) {
            owner[m] = i;
        } else {
            waits_for[i] = m;
            line[m][length[m]++] = i;
        }
    }
    return true;
}

static void step_cancel(unsigned i)
{
    if (waits_for[i] != NONE) {
        unsigned m = waits_for[i];
        drop(i);
        waits_for[i] = NONE;
        leave_line(i, m);
        if (handed[i]) {
            handed[i] = false;
            model_unlock(m);
        }
    }
}

static void step_unlock(unsigned m)
{
    if (owner[m] != NONE && !(handed[owner[m]] && waits_for[owner[m]] == m)) {
        unlock(m);
        model_unlock(m);
    }
}

/* Of one that has nothing and waits for nothing. */
static void step_change(unsigned i, uint8_t p)
{
    for (unsigned m = 0; m < MODEL_MUTEXES; m++) {
        if (owner[m] == i) {
            return;
        }
    }
    if (waits_for[i] == NONE) {
        em_task_set_priority(handles[i], p);
        base[i] = p;
    }
}

static bool agrees(void)
{
    run();
    for (unsigned i = 0; i < MODEL_TASKS; i++) {
        EXPECT(priority(i) == expected_priority(i) && polls[i] == woken[i]);
    }
    for (unsigned m = 0; m < MODEL_MUTEXES; m++) {
        EXPECT(em_pi_mutex_is_locked(&mutexes[m]) == (owner[m] != NONE));
    }
    return true;
}

static bool random_locks_unlocks_and_cancels(uint64_t *random)
{
    for (unsigned i = 0; i < MODEL_TASKS; i++) {
        step_cancel(i);
        woken[i] = polls[i] = 0;
        handed[i] = false;
    }
    for (unsigned step = 0; step < 40; step++) {
        uint32_t r = em_test_random(random);
        unsigned i = r % MODEL_TASKS, m = (r >> 8) % MODEL_MUTEXES;
        switch ((r >> 16) % 8) {
        case 0:
            step_cancel(i);
            break;
        case 1:
        case 2:
            step_unlock(m);
            break;
        case 3:
            step_change(i, (uint8_t)(r >> 24) % EM_PRIORITIES);
            break;
        default:
            EXPECT(step_lock(i, m));
            break;
        }
        EXPECT(agrees());
    }
    for (unsigned i = 0; i < MODEL_TASKS; i++) {
        step_cancel(i);
    }
    for (unsigned m = 0; m < MODEL_MUTEXES; m++) {
        step_unlock(m);
    }
    return agrees();
}

static void any_locks_unlocks_and_cancels_agree_with_the_model(void)
{
    begin(MODEL_TASKS, (uint8_t[MODEL_TASKS]){0});
    for (unsigned i = 0; i < MODEL_TASKS; i++) {
        waits_for[i] = NONE;
        base[i] = 0;
    }
    for (unsigned m = 0; m < MODEL_MUTEXES; m++) {
        owner[m] = NONE;
        length[m] = 0;
    }
    CHECK(test_schedules(100000, random_locks_unlocks_and_cancels));
}

static const em_test tests[] = {
    TEST(any_locks_unlocks_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
