/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* QEMU's loader, or another, has each hart enter its image. */
#include "mixed.h"

void let_the_others_go(void)
{
}
