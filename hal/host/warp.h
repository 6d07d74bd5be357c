/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The clock that jumps (time.c), for who knows that there is nothing to do.
 */
#pragma once

/* Go on to the next alarm, if this program's clock jumps. Context: the run loop, with an empty queue */
void em_host_warp_(void);
