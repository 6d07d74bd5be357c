/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One program with awaits in every statement, as a task and as a plain function: the same trace. */
#include "late.h"

#include <string.h>

enum colour { RED, GREEN, BLUE, OTHER };

#define NOTES 400
static int by_task[NOTES], by_function[NOTES];
static unsigned task_notes, function_notes;
static uint64_t *schedule;

static void note(int *notes, unsigned *count, int n)
{
    if (*count < NOTES) {
        notes[*count] = n;
    }
    ++*count;
}

static unsigned some_polls(void)
{
    return em_test_random(schedule) % 4;
}

#define V(x) self->x
#define NOTE(n) note(by_task, &task_notes, n)
#define WAIT() AWAIT(late_value(&self->late, some_polls(), 0))
#define GET(dst, value) AWAIT_INTO(dst, late_value(&self->late, some_polls(), value))
TASK(torture, VARS(late late; int i; int j; int n; int x))
{
    ASYNC {
#include "torture_body.h"
    }
}
#undef V
#undef NOTE
#undef WAIT
#undef GET

static void twin(void)
{
    int i = 0, j = 0, n = 0, x = 0;
#define V(x) x
#define NOTE(n) note(by_function, &function_notes, n)
#define WAIT() (void)0
#define GET(dst, value) ((dst) = (value))
#include "torture_body.h"
}

static bool one_schedule(uint64_t *random)
{
    test_begin();
    schedule = random;
    task_notes = 0;
    EXPECT(em_spawn(test_spawner(), torture()) == EM_OK);
    test_run();
    EXPECT(em_task_ended((em_task_handle){&torture__pool[0].task, torture__pool[0].task.generation - 1}));
    EXPECT(task_notes == function_notes && task_notes < NOTES);
    EXPECT(memcmp(by_task, by_function, task_notes * sizeof by_task[0]) == 0);
    return true;
}

static void a_task_does_what_its_blocking_twin_does(void)
{
    function_notes = 0;
    twin();
    CHECK(function_notes > 30);
    CHECK(test_schedules(500, one_schedule));
    CHECK(late_dropped == 0);
}

int main(void)
{
    static const em_test tests[] = {TEST(a_task_does_what_its_blocking_twin_does)};
    RUN_TESTS(tests);
}
