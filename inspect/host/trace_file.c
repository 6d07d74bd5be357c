/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * On a host: the rings as a file, when the program ends, if EM_TRACE in the environment names one.
 *
 * The file is em_trace_rings_ as it lies in memory (em/trace_ring.h).
 *
 * Flow: the first record -> em_trace_file_ -> exit(3), or a signal that ends the program -> the file
 */
#include <em/trace_ring.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

void em_trace_file_(void);

static const char *name;
static int32_t asked;

static void write_file(void)
{
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(em_trace_rings_, sizeof em_trace_rings_, 1, file) != 1 || fclose(file) != 0) {
        perror(name);
    }
}

/* What stdio does in a handler is not promised; the program ends here anyway. A second signal must not begin anew. */
static void on_signal(int number)
{
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    write_file();
    signal(number, SIG_DFL);
    raise(number);
}

void em_trace_file_(void)
{
    if (__atomic_fetch_add(&asked, 1, __ATOMIC_SEQ_CST) != 0) {
        return; /* another hart was first */
    }
    name = getenv("EM_TRACE");
    if (name && *name) {
        atexit(write_file);
        signal(SIGTERM, on_signal);
        signal(SIGINT, on_signal);
    }
}
