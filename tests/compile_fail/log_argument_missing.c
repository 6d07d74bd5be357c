/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: format '%d' expects a matching 'int' argument */
/* clang: more '%' conversions than data arguments */
#include <em/log.h>

void say(int n, const char *text);
void say(int n, const char *text)
{
    (void)n, (void)text;
#ifdef FIXED
    em_log_info("%s: %d", text, n);
#else
    em_log_info("%s: %d", text); /* here */
#endif
}
