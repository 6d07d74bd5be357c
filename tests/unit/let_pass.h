/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Let time pass without giving way to anybody. let_pass_mock.c moves the mock clock, let_pass_real.c spins. */
#pragma once

#include <em/time.h>

void test_let_pass(em_duration d);
