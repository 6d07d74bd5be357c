/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: em_log: at most six arguments */
/* clang: em_log: at most six arguments */
#include <em/log.h>

void say(int n, const char *text);
void say(int n, const char *text)
{
    (void)n, (void)text;
#ifdef FIXED
    em_log_info("%d %d %d %d %d %d", n, n, n, n, n, n);
#else
    em_log_info("%d %d %d %d %d %d %d", n, n, n, n, n, n, n); /* here */
#endif
}
