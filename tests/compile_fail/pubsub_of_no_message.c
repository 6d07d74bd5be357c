/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: EM_PUBSUB_TYPE\(news\): it needs a capacity of at least 1 */
/* clang: EM_PUBSUB_TYPE\(news\): it needs a capacity of at least 1 */
#include <em/async.h>

#ifdef FIXED
#define MESSAGES 1
#else
#define MESSAGES 0
#endif

EM_PUBSUB_TYPE(news, int, MESSAGES); /* here */
