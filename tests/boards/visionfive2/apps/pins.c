/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Pins that are driven and listened to at the same time: every edge is awaited once, levels, cancelling, debouncing. */
#include <em/async.h>
#include <em/board.h>
#include <em/gpio.h>

#define EDGES 10000
#define PIN EM_PIN(55)
#define OTHERS 4 /* pins, two in each word of the interrupts' registers, three in one of the multiplexer's */

static const em_pin others[OTHERS] = {EM_PIN(36), EM_PIN(37), EM_PIN(38), EM_PIN(2)};
static em_signal done, one_more;
static uint32_t counted[OTHERS];

/* The edges that come while somebody waits. */
TASK(toggler, VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &one_more));
            em_gpio_toggle(PIN);
        }
    }
}

/* An edge, then a wait, or a wait, then an edge: by turns. */
ASYNC_FN(uint32_t, each_edge, VARS(em_gpio_edges edges; em_gpio_edges_future next; uint32_t i; uint32_t odd))
{
    ASYNC {
        em_gpio_output(PIN, false);
        em_gpio_edges_start(&self->edges, PIN, EM_GPIO_ANY_EDGE);
        self->odd = 0;
        em_must_spawn(em_spawner_current(), toggler());
        for (self->i = 0; self->i < EDGES; self->i++) {
            if (self->i & 1) {
                em_signal_set(&one_more);
            } else {
                em_gpio_toggle(PIN);
            }
            AWAIT(em_gpio_edges_next(&self->next, &self->edges));
            self->odd += self->next.out != 1;
        }
        em_gpio_edges_stop(&self->edges);
        RETURN(self->edges.listener.count - self->odd);
    }
}

/* Edges that nobody waits for are there later; a wait that is given up takes none. */
ASYNC_FN(void, edges_stay, VARS(em_gpio_edges edges; em_gpio_edges_future next; em_timeout limit; int i))
{
    ASYNC {
        em_gpio_edges_start(&self->edges, PIN, EM_GPIO_RISING);
        int r;
        AWAIT_INTO(r, WITH_TIMEOUT(&self->limit, em_us(50), em_gpio_edges_next(&self->next, &self->edges)));
        em_print("no edge: %s\n", em_error_name(r));
        for (self->i = 0; self->i < 14; self->i++) {
            em_gpio_toggle(PIN);
            YIELD();
        }
        AWAIT(em_gpio_edges_next(&self->next, &self->edges));
        em_print("rising edges that nobody waited for: %u\n", (unsigned)self->next.out);
        em_gpio_edges_stop(&self->edges);
    }
}

TASK(listener, POOL(OTHERS), ARGS((int, n), (em_gpio_event, event)), VARS(em_gpio_wait_future wait; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 100; self->i++) {
            AWAIT(em_gpio_wait(&self->wait, others[self->n], self->event));
            counted[self->n]++;
        }
        em_signal_set(&done);
    }
}

ASYNC_FN(void, several_pins, VARS(em_spawner spawner; em_signal_wait_future wait; int i; int n))
{
    ASYNC {
        for (int n = 0; n < OTHERS; n++) {
            em_gpio_output(others[n], false);
            em_must_spawn(em_spawner_current(), listener(n, (n & 1) ? EM_GPIO_FALLING : EM_GPIO_RISING));
        }
        YIELD();
        for (self->i = 0; self->i < 200; self->i++) {
            for (int n = 0; n < OTHERS; n++) {
                em_gpio_toggle(others[n]);
            }
            YIELD();
            YIELD();
        }
        for (self->n = 0; self->n < OTHERS; self->n++) {
            while (counted[self->n] < 100) {
                YIELD();
            }
        }
        em_print("on %d pins: %u %u %u %u\n", OTHERS, (unsigned)counted[0], (unsigned)counted[1],
                 (unsigned)counted[2], (unsigned)counted[3]);
    }
}

TASK(switch_after, POOL(2), ARGS((em_duration, after), (bool, high)), VARS(em_timer timer))
{
    ASYNC {
        AWAIT(em_timer_after(&self->timer, self->after));
        em_gpio_set(PIN, self->high);
    }
}

ASYNC_FN(void, levels, VARS(em_gpio_wait_future wait; em_timeout limit))
{
    ASYNC {
        em_gpio_set(PIN, false);
        AWAIT(em_gpio_wait(&self->wait, PIN, EM_GPIO_LOW));
        int r;
        AWAIT_INTO(r, WITH_TIMEOUT(&self->limit, em_us(50), em_gpio_wait(&self->wait, PIN, EM_GPIO_HIGH)));
        em_print("low at once; high: %s\n", em_error_name(r));
        em_must_spawn(em_spawner_current(), switch_after(em_us(50), true));
        AWAIT(em_gpio_wait(&self->wait, PIN, EM_GPIO_HIGH));
        em_must_spawn(em_spawner_current(), switch_after(em_us(50), false));
        AWAIT(em_gpio_wait(&self->wait, PIN, EM_GPIO_LOW));
        em_print("high, low, now %d\n", em_gpio_get(PIN));
    }
}

TASK(bouncer, VARS(em_timer timer; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 21; self->i++) {
            em_gpio_toggle(PIN);
            AWAIT(em_timer_after(&self->timer, em_us(500)));
        }
    }
}

static void say_when_stable(uint64_t us)
{
    em_print("stable %s\n", us >= 12000 && us < 13000 ? "in time" : "at the wrong time");
}

/* 21 edges, 0.5 ms apart, the last one up: quiet from 10 ms on. */
ASYNC_FN(void, debounce, VARS(em_gpio_stable_future stable; em_instant start; em_timeout limit))
{
    ASYNC {
        em_gpio_set(PIN, false);
        self->start = em_now();
        em_must_spawn(em_spawner_current(), bouncer());
        AWAIT(em_gpio_stable(&self->stable, PIN, true, em_ms(2)));
        say_when_stable(em_duration_as_us(em_instant_elapsed(self->start)));
        int r;
        AWAIT_INTO(r, WITH_TIMEOUT(&self->limit, em_ms(5), em_gpio_stable(&self->stable, PIN, false, em_ms(1))));
        em_print("low: %s\n", em_error_name(r));
    }
}

MAIN(VARS(struct each_edge each_edge; struct edges_stay edges_stay; struct several_pins several; struct levels levels;
          struct debounce debounce))
{
    ASYNC {
        AWAIT(each_edge(&self->each_edge));
        em_print("edges, each awaited once: %u\n", (unsigned)self->each_edge.out);
        AWAIT(edges_stay(&self->edges_stay));
        AWAIT(several_pins(&self->several));
        AWAIT(levels(&self->levels));
        AWAIT(debounce(&self->debounce));
        em_board_exit(0);
    }
}
