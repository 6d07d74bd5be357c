/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The report itself traps, as what it looks at is broken: said, and the end all the same.
 *
 * status: 134
 * expect: \*\*\* panic: breakpoint
 * expect:   epc 0x8[0-9a-f]+ tval .*
 * expect: \*\*\* panic inside the panic report
 */
#include <em/async.h>

MAIN()
{
    ASYNC {
        em_thread_executors_[0].running = (em_task *)0x20;
        __asm__ volatile("ebreak");
    }
}
