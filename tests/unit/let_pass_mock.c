/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The mock clock only moves when it is told to. */
#include "let_pass.h"

#include <em/mock_clock.h>

void test_let_pass(em_duration d)
{
    em_mock_clock_advance(d);
}
