/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The read/write lock against a model: who is inside, who waits, in which order. Any order of reads, writes, tries,
 * unlocks, downgrades and cancels.
 */
#include "waiters.h"

#include <em/rwlock.h>

static em_rwlock rw;
static em_rwlock_read_future turn[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    rw = (em_rwlock){0};
}

static em_future *request(unsigned i, bool writes)
{
    return writes ? &em_rwlock_write(&turn[i], &rw)->future : &em_rwlock_read(&turn[i], &rw)->future;
}

/* The model. */
static unsigned readers; /* inside, with those to whom it was handed over */
static bool writer;
static unsigned may_unlock; /* of them, those that know it */

static bool model_enter(bool writes)
{
    if (writer || (writes && readers)) {
        return false;
    }
    writer = writes;
    readers += !writes;
    return true;
}

static void model_leave(bool writes)
{
    if (writes) {
        writer = false;
    } else {
        readers--;
    }
}

static void model_admit(void)
{
    while (w.count && model_enter(turn[w.queue[0]].writes)) {
        waiters_hand_over(&w);
    }
}

static bool step_poll(unsigned i, bool writes)
{
    bool fresh = !waiters_pending(&w, i);
    if (fresh) {
        waiters_start(&w, i, request(i, writes));
    }
    bool expected = fresh ? w.count == 0 && model_enter(writes) : w.handed[i];
    EXPECT(runner_poll(&w.runner[i]) == expected);
    if (expected) {
        w.handed[i] = false;
        may_unlock++;
    } else if (fresh) {
        waiters_queue(&w, i);
    }
    return true;
}

static void step_cancel(unsigned i)
{
    runner_drop(&w.runner[i]);
    waiters_unqueue(&w, i);
    if (w.handed[i]) {
        w.handed[i] = false;
        model_leave(turn[i].writes);
    }
    model_admit();
}

static void step_unlock(bool downgrade)
{
    may_unlock -= !(writer && downgrade);
    if (writer && downgrade) {
        em_rwlock_downgrade(&rw);
        writer = false;
        readers = 1;
    } else if (writer) {
        em_rwlock_unlock_write(&rw);
        writer = false;
    } else {
        em_rwlock_unlock_read(&rw);
        readers--;
    }
    model_admit();
}

static bool step_try(bool writes)
{
    bool expected = w.count == 0 && model_enter(writes);
    EXPECT((writes ? em_rwlock_try_write(&rw) : em_rwlock_try_read(&rw)) == (expected ? EM_OK : EM_ERR_AGAIN));
    may_unlock += expected;
    return true;
}

static bool random_locks_unlocks_and_cancels(uint64_t *random)
{
    begin();
    readers = 0;
    writer = false;
    may_unlock = 0;
    for (unsigned step = 0; step < 40; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        bool flip = em_test_random(random) % 3 == 0;
        switch (em_test_random(random) % 7) {
        case 0:
            if (waiters_pending(&w, i)) {
                step_cancel(i);
            }
            break;
        case 1:
        case 2:
            if (may_unlock) {
                step_unlock(flip);
            }
            break;
        case 3:
            EXPECT(step_try(flip));
            break;
        default:
            EXPECT(step_poll(i, flip));
            break;
        }
        EXPECT(waiters_agree(&w) && em_rwlock_readers(&rw) == readers && em_rwlock_is_writing(&rw) == writer);
    }
    return true;
}

static void any_locks_unlocks_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_locks_unlocks_and_cancels));
}

static const em_test tests[] = {
    TEST(any_locks_unlocks_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
