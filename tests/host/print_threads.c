/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Four threads print at full speed: every line is whole, and what is missing is said.
 *
 * status: 9
 * only: thread [0-3] line [0-9]+ abcdefghijklmnopqrstuvwxyz
 * only: \[em_print: [0-9]+ bytes dropped\]
 * expect: thread [0-3] .*
 */
#include <em/board.h>
#include <em/uart.h>
#include <pthread.h>

static void *print_lines(void *arg)
{
    for (unsigned i = 0; i < 5000; i++) {
        em_print("thread %u line %u abcdefghijklmnopqrstuvwxyz\n", *(const unsigned *)arg, i);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[4];
    unsigned numbers[4];

    for (unsigned i = 0; i < 4; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL, print_lines, &numbers[i]) != 0) {
            return 1;
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    em_board_exit(9);
}
