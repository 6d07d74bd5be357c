/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** Everything an application needs but drivers: the task language, executor, futures, time, sync. */
#pragma once

/* the task language (macros/) */
#include <em/arms.h>
#include <em/await.h>
#include <em/define.h>

/* what it stands on */
#include <em/assert.h>
#include <em/block_on.h>
#include <em/error.h>
#include <em/executor.h>
#include <em/frame.h>
#include <em/future.h>
#include <em/level.h>
#include <em/poll_fn.h>
#include <em/priority.h>
#include <em/task.h>
#include <em/yield.h>

#include <em/deadline.h>
#include <em/poll_limit.h>
#include <em/ticker.h>
#include <em/time.h>
#include <em/timer.h>

#include <em/barrier.h>
#include <em/channel.h>
#include <em/channel_view.h>
#include <em/priority_channel.h>
#include <em/condvar.h>
#include <em/event_flags.h>
#include <em/greedy_semaphore.h>
#include <em/multi_waker.h>
#include <em/mutex.h>
#include <em/once.h>
#include <em/pi_mutex.h>
#include <em/pipe.h>
#include <em/pubsub.h>
#include <em/rwlock.h>
#include <em/semaphore.h>
#include <em/service.h>
#include <em/signal.h>
#include <em/wait_all.h>
#include <em/wait_list.h>
#include <em/wait_scan.h>
#include <em/waker_cell.h>
#include <em/zerocopy_channel.h>
#include <em/watch.h>
