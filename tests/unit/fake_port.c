/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The fake port: see fake_port.h. Idle lets the mock clock pass to its alarm. */
#include "fake_port.h"
#include "test.h"

#include <em/arch.h>
#include <em/mock_clock.h>
#include <em/port.h>

int fake_port_traces_pends;
jmp_buf *fake_port_panic_jump;
const char *fake_port_panic_text;

void em_port_pend(em_executor *e)
{
    (void)e;
    if (fake_port_traces_pends) {
        em_trace("pend");
    }
}

void em_port_idle(em_executor *e)
{
    (void)e;
    if (em_irq_enabled()) {
        em_port_panic("idle with interrupts unmasked", __FILE__, __LINE__);
    }
    em_instant alarm = em_mock_clock_alarm();
    if (alarm.ticks == UINT64_MAX) {
        em_port_panic("idle for ever", __FILE__, __LINE__);
    }
    em_mock_clock_advance(em_instant_diff(alarm, em_now()));
}

_Noreturn void em_port_panic(const char *what, const char *file, unsigned line)
{
    what = what ? what : "assertion failed";
    fake_port_panic_text = what;
    if (fake_port_panic_jump) {
        em_irq_enable();
        longjmp(*fake_port_panic_jump, 1);
    }
    em_print("panic: %s (%s:%u)\n", what, file, line);
    em_board_exit(1);
}
