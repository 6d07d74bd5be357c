/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Debouncing: a timer that each edge starts anew.
 *
 * Flow: em_gpio_stable -> poll -> em_gpio_edges, em_timer -> ready when the timer is and no edge came
 */
#include <em/gpio.h>

static void stop_timer(em_gpio_stable_future *f)
{
    if (f->timing) {
        em_future_drop(&f->timer.future);
        f->timing = false;
    }
}

static bool edges_came(em_gpio_stable_future *f, em_context *cx)
{
    em_gpio_edges_future next;
    return em_future_poll(&em_gpio_edges_next(&next, &f->edges)->future, cx).ready;
}

static em_poll stable_poll(em_future *future, em_context *cx)
{
    em_gpio_stable_future *f = (em_gpio_stable_future *)(void *)future;

    if (!f->listening) {
        f->listening = true;
        em_gpio_edges_start(&f->edges, f->edges.listener.pin, EM_GPIO_ANY_EDGE);
    }
    for (;;) {
        if (edges_came(f, cx)) {
            stop_timer(f);
            continue; /* until none came: only then the waker of this poll is in place, and the level is of after it */
        }
        if (em_gpio_get(f->edges.listener.pin) != f->level) {
            return EM_PENDING; /* an edge will come */
        }
        if (!f->timing) {
            f->timing = true;
            em_timer_after(&f->timer, f->quiet);
        }
        if (!em_future_poll(&f->timer.future, cx).ready) {
            return EM_PENDING;
        }
        f->timing = false;
        if (!edges_came(f, cx)) {
            em_gpio_edges_stop(&f->edges);
            return EM_READY;
        }
    }
}

static void stable_drop(em_future *future)
{
    em_gpio_stable_future *f = (em_gpio_stable_future *)(void *)future;

    stop_timer(f);
    if (f->listening) {
        em_gpio_edges_stop(&f->edges);
    }
}

const em_future_ops em_gpio_stable_ops = {.poll = stable_poll, .drop = stable_drop, .name = "gpio_stable"};
