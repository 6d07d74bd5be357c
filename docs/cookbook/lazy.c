/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Something that is made at its first use, by whoever comes first, and never again.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   making the table
 *   task 1: the square of 7 is 49
 *   task 2: the square of 9 is 81
 *   it was made once
 */
#include <em/async.h>
#include <em/board.h>

typedef struct table {
    unsigned square[16];
} table;

EM_ONCE_TYPE(lazy_table, table);
static lazy_table squares; /* zeroed: not made yet */
static unsigned made;

static void make_squares(table *t, void *arg)
{
    (void)arg;
    em_print("making the table\n");
    for (unsigned i = 0; i < 16; i++)
        t->square[i] = i * i;
    made++;
}

TASK(user, POOL(2), ARGS((unsigned, number), (unsigned, of)), VARS(lazy_table_get_or_init_future get))
{
    ASYNC {
        table *t;
        AWAIT_INTO(t, lazy_table_get_or_init(&self->get, &squares, make_squares, NULL));
        em_print("task %u: the square of %u is %u\n", self->number, self->of, t->square[self->of]);
        if (self->number == 2) {
            em_print("it was made %s\n", made == 1 ? "once" : "twice");
            em_board_exit(0);
        }
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, user(1, 7));
        em_must_spawn(self->spawner, user(2, 9));
    }
}
