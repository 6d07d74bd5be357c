/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A task of another file, and the channel it sends to.
 */
#pragma once

#include <em/async.h>

EM_CHANNEL_TYPE(counts, int, 1);

/** Sends 1 .. n. Context: task | init */
em_spawn_token count(counts *to, int n);
