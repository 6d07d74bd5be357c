/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The usual mistakes, each in a task of its own: a letter on the console makes it. test_diagnostics.py knows what is
 * said of each, by the lines that end with a comment like @this.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/irq.h>
#include <em/uart.h>
#include <string.h>

static em_executor other; /* polled by MAIN */
static em_timer shared_timer;
static em_signal_wait_future shared_wait;
static em_task_join shared_join;
static em_signal never;
static em_signal now;
static em_context *kept;
static em_task_handle patient_handle;

/* -- does not yield ----------------------------------------------------------------------------------- */

static void compute(void)
{
    for (volatile unsigned n = 0;; n++) {
    }
}

TASK(hog, VARS(em_timer t)) /* @hog */
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* @hog_await */
        compute();
    }
}

TASK(hog_at_once) /* @hog_at_once */
{
    ASYNC {
        compute();
    }
}

/* Where the alarm cannot come. */
TASK(masked, VARS(em_timer t))
{
    ASYNC {
        (void)em_irq_save();
        em_block_for(em_ms(1100));
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* @masked_await */
    }
}

TASK(masks, VARS(em_timer t))
{
    ASYNC {
        (void)em_irq_save();
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* @masks_await */
    }
}

/* -- storage that is linked --------------------------------------------------------------------------- */

/* Ends while one of its futures waits: em_first_drop() is missing. */
TASK(leaver, VARS(em_first first; em_future *arms[2]; em_timer soon; em_timer late))
{
    ASYNC {
        self->arms[0] = &em_timer_after(&self->soon, em_ms(1))->future;
        self->arms[1] = &em_timer_after(&self->late, em_secs(3600))->future;
        AWAIT(em_first_array(&self->first, self->arms, 2)); /* @leaver_await */
    }
}

/* Begins it anew instead. */
TASK(reuser, VARS(em_first first; em_future *arms[2]; em_timer soon; em_timer late; em_timeout limit))
{
    ASYNC {
        self->arms[0] = &em_timer_after(&self->soon, em_ms(1))->future;
        self->arms[1] = &em_timer_after(&self->late, em_secs(3600))->future;
        AWAIT(em_first_array(&self->first, self->arms, 2)); /* @reuser_first */
        AWAIT(WITH_TIMEOUT(&self->limit, em_secs(1), em_timer_after(&self->late, em_ms(1)))); /* @reuser_again */
    }
}

/* Two members of one ONE_OF at a time. */
TASK(scribbler, VARS(em_first first; em_future *arms[2]; em_timer soon; ONE_OF(em_timer late, char text[64])))
{
    ASYNC {
        self->arms[0] = &em_timer_after(&self->soon, em_ms(1))->future;
        self->arms[1] = &em_timer_after(&self->late, em_secs(3600))->future;
        AWAIT(em_first_array(&self->first, self->arms, 2)); /* @scribbler_await */
        for (unsigned i = 0; i < sizeof self->text; i++) {
            self->text[i] = 'x';
        }
        YIELD(); /* @scribbler_yield */
    }
}

/* An arm on the stack. */
TASK(local, VARS(em_select2 either; em_timer t))
{
    ASYNC {
        em_signal_wait_future wait;
        AWAIT(SELECT(&self->either, em_timer_after(&self->t, em_ms(1)), em_signal_wait(&wait, &never))); /* @local */
    }
}

ASYNC_FN(void, nap, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_secs(3600))); /* @nap_await */
    }
}

static struct nap shared_nap;

TASK(sleeper, POOL(2))
{
    ASYNC {
        AWAIT(nap(&shared_nap)); /* @sleeper_await */
    }
}

/* Copied while it waits. */
TASK(copier, VARS(em_first first; em_future *arms[2]; em_timer soon; em_timer late; em_timer copy))
{
    ASYNC {
        self->arms[0] = &em_timer_after(&self->soon, em_ms(1))->future;
        self->arms[1] = &em_timer_after(&self->late, em_secs(3600))->future;
        AWAIT(em_first_array(&self->first, self->arms, 2));
        self->copy = self->late;
        AWAIT(&self->copy); /* @copier_await */
    }
}

/* -- two tasks ------------------------------------------------------------------------------------------ */

TASK(begins_timer)
{
    ASYNC {
        AWAIT(em_timer_after(&shared_timer, em_secs(3600))); /* @begins_timer */
    }
}

TASK(joins_timer)
{
    ASYNC {
        AWAIT(&shared_timer); /* @joins_timer */
    }
}

TASK(drops_timer) /* @drops_timer */
{
    ASYNC {
        em_future_drop(&shared_timer.future);
    }
}

TASK(waiter, POOL(2))
{
    ASYNC {
        AWAIT(em_signal_wait(&shared_wait, &never)); /* @waiter_await */
    }
}

TASK(joiner)
{
    ASYNC {
        AWAIT(em_task_wait(&shared_join, patient_handle)); /* @joiner_await */
    }
}

TASK(second_joiner, VARS(em_timeout limit))
{
    ASYNC {
        AWAIT(WITH_TIMEOUT(&self->limit, em_secs(1), &shared_join)); /* @second_joiner_await */
    }
}

/* -- futures written by hand ------------------------------------------------------------------------------ */

typedef struct careless {
    em_future future;
    em_signal_wait_future wait;
    bool polled;
} careless;

static em_poll careless_poll(em_future *f, em_context *cx)
{
    return em_future_poll(&((careless *)(void *)f)->wait.future, cx);
}

/* Its drop is missing. */
static const em_future_ops undropped_ops = {.poll = careless_poll, .name = "undropped"};

static careless *undropped(careless *c)
{
    c->future.ops = &undropped_ops;
    em_signal_wait(&c->wait, &never);
    return c;
}

static em_poll hasty_poll(em_future *f, em_context *cx)
{
    em_future_poll(&((careless *)(void *)f)->wait.future, cx);
    return EM_READY;
}

/* Ready without having left. */
static const em_future_ops hasty_ops = {.poll = hasty_poll, .name = "hasty"};

static careless *hasty(careless *c)
{
    c->future.ops = &hasty_ops;
    em_signal_wait(&c->wait, &never);
    return c;
}

TASK(dropper, VARS(careless c))
{
    ASYNC {
        AWAIT(undropped(&self->c)); /* @dropper_await */
    }
}

TASK(hurried, VARS(careless c))
{
    ASYNC {
        AWAIT(hasty(&self->c)); /* @hurried_await */
    }
}

static em_poll forgets(void *arg, em_context *cx)
{
    (void)arg, (void)cx;
    return EM_PENDING;
}

TASK(forgotten, VARS(em_poll_fn f))
{
    ASYNC {
        AWAIT(em_poll_fn_start(&self->f, forgets, NULL)); /* @forgotten_await */
    }
}

static em_poll keeps(void *arg, em_context *cx)
{
    (void)arg;
    kept = cx;
    (void)em_context_waker(cx);
    return EM_PENDING;
}

TASK(keeper, VARS(em_poll_fn f))
{
    ASYNC {
        AWAIT(em_poll_fn_start(&self->f, keeps, NULL)); /* @keeper_await */
    }
}

static em_poll uses_kept(void *arg, em_context *cx)
{
    (void)cx;
    return em_future_poll(arg, kept);
}

TASK(impostor, VARS(em_poll_fn f; em_timer t))
{
    ASYNC {
        em_timer_after(&self->t, em_ms(1));
        AWAIT(em_poll_fn_start(&self->f, uses_kept, &self->t.future)); /* @impostor_await */
    }
}

/* -- awaits and results ----------------------------------------------------------------------------------- */

TASK(twice, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        AWAIT(&self->t); /* @twice_again */
    }
}

ASYNC_FN(int, answer, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* @answer_await */
    }
}

TASK(asker, VARS(struct answer a; int n))
{
    ASYNC {
        AWAIT_INTO(self->n, answer(&self->a)); /* @asker_await */
    }
}

/* -- spawns ------------------------------------------------------------------------------------------------ */

TASK(patient, VARS(em_signal_wait_future wait)) /* @patient */
{
    ASYNC {
        AWAIT(em_signal_wait(&self->wait, &never));
    }
}

TASK(brief) /* @brief */
{
    ASYNC {
        em_signal_set(&now);
    }
}

/* -- which ----------------------------------------------------------------------------------------------- */

ASYNC_FN(void, spawns, ARGS((em_spawner, here), (char, letter)), VARS(em_spawn_token token; em_signal_wait_future wait))
{
    ASYNC {
        self->token = self->letter == 't' ? patient() : brief();
        em_must_spawn(self->here, self->token); /* @first_spawn */
        if (self->letter == 'u') {
            AWAIT(em_signal_wait(&self->wait, &now));
            YIELD();
        }
        em_must_spawn(self->here, self->token); /* @second_spawn */
    }
}

/* What is one task, or two, one behind the other. */
static em_spawn_token first_of(char letter)
{
    switch (letter) {
    case 'h': return hog();
    case 'H': return hog_at_once();
    case 'm': return masked();
    case 'i': return masks();
    case 'e': return leaver();
    case 'r': return reuser();
    case 'o': return scribbler();
    case 's': return local();
    case 'f': return sleeper();
    case 'c': return copier();
    case '2': case 'x': case 'z': return begins_timer();
    case '3': return waiter();
    case 'j': return joiner();
    case 'd': return dropper();
    case 'y': return hurried();
    case 'w': return forgotten();
    case 'n': return keeper();
    case 'a': return twice();
    case 'v': return asker();
    default: em_print("no such letter\n"); em_board_exit(1);
    }
}

static bool has_second(char letter)
{
    return strchr("f2xz3jn", letter) != NULL;
}

static em_spawn_token second_of(char letter)
{
    switch (letter) {
    case 'f': return sleeper();
    case '2': case 'x': return joins_timer();
    case '3': return waiter();
    case 'j': return second_joiner();
    case 'n': return impostor();
    default: return drops_timer();
    }
}

MAIN(VARS(em_uart_read_future rd; char letter; struct spawns spawns; em_task_handle handle; em_timer t))
{
    ASYNC {
        em_print("which?\n");
        AWAIT(em_uart_read(&self->rd, em_board_console(), &self->letter, 1));
        em_set_poll_limit(self->letter == 'h' ? em_ms(500) : em_secs(1));
        if (self->letter == 't' || self->letter == 'u') {
            AWAIT(spawns(&self->spawns, self->spawner, self->letter));
        }
        if (self->letter == 'j') {
            EM_ASSERT(em_spawn_handle(self->spawner, patient(), &patient_handle) == EM_OK);
        }
        EM_ASSERT(em_spawn_handle(self->spawner, first_of(self->letter), &self->handle) == EM_OK);
        AWAIT(em_timer_after(&self->t, em_ms(20))); /* it has got so far */
        if (self->letter == 'd') {
            em_task_cancel(self->handle);
        }
        if (has_second(self->letter)) {
            bool is_elsewhere = self->letter == 'x' || self->letter == 'z';
            em_must_spawn(is_elsewhere ? (em_spawner){&other} : self->spawner, second_of(self->letter));
            em_executor_poll(&other);
        }
        AWAIT(em_timer_after(&self->t, em_ms(2000)));
        em_print("nothing was said\n");
        em_board_exit(0);
    }
}
