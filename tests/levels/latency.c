/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A byte of the UART is handled by a task of level 3 within 2000 instructions, while a task computes for 100 ms; and
 * the stack that the levels take is one frame of each that is at work, however many tasks wait on it.
 *
 * The UART is looped: what the busy task stores into it comes in at once. QEMU counts an instruction a nanosecond, the
 * clock has 100 of them in a tick.
 *
 * run: --icount
 * expect: 100 bytes, all within 2000 instructions
 * expect: stack of three levels: within the bound, with 1 and with 31 tasks on each
 */
#include <em/async.h>
#include <em/board.h>
#include <em/uart.h>
#include <memory_map.h>

#define UART(reg) (((volatile uint8_t *)UART0_BASE)[reg])
enum { THR = 0, FCR = 2, MCR = 4, LOOP = 0x10, BYTES = 100, TASKS = 31, STACK_BOUND = 3 * 512 };

static volatile uint64_t sent_at;
static volatile unsigned received, late;

TASK(urgent, VARS(em_uart_read_future rd; uint8_t byte))
{
    ASYNC {
        for (;;) {
            AWAIT(em_uart_read(&self->rd, em_board_console(), &self->byte, 1));
            late += (em_now().ticks - sent_at) * (1000000000 / EM_TICK_HZ) > 2000;
            received++;
        }
    }
}

/* Reading the clock would take QEMU long. */
static void compute_for_1_ms(void)
{
    long n = 500000;
    __asm__ volatile("1: addi %0, %0, -1\n\tbnez %0, 1b" : "+r"(n));
}

static void send_for_100_ms(void)
{
    uint8_t mcr = UART(MCR);
    UART(MCR) = (uint8_t)(mcr | LOOP);
    UART(FCR) = 1; /* FIFOs on, and an interrupt at each byte: not at 14, or four silent byte times */
    for (unsigned i = 0; i < BYTES; i++) {
        sent_at = em_now().ticks;
        UART(THR) = (uint8_t)i;
        compute_for_1_ms();
    }
    UART(MCR) = mcr;
}

/* -- the stack ---------------------------------------------------------------------------------- */

static em_signal go[3];
static volatile uintptr_t top, deepest;
static volatile unsigned others;

static void look(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    deepest = here < deepest ? here : deepest;
}

TASK(nests, POOL(3), ARGS((unsigned, index)), VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &go[self->index]));
            look();
            if (self->index < 2) {
                em_signal_set(&go[self->index + 1]);
            }
        }
    }
}

static em_signal all;

/* One of many that are ready at once, on the same level. */
TASK(waits, POOL(3 * (TASKS - 1)), VARS(em_signal_wait_future wait))
{
    ASYNC {
        AWAIT(em_signal_wait(&self->wait, &all));
        look();
        others++;
        em_signal_set(&all); /* for the next, here or on another level */
    }
}

static uintptr_t depth(void)
{
    top = (uintptr_t)__builtin_frame_address(0);
    deepest = top;
    em_signal_set(&go[0]);
    return top - deepest;
}

MAIN()
{
    ASYNC {
        em_must_spawn(em_spawner_level(3), urgent());
        send_for_100_ms();
        em_print("%u bytes, %s within 2000 instructions\n", received, late ? "not all" : "all");
        for (unsigned i = 0; i < 3; i++) {
            em_must_spawn(em_spawner_level(i + 1), nests(i));
        }
        uintptr_t few = depth();
        for (unsigned i = 0; i < 3 * (TASKS - 1); i++) {
            em_must_spawn(em_spawner_level(1 + i % 3), waits());
        }
        uintptr_t many = depth();
        deepest = top;
        em_signal_set(&all);
        many = top - deepest > many ? top - deepest : many;
        EM_ASSERT(others == 3 * (TASKS - 1));
        em_print("stack of three levels: %s the bound, with 1 and with %u tasks on each\n",
                 few > 0 && few <= STACK_BOUND && many <= few ? "within" : "beyond", TASKS);
        em_print("(%u and %u bytes)\n", (unsigned)few, (unsigned)many);
        em_board_exit(0);
    }
}
