/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What does each task do, and where does it wait? A dump of all tasks, as text.
 *
 * Flow: em_dump_tasks, em_monitor -> hal/common/dump.c -> the pools of all task types, their frames
 *
 * It begins with a line `tasks at 1.234567 s`, the board's time, and ends with `end of tasks`.
 * A living task has a line, and below it one for each frame of its chain of awaits, outermost first:
 *
 *     worker[1]  hart 0  waiting
 *       worker, main.c:40: fetch
 *       fetch, main.c:21: select
 *         replies_receive on 0x80003a40
 *         timer until 1.500000 s
 *     worker  2 of 4 free
 *
 * States: claimed (a token that is not spawned yet), ready, running, waiting, cancelled (will be dropped at its next
 * poll). With the option `stats` its line goes on: polls, wakes, time in polls, the longest poll.
 *
 * Rules for dumps:
 *  - A program that names none of this has nothing of it, in time or in bytes.
 *  - Nothing is stopped for it. What runs meanwhile, on another hart or above this one, may be shown halfway between
 *    two states. Whatever it shows, it reads only what is static in the image: what is elsewhere is a `?`.
 *  - Of a task that runs the places are those at which it last waited.
 *  - A panic report of a program with em_dump_tasks() ends with the dump.
 *  - Listed is what TASK defines; a task type written by hand says EM_LIST_TASK_TYPE().
 */
#pragma once

#include <em/task.h>

/* Where a dump is: the line to come. */
typedef struct em_dump {
    const em_task_type *const *type;
    uint32_t slot;
    uint32_t line; /* of the slot's */
    uint32_t part; /* the head, the tasks, or the end */
} em_dump;

#define EM_DUMP_LINE_MAX 160

/** Begin a dump. Context: any */
void em_dump_begin(em_dump *d);

/**
 * Write the next line, without its line end, into @p text of @p size bytes; what does not fit is left out.
 *
 * Between two lines others may run; each line is true for itself.
 *
 * Context: task | isr | any hart | init
 * Cost:    O(frames of the task), some 10 to 30 thousand instructions, with interrupts unmasked
 * Returns: its length; 0 at the end: there are no empty lines
 */
size_t em_dump_line(em_dump *d, char *text, size_t size);

/**
 * Print all tasks on the console, and wait for it.
 *
 * For a person who looks for what hangs: unlike em_print() it loses nothing, and takes as long as the line does.
 * em_monitor() (em/monitor.h) does the same on a key, without stopping anybody.
 *
 * Context: task | isr | any hart | init; from a debugger too: `call em_dump_tasks()`
 */
void em_dump_tasks(void);
