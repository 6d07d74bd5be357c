/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the small core has not, and no gate may miss: LR and SC. On a machine that is no kinder it is a trap. */
#include <em/async.h>
#include <em/board.h>

static int word;

MAIN()
{
    ASYNC {
        int old, failed;
        __asm__ volatile("lr.w %0, %2\n\tsc.w %1, %0, %2" : "=&r"(old), "=&r"(failed), "+A"(word));
        em_print("%d\n", failed);
        em_board_exit(0);
    }
}
