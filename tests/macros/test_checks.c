/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The debug checks of the language: mistakes that only a run can find panic at once. */
#include "fake_port.h"
#include "late.h"

#include <string.h>

TASK(future_on_the_stack)
{
    ASYNC {
        late l;
        AWAIT(late_value(&l, 1, 0));
    }
}

static void a_future_on_the_stack_panics(void)
{
    test_begin();
    em_must_spawn(test_spawner(), future_on_the_stack());
    CHECK(PANICS(em_executor_poll(&test_executor)));
    test_executor.running = NULL;
}

TASK(arms_in_one_storage, VARS(ONE_OF(late a, late b); em_select2 sel))
{
    ASYNC {
        AWAIT(SELECT(&self->sel, late_value(&self->a, 1, 0), late_value(&self->b, 1, 0)));
    }
}

static void arms_that_share_storage_panic(void)
{
    test_begin();
    em_must_spawn(test_spawner(), arms_in_one_storage());
    CHECK(PANICS(em_executor_poll(&test_executor)));
    test_executor.running = NULL;
}

ASYNC_FN(int, uses_unset, VARS(int n))
{
    ASYNC {
        RETURN(self->n);
    }
}

TASK(caller, VARS(struct uses_unset f))
{
    ASYNC {
        AWAIT(uses_unset(&self->f));
        em_trace_number("n", (unsigned)self->f.out & 0xff);
    }
}

static void a_variable_of_a_function_is_poison_until_set(void)
{
    test_begin();
    em_must_spawn(test_spawner(), caller());
    test_run();
    CHECK_TRACE("n165"); /* 0xa5 */
}

int main(void)
{
    static const em_test tests[] = {
        TEST(a_future_on_the_stack_panics),
        TEST(arms_that_share_storage_panic),
        TEST(a_variable_of_a_function_is_poison_until_set),
    };
    RUN_TESTS(tests);
}
