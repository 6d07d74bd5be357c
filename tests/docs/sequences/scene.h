/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a program of docs/sequences.md shows: a diagram is what happens between scene_begins() and scene_ends().
 *
 * Flow: a task -> here;  sequences.py finds the calls in the log of QEMU
 */
#pragma once

static inline void scene_begins(void)
{
    __asm__ volatile("");
}

static inline void scene_ends(void)
{
    __asm__ volatile("");
}
