/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bytes of RAM.
 *
 * Flow: sizeof -> bench_value
 */
#include "bench.h"

#include <em/async.h>
#include <em/irq.h>

struct message {
    char text[32];
};
EM_CHANNEL_TYPE(numbers, uint32_t, 4);
EM_CHANNEL_TYPE(messages, struct message, 8);
EM_SIGNAL_TYPE(setpoint, uint32_t);
EM_ONCE_TYPE(cell, uint32_t);
EM_PRIORITY_CHANNEL_TYPE(urgent, uint32_t, 8, EM_MAX_FIRST);
EM_ZEROCOPY_CHANNEL_TYPE(blocks, uint64_t, 4);
EM_PUBSUB_TYPE(news, uint32_t, 4);
EM_WATCH_TYPE(latest, uint32_t);
EM_SERVICE_TYPE(adder, uint32_t, uint32_t);

/* An object, and what waits for it. */
static void objects(void)
{
    bench_value("bytes_wait_list", sizeof(em_wait_list));
    bench_value("bytes_wait_node", sizeof(em_wait_node));
    bench_value("bytes_waker_cell", sizeof(em_waker_cell));
    bench_value("bytes_signal", sizeof(em_signal));
    bench_value("bytes_signal_u32", sizeof(setpoint));
    bench_value("bytes_signal_wait", sizeof(em_signal_wait_future));
    bench_value("bytes_mutex", sizeof(em_mutex));
    bench_value("bytes_mutex_lock", sizeof(em_mutex_lock_future));
    bench_value("bytes_semaphore", sizeof(em_semaphore));
    bench_value("bytes_semaphore_acquire", sizeof(em_semaphore_acquire_future));
    bench_value("bytes_greedy", sizeof(em_greedy_semaphore));
    bench_value("bytes_greedy_acquire", sizeof(em_greedy_semaphore_acquire_future));
    bench_value("bytes_rwlock", sizeof(em_rwlock));
    bench_value("bytes_rwlock_wait", sizeof(em_rwlock_read_future));
    bench_value("bytes_condvar", sizeof(em_condvar));
    bench_value("bytes_condvar_wait", sizeof(em_condvar_wait_future));
    bench_value("bytes_event_flags", sizeof(em_event_flags));
    bench_value("bytes_event_flags_wait", sizeof(em_event_flags_wait_future));
    bench_value("bytes_barrier", sizeof(em_barrier));
    bench_value("bytes_barrier_wait", sizeof(em_barrier_wait_future));
    bench_value("bytes_once", sizeof(em_once));
    bench_value("bytes_once_get", sizeof(em_once_get_future));
    bench_value("bytes_once_get_or_init", sizeof(cell_get_or_init_future));
    bench_value("bytes_channel", sizeof(em_channel));
    bench_value("bytes_channel_4_u32", sizeof(numbers));
    bench_value("bytes_channel_4_u32_send", sizeof(numbers_send_future));
    bench_value("bytes_channel_4_u32_receive", sizeof(numbers_receive_future));
    bench_value("bytes_channel_8_32", sizeof(messages));
    bench_value("bytes_channel_view", sizeof(em_channel_view));
    bench_value("bytes_channel_view_send", sizeof(em_channel_send_future));
    bench_value("bytes_channel_ready", sizeof(em_channel_ready_future));
    bench_value("bytes_priority", sizeof(em_priority_channel));
    bench_value("bytes_priority_8_u32", sizeof(urgent));
    bench_value("bytes_priority_u32_send", sizeof(urgent_send_future));
    bench_value("bytes_zerocopy", sizeof(em_zerocopy_channel));
    bench_value("bytes_zerocopy_send", sizeof(blocks_send_future));
    bench_value("bytes_pubsub", sizeof(em_pubsub));
    bench_value("bytes_pubsub_4_u32", sizeof(news));
    bench_value("bytes_pubsub_subscriber", sizeof(news_subscriber));
    bench_value("bytes_pubsub_4_u32_next", sizeof(news_next_message_future));
    bench_value("bytes_pubsub_4_u32_publish", sizeof(news_publish_future));
    bench_value("bytes_watch_u32", sizeof(latest));
    bench_value("bytes_watch_receiver", sizeof(latest_receiver));
    bench_value("bytes_watch_u32_changed", sizeof(latest_changed_future));
    bench_value("bytes_multi_waker", sizeof(em_multi_waker));
    bench_value("bytes_multi_waker_wait", sizeof(em_multi_waker_wait_future));
    bench_value("bytes_service", sizeof(adder));
    bench_value("bytes_service_u32_call", sizeof(adder_call_future));
    bench_value("bytes_service_u32_next", sizeof(adder_next_future));
    bench_value("bytes_pipe", sizeof(em_pipe));
    bench_value("bytes_pipe_read", sizeof(em_pipe_read_future));
    bench_value("bytes_pipe_write", sizeof(em_pipe_write_future));
}

TASK(empty)
{
    ASYNC {
    }
}

TASK(sleeps, VARS(em_timer timer))
{
    ASYNC {
        AWAIT(em_timer_after(&self->timer, em_secs(1)));
    }
}

MAIN()
{
    ASYNC {
        bench_self_test();
        bench_value("bytes_task_header", sizeof(em_task));
        bench_value("bytes_task", sizeof(em_task) + sizeof(struct empty));
        bench_value("bytes_task_with_timer", sizeof(em_task) + sizeof(struct sleeps));
        bench_value("bytes_executor", sizeof(em_executor));
        bench_value("bytes_timer", sizeof(em_timer));
        objects();
        bench_value("bytes_select2", sizeof(em_select2));
        bench_value("bytes_join2", sizeof(em_join2));
        bench_value("bytes_timeout", sizeof(em_timeout));
        bench_value("bytes_ticker", sizeof(em_ticker) + sizeof(em_ticker_wait));
        bench_value("bytes_interrupt", sizeof(em_interrupt) + sizeof(em_interrupt_wait));
        bench_end(NULL, 0);
    }
}
