/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the levels leave of a file, and that nothing of the rest is there: its arguments are not evaluated.
 *
 * EM_LOG_LEVEL is what meson.build says; without it the option of the build.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/log.h>

static int evaluated;

static int count(void)
{
    return ++evaluated;
}

MAIN()
{
    ASYNC {
        em_log_error("this is an error, %d", count());
        em_log_warn("this is a warning, %d", count());
        em_log_info("this is information, %d", count());
        em_log_debug("this is for debugging, %d", count());
        em_log_trace("this is a trace, %d", count());
        em_log_copy(EM_LOG_TRACE, "this is a copy, %s", count() ? "x" : "y", 1);
        em_print("%d evaluated\n", evaluated);
        em_board_exit(0);
    }
}
