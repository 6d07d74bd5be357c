/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The names of the error codes. */
#include <em/error.h>

#define CASE(code, number, text) \
    case code:                   \
        return #code;

const char *em_error_name(int code)
{
    switch (code > 0 ? EM_OK : code) {
        EM_ERRORS(CASE)
    default:
        return "EM_ERR_UNKNOWN";
    }
}
