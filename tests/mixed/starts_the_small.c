/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Hart 0 waits for an image, which is in ours (pair.py). */
#include "mixed.h"

#include <em/assert.h>
#include <em/small.h>

extern const char small[], small_end[];

void let_the_others_go(void)
{
    EM_ASSERT(em_small_start(small, (size_t)(small_end - small)) == EM_OK);
    EM_ASSERT(em_small_start(small, (size_t)(small_end - small)) == EM_ERR_CLOSED);
}
