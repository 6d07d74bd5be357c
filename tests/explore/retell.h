/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** A schedule that is repeated, step by step on stdout. Of all others nothing is said, and nothing kept. */
#pragma once

#include "explorer.h"

/** A schedule begins: no word has a name (explore_name). */
void retell_begin(void);

/** Number @p step: @p what was done, by the interrupt or the main program of @p hart, with @p word if it has a name. */
void retell(uint64_t step, unsigned hart, bool is_interrupt, const char *what, const void *word);
