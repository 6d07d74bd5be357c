/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A recursion without end is noticed at the first store below the stack, and said.
 *
 * status: 134
 * expect: \*\*\* panic: store access fault: stack overflow
 * expect:   epc 0x8[0-9a-f]+ tval 0x8[0-9a-f]+ cause 0x7 status 0x[0-9a-f]+
 * expect:   task deep \(tests/qemu/trap_stack_overflow.c:@deep\) at 0x[0-9a-f]+
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
        em_must_spawn(self->spawner, deep());
    }
}
