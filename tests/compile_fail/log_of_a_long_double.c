/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: makes integer from pointer */
/* clang: incompatible pointer to integer conversion */
#include <em/log.h>

void say(int n, const char *text);
void say(int n, const char *text)
{
    (void)n, (void)text;
#ifdef FIXED
    em_log_info("%f", (double)n);
#else
    em_log_info("%Lf", (long double)n); /* here */
#endif
}
