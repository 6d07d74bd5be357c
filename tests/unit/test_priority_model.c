/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Priorities against a model that looks through all ready tasks for each poll: who is polled, or dropped, next, under
 * random wakes, spawns, ends, cancels and changes, by tasks and between polls. With the option also deadlines.
 */
#include "fake_port.h"
#include "runner.h"

#include <em/deadline.h>
#include <em/priority.h>
#include <string.h>

enum { TASKS = 10, NOBODY = TASKS };

typedef struct member {
    em_task task;
    em_future frame;
} member;

/* What the model knows of a slot. */
typedef struct known {
    em_task_handle handle;
    bool alive;
    bool cancelled;
    bool queued;
    bool in_line; /* else, if queued, in the queue */
    unsigned line;
    uint64_t since; /* its place in the queue or in its line */
    unsigned priority;
    uint64_t deadline;
} known;

static em_executor executor;
static member slots[TASKS];
static known of[TASKS];
static uint64_t now;
static unsigned picks;  /* the executor's turns */
static unsigned budget; /* polls that em_executor_poll() may still make */
static uint64_t *random_state;
static unsigned actions; /* that tasks may still take */
static bool agrees;

static unsigned any(unsigned below)
{
    return em_test_random(random_state) % below;
}

/* -- the model --------------------------------------------------------------------------------------- */

/* Is a before b in their line? */
static bool is_before(const known *a, const known *b)
{
    return a->deadline != b->deadline ? a->deadline < b->deadline : a->since < b->since;
}

/* The first in the queue of those who came before. */
static unsigned first_in_queue(uint64_t before)
{
    unsigned first = NOBODY;
    for (unsigned i = 0; i < TASKS; i++) {
        if (of[i].queued && !of[i].in_line && of[i].since < before &&
            (first == NOBODY || of[i].since < of[first].since)) {
            first = i;
        }
    }
    return first;
}

static unsigned model_collect(void)
{
    unsigned count = 0;
    for (unsigned i; (i = first_in_queue(UINT64_MAX)) != NOBODY;) {
        of[i].queued = of[i].in_line = of[i].alive; /* else it was a stale wake */
        of[i].line = of[i].priority;
        of[i].since = now++;
        count += of[i].alive;
    }
    return count;
}

/* The first of a line; only of those that have another priority now, if so told. */
static unsigned first_of(unsigned line, bool moved)
{
    unsigned first = NOBODY;
    for (unsigned i = 0; i < TASKS; i++) {
        if (of[i].in_line && of[i].line == line && (!moved || of[i].priority != line) &&
            (first == NOBODY || is_before(&of[i], &of[first]))) {
            first = i;
        }
    }
    return first;
}

static void model_regroup(void)
{
    for (unsigned p = EM_PRIORITIES; p-- > 0;) {
        for (unsigned i; (i = first_of(p, true)) != NOBODY;) {
            of[i].line = of[i].priority;
            of[i].since = now++;
        }
    }
}

static unsigned model_pick(void)
{
    unsigned highest = NOBODY;
    unsigned in_turn = NOBODY;
    picks++;
    unsigned turn = picks / EM_PRIORITY_TURN % EM_PRIORITIES;
    for (unsigned p = 0; p < EM_PRIORITIES; p++) {
        unsigned i = first_of(p, false);
        highest = i == NOBODY ? highest : i;
        in_turn = i == NOBODY || p > turn ? in_turn : i;
    }
    return picks % EM_PRIORITY_TURN == 0 && in_turn != NOBODY ? in_turn : highest;
}

/* The only one in the queue, when there is nobody in a line: no turn is counted. Else NOBODY. */
static unsigned alone(void)
{
    unsigned queued = 0;
    for (unsigned i = 0; i < TASKS; i++) {
        queued += of[i].queued + of[i].in_line;
    }
    return queued == 1 ? first_in_queue(UINT64_MAX) : NOBODY;
}

/* Executor: i is polled or dropped. */
static void model_meets(unsigned i, bool drops)
{
    unsigned expected = alone();
    if (expected == NOBODY) {
        (void)model_collect();
        model_regroup();
        expected = model_pick();
    }
    if (expected != i || budget == 0 || of[i].cancelled != drops) {
        em_print("# task %u instead of %u, %u more\n", i, expected, budget);
        agrees = false;
    }
    budget--;
    of[i].queued = of[i].in_line = false;
}

static void model_wake(unsigned i)
{
    if (!of[i].queued) {
        of[i].queued = true;
        of[i].since = now++;
    }
}

static void model_end(unsigned i)
{
    of[i].alive = false;
}

/* What is in lines goes back to the queue, in front of what is there. */
static void model_leave(void)
{
    uint64_t newer = now; /* of what is there: since < newer */
    model_regroup();
    for (unsigned p = EM_PRIORITIES; p-- > 0;) {
        for (unsigned i; (i = first_of(p, false)) != NOBODY;) {
            of[i].in_line = false;
            of[i].since = now++;
        }
    }
    for (unsigned i; (i = first_in_queue(newer)) != NOBODY;) {
        of[i].since = now++;
    }
}

/* -- both -------------------------------------------------------------------------------------------- */

static em_task_type types[TASKS];

static void spawn(unsigned i)
{
    em_task *t = em_task_claim_(&types[i], &slots[i].task, 1);
    if ((t != NULL) == of[i].alive) {
        agrees = false;
    }
    if (t) {
        em_task_root(t)->ops = &types[i].ops;
        agrees &= em_spawn_handle((em_spawner){&executor}, em_token_of_slot_(t), &of[i].handle) == EM_OK;
        model_wake(i);
        of[i].alive = true;
        of[i].cancelled = false;
        of[i].priority = types[i].priority;
        of[i].deadline = UINT64_MAX;
    }
}

static void set_priority(unsigned i, unsigned p)
{
    em_task_set_priority(of[i].handle, (uint8_t)p);
    if (of[i].alive) {
        of[i].priority = p;
    }
    agrees &= em_task_priority(of[i].handle) == (of[i].alive ? (int)p : EM_ERR_INVAL);
}

static void set_deadline(unsigned i)
{
#if EM_CFG_DEADLINES
    uint64_t deadline = any(4) == 0 ? UINT64_MAX : any(6);
    em_task_set_deadline(of[i].handle, (em_instant){deadline});
    if (of[i].alive) {
        of[i].deadline = deadline;
    }
#else
    (void)i;
#endif
}

static void act(void)
{
    unsigned i = any(TASKS);
    switch (any(10)) {
    case 0:
        spawn(i);
        break;
    case 1:
        em_task_cancel(of[i].handle);
        if (of[i].alive) {
            of[i].cancelled = true;
            model_wake(i);
        }
        break;
    case 2: case 3: case 4:
        set_priority(i, any(EM_PRIORITIES));
        break;
    case 5:
        set_deadline(i);
        break;
    default: /* a stale waker, if it has ended */
        em_wake((em_waker){&slots[i].task});
        model_wake(i);
        break;
    }
}

static unsigned number_of(em_future *f)
{
    return (unsigned)((member *)(void *)((em_task *)(void *)f - 1) - slots);
}

static em_poll member_poll(em_future *f, em_context *cx)
{
    unsigned i = number_of(f);
    model_meets(i, false);
    for (unsigned n = any(4); n > 0 && actions > 0; n--, actions--) {
        act();
    }
    if (any(4) == 0) {
        unsigned p = any(EM_PRIORITIES);
        em_set_priority((uint8_t)p);
        of[i].priority = p;
    }
    if (actions > 0 && any(2)) {
        actions--;
        em_wake(em_context_waker(cx));
        model_wake(i);
    }
    if (any(6) == 0) {
        model_end(i);
        return EM_READY;
    }
    return EM_PENDING;
}

static void member_drop(em_future *f)
{
    model_meets(number_of(f), true);
    model_end(number_of(f));
}

static void poll_once(void)
{
    unsigned only = alone();
    if (only == NOBODY) {
        budget = model_collect();
    } else {
        budget = of[only].alive;
        of[only].queued = of[only].alive; /* else it was a stale wake */
    }
    em_executor_poll(&executor);
    agrees &= budget == 0;
    model_leave();
}

static bool random_sequence(uint64_t *random)
{
    random_state = random;
    agrees = true;
    for (unsigned n = 0; n < 6; n++) {
        actions = 20;
        for (unsigned k = any(8); k > 0; k--) {
            act();
        }
        poll_once();
        EXPECT(agrees);
    }
    for (unsigned i = 0; i < TASKS; i++) {
        em_task_cancel(of[i].handle);
        if (of[i].alive) {
            of[i].cancelled = true;
            model_wake(i);
        }
    }
    actions = 0;
    while (!em_executor_is_idle(&executor)) {
        poll_once();
        EXPECT(agrees);
    }
    for (unsigned i = 0; i < TASKS; i++) {
        EXPECT(!of[i].alive && !of[i].queued && slots[i].task.state == 0);
    }
    return true;
}

/* The run loop has its own turns, and no budget. It ends when there is nothing to wait for. */
static bool random_sequence_of_the_run_loop(uint64_t *random)
{
    unsigned picks_of_polls = picks;
    random_state = random;
    agrees = true;
    for (unsigned i = 0; i < TASKS; i++) {
        if (!of[i].alive) {
            spawn(i);
        }
    }
    actions = 100;
    budget = UINT32_MAX;
    picks = 0;
    EXPECT(PANICS(em_executor_run(&executor)));
    executor.running = NULL;
    em_current_executor_[0][0] = NULL;
    (void)model_collect();
    picks = picks_of_polls;
    EXPECT(agrees);
    return random_sequence(random);
}

static void begin(void)
{
    test_begin();
    memset(of, 0, sizeof of);
    memset(em_turns_, 0, sizeof em_turns_);
    picks = 0;
    for (unsigned i = 0; i < TASKS; i++) {
        slots[i].task.executor = &executor; /* where stale wakes go before the first spawn */
        types[i] = (em_task_type){.ops = {member_poll, member_drop, "member"}, .slots = &slots[i].task, .count = 1,
                                  .slot_bytes = sizeof(member), .priority = (uint8_t)(i * 3 % EM_PRIORITIES)};
    }
}

static void any_sequence_agrees_with_the_model(void)
{
    begin();
    CHECK(test_schedules(100000, random_sequence));
}

static void any_sequence_of_the_run_loop_agrees_with_the_model(void)
{
    begin();
    CHECK(test_schedules(20000, random_sequence_of_the_run_loop));
}

static const em_test tests[] = {
    TEST(any_sequence_agrees_with_the_model),
    TEST(any_sequence_of_the_run_loop_agrees_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}
