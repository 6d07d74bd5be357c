/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: a future written by hand, with the waker where the event will find it, and drop.
 *
 * The "button" is pressed by another task here; an interrupt handler would call button_press() just so.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/waker_cell.h>

typedef struct button {
    em_waker_cell waiter;
    unsigned presses;
} button;

static button red;

static void button_press(button *b)
{
    b->presses++;
    em_waker_cell_wake(&b->waiter);
}

/* The future: ready when the button was pressed since the count was taken. */
typedef struct button_wait {
    em_future future; /* first */
    button *button;
    unsigned seen;
    unsigned out; /* its result: AWAIT_INTO takes it */
} button_wait;

static em_poll button_wait_poll(em_future *f, em_context *cx)
{
    button_wait *w = (button_wait *)(void *)f;
    em_waker_cell_set(&w->button->waiter, em_context_waker(cx)); /* register first, look second */
    if (w->button->presses == w->seen)
        return EM_PENDING;
    em_waker_cell_clear(&w->button->waiter);
    w->out = w->button->presses;
    return EM_READY;
}

static void button_wait_drop(em_future *f)
{
    em_waker_cell_clear(&((button_wait *)(void *)f)->button->waiter);
}

static const em_future_ops button_wait_ops = {
    .poll = button_wait_poll, .drop = button_wait_drop, .name = "button_wait"};

/* The constructor writes its own storage, nothing else. */
static button_wait *button_pressed(button_wait *w, button *b)
{
    w->future.ops = &button_wait_ops;
    w->button = b;
    w->seen = b->presses;
    return w;
}

TASK(finger, VARS(em_timer t; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 2; self->i++) {
            AWAIT(em_timer_after(&self->t, em_ms(15)));
            button_press(&red);
        }
    }
}

MAIN(VARS(button_wait press; em_timeout limit))
{
    ASYNC {
        em_must_spawn(self->spawner, finger());
        unsigned n;
        AWAIT_INTO(n, button_pressed(&self->press, &red));
        em_print("pressed %u\n", n);
        AWAIT_INTO(n, button_pressed(&self->press, &red));
        em_print("pressed %u\n", n);
        int r;
        AWAIT_INTO(r, WITH_TIMEOUT(&self->limit, em_ms(30), button_pressed(&self->press, &red)));
        em_print("then %s\n", em_error_name(r));
        em_board_exit(0);
    }
}
