/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The harts of another kind, for which another image was loaded with this one. Board jh7110_small.
 *
 * Flow: em_others_start -> hal/jh7110_small/others.S -> the other image's first byte
 */
#pragma once

/**
 * Let the other harts enter their image, which the loader has put where the linker scripts say. They wait until then.
 *
 * Call it when what the images share is ready, and once: a second call is a spurious ring of their doorbells. Without
 * such an image do not call it.
 *
 * Context: init | task
 * Cost:    O(1)
 */
void em_others_start(void);
