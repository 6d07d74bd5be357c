/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The counting, its self-test, and the output.
 *
 * Flow: the benchmark -> here -> the UART, by polling;  idle.S -> here -> bench_before_sleep
 */
#include "bench.h"

#include <em/board.h>
#include <em/port.h>
#include <em/trap.h>
#include <memory_map.h>
#include <stdbool.h>

uint64_t bench_start_at;
uint64_t bench_resume_at; /* idle.S */
void (*bench_before_sleep)(void);

static uint64_t sleep_at;
static uint64_t last_wake;
static uint64_t resumed_at; /* bench_resume_at of the stretch that ends at sleep_at */

/* -- output ------------------------------------------------------------------------------------- */

static void put_char(char c)
{
    volatile uint8_t *uart = (volatile uint8_t *)UART0_BASE;
    while (!(uart[5] & 0x20)) { /* LSR.THRE */
    }
    uart[0] = (uint8_t)c;
}

static void put_text(const char *text)
{
    while (*text) {
        put_char(*text++);
    }
}

static void put_number(uint64_t n)
{
    if (n >= 10) {
        put_number(n / 10);
    }
    put_char((char)('0' + n % 10));
}

/* To the hundredth, where it is not whole. */
static void put_quotient(uint64_t n, uint32_t divisor)
{
    uint64_t hundredths = (n % divisor * 100 + divisor / 2) / divisor;
    put_number(n / divisor + hundredths / 100);
    if (hundredths % 100) {
        put_char('.');
        put_number(hundredths / 10 % 10);
        put_number(hundredths % 10);
    }
}

static void put_row(const bench_row *row)
{
    uint32_t divisor = row->divisor ? row->divisor : 1;

    put_text(row->name);
    put_char(' ');
    put_quotient(row->min, divisor);
    if (row->max != row->min) {
        put_text("..");
        put_quotient(row->max, divisor);
    }
    put_char('\n');
}

void bench_value(const char *name, uint64_t value)
{
    put_row(&(bench_row){.name = name, .min = value, .max = value});
}

void bench_sample(bench_row *row, uint64_t value)
{
    if (row->samples++ < BENCH_WARMUP) {
        return;
    }
    if (row->samples == BENCH_WARMUP + 1 || value < row->min) {
        row->min = value;
    }
    if (value > row->max) {
        row->max = value;
    }
}

/* The board's own drains the buffered console, which a benchmark does not have. */
_Noreturn void em_board_exit(int status)
{
    *(volatile uint32_t *)TEST_BASE = status ? (uint32_t)status << 16 | 0x3333 : 0x5555;
    for (;;) {
    }
}

_Noreturn void bench_fail(const char *what)
{
    put_text("bench: ");
    put_text(what);
    put_char('\n');
    em_board_exit(1);
}

/* The framework's own bring the console, the clock and more into each image. */
_Noreturn void em_port_panic(const char *what, const char *file, unsigned line)
{
    put_text(file);
    put_char(':');
    put_number(line);
    put_char(' ');
    bench_fail(what ? what : "panic");
}

void em_trap_unexpected(em_trap_frame *frame)
{
    (void)frame;
    bench_fail("unexpected trap");
}

_Noreturn void bench_end(const bench_row *rows, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (rows[i].samples != BENCH_ROUNDS) {
            put_text(rows[i].name);
            bench_fail(": not 40 samples");
        }
        put_row(&rows[i]);
    }
    em_board_exit(0);
}

/* -- around the sleep --------------------------------------------------------------------------- */

void __real_em_port_idle(struct em_executor *e);
void bench_sleeps_(uint64_t now);

static bool is_jump(uint16_t low)
{
    unsigned quadrant = low & 3;
    unsigned funct3 = low >> 13;

    if (quadrant == 3) {
        unsigned opcode = low & 0x7f;
        return opcode == 0x63 || opcode == 0x67 || opcode == 0x6f;
    }
    return (quadrant == 1 && funct3 >= 5) || (quadrant == 2 && funct3 == 4 && (low & 0x7c) == 0);
}

/* How many instructions of the port's idle come before its wfi. */
static uint64_t before_wfi(void)
{
    const uint16_t *at = (const uint16_t *)(uintptr_t)__real_em_port_idle;

    for (uint64_t n = 0;; n++) {
        if (at[0] == 0x0073 && at[1] == 0x1050) {
            return n;
        }
        if (is_jump(at[0]) || n == 64) {
            bench_fail("em_port_idle: no straight way to its wfi");
        }
        at += (at[0] & 3) == 3 ? 2 : 1;
    }
}

void bench_sleeps_(uint64_t now)
{
    sleep_at = now;
    resumed_at = bench_resume_at;
    if (bench_before_sleep) {
        bench_before_sleep();
    }
}

/* A linker that inlines the port's idle (LTO) does not wrap it. */
static void must_have_slept(bool has)
{
    if (!has) {
        bench_fail("no sleep was seen: em_port_idle is not wrapped, or never called");
    }
}

uint64_t bench_start_to_sleep(void)
{
    must_have_slept(sleep_at > bench_start_at);
    return sleep_at - bench_start_at - 2 + before_wfi();
}

/* Not counted: the stamp, the store behind it, the jump, what the port does before its wfi, the wfi. */
uint64_t bench_wake_to(uint64_t now)
{
    must_have_slept(bench_resume_at > sleep_at);
    last_wake = now - bench_resume_at - 4 - before_wfi();
    return last_wake;
}

uint64_t bench_last_wake(void)
{
    return last_wake;
}

/* Here what the port does before the next wfi takes the place of what it did before the last. */
uint64_t bench_stretch(void)
{
    must_have_slept(sleep_at > resumed_at);
    return sleep_at - resumed_at - 4;
}

/* -- the self-test ------------------------------------------------------------------------------ */

static uint64_t hundred_nops(void)
{
    uint64_t from = bench_now();
    __asm__ volatile(".rept 100\n\tnop\n\t.endr" ::: "memory");
    return bench_now() - from;
}

static uint64_t long_loop(void)
{
    uint64_t from;
    uint64_t to;
    __asm__ volatile("csrr %0, mcycle\n\tli t0, 1000\n1:\taddi t0, t0, -1\n\tbnez t0, 1b\n\tcsrr %1, mcycle"
                     : "=&r"(from), "=&r"(to)::"t0", "memory");
    return to - from;
}

/* The clock runs at 100 instructions a tick; a wfi ends with the moment its interrupt is due, or is one instruction. */
static bool clock_is_exact(void)
{
    volatile uint64_t *mtime = (volatile uint64_t *)(CLINT_BASE + 0xbff8);
    volatile uint64_t *mtimecmp = (volatile uint64_t *)(CLINT_BASE + 0x4000);
    uint64_t before = bench_now();
    uint64_t ticks = *mtime;
    if (ticks < before / 100 || ticks > bench_now() / 100) {
        return false;
    }
    uint64_t at = *mtime + 50;
    uint64_t set;
    uint64_t woken;
    uint64_t again;
    __asm__ volatile("csrr %0, mcycle\n\tsd %3, 0(%4)\n\tcsrs mie, %5\n\twfi\n\tcsrr %1, mcycle\n\t"
                     "wfi\n\tcsrr %2, mcycle\n\tcsrc mie, %5"
                     : "=&r"(set), "=&r"(woken), "=&r"(again) : "r"(at), "r"(mtimecmp), "r"(1 << 7) : "memory");
    uint64_t due = set + 1 + 100 * (at - (set + 1) / 100);
    return woken == due + 1 && again == woken + 2;
}

void bench_self_test(void)
{
    uint64_t from = bench_now();
    uint64_t to = bench_now();
    unsigned long status;

    __asm__ volatile("csrrci %0, mstatus, 8" : "=r"(status)::"memory");
    bool exact = to - from == 1 && hundred_nops() == 101 && long_loop() == 2002 && clock_is_exact();
    __asm__ volatile("csrs mstatus, %0" ::"r"(status & 8) : "memory");
    if (!exact) {
        bench_fail("not exact here: wrong QEMU flags, or real hardware (bench/run has the right ones)");
    }
}
