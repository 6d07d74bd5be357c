/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The workload of tweedegolf's "Async Rust vs RTOS showdown", 2022: three tasks, a queue of 8 messages of 32
 * bytes, one flag. The button is the RTC's alarm, through the PLIC; the UART is polled.
 *
 * Built four ways: measured or bare (for its size; showdown_probe.h), with itoa by hand or with printf's
 * formatting (showdown_text.h).
 *
 * Flow: the alarm -> on_button -> button -> the queue -> writer -> UART;  blink on the clock
 */
#include "rtc.h"
#include "showdown_probe.h"
#include "showdown_text.h"

#include <em/async.h>
#include <em/irq.h>
#include <memory_map.h>

EM_CHANNEL_TYPE(messages, struct message, 8);

static messages queue;
static em_interrupt button_interrupt;
static em_signal edge;
static volatile bool pressed;

static void on_button(void *arg)
{
    (void)arg;
    rtc_silence();
    em_signal_set(&edge);
}

TASK(blink, VARS(em_timer tick))
{
    ASYNC {
        for (;;) {
            AWAIT(em_timer_after(&self->tick, em_ms(100)));
            probe_led = !pressed;
            AWAIT(em_timer_after(&self->tick, em_ms(100)));
            probe_led = false;
        }
    }
}

TASK(button, VARS(ONE_OF(em_signal_wait_future wait, messages_send_future send); int count))
{
    ASYNC {
        for (;;) {
            PROBE_BEFORE_WAIT();
            AWAIT(em_signal_wait(&self->wait, &edge));
            PROBE_AFTER_WAIT();
            self->count++;
            pressed = true;
            AWAIT(messages_send(&self->send, &queue, message_of(1, self->count)));
            PROBE_DONE();
            PROBE_BEFORE_WAIT();
            AWAIT(em_signal_wait(&self->wait, &edge));
            PROBE_AFTER_WAIT();
            pressed = false;
            AWAIT(messages_send(&self->send, &queue, message_of(0, self->count)));
            PROBE_DONE();
        }
    }
}

static void put(const char *text)
{
    volatile uint8_t *uart = (volatile uint8_t *)UART0_BASE;
    for (; *text; text++) {
        while (!(uart[5] & 0x20)) { /* LSR.THRE */
        }
        uart[0] = (uint8_t)*text;
    }
}

TASK(writer, VARS(messages_receive_future receive))
{
    ASYNC {
        for (;;) {
            AWAIT(messages_receive(&self->receive, &queue));
            put(self->receive.out.text);
        }
    }
}

int main(void)
{
    em_spawner spawner = em_spawner_hart(0);

    PROBE_START();
    em_interrupt_bind(&button_interrupt, RTC_IRQ, on_button, NULL);
    em_interrupt_enable(&button_interrupt);
    em_must_spawn(spawner, blink());
    em_must_spawn(spawner, button());
    em_must_spawn(spawner, writer());
    em_irq_enable();
    em_executor_run(spawner.executor);
}
