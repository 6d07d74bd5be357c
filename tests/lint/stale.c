/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bodies with a bug each. A comment names what the lint finds in its line, and nothing else is found.
 */
#include <em/async.h>

struct point {
    int x;
    int y;
};
struct slice {
    const char *text;
};
typedef struct copy_future {
    em_future future;
    const char *from;
    int out;
} copy_future;

copy_future *copy(copy_future *f, const char *from);
struct slice slice_of(const char *text);
copy_future *copy_slice(copy_future *f, struct slice s);
copy_future *copy_point(copy_future *f, const struct point *p);
void use(int n);
void use_text(const char *text);
void use_buffer(char *text);
void use_point(struct point p);
void fill(char *text);
void get(int *n);
enum mode { IDLE, BUSY };

TASK(initialised_scalar, VARS(em_timer t))
{
    ASYNC {
        int start = 1;
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use(start); /* E2 */
    }
}

TASK(assigned_scalar, VARS(em_timer t))
{
    ASYNC {
        int start;
        start = 1;
        use(start);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use(start); /* E2 */
    }
}

TASK(loop_counter, VARS(em_timer t))
{
    ASYNC {
        for (int i = 0; i < 3; i++) { /* E2 */
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        }
    }
}

TASK(filled_scalar, VARS(em_timer t))
{
    ASYNC {
        int n;
        get(&n);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use(n); /* E2 */
    }
}

TASK(filled_array, VARS(em_timer t))
{
    ASYNC {
        char line[8];
        fill(line);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use_text(line); /* E2 */
    }
}

TASK(filled_array_to_whoever_may_write, VARS(em_timer t))
{
    ASYNC {
        char line[8];
        fill(line);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use_buffer(line); /* E2 */
    }
}

TASK(initialised_array, VARS(em_timer t))
{
    ASYNC {
        char line[8] = "abc";
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use(line[0]); /* E2 */
    }
}

TASK(structure_by_members, VARS(em_timer t))
{
    ASYNC {
        struct point p;
        p.x = 1;
        p.y = 2;
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        p.x = 3;
        use_point(p); /* E2 */
    }
}

TASK(inside_a_switch, ARGS((enum mode, mode)), VARS(em_timer t))
{
    ASYNC {
        int n = 1;
        switch (self->mode) {
        case IDLE:
            break;
        case BUSY:
            AWAIT(em_timer_after(&self->t, em_ms(1)));
            use(n); /* E2 */
            break;
        }
    }
}

TASK(buffer_on_the_stack, VARS(copy_future c))
{
    ASYNC {
        char line[8];
        fill(line);
        AWAIT(copy(&self->c, line)); /* E1 */
    }
}

TASK(future_on_the_stack)
{
    ASYNC {
        em_timer t;
        AWAIT(em_timer_after(&t, em_ms(1))); /* E1 */
    }
}

TASK(unnamed_object, VARS(copy_future c))
{
    ASYNC {
        AWAIT(copy_point(&self->c, &(struct point){1, 2})); /* E1 */
    }
}

TASK(alias_of_a_buffer, VARS(copy_future c))
{
    ASYNC {
        char line[8];
        char *p = line;
        fill(line);
        AWAIT(copy(&self->c, p)); /* E1 */
    }
}

TASK(alias_in_a_structure, VARS(copy_future c))
{
    ASYNC {
        char line[8];
        struct slice s;
        fill(line);
        s.text = line;
        AWAIT(copy_slice(&self->c, s)); /* E1 */
    }
}

TASK(slice_of_a_buffer, VARS(copy_future c))
{
    ASYNC {
        char line[8];
        fill(line);
        AWAIT(copy_slice(&self->c, slice_of(line))); /* E1 */
    }
}

TASK(arm_of_a_select, VARS(copy_future c; em_timer t; em_select2 sel))
{
    ASYNC {
        char line[8];
        fill(line);
        AWAIT(SELECT(&self->sel, em_timer_after(&self->t, em_ms(1)), copy(&self->c, line))); /* E1 */
    }
}

TASK(arm_of_a_fair_select, VARS(copy_future c; em_timer t; em_select_fair2 sel))
{
    ASYNC {
        char line[8];
        fill(line);
        AWAIT(SELECT_FAIR(&self->sel, em_timer_after(&self->t, em_ms(1)), copy(&self->c, line))); /* E1 */
    }
}

TASK(arm_of_a_try_join, VARS(copy_future c; copy_future d; em_try_join2 join))
{
    ASYNC {
        char line[8];
        fill(line);
        AWAIT(TRY_JOIN(&self->join, copy(&self->d, "text"), copy(&self->c, line))); /* E1 */
    }
}

TASK(across_a_yield)
{
    ASYNC {
        int n = 1;
        YIELD();
        use(n); /* E2 */
    }
}

TASK(second_turn_of_a_loop, VARS(em_timer t))
{
    ASYNC {
        int sum = 0;
        for (;;) {
            use(++sum); /* E2 */
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        }
    }
}

TASK(second_turn_by_goto, VARS(em_timer t))
{
    ASYNC {
        int n = 1;
    again:
        use(n); /* E2 */
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        goto again;
    }
}

TASK(stored_on_one_branch_only, ARGS((int, which)), VARS(em_timer t))
{
    ASYNC {
        int n = 1;
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        if (self->which) {
            n = 2;
        }
        use(n); /* E2 */
    }
}

TASK(changed_alias_before_the_body, VARS(em_timer t))
{
    int n = 0;
    ASYNC {
        n = 1;
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use(n); /* E2 */
    }
}

static void close_it(int *fd)
{
    use(*fd);
}

TASK(with_cleanup, VARS(em_timer t))
{
    ASYNC {
        __attribute__((cleanup(close_it))) int fd = 3;
        use(fd);
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* E3 */
    }
}

ASYNC_FN(int, in_a_function, VARS(em_timer t))
{
    ASYNC_TRY {
        int n = 1;
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        RETURN(n); /* E2 */
    }
    FINALLY {
        use(0);
    }
}

TASK(call_it, VARS(struct in_a_function f; int n))
{
    ASYNC {
        AWAIT_INTO(self->n, in_a_function(&self->f));
    }
}
