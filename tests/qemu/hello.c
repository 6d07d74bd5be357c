/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A task by hand, a timer, em_print: status 7 after three ticks. */
#include <em/board.h>
#include <em/task.h>
#include <em/executor.h>
#include <em/timer.h>

em_spawn_token em_MAIN_defines_the_first_task(em_spawner spawner);

typedef struct frame { em_future future; em_timer tick; int n; } frame;
static em_poll poll(em_future *f, em_context *cx);
static struct { em_task task; frame frame; } slot;
static const em_task_type type = {.ops={.poll=poll,.name="hello"},.slots=&slot.task,.frame_bytes=sizeof(frame),.slot_bytes=sizeof slot,.count=1,.file=__FILE__,.line=__LINE__};

static em_poll poll(em_future *f, em_context *cx)
{
    frame *self = (frame *)(void *)f;
    if (self->n == 0) {
        em_print("hello\n");
        em_timer_after(&self->tick, em_ms(20));
        self->n = 1;
    }
    while (em_future_poll(&self->tick.future, cx).ready) {
        em_print("tick %d\n", self->n);
        if (self->n++ == 3) em_board_exit(7);
        em_timer_after(&self->tick, em_ms(20));
    }
    return EM_PENDING;
}

em_spawn_token em_MAIN_defines_the_first_task(em_spawner spawner)
{
    em_task *t = em_task_claim_(&type, &slot.task, 1);
    slot.frame.future.ops = &type.ops;
    return em_token_of_slot_(t);
}
