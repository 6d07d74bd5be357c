/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Also: names of types of sync/ that are ordinary words. And what was received is set, if there was something. */
/* gcc: passing argument 1 of 'value_unlock' from incompatible pointer type */
/* clang: incompatible pointer types passing 'message \*' .* to parameter of type 'long \*' */
#include <em/async.h>

EM_MUTEX_TYPE(value, long);
EM_PUBSUB_TYPE(message, int, 2);
EM_RWLOCK_TYPE(place, int);
static message news;
static value number;

int receive(message_subscriber *s);
int receive(message_subscriber *s)
{
    int received;
    if (message_try_next_message_pure(s, &received) == EM_OK)
        return received;
    long *n;
    if (value_try_lock(&number, &n) == EM_OK)
#ifdef FIXED
        value_unlock(n);
#else
        value_unlock(&news); /* here */
#endif
    return message_try_publish(&news, 1);
}
