/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A port for the unit tests on the host: one thread, the mock clock, pends traced, panics caught.
 */
#pragma once

#include <setjmp.h>

/* Trace "pend" whenever the pender is called. */
extern int fake_port_traces_pends;

/* What em_port_panic() jumps to while it is set; else a panic ends the program with status 1. */
extern jmp_buf *fake_port_panic_jump;
extern const char *fake_port_panic_text;

/* Does the statement panic? */
#define PANICS(statement)                          \
    ({                                             \
        jmp_buf jump_;                             \
        fake_port_panic_jump = &jump_;             \
        volatile bool panics_ = true;              \
        if (setjmp(jump_) == 0) {                  \
            statement;                             \
            panics_ = false;                       \
        }                                          \
        fake_port_panic_jump = NULL;               \
        panics_;                                   \
    })
