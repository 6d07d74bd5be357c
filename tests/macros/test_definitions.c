/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Definitions: pools, arguments, frames, MAIN, other files, and what a task is without the macros. */
#include "fake_port.h"
#include "other_file.h"

#include <string.h>

static void spawn_and_run(em_spawn_token token)
{
    em_must_spawn(test_spawner(), token);
    test_run();
}

/* -- pools ----------------------------------------------------------------------------------------- */

enum { WORKERS = 3 };

TASK(worker, ARGS((unsigned, id), (probe *, p)), POOL(WORKERS), VARS(uint64_t used[4]))
{
    ASYNC {
        for (unsigned i = 0; i < 4; i++) {
            EM_ASSERT(self->used[i] == 0); /* zero at spawn, also in a slot that was used */
            self->used[i] = 0xdeadbeef;
        }
        AWAIT(watch(self->p));
        em_trace_number("w", self->id);
    }
}

static void a_full_pool_is_busy_and_its_slots_come_back(void)
{
    probe p[5];
    test_begin();
    for (unsigned i = 0; i < WORKERS; i++) {
        probe_init(&p[i], 'p');
        CHECK(em_spawn(test_spawner(), worker(i, &p[i])) == EM_OK);
    }
    CHECK(em_spawn(test_spawner(), worker(9, &p[0])) == EM_ERR_BUSY);
    CHECK(PANICS(em_must_spawn(test_spawner(), worker(9, &p[0]))));
    CHECK(strcmp(fake_port_panic_text, "worker") == 0);
    test_run();
    CHECK_TRACE("p p p");
    probe_fire(&p[1]);
    test_run();
    CHECK_TRACE("p! w1");
    for (unsigned round = 3; round < 6; round++) {
        probe_init(&p[3], 'q');
        CHECK(em_spawn(test_spawner(), worker(round, &p[3])) == EM_OK);
        CHECK(em_spawn(test_spawner(), worker(9, &p[0])) == EM_ERR_BUSY);
        probe_fire(&p[3]);
        test_run();
    }
    CHECK_TRACE("q! w3 q! w4 q! w5");
    probe_fire(&p[0]);
    probe_fire(&p[2]);
    test_run();
    CHECK_TRACE("p! w0 p! w2");
}

TASK(plain)
{
    ASYNC {
        YIELD();
    }
}

TASK(special, VARS(char odd[3]), PRIORITY(5), ARGS((char, c)))
{
    ASYNC {
        YIELD();
        em_trace(self->c == 'x' ? "special" : "wrong");
    }
}
enum { SPECIAL_LINE = __LINE__ - 7 };

static void the_descriptor_has_the_facts(void)
{
    test_begin();
    em_must_spawn(test_spawner(), special('x'));
    const em_task_type *type = em_task_type_of(&special__pool[0].task);
    CHECK(strcmp(type->ops.name, "special") == 0);
    CHECK(type->priority == 5 && type->count == 1 && type->pool == NULL);
    CHECK(type->line == SPECIAL_LINE && strstr(type->file, "test_definitions.c"));
    CHECK(type->slot_bytes == sizeof(em_task) + sizeof(struct special) && type->slot_bytes % 8 == 0);
    CHECK(type->slots == &special__pool[0].task);
    CHECK((void *)em_task_root(&special__pool[0].task) == (void *)FRAME(special));
    CHECK(worker__type.count == WORKERS && worker__type.pool == &worker__free && worker__type.priority == 0);
    test_run();
    CHECK_TRACE("special");
    spawn_and_run(plain());
}

TASK(eight,
     ARGS((int, a), (char, b), (const char *, c), (long, d), (unsigned, e), (uint8_t, f), (em_duration, g), (bool, h)))
{
    ASYNC {
        YIELD();
        EM_ASSERT(self->a == 1 && self->b == 'b' && strcmp(self->c, "see") == 0 && self->d == -4);
        EM_ASSERT(self->e == 5 && self->f == 6 && self->g.ticks == 7 && self->h);
        em_trace("eight");
    }
}

static void arguments_arrive(void)
{
    test_begin();
    spawn_and_run(eight(1, 'b', "see", -4, 5, 6, em_ticks(7), true));
    CHECK_TRACE("eight");
}

static void what_is_in_another_file_works(void)
{
    test_begin();
    spawn_and_run(elsewhere(4, "sum"));
    CHECK_TRACE("sum10");
}

MAIN(VARS(unsigned i))
{
    ASYNC {
        YIELD();
        self->i += 2;
        em_must_spawn(self->spawner, elsewhere(self->i, "main"));
    }
}

static void main_gets_the_spawner(void)
{
    test_begin();
    spawn_and_run(em_MAIN_defines_the_first_task(test_spawner()));
    CHECK_TRACE("main3");
    CHECK(strcmp(em_MAIN_defines_the_first_task__type.ops.name, "MAIN") == 0);
}

static void two_of_a_pool_of_one_is_one_too_many(void)
{
    test_begin();
    em_must_spawn(test_spawner(), plain());
    CHECK(em_spawn(test_spawner(), plain()) == EM_ERR_BUSY);
    test_run();
    CHECK(em_spawn(test_spawner(), plain()) == EM_OK);
    test_run();
}

/* -- frames ---------------------------------------------------------------------------------------- */

ASYNC_FN(int, level1, ARGS((int, n)), VARS(late l))
{
    ASYNC {
        AWAIT(late_value(&self->l, 1, 0));
        RETURN(self->n + 1);
    }
}
#define LEVEL(this, next)                                            \
    ASYNC_FN(int, this, ARGS((int, n)), VARS(struct next inner))     \
    {                                                                \
        ASYNC {                                                      \
            int sum;                                                 \
            AWAIT_INTO(sum, next(&self->inner, self->n + 1));        \
            AWAIT_INTO(self->n, next(&self->inner, sum));            \
            RETURN(self->n);                                         \
        }                                                            \
    }
LEVEL(level2, level1)
LEVEL(level3, level2)
LEVEL(level4, level3)
LEVEL(level5, level4)

TASK(nest, VARS(struct level5 five))
{
    ASYNC {
        AWAIT(level5(&self->five, 0));
        em_trace_number("nest", (unsigned)self->five.out);
    }
}

/* A frame is its head, the result and the argument, and the frame of its callee: the sum is all. */
_Static_assert(EM_CFG_CHECKS || sizeof(em_frame) == 3 * sizeof(void *), "the head of a frame is three words");
_Static_assert(sizeof(struct level1) == sizeof(em_frame) + 2 * sizeof(int) + sizeof(late), "level1");
_Static_assert(sizeof(struct level5) == 5 * (sizeof(em_frame) + 2 * sizeof(int)) + sizeof(late), "level5");
_Static_assert(sizeof(em_task) + sizeof(struct nest) == sizeof(struct nest__slot), "nest");

static void five_levels_deep_a_result_comes_back(void)
{
    test_begin();
    spawn_and_run(nest());
    CHECK_TRACE("nest31"); /* n calls of level1 add one each, every level above adds one: 2^5 - 1 */
}

static void awaits_in_one_another_share_storage(void)
{
    struct {
        ONE_OF(em_timer t, late l, uint8_t bytes[100]);
    } shared;
    _Static_assert(sizeof shared == 104, "as large as the largest");
    CHECK((void *)&shared.t == (void *)&shared.l);
}

/* -- types of sync/ ---------------------------------------------------------------------------------- */

/* What the program may have: the parameters of what is generated are called so, too, and -Wshadow says nothing. */
extern int always, b, c, f, future, g, irq, l, lagged, m, modify, n, o, out, p, r, s, value, version, w;
EM_CHANNEL_TYPE(a_channel, int, 2);
EM_MUTEX_TYPE(a_mutex, int);
EM_ONCE_TYPE(a_once, int);
EM_PRIORITY_CHANNEL_TYPE(a_priority_channel, int, 4, EM_MIN_FIRST);
EM_PUBSUB_TYPE(a_pubsub, int, 2);
EM_RWLOCK_TYPE(a_rwlock, int);
EM_SERVICE_TYPE(a_service, int, int);
EM_SIGNAL_TYPE(a_signal, int);
EM_WATCH_TYPE(a_watch, int);
EM_ZEROCOPY_CHANNEL_TYPE(a_zerocopy_channel, int, 2);

static void globals_may_have_the_names_of_parameters(void)
{
    a_channel channel = {0};
    int got = 0;
    test_begin();
    CHECK(a_channel_try_send(&channel, 7) == EM_OK && a_channel_try_receive(&channel, &got) == EM_OK && got == 7);
}

int main(void)
{
    static const em_test tests[] = {
        TEST(a_full_pool_is_busy_and_its_slots_come_back),
        TEST(the_descriptor_has_the_facts),
        TEST(arguments_arrive),
        TEST(what_is_in_another_file_works),
        TEST(main_gets_the_spawner),
        TEST(two_of_a_pool_of_one_is_one_too_many),
        TEST(five_levels_deep_a_result_comes_back),
        TEST(awaits_in_one_another_share_storage),
        TEST(globals_may_have_the_names_of_parameters),
    };
    RUN_TESTS(tests);
}
