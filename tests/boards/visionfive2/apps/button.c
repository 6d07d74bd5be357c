/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A button that bounces, on pin 11 of the header, pressed by the outside. */
#include <em/async.h>
#include <em/board.h>
#include <em/gpio.h>

MAIN(VARS(em_gpio_stable_future button; int presses))
{
    ASYNC {
        em_gpio_input(EM_PIN(42), EM_GPIO_PULL_UP);
        for (;;) {
            AWAIT(em_gpio_stable(&self->button, EM_PIN(42), true, em_ms(20)));
            em_print("released\n");
            AWAIT(em_gpio_stable(&self->button, EM_PIN(42), false, em_ms(20)));
            em_print("pressed %d times\n", ++self->presses);
        }
    }
}
