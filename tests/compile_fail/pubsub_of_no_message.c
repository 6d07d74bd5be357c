/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: EM_PUBSUB_TYPE(news): it needs a capacity of at least 1 */
/* clang: EM_PUBSUB_TYPE(news): it needs a capacity of at least 1 */
#include <em/async.h>
#include <em/board.h>

EM_PUBSUB_TYPE(news, int, 0);

static news all;

MAIN()
{
    ASYNC {
        news_publish_immediate(&all, 1);
    }
}
