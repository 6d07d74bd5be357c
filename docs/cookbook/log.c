/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A log whose texts stay in the ELF. The program prints none of it: `tools/em log` does (docs/debugging.md).
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   done
 */
#define EM_LOG_MODULE "pump"
#define EM_LOG_LEVEL EM_LOG_DEBUG /* of this file; the others have what the option log_level says */

#include <em/async.h>
#include <em/board.h>
#include <em/log.h>

static const char *const states[] = {"idle", "running", "dry"};

TASK(pump, ARGS((int, speed)), VARS(em_timer t; int state; int level))
{
    ASYNC {
        em_log_info("started, %d turns/s", self->speed);
        for (self->level = 40; self->level > 0; self->level -= 15) {
            self->state = self->level > 20;
            em_log_debug("%s at %d.%d %%", states[self->state], self->level, 5);
            AWAIT(em_timer_after(&self->t, em_ms(10)));
        }
        em_log_warn("%s, %#x", states[2], 1u << 12 | (unsigned)-self->level);
    }
}

MAIN(VARS(em_timer t))
{
    ASYNC {
        em_must_spawn(self->spawner, pump(25));
        AWAIT(em_timer_after(&self->t, em_ms(500)));
        em_print("done\n");
        em_board_exit(0);
    }
}
