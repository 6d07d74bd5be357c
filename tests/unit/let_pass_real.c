/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A real clock moves by itself. */
#include "let_pass.h"

void test_let_pass(em_duration d)
{
    em_block_for(d);
}
