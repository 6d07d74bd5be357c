/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bugs that the lint does not find: what docs/MACROS.md says about it must stay true. If one is found
 * one day, move it to stale.c.
 */
#include <em/async.h>

typedef struct copy_future {
    em_future future;
    int out;
} copy_future;

copy_future *copy_text(copy_future *f, const char *text);
const char *skip_blanks(const char *text);
void fill(char *text);

TASK(alias_in_the_frame, VARS(copy_future c; const char *p))
{
    ASYNC {
        char line[8];
        fill(line);
        self->p = line;
        AWAIT(copy_text(&self->c, self->p));
    }
}

TASK(alias_by_a_function, VARS(copy_future c))
{
    ASYNC {
        char line[8];
        const char *p;
        fill(line);
        p = skip_blanks(line);
        AWAIT(copy_text(&self->c, p));
    }
}
