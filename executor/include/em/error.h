/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Error codes: negative, with the numbers of Linux, so that a result is `>= 0` or an error.
 *
 * Rules for errors:
 *  - "not yet" is no error: it is EM_PENDING (em/future.h).
 *  - An expected failure is one of these codes, and its function is EM_MUST_USE.
 *  - A broken contract is neither: it is EM_ASSERT (em/assert.h).
 *  - A function that fails leaves its outputs as they were.
 */
#pragma once

/* code, number, what it means */
#define EM_ERRORS(X)                                              \
    X(EM_OK, 0, "done")                                           \
    X(EM_ERR_IO, -5, "the device reported an error")              \
    X(EM_ERR_AGAIN, -11, "not now: would have to wait")           \
    X(EM_ERR_BUSY, -16, "in use: no free slot")                   \
    X(EM_ERR_INVAL, -22, "an argument is out of range")           \
    X(EM_ERR_NOSPC, -28, "no space left")                         \
    X(EM_ERR_CLOSED, -32, "the other side is gone")               \
    X(EM_ERR_OVERFLOW, -75, "the value or the data did not fit")  \
    X(EM_ERR_TIMEOUT, -110, "the time was up first")              \
    X(EM_ERR_CANCELED, -125, "it was cancelled")

#define EM_ERROR_ENUMERATOR_(code, number, text) code = number,
enum em_error { EM_ERRORS(EM_ERROR_ENUMERATOR_) };

#define EM_MUST_USE __attribute__((warn_unused_result))

/**
 * The name of a code: "EM_ERR_BUSY".
 *
 * Any number > 0 is "EM_OK" (a count is a success); a number that is no code is "EM_ERR_UNKNOWN".
 *
 * Context: task | isr | any hart | init
 * Cost:    O(number of codes)
 */
const char *em_error_name(int code);
