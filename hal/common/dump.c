/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The dump of tasks: from the linker's list of task types to lines of text.
 *
 * A task's lines are made anew for each line, and all but one are thrown away: so nothing is held between two lines,
 * when the task may go on, and no line is stored but that one.
 *
 * Flow: em_dump_line -> the section em_tasks -> a slot -> dump_waits.c;  em_dump_tasks -> the console, dump_report.c
 */
#include "dump.h"
#include "report.h"

#include <em/dump.h>
#include <em/executor.h>
#include <em/level.h>
#include <em/print_line.h>
#include <em/stats.h>
#include <em/time.h>

/* The linker's, which keeps the section because it is named here. */
extern const em_task_type *const __start_em_tasks[];
extern const em_task_type *const __stop_em_tasks[];

/* So that there is one in a program without tasks. */
static const em_task_type *const nothing __attribute__((section("em_tasks"), used)) = NULL;

/* Levels are linked if they are named: by a pointer that may be NULL, as an address in code may not. */
#pragma weak em_level_of_
static unsigned (*const volatile level_of)(const em_executor *e) = em_level_of_;

/* Keeps the line that is wanted. */
typedef struct line_sink {
    em_sink sink;
    char *text;
    size_t size;
    size_t length;
    uint32_t wanted;
    uint32_t line;
} line_sink;

static void put(em_sink *sink, char c)
{
    line_sink *l = (line_sink *)(void *)sink;
    if (c == '\n') {
        l->line++;
    } else if (l->line == l->wanted && l->length < l->size) {
        l->text[l->length++] = c;
    }
}

/* -- one slot --------------------------------------------------------------------------------------- */

static void say_executor(em_sink *out, const em_executor *e)
{
    uintptr_t hart = ((uintptr_t)e - (uintptr_t)em_thread_executors_) / sizeof *e;
    unsigned level = level_of ? level_of(e) : 0;
    if (level) {
        em_format_(out, "hart %u level %u", level / 4, level % 4);
    } else if (hart < EM_CFG_MAX_HARTS) {
        em_format_(out, "hart %u", (unsigned)hart);
    } else {
        em_format_(out, "executor %p", (const void *)e);
    }
}

static const char *name_of_state(const em_task *t, long state)
{
    if (!(state & EM_TASK_SPAWNED_)) {
        return "claimed";
    }
    if (em_atomic_peek_ptr_((void *const *)(const void *)&t->executor->running) == t) {
        return "running";
    }
    return state & EM_TASK_CANCEL_ ? "cancelled" : state < 0 ? "ready" : "waiting";
}

static void say_task(em_sink *out, const em_task *t, const em_task_type *type, uint32_t slot, long state)
{
    em_format_(out, type->count > 1 ? "%s[%u]" : "%s", type->ops.name, (unsigned)slot);
    if (state & EM_TASK_SPAWNED_) {
        em_format_(out, "  ");
        say_executor(out, t->executor);
    }
    em_format_(out, "  %s", name_of_state(t, state));
    if (EM_CFG_STATS) {
        em_stats s = em_stats_of(t);
        em_format_(out, "  %u polls, %u wakes, ran ", (unsigned)s.polls, (unsigned)s.wakes);
        em_dump_time_(out, s.ran);
        em_format_(out, ", longest poll ");
        em_dump_time_(out, s.longest);
    }
    em_format_(out, "\n");
    if (state & EM_TASK_SPAWNED_) {
        em_dump_waits_(out, t, type);
    }
}

static const em_task *slot_of(const em_task_type *type, uint32_t slot)
{
    return (const em_task *)(const void *)((const char *)type->slots + (size_t)slot * type->slot_bytes);
}

static bool is_claimed(const em_task *t)
{
    return (em_atomic_load(&t->state) & EM_TASK_CLAIMED_) != 0;
}

/* Behind the last one. */
static void say_free(em_sink *out, const em_task_type *type)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < type->count; i++) {
        count += !is_claimed(slot_of(type, i));
    }
    if (count > 0 && type->count > 1) {
        em_format_(out, "%s  %u of %u free\n", type->ops.name, count, (unsigned)type->count);
    } else if (count > 0) {
        em_format_(out, "%s  free\n", type->ops.name);
    }
}

static void say_slot(em_sink *out, const em_task_type *type, uint32_t slot)
{
    if (slot == type->count) {
        say_free(out, type);
        return;
    }
    const em_task *t = slot_of(type, slot);
    long state = em_atomic_load(&t->state);
    if (state & EM_TASK_CLAIMED_) {
        say_task(out, t, type, slot, state);
    }
}

/* -- lines ------------------------------------------------------------------------------------------ */

enum { HEAD, TASKS, END };

void em_dump_begin(em_dump *d)
{
    *d = (em_dump){.type = __start_em_tasks, .part = HEAD};
}

static void to_next_slot(em_dump *d)
{
    d->line = 0;
    if (d->slot++ == (*d->type)->count) {
        d->slot = 0;
        d->type++;
    }
}

/* The next line of the tasks, or the last one of the dump. */
static void next_line(em_dump *d, line_sink *l)
{
    while (d->type != __stop_em_tasks) {
        if (!*d->type) {
            d->type++;
            continue;
        }
        l->wanted = d->line;
        l->line = 0;
        say_slot(&l->sink, *d->type, d->slot);
        if (l->line > d->line) {
            d->line++;
            return;
        }
        to_next_slot(d);
    }
    d->part = END;
    l->wanted = l->line = 0;
    em_format_(&l->sink, "end of tasks");
}

size_t em_dump_line(em_dump *d, char *text, size_t size)
{
    line_sink l = {.sink = {put}, .text = text, .size = size};

    if (d->part == HEAD) {
        d->part = TASKS;
        em_format_(&l.sink, "tasks at ");
        em_dump_time_(&l.sink, em_now().ticks);
    } else if (d->part == TASKS) {
        next_line(d, &l);
    }
    return l.length;
}

/* -- on the console ----------------------------------------------------------------------------------- */

void em_dump_tasks(void)
{
    em_dump d;
    char text[EM_DUMP_LINE_MAX];

    em_dump_links_the_report_();
    em_dump_begin(&d);
    for (size_t n; (n = em_dump_line(&d, text, sizeof text - 1)) > 0;) {
        text[n] = '\0';
        em_print_line_(text);
    }
}
