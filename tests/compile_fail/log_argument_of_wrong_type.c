/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: format '%s' expects argument of type 'char \*' */
/* clang: format specifies type 'char \*' but the argument has type 'int' */
#include <em/log.h>

void say(int n, const char *text);
void say(int n, const char *text)
{
    (void)n, (void)text;
#ifdef FIXED
    em_log_debug("%s of %d", text, n);
#else
    em_log_debug("%s of %d", n, n); /* here */
#endif
}
