/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Pins: levels, pulls, and waiting for what happens on them. Boards with pins (jh7110).
 *
 * Flow: em_gpio_set -> the hardware;  the pin's interrupt -> hal/<board>/gpio_wait.c -> em_wake -> em_gpio_wait
 *
 * Rules for pins:
 *  - A pin is a value: copy it freely. A number that the board does not have asserts.
 *  - Configure a pin, as input or output, before anything else. Reading works for both.
 *  - Any number of pins is waited for at the same time; each pin by one task at a time (asserts).
 *  - The chip keeps one bit for a pin's edges: edges closer together than its interrupt takes count as one.
 *  - Interrupts of pins are served by the hart that first waited for one; tasks of any hart may wait.
 */
#pragma once

#include <em/timer.h>
#include <stdbool.h>

typedef struct em_pin {
    uint8_t number;
} em_pin;
#define EM_PIN(n) ((em_pin){n})

typedef enum em_gpio_pull {
    EM_GPIO_PULL_NONE,
    EM_GPIO_PULL_UP,
    EM_GPIO_PULL_DOWN,
} em_gpio_pull;

typedef enum em_gpio_event {
    EM_GPIO_LOW, /* the level is, however long it has been */
    EM_GPIO_HIGH,
    EM_GPIO_FALLING, /* the level changes, from the wait on */
    EM_GPIO_RISING,
    EM_GPIO_ANY_EDGE,
} em_gpio_event;

/** Make it an input: not driven, with a Schmitt trigger. Context: init | task */
void em_gpio_input(em_pin pin, em_gpio_pull pull);

/** Make it an output that is @p high from the first moment, without a pull. Context: init | task */
void em_gpio_output(em_pin pin, bool high);

/** Pull it up, down, or not at all. Context: init | task */
void em_gpio_set_pull(em_pin pin, em_gpio_pull pull);

/** How strongly an output drives: 2, 4, 8 or 12 mA (asserts). Context: init | task. Units: milliamperes */
void em_gpio_set_drive(em_pin pin, unsigned milliamperes);

/** Set an output. Context: task | isr | any hart | init. Cost: one critical section: other pins are in the same word */
void em_gpio_set(em_pin pin, bool high);

/** Set an output to what it is not. Context, cost: as em_gpio_set() */
void em_gpio_toggle(em_pin pin);

/** The level at the pin, also of an output, some clocks of the bus ago. Context: task | isr | any hart | init */
bool em_gpio_get(em_pin pin);

/* Who waits for a pin: what its interrupt knows. Part of the storages below. */
typedef struct em_gpio_listener {
    em_waker waker;
    uint32_t count; /* of events; wraps */
    em_pin pin;
    uint8_t event;
} em_gpio_listener;

/* Storage of em_gpio_wait(). */
typedef struct em_gpio_wait_future {
    em_future future;
    em_gpio_listener listener;
    bool listening;
} em_gpio_wait_future;

extern const em_future_ops em_gpio_wait_ops;

/**
 * Awaitable: @p event has happened on @p pin.
 *
 * An edge counts from the first poll on: between two such waits nobody looks. em_gpio_edges looks all the time.
 *
 * Context: task
 * Cancel:  loses nothing that is a level; an edge that came is gone
 * Cost:    O(1), one interrupt
 */
static inline em_gpio_wait_future *em_gpio_wait(em_gpio_wait_future *f, em_pin pin, em_gpio_event event)
{
    f->future.ops = &em_gpio_wait_ops;
    f->listener = (em_gpio_listener){.pin = pin, .event = (uint8_t)event};
    f->listening = false;
    return f;
}

/* The edges of one pin, counted by its interrupt from em_gpio_edges_start() to em_gpio_edges_stop(). */
typedef struct em_gpio_edges {
    em_gpio_listener listener;
    uint32_t taken;
} em_gpio_edges;

/* Storage of em_gpio_edges_next(). out: how many edges came since the last time, 1 or more. */
typedef struct em_gpio_edges_future {
    em_future future;
    em_gpio_edges *edges;
    uint32_t out;
} em_gpio_edges_future;

extern const em_future_ops em_gpio_edges_ops;

/**
 * Count the edges of @p pin from now on, whether somebody waits or not.
 *
 * Context: init | task
 * Shapes:  @p edges: storage that stays until em_gpio_edges_stop(); @p which: EM_GPIO_FALLING, _RISING or _ANY_EDGE
 *          (asserts)
 */
void em_gpio_edges_start(em_gpio_edges *edges, em_pin pin, em_gpio_event which);

/** Stop counting; nobody waits. Context: task */
void em_gpio_edges_stop(em_gpio_edges *edges);

/**
 * Awaitable: there were edges since the last time that this was ready, or since the start.
 *
 * Context: task; one at a time for each em_gpio_edges
 * Cancel:  loses nothing: edges that came are there for the next wait
 * Cost:    O(1), one interrupt for each edge
 */
static inline em_gpio_edges_future *em_gpio_edges_next(em_gpio_edges_future *f, em_gpio_edges *edges)
{
    f->future.ops = &em_gpio_edges_ops;
    f->edges = edges;
    return f;
}

/* Storage of em_gpio_stable(). */
typedef struct em_gpio_stable_future {
    em_future future;
    em_gpio_edges edges;
    em_timer timer;
    em_duration quiet;
    bool level;
    bool listening;
    bool timing;
} em_gpio_stable_future;

extern const em_future_ops em_gpio_stable_ops;

/**
 * Awaitable: @p pin has been high, or low, for @p quiet without an edge: a switch that does not bounce any more.
 *
 * A button is pressed when em_gpio_stable(low) is ready after em_gpio_stable(high) was.
 *
 * Context: task, of an executor with a timer queue
 * Cancel:  loses nothing
 * Cost:    one interrupt for each edge meanwhile; one timer
 */
static inline em_gpio_stable_future *em_gpio_stable(em_gpio_stable_future *f, em_pin pin, bool high, em_duration quiet)
{
    f->future.ops = &em_gpio_stable_ops;
    f->edges.listener.pin = pin;
    f->quiet = quiet;
    f->level = high;
    f->listening = false;
    f->timing = false;
    return f;
}
