/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A recursion without end on another hart: in M-mode that hart's guard notices, and only that hart is concerned.
 *
 * status: 134
 * run: --smp 3
 * expect: \*\*\* panic: store access fault: stack overflow
 * expect:   hart 1 \(physical 1\)
 * expect:   task deep \(tests/harts/overflow.c:@deep\) at 0x[0-9a-f]+
 */
#include <em/async.h>

static volatile int depth;

static __attribute__((noinline)) int dig(volatile char *above)
{
    volatile char room[200];
    room[0] = above[0];
    return depth++ < 0 ? 0 : dig(room) + room[0];
}

TASK(deep) /* @deep */
{
    ASYNC {
        char top = 1;
        depth = dig(&top);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(em_spawner_hart(1), deep());
    }
}
