/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: expected  */
/* clang: expected  */
#include <em/log.h>

void say(int n, const char *text);
void say(int n, const char *text)
{
    (void)n, (void)text;
#ifdef FIXED
    em_log_info("%s", text);
#else
    em_log_info(text); /* here */
#endif
}
