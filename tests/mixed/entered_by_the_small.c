/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* All harts have entered the small one's image. */
#include "mixed.h"

#include <em/others.h>

void let_the_others_go(void)
{
    em_others_start();
}
