/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Waiting for pins. All 64 share one interrupt; each has at most one listener.
 *
 * Invariant, with the lock: a pin without listener is masked. An edge is acknowledged, so that the next one is seen;
 * a level, which stays, masks its pin.
 *
 * Flow: em_gpio_wait -> poll -> listen;  plic.c -> on_interrupt -> em_wake -> poll -> ready
 * Ref:  [VF2UB] drivers/pinctrl/starfive/pinctrl-starfive.c; [LINUX] drivers/pinctrl/starfive, "Fix the interrupt
 *       level polarity"
 */
#include "iomux.h"

#include <em/irq.h>

static em_gpio_listener *listeners[SYS_PINS];
static em_interrupt interrupt;

/* -- the hardware, with the lock ------------------------------------------------------------------ */

static uint32_t bit_of(unsigned pin)
{
    return 1u << pin % 32;
}

static volatile uint32_t *word_of(unsigned offset, unsigned pin)
{
    return iomux_at(offset + pin / 32 * 4);
}

static void assign(unsigned offset, unsigned pin, bool on)
{
    iomux_change(word_of(offset, pin), bit_of(pin), on ? bit_of(pin) : 0);
}

static void acknowledge(unsigned pin)
{
    assign(IOMUX_IC, pin, false);
    assign(IOMUX_IC, pin, true);
}

static bool is_edge(unsigned event)
{
    return event >= EM_GPIO_FALLING;
}

/* Masked until all is set: a change of these registers may itself be an event. */
static void configure(unsigned pin, unsigned event)
{
    assign(IOMUX_IE, pin, false);
    assign(IOMUX_IS, pin, is_edge(event));
    assign(IOMUX_IBE, pin, event == EM_GPIO_ANY_EDGE);
    assign(IOMUX_IEV, pin, event == EM_GPIO_RISING || event == EM_GPIO_LOW);
    acknowledge(pin);
    assign(IOMUX_IE, pin, true);
}

/* -- listeners ------------------------------------------------------------------------------------ */

static void serve(unsigned pin)
{
    em_waker waker = {NULL};

    em_irq irq = em_lock_acquire(&em_iomux_lock_);
    em_gpio_listener *l = listeners[pin];
    if (l && is_edge(l->event)) {
        acknowledge(pin);
    } else {
        assign(IOMUX_IE, pin, false);
    }
    if (l) {
        l->count++;
        waker = l->waker;
    }
    em_lock_release(&em_iomux_lock_, irq);
    if (waker.task) {
        em_wake(waker);
    }
}

static void on_interrupt(void *arg)
{
    (void)arg;
    for (unsigned word = 0; word < SYS_PINS / 32; word++) {
        uint32_t pending = *iomux_at(IOMUX_MIS + 4 * word);
        for (unsigned pin = 32 * word; pending; pin++, pending >>= 1) {
            if (pending & 1) {
                serve(pin);
            }
        }
    }
}

/* With the lock: nothing that a boot loader left may interrupt. Latches run from now on. */
static void start_hardware(void)
{
    for (unsigned word = 0; word < SYS_PINS / 32; word++) {
        *iomux_at(IOMUX_IE + 4 * word) = 0;
        *iomux_at(IOMUX_IC + 4 * word) = 0;
        *iomux_at(IOMUX_IC + 4 * word) = ~0u;
    }
    *iomux_at(IOMUX_GPEN) = 1;
}

static void start(void)
{
    static bool started;

    em_iomux_start_();
    em_irq irq = em_lock_acquire(&em_iomux_lock_);
    bool first = !started;
    if (first) {
        started = true;
        start_hardware();
    }
    em_lock_release(&em_iomux_lock_, irq);
    if (first) {
        em_interrupt_bind(&interrupt, SYS_IOMUX_IRQ, on_interrupt, NULL);
        em_interrupt_enable(&interrupt);
    }
}

static void listen(em_gpio_listener *l)
{
    unsigned pin = l->pin.number;

    EM_ASSERT(pin < SYS_PINS);
    start();
    em_irq irq = em_lock_acquire(&em_iomux_lock_);
    bool is_free = !listeners[pin];
    if (is_free) {
        listeners[pin] = l;
        configure(pin, l->event);
    }
    em_lock_release(&em_iomux_lock_, irq);
    EM_ASSERT(is_free); /* a pin is waited for by one at a time */
}

static void unlisten(em_gpio_listener *l)
{
    em_irq irq = em_lock_acquire(&em_iomux_lock_);
    assign(IOMUX_IE, l->pin.number, false);
    listeners[l->pin.number] = NULL;
    em_lock_release(&em_iomux_lock_, irq);
}

/* How many events since @p seen; if there was none, the next one wakes @p waker. */
static uint32_t events_since(em_gpio_listener *l, uint32_t seen, em_waker waker)
{
    em_irq irq = em_lock_acquire(&em_iomux_lock_);
    uint32_t n = l->count - seen;
    l->waker = n ? (em_waker){NULL} : waker;
    em_lock_release(&em_iomux_lock_, irq);
    return n;
}

/* -- one event ------------------------------------------------------------------------------------ */

static em_poll wait_poll(em_future *future, em_context *cx)
{
    em_gpio_wait_future *f = (em_gpio_wait_future *)(void *)future;
    em_gpio_listener *l = &f->listener;

    if (!f->listening) {
        if (!is_edge(l->event) && em_gpio_get(l->pin) == (l->event == EM_GPIO_HIGH)) {
            return EM_READY;
        }
        l->waker = em_context_waker(cx);
        f->listening = true;
        listen(l);
        return EM_PENDING;
    }
    if (events_since(l, 0, em_context_waker(cx)) == 0) {
        return EM_PENDING;
    }
    unlisten(l);
    return EM_READY;
}

static void wait_drop(em_future *future)
{
    em_gpio_wait_future *f = (em_gpio_wait_future *)(void *)future;
    if (f->listening) {
        unlisten(&f->listener);
    }
}

const em_future_ops em_gpio_wait_ops = {.poll = wait_poll, .drop = wait_drop, .name = "gpio"};

/* -- all edges ------------------------------------------------------------------------------------ */

void em_gpio_edges_start(em_gpio_edges *edges, em_pin pin, em_gpio_event which)
{
    EM_ASSERT(is_edge(which));
    *edges = (em_gpio_edges){.listener = {.pin = pin, .event = (uint8_t)which}};
    listen(&edges->listener);
}

void em_gpio_edges_stop(em_gpio_edges *edges)
{
    unlisten(&edges->listener);
}

static em_poll edges_poll(em_future *future, em_context *cx)
{
    em_gpio_edges_future *f = (em_gpio_edges_future *)(void *)future;
    em_gpio_edges *e = f->edges;

    f->out = events_since(&e->listener, e->taken, em_context_waker(cx));
    e->taken += f->out;
    return f->out ? EM_READY : EM_PENDING;
}

static void edges_drop(em_future *future)
{
    em_gpio_edges *e = ((em_gpio_edges_future *)(void *)future)->edges;
    events_since(&e->listener, e->taken, (em_waker){NULL});
}

const em_future_ops em_gpio_edges_ops = {.poll = edges_poll, .drop = edges_drop, .name = "gpio_edges"};
