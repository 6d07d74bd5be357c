/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** The stress of sync objects and joins between two executors. */
#pragma once

/** Spawn the tasks. */
void objects_start(void);

/** Something happens for which they wait. From any thread. */
void objects_event(void);

/** Wait until all of them have ended. */
void objects_finish(void);

/** The sums are right. After the executors have stopped. */
void objects_check(void);

/** How much was done. */
unsigned long objects_rounds(void);

/** The same of channels.c, which ends by itself. */
void channels_start(void);
void channels_finish(void);
void channels_check(void);

/** The same of waits.c, which ends by itself. */
void waits_start(void);
void waits_finish(void);
void waits_check(void);

/** And of streams.c. */
void streams_start(void);
void streams_finish(void);
void streams_check(void);

/** And of services.c. */
void services_start(void);
void services_finish(void);
void services_check(void);

/** The same of broadcast.c; its events are some of those for which its tasks wait. */
void broadcast_start(void);
void broadcast_event(void);
void broadcast_finish(void);
void broadcast_check(void);

/** And of priorities/inherit.c, in the build with priorities. */
#ifdef PRIORITIES
void inherit_start(void);
void inherit_finish(void);
void inherit_check(void);
#else
static inline void inherit_start(void) {}
static inline void inherit_finish(void) {}
static inline void inherit_check(void) {}
#endif
