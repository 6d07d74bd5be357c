/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Doorbells between images: the software interrupt of a hart, from another image. RISC-V boards, M-mode; and between
 * hart 0 of a JH7110 and a program in S-mode (em/small.h), where a timer's interrupt rings.
 *
 * Flow: em_doorbell_ring -> the other image's hart -> its em_doorbell()
 *
 * Rules for doorbells:
 *  - A ring says "look", at what the images share, and may be heard without having been rung.
 *  - Who rings before the other listens is heard when it does.
 *  - Not on a hart with interrupt executors, which use the software interrupt up (em/level.h).
 *  - A program in S-mode has one bell: on the hart that asked for it first, whichever of its harts is rung for.
 */
#pragma once

#include <em/signal.h>

/** Ring the bell of the hart whose number, the machine's own, is @p physical. Context: task | isr | any hart | init */
void em_doorbell_ring(unsigned physical);

/** This hart's bell: await it with em_signal_wait(). Context: task | init, on the hart that listens */
em_signal *em_doorbell(void);
