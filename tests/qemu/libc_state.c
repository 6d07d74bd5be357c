/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The C library's own variables, thread-local in picolibc, have a place: errno, strtok, rand.
 *
 * expect: errno 34, then 0
 * expect: tokens a b c
 * expect: rand is the same again
 */
#include <em/board.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static long beside[4] = {1, 2, 3, 4}; /* in .bss or .data next to them */
static long zeros[4];

int main(void)
{
    char text[] = "a-b-c";

    errno = 0;
    bool overflows = strtol("99999999999999999999", NULL, 10) == 0x7fffffffffffffff;
    int first = errno;
    errno = 0;
    em_print("errno %d, then %d\n", first, errno);
    const char *a = strtok(text, "-");
    const char *b = strtok(NULL, "-");
    em_print("tokens %s %s %s\n", a, b, strtok(NULL, "-"));
    srand(7);
    int r = rand();
    srand(7);
    em_print("rand is %s\n", rand() == r && r != 0 ? "the same again" : "another");
    return !overflows || zeros[0] || zeros[3] || beside[0] != 1 || beside[3] != 4;
}
