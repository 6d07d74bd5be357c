/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The service against a model: who calls with what, in which order, who is served by which job, which servers
 * wait. Any order of calls, servers, replies, also late and repeated ones, put-backs and cancels.
 */
#include "waiters.h"

#include <em/service.h>

EM_SERVICE_TYPE(negator, unsigned, unsigned);

enum { STEPS = 40, JOBS = 8 };

static negator service;
static negator_call_future call[WAITERS];
static negator_next_future next[WAITERS];
static negator_job job[JOBS];
static waiters c, s; /* c's queue are the calls that nobody serves; handed: answered */

/* The model: requests are numbered, so that one names the call it came from. */
static unsigned request_of[WAITERS]; /* of a call that waits */
static bool served[WAITERS];
static unsigned times[WAITERS];      /* served so often: a job of an earlier time is no good */
static unsigned job_time[JOBS];
static unsigned promised, numbers;

static void begin(void)
{
    waiters_begin(&c);
    waiters_begin(&s);
    service = (negator){0};
    promised = numbers = 0;
    for (unsigned i = 0; i < WAITERS; i++) {
        served[i] = false;
        request_of[i] = times[i] = 0;
    }
    for (unsigned n = 0; n < JOBS; n++) {
        job[n] = (negator_job){0};
        job_time[n] = 0;
    }
}

static void model_offer(void)
{
    if (c.count > promised && s.count > 0) {
        waiters_hand_over(&s);
        promised++;
    }
}

static void to_front(waiters *w, unsigned i)
{
    for (unsigned n = w->count++; n > 0; n--) {
        w->queue[n] = w->queue[n - 1];
    }
    w->queue[0] = i;
}

/* The call that job n is of, as long as it is good for that; or WAITERS. */
static unsigned client_of(unsigned n)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        if (served[i] && request_of[i] == job[n].request && times[i] == job_time[n]) {
            return i;
        }
    }
    return WAITERS;
}

/* Job n is what the oldest call wants. */
static bool expect_job(unsigned n, negator_job got)
{
    unsigned i = c.queue[0];
    waiters_unqueue(&c, i);
    served[i] = true;
    job[n] = got;
    job_time[n] = ++times[i];
    EXPECT(got.request == request_of[i]);
    return true;
}

static bool step_call(unsigned i)
{
    bool fresh = !waiters_pending(&c, i);
    if (fresh) {
        request_of[i] = ++numbers;
        waiters_start(&c, i, &negator_call(&call[i], &service, numbers)->future);
        waiters_queue(&c, i);
    }
    EXPECT(runner_poll(&c.runner[i]) == c.handed[i]);
    if (c.handed[i]) {
        EXPECT(call[i].out == ~request_of[i]);
        c.handed[i] = false;
    } else if (fresh) {
        model_offer();
    }
    return true;
}

static void step_cancel_call(unsigned i)
{
    if (waiters_pending(&c, i)) {
        runner_drop(&c.runner[i]);
        waiters_unqueue(&c, i);
        served[i] = false;
        c.handed[i] = false;
    }
}

static bool step_next(unsigned i, unsigned n)
{
    bool fresh = !waiters_pending(&s, i);
    if (fresh) {
        waiters_start(&s, i, &negator_next(&next[i], &service)->future);
    }
    bool ready = s.handed[i] ? c.count > 0 : fresh && s.count == 0 && c.count > promised;
    EXPECT(runner_poll(&s.runner[i]) == ready);
    if (s.handed[i]) {
        s.handed[i] = false;
        promised--;
        if (!ready) {
            to_front(&s, i);
        }
    } else if (fresh && !ready) {
        waiters_queue(&s, i);
    }
    EXPECT(!ready || expect_job(n, next[i].out));
    return true;
}

static void step_cancel_next(unsigned i)
{
    if (waiters_pending(&s, i)) {
        runner_drop(&s.runner[i]);
        waiters_unqueue(&s, i);
        promised -= s.handed[i];
        s.handed[i] = false;
        model_offer();
    }
}

static bool step_try_next(unsigned n)
{
    negator_job got = {.request = 0};
    bool may = s.count == 0 && c.count > promised;
    EXPECT(negator_try_next(&service, &got) == (may ? EM_OK : EM_ERR_AGAIN));
    EXPECT(may ? expect_job(n, got) : got.request == 0);
    return true;
}

static bool step_reply(unsigned n)
{
    unsigned i = client_of(n);
    EXPECT(negator_is_wanted(&service, &job[n]) == (i < WAITERS));
    EXPECT(negator_reply(&service, &job[n], ~job[n].request) == (i < WAITERS ? EM_OK : EM_ERR_CANCELED));
    if (i < WAITERS) {
        served[i] = false;
        c.handed[i] = true;
        c.wakes[i]++;
    }
    return true;
}

static void step_put_back(unsigned n)
{
    unsigned i = client_of(n);
    negator_put_back(&service, &job[n]);
    if (i < WAITERS) {
        served[i] = false;
        to_front(&c, i);
    }
    model_offer();
}

static bool step(unsigned i, unsigned n, uint32_t kind)
{
    switch (kind) {
    case 0:
    case 1:
    case 2:
        return step_call(i);
    case 3:
    case 4:
        return step_next(i, n);
    case 5:
    case 6:
        return step_reply(n);
    case 7:
        return step_try_next(n);
    case 8:
        step_put_back(n);
        return true;
    case 9:
        step_cancel_call(i);
        return true;
    default:
        step_cancel_next(i);
        return true;
    }
}

/* After any schedule: everybody who calls can be answered. */
static bool drain(void)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        step_cancel_next(i);
    }
    for (unsigned n = 0; n < JOBS; n++) {
        EXPECT(step_reply(n));
    }
    while (c.count > 0) {
        EXPECT(step_try_next(0) && step_reply(0));
    }
    for (unsigned i = 0; i < WAITERS; i++) {
        EXPECT(!waiters_pending(&c, i) || served[i] || step_call(i));
        step_cancel_call(i); /* whose job was overwritten */
    }
    EXPECT(negator_len(&service) == 0 && promised == 0 && service.service.served.first == NULL);
    return true;
}

static bool random_schedule(uint64_t *random)
{
    begin();
    for (unsigned k = 0; k < STEPS; k++) {
        unsigned i = em_test_random(random) % WAITERS;
        unsigned n = em_test_random(random) % JOBS;
        EXPECT(step(i, n, em_test_random(random) % 11));
        EXPECT(waiters_agree(&c) && waiters_agree(&s) && negator_len(&service) == c.count);
    }
    return drain();
}

static void any_schedule_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule));
}

static const em_test tests[] = {
    TEST(any_schedule_agrees_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
