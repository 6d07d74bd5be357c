/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Doorbells between images: the software interrupt of a hart, from another image. RISC-V boards, M-mode.
 *
 * Flow: em_doorbell_ring -> the other image's hart -> its em_doorbell()
 *
 * Rules for doorbells:
 *  - A ring says "look", at what the images share, and may be heard without having been rung.
 *  - Who rings before the other listens is heard when it does.
 *  - Not on a hart with interrupt executors, which use that interrupt up (em/level.h).
 */
#pragma once

#include <em/signal.h>

/** Ring the bell of the hart whose number, the machine's own, is @p physical. Context: task | isr | any hart | init */
void em_doorbell_ring(unsigned physical);

/** This hart's bell: await it with em_signal_wait(). Context: task | init, on the hart that listens */
em_signal *em_doorbell(void);
