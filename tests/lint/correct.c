/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Correct bodies: the lint finds nothing in this file. */
#include <em/async.h>

struct point {
    int x;
    int y;
};
typedef struct number_future {
    em_future future;
    int out;
} number_future;

number_future *number(number_future *f, int n);
int length_of(const struct point *p);
em_duration time_to(const struct point *p);
void use(int n);
void use_text(const char *text);
void use_point(struct point p);
void fill(char *text, int n);
void get(int *n);

TASK(used_before_only, VARS(em_timer t))
{
    ASYNC {
        int n = 1;
        use(n);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
    }
}

TASK(inner_block, VARS(em_timer t))
{
    ASYNC {
        {
            int n = 1;
            use(n);
        }
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        for (int i = 0; i < 3; i++) {
            use(i);
        }
        AWAIT(em_timer_after(&self->t, em_ms(1)));
    }
}

TASK(result_taken_into_a_local, VARS(number_future f))
{
    ASYNC {
        for (;;) {
            int n;
            AWAIT_INTO(n, number(&self->f, 1));
            use(n);
            AWAIT_INTO(n, number(&self->f, n + 1));
            use(n);
        }
    }
}

TASK(alias_before_the_body, ARGS((struct point *, p)), VARS(em_timer t))
{
    struct point *const p = self->p;
    ASYNC {
        for (;;) {
            use(p->x);
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        }
    }
}

TASK(filled_anew_each_time, VARS(em_timer t; int i))
{
    ASYNC {
        char line[8];
        int n;
        fill(line, 1);
        get(&n);
        use_text(line);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        fill(line, 2);
        get(&n);
        use_text(line);
        use(n);
    }
}

TASK(members_stored_anew, VARS(em_timer t))
{
    ASYNC {
        struct point p;
        p.x = 1;
        p.y = 2;
        use_point(p);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        p.x = 3;
        p.y = 4;
        use_point(p);
    }
}

TASK(array_filled_in_a_loop, VARS(em_timer t))
{
    ASYNC {
        for (;;) {
            int all[4];
            for (int i = 0; i < 4; i++) {
                all[i] = i;
            }
            use(all[2]);
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        }
    }
}

TASK(used_up_in_the_awaited_expression, VARS(number_future f))
{
    ASYNC {
        struct point p = {1, 2};
        AWAIT(number(&self->f, length_of(&p) + p.x));
    }
}

TASK(a_time_points_nowhere, VARS(em_timer t))
{
    ASYNC {
        struct point p = {1, 2};
        AWAIT(em_timer_after(&self->t, time_to(&p)));
    }
}

TASK(size_only, VARS(em_timer t))
{
    ASYNC {
        char line[8];
        fill(line, 1);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use((int)sizeof line);
    }
}

TASK(not_reached_from_the_await, VARS(em_timer t; int i))
{
    ASYNC {
        int n = 1;
        if (self->i) {
            AWAIT(em_timer_after(&self->t, em_ms(1)));
            RETURN();
        }
        use(n);
    }
}

TASK(static_local, VARS(em_timer t))
{
    ASYNC {
        static int n;
        n = 1;
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use(n);
    }
}

TASK(stored_on_both_branches, ARGS((int, which)), VARS(em_timer t))
{
    ASYNC {
        int n = 1;
        use(n);
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        if (self->which) {
            n = 2;
        } else {
            n = 3;
        }
        use(n);
    }
}

TASK(unnamed_array_of_arms_with_results, VARS(em_timeout a; em_timeout b; em_timer t; em_timer u; em_try_join2 join))
{
    ASYNC {
        AWAIT(TRY_JOIN(&self->join, WITH_TIMEOUT(&self->a, em_ms(2), em_timer_after(&self->t, em_ms(1))),
                       WITH_TIMEOUT(&self->b, em_ms(2), em_timer_after(&self->u, em_ms(1)))));
    }
}

TASK(a_single_poll_of_a_local, VARS(em_timer t))
{
    ASYNC {
        em_mutex_lock_future lock;
        static em_mutex mutex;
        if (POLL_ONCE(em_mutex_lock(&lock, &mutex))) {
            em_mutex_unlock(&mutex);
        }
        AWAIT(em_timer_after(&self->t, em_ms(1)));
    }
}

TASK(unnamed_array_of_arms, VARS(em_timer a; em_timer b; em_join2 join))
{
    ASYNC {
        AWAIT(JOIN(&self->join, em_timer_after(&self->a, em_ms(1)), em_timer_after(&self->b, em_ms(2))));
    }
}
