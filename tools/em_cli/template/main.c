/* What is new here: nothing. A task that blinks; the place to start from. */
#include <em/async.h>
#include <em/board.h>

TASK(blink, ARGS((em_led, led), (em_duration, period)), VARS(em_timer tick))
{
    ASYNC {
        for (;;) {
            em_led_toggle(self->led);
            AWAIT(em_timer_after(&self->tick, self->period));
        }
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, blink(EM_LED0, em_ms(500)));
    }
}
