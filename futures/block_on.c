/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * block_on: a task without a TASK, one a hart, whose frame is the caller's future.
 *
 * Its header is static, so a waker left behind by the future stays harmless when the call is over.
 *
 * Flow: em_block_on -> em_executor_poll, em_executor_sleep -> blocked_poll -> the caller's future
 */
#include <em/assert.h>
#include <em/block_on.h>

typedef struct blocked {
    em_task task;
    em_future root;
    em_future *future; /* NULL: nobody blocks */
} blocked;

static blocked blocked_on[EM_CFG_MAX_HARTS];

static em_poll blocked_poll(em_future *f, em_context *cx)
{
    blocked *b = (blocked *)(void *)((char *)f - offsetof(blocked, root));

    if (b->future && em_future_poll(b->future, cx).ready) {
        b->future = NULL;
    }
    return EM_PENDING; /* the task lives for ever, to be used again */
}

static const em_task_type blocked_type = {
    .ops = {.poll = blocked_poll, .name = "block_on"}, .count = 1, .file = __FILE__, .line = __LINE__};

int em_block_on(em_future *f)
{
    em_executor *e = em_spawner_hart(em_hart_id()).executor;
    blocked *b = &blocked_on[em_hart_id()];

    EM_ASSERT(em_running_task() == NULL);
    EM_ASSERT(em_irq_enabled());
    EM_ASSERT(b->future == NULL);
    b->task.executor = e;
    em_atomic_or(&b->task.state, EM_TASK_CLAIMED_ | EM_TASK_SPAWNED_); /* a stale waker may come right now */
    b->root.ops = &blocked_type.ops;
    b->future = f;
    em_wake((em_waker){&b->task});
    for (;;) {
        em_executor_poll(e);
        if (!b->future) {
            return EM_OK;
        }
        em_executor_sleep(e);
    }
}
