/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * For macros that define functions: between these two, parameters may be called what the program calls a variable.
 *
 * Without them, a program that is compiled with -Wshadow and has a global `value` would be warned of our `value`.
 */
#pragma once

#define EM_GENERATED_ _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define EM_GENERATED_END_ _Pragma("GCC diagnostic pop")
