/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A small program, and with SEED_… what em size and em stack have to see of it. */
#include <em/async.h>
#include <em/board.h>


static __attribute__((unused)) volatile int sink;
int work(int n);

#define FILL(name, bytes)                 \
    volatile char name[bytes];            \
    for (unsigned i = 0; i < bytes; i++) \
        name[i] = (char)i

#if defined(SEED_GROWN)
#define DO_8(x) x x x x x x x x
__attribute__((noinline)) int work(int n)
{
    DO_8(DO_8(sink += n; sink ^= 5;))
    return sink;
}
#elif defined(SEED_DEEP)
static __attribute__((noinline)) int third(int n)
{
    FILL(room, 300);
    return room[n] + 1;
}

static __attribute__((noinline)) int second(int n)
{
    FILL(room, 3000); /* more than an addi can take off the stack pointer */
    return third(n) + room[n];
}

__attribute__((noinline)) int work(int n)
{
    FILL(room, 300);
    return second(n) + room[n];
}
#elif defined(SEED_RECURSION)
static __attribute__((noinline)) int odd(int n);
__attribute__((noinline)) int work(int n) /* is it even? */
{
    return n == 0 ? sink : odd(n - 1) + sink;
}

static int odd(int n)
{
    return n == 0 ? sink + 1 : work(n - 1) + sink;
}
#elif defined(SEED_BY_POINTER)
static int again(int n);
static int (*volatile step)(int n) = again;

static __attribute__((noinline)) int again(int n)
{
    return n == 0 ? sink : step(n - 1) + 1;
}

__attribute__((noinline)) int work(int n)
{
    return again(n) + 1;
}
#elif defined(SEED_NO_SIZE)
__attribute__((noinline)) int work(int n)
{
    char *room = __builtin_alloca((size_t)n + (size_t)sink);
    room[0] = (char)n;
    __asm__ volatile("" ::"r"(room) : "memory");
    return room[0];
}
#elif defined(SEED_FAULT)
__attribute__((noinline)) int work(int n)
{
    __asm__ volatile("unimp");
    return n;
}
#elif defined(SEED_PANIC)
__attribute__((noinline)) int work(int n)
{
    EM_ASSERT(n == 0);
    return n;
}
#else
__attribute__((noinline)) int work(int n)
{
    return n + sink;
}
#endif

ASYNC_FN(int, one, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        RETURN(work(3));
    }
}

#if defined(SEED_NESTED)
#define STORAGE em_select2 inner; em_select2 outer; em_timeout limit; em_timer a; em_timer b
#define WAIT SELECT(&self->outer, WITH_TIMEOUT(&self->limit, em_ms(9), SELECT(&self->inner, em_timer_after(&self->a, \
                    em_ms(5)), one(&self->call))), em_timer_after(&self->b, em_ms(7)))
#else
#define STORAGE em_select2 outer; em_timer b
#define WAIT SELECT(&self->outer, one(&self->call), em_timer_after(&self->b, em_ms(7)))
#endif

TASK(worker, POOL(2), ARGS((em_waker, done)), VARS(struct one call; STORAGE))
{
    ASYNC {
        AWAIT(WAIT);
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, worker((em_waker){NULL}));
    }
}
