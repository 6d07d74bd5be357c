/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between the lines of a dump (dump.c) and what each future waits for (dump_waits.c). */
#pragma once

#include "format.h"

#include <em/task.h>

/** Is what lies at @p p, as long as this, static in the image, and aligned as futures are? Context: any */
bool em_dump_is_static_(const void *p, size_t bytes);

/** Say what @p t waits for, from its root on, in lines. Context: any */
void em_dump_waits_(em_sink *out, const em_task *t, const em_task_type *type);

/** Say at which time it is, or will be, in seconds. Context: any */
void em_dump_time_(em_sink *out, uint64_t ticks);
