/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* From a suspended frame to the line it waits at. */
#include "late.h"

#include <em/frame.h>
#include <string.h>

static unsigned expected;

/* Notes the line of what follows it in this line. */
#define HERE expected = __LINE__

ASYNC_FN(void, inner, VARS(late l))
{
    ASYNC {
        HERE; AWAIT(late_value(&self->l, 1, 0));
        HERE; YIELD();
    }
}

TASK(outer, VARS(struct inner inner; int i; em_select2 sel; late l; late m))
{
    ASYNC {
        HERE; AWAIT(late_value(&self->l, 1, 0));
        for (self->i = 0; self->i < 2; self->i++) {
            HERE; YIELD();
            switch (self->i) {
            case 0: HERE; AWAIT(late_value(&self->l, 1, 0)); break;
            default: HERE; YIELD(); break;
            }
        }
        HERE; AWAIT(SELECT(&self->sel, late_value(&self->l, 1, 0), late_value(&self->m, 2, 0)));
        AWAIT(inner(&self->inner));
    }
}
enum { LINE_OF_INNER = __LINE__ - 3 };

static void a_suspended_frame_tells_its_line(void)
{
    test_begin();
    em_must_spawn(test_spawner(), outer());
    CHECK(em_await_line_(&FRAME(outer)->frame_) == 0); /* not started */
    for (unsigned waits = 0; waits < 6; waits++) {
        em_executor_poll(&test_executor);
        CHECK(em_await_line_(&FRAME(outer)->frame_) == expected);
    }
    for (unsigned waits = 0; waits < 2; waits++) {
        em_executor_poll(&test_executor);
        CHECK(em_await_line_(&FRAME(outer)->frame_) == LINE_OF_INNER);
        const em_frame *frame = (const em_frame *)(const void *)FRAME(outer)->frame_.awaiting;
        CHECK(frame == &FRAME(outer)->inner.frame_);
        CHECK(em_await_line_(frame) == expected);
    }
    em_executor_poll(&test_executor);
    CHECK(em_await_line_(&FRAME(outer)->frame_) == 0); /* ended */
}

static void a_reporter_can_go_from_frame_to_frame(void)
{
    test_begin();
    em_must_spawn(test_spawner(), outer());
    while (FRAME(outer)->frame_.awaiting != &FRAME(outer)->inner.future) {
        em_executor_poll(&test_executor);
    }
    const em_future *awaited = FRAME(outer)->frame_.awaiting;
    CHECK(awaited->ops->drop == em_frame_drop); /* so it is a frame, of an async function */
    CHECK(strcmp(awaited->ops->name, "inner") == 0);
    CHECK(strstr(((const em_fn_type *)(const void *)awaited->ops)->file, "test_await_lines.c"));
    const em_future *leaf = ((const em_frame *)(const void *)awaited)->awaiting;
    CHECK(leaf->ops->drop != em_frame_drop && strcmp(leaf->ops->name, "late") == 0);
    test_run();
}

static void what_is_no_label_has_no_line(void)
{
    em_frame frame = {.pc = EM_PC_CANCEL};
    CHECK(em_await_line_(&frame) == 0);
    frame.pc = (void *)(uintptr_t)a_suspended_frame_tells_its_line;
    CHECK(em_await_line_(&frame) == 0);
}

int main(void)
{
    static const em_test tests[] = {
        TEST(a_suspended_frame_tells_its_line),
        TEST(a_reporter_can_go_from_frame_to_frame),
        TEST(what_is_no_label_has_no_line),
    };
    RUN_TESTS(tests);
}
