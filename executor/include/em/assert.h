/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** EM_ASSERT: a broken contract stops the program, in release builds too. */
#pragma once

#include <em/config.h>
#include <em/port.h>
#include <stddef.h>

/* Expands to a test of x and, if it is false, em_port_panic() with this file and line. */
#define EM_ASSERT(x)                                \
    do {                                            \
        if (__builtin_expect(!(x), 0))              \
            em_port_panic(EM_CFG_DEBUG ? "assertion failed: " #x : NULL, __FILE__, __LINE__); \
    } while (0)

/* EM_ASSERT for checks too dear for a release: only with -Dchecks=true. */
#define EM_DEBUG_ASSERT(x)          \
    do {                            \
        if (EM_CFG_DEBUG)           \
            EM_ASSERT(x);           \
    } while (0)
