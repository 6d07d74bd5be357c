/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Also: types of sync/ with ordinary words as names, of theirs and of their values. */
/* gcc: incompatible type for argument 2 of 'job_inbox_try_send' */
/* clang: passing 'int' to parameter of incompatible type 'job' */
#include <em/async.h>

typedef struct job {
    int number;
} job;
typedef job value, slot, arg, make, predicate, out;
EM_CHANNEL_TYPE(job_inbox, job, 2);
EM_SERVICE_TYPE(worker, job, job);
#define URGENCY(x) ((x)->number)
EM_PRIORITY_CHANNEL_TYPE(values, value, 2, EM_MAX_FIRST, URGENCY);
EM_PRIORITY_CHANNEL_TYPE(slots, slot, 2, EM_MAX_FIRST, URGENCY);
EM_PRIORITY_CHANNEL_TYPE(arguments, arg, 2, EM_MAX_FIRST, URGENCY);
EM_WATCH_TYPE(of_arg, arg);
EM_WATCH_TYPE(of_predicate, predicate);
EM_WATCH_TYPE(of_out, out);
EM_ONCE_TYPE(once_arg, arg);
EM_ONCE_TYPE(once_make, make);
static job_inbox jobs;

int send(job next);
int send(job next)
{
#ifdef FIXED
    return job_inbox_try_send(&jobs, next);
#else
    return job_inbox_try_send(&jobs, next.number); /* here */
#endif
}
