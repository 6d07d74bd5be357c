/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What other_file.c gives to test_definitions.c: an async function and a task. */
#pragma once

#include "late.h"

ASYNC_FN_DECL(unsigned, sum_to, ARGS((unsigned, n)), VARS(late l; unsigned i));

/* A task of another file is declared by its plain prototype. */
em_spawn_token elsewhere(unsigned n, const char *word);
