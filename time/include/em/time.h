/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Instants and durations: two distinct types of 64-bit ticks of EM_TICK_HZ.
 *
 * Rules for time:
 *  - A duration made from a unit is rounded up, so that no wait is short; one read as a unit is rounded down.
 *  - Plain arithmetic saturates: EM_INSTANT_MAX is "never". The checked forms say EM_ERR_OVERFLOW instead.
 *  - With constant arguments everything here folds to a constant.
 */
#pragma once

#include <em/config.h>
#include <em/error.h>
#include <em/time_driver.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct em_duration {
    uint64_t ticks;
} em_duration;

/* A moment, in ticks of this machine's clock. */
typedef struct em_instant {
    uint64_t ticks;
} em_instant;

#define EM_DURATION_MAX ((em_duration){UINT64_MAX})
#define EM_INSTANT_MAX ((em_instant){UINT64_MAX})

/* value * num / den, rounded up or down, exact, saturating. num and den are constants up to 1e9. */
static inline __attribute__((always_inline)) bool em_scale_(uint64_t value, uint64_t num, uint64_t den, bool up,
                                                             uint64_t *out)
{
    uint64_t whole;
    uint64_t rest = value % den * num;
    bool overflow = __builtin_mul_overflow(value / den, num, &whole);
    overflow |= __builtin_add_overflow(whole, rest / den + (up && rest % den != 0), &whole);
    *out = overflow ? UINT64_MAX : whole;
    return overflow;
}

static inline __attribute__((always_inline)) bool em_scale_to_ticks_(uint64_t value, uint64_t unit_hz, uint64_t *out)
{
    if (EM_TICK_HZ % unit_hz == 0) { /* the common case: no division */
        return em_scale_(value, EM_TICK_HZ / unit_hz, 1, true, out);
    }
    return em_scale_(value, EM_TICK_HZ, unit_hz, true, out);
}

static inline uint64_t em_scaled_ticks_(uint64_t value, uint64_t unit_hz)
{
    uint64_t ticks;
    em_scale_to_ticks_(value, unit_hz, &ticks);
    return ticks;
}

/* Optimising for size, a compiler may call what it could fold, were it not for this. */
static inline __attribute__((always_inline)) uint64_t em_saturating_ticks_(uint64_t value, uint64_t unit_hz)
{
    uint64_t ticks;
    return __builtin_constant_p(value) ? (em_scale_to_ticks_(value, unit_hz, &ticks), ticks)
                                       : em_scaled_ticks_(value, unit_hz);
}

static inline uint64_t em_ticks_as_(uint64_t ticks, uint64_t unit_hz)
{
    uint64_t value;
    em_scale_(ticks, unit_hz, EM_TICK_HZ, false, &value);
    return value;
}

/** Durations of ticks, nanoseconds, microseconds, milliseconds, seconds. Rounded up, saturating. Context: any */
static inline em_duration em_ticks(uint64_t ticks)
{
    return (em_duration){ticks};
}
/** Context: any */
static inline __attribute__((always_inline)) em_duration em_ns(uint64_t ns)
{
    return (em_duration){em_saturating_ticks_(ns, 1000000000)};
}
/** Context: any */
static inline __attribute__((always_inline)) em_duration em_us(uint64_t us)
{
    return (em_duration){em_saturating_ticks_(us, 1000000)};
}
/** Context: any */
static inline __attribute__((always_inline)) em_duration em_ms(uint64_t ms)
{
    return (em_duration){em_saturating_ticks_(ms, 1000)};
}
/** Context: any */
static inline __attribute__((always_inline)) em_duration em_secs(uint64_t secs)
{
    return (em_duration){em_saturating_ticks_(secs, 1)};
}

/** The period of a frequency, to the nearest tick, at least one. @p hz must not be 0. Context: any */
static inline em_duration em_period_of_hz(uint64_t hz)
{
    uint64_t ticks = (EM_TICK_HZ + hz / 2) / hz;
    return (em_duration){ticks ? ticks : 1};
}

/** As em_ns() .. em_secs(), but an overflow is an error. Context: any. Errors: EM_ERR_OVERFLOW */
EM_MUST_USE static inline int em_checked_ns(uint64_t ns, em_duration *out)
{
    em_duration d;
    if (em_scale_to_ticks_(ns, 1000000000, &d.ticks)) {
        return EM_ERR_OVERFLOW;
    }
    *out = d;
    return EM_OK;
}
/** Context: any. Errors: EM_ERR_OVERFLOW */
EM_MUST_USE static inline int em_checked_us(uint64_t us, em_duration *out)
{
    em_duration d;
    if (em_scale_to_ticks_(us, 1000000, &d.ticks)) {
        return EM_ERR_OVERFLOW;
    }
    *out = d;
    return EM_OK;
}
/** Context: any. Errors: EM_ERR_OVERFLOW */
EM_MUST_USE static inline int em_checked_ms(uint64_t ms, em_duration *out)
{
    em_duration d;
    if (em_scale_to_ticks_(ms, 1000, &d.ticks)) {
        return EM_ERR_OVERFLOW;
    }
    *out = d;
    return EM_OK;
}
/** Context: any. Errors: EM_ERR_OVERFLOW */
EM_MUST_USE static inline int em_checked_secs(uint64_t secs, em_duration *out)
{
    em_duration d;
    if (em_scale_to_ticks_(secs, 1, &d.ticks)) {
        return EM_ERR_OVERFLOW;
    }
    *out = d;
    return EM_OK;
}

/** A duration in ticks, ns, us, ms, s, rounded down, saturating. Context: any */
static inline uint64_t em_duration_as_ticks(em_duration d)
{
    return d.ticks;
}
/** Context: any */
static inline uint64_t em_duration_as_ns(em_duration d)
{
    return em_ticks_as_(d.ticks, 1000000000);
}
/** Context: any */
static inline uint64_t em_duration_as_us(em_duration d)
{
    return em_ticks_as_(d.ticks, 1000000);
}
/** Context: any */
static inline uint64_t em_duration_as_ms(em_duration d)
{
    return em_ticks_as_(d.ticks, 1000);
}
/** Context: any */
static inline uint64_t em_duration_as_secs(em_duration d)
{
    return em_ticks_as_(d.ticks, 1);
}

/** a + b, saturating. Context: any */
static inline em_duration em_duration_add(em_duration a, em_duration b)
{
    uint64_t sum;
    return (em_duration){__builtin_add_overflow(a.ticks, b.ticks, &sum) ? UINT64_MAX : sum};
}

/** a - b, or 0 where b is longer. Context: any */
static inline em_duration em_duration_sub(em_duration a, em_duration b)
{
    return (em_duration){a.ticks > b.ticks ? a.ticks - b.ticks : 0};
}

/** a * n, saturating. Context: any */
static inline em_duration em_duration_mul(em_duration a, uint64_t n)
{
    uint64_t product;
    return (em_duration){__builtin_mul_overflow(a.ticks, n, &product) ? UINT64_MAX : product};
}

/** a / n, rounded down; @p n must not be 0. Context: any */
static inline em_duration em_duration_div(em_duration a, uint64_t n)
{
    return (em_duration){a.ticks / n};
}

/** a + b. Context: any. Errors: EM_ERR_OVERFLOW */
EM_MUST_USE static inline int em_duration_checked_add(em_duration a, em_duration b, em_duration *out)
{
    uint64_t sum;
    if (__builtin_add_overflow(a.ticks, b.ticks, &sum)) {
        return EM_ERR_OVERFLOW;
    }
    out->ticks = sum;
    return EM_OK;
}

/** a - b. Context: any. Errors: EM_ERR_OVERFLOW  b is longer than a */
EM_MUST_USE static inline int em_duration_checked_sub(em_duration a, em_duration b, em_duration *out)
{
    if (b.ticks > a.ticks) {
        return EM_ERR_OVERFLOW;
    }
    out->ticks = a.ticks - b.ticks;
    return EM_OK;
}

/** a * n. Context: any. Errors: EM_ERR_OVERFLOW */
EM_MUST_USE static inline int em_duration_checked_mul(em_duration a, uint64_t n, em_duration *out)
{
    uint64_t product;
    if (__builtin_mul_overflow(a.ticks, n, &product)) {
        return EM_ERR_OVERFLOW;
    }
    out->ticks = product;
    return EM_OK;
}

/** a / n, rounded down. Context: any. Errors: EM_ERR_INVAL  n is 0 */
EM_MUST_USE static inline int em_duration_checked_div(em_duration a, uint64_t n, em_duration *out)
{
    if (n == 0) {
        return EM_ERR_INVAL;
    }
    out->ticks = a.ticks / n;
    return EM_OK;
}

/** Is a shorter than b? Context: any */
static inline bool em_duration_less(em_duration a, em_duration b)
{
    return a.ticks < b.ticks;
}

/** The time now. Context: task | isr | any hart | init */
static inline em_instant em_now(void)
{
    return (em_instant){em_time_driver_now()};
}

/** t + d, saturating at EM_INSTANT_MAX, which is never. Context: any */
static inline em_instant em_instant_add(em_instant t, em_duration d)
{
    uint64_t sum;
    return (em_instant){__builtin_add_overflow(t.ticks, d.ticks, &sum) ? UINT64_MAX : sum};
}

/** t - d, saturating at 0. Context: any */
static inline em_instant em_instant_sub(em_instant t, em_duration d)
{
    return (em_instant){t.ticks > d.ticks ? t.ticks - d.ticks : 0};
}

/** later - earlier, or 0 where it is not later. Context: any */
static inline em_duration em_instant_diff(em_instant later, em_instant earlier)
{
    return (em_duration){later.ticks > earlier.ticks ? later.ticks - earlier.ticks : 0};
}

/** t + d. Context: any. Errors: EM_ERR_OVERFLOW */
EM_MUST_USE static inline int em_instant_checked_add(em_instant t, em_duration d, em_instant *out)
{
    uint64_t sum;
    if (__builtin_add_overflow(t.ticks, d.ticks, &sum)) {
        return EM_ERR_OVERFLOW;
    }
    out->ticks = sum;
    return EM_OK;
}

/** t - d. Context: any. Errors: EM_ERR_OVERFLOW  before the clock's beginning */
EM_MUST_USE static inline int em_instant_checked_sub(em_instant t, em_duration d, em_instant *out)
{
    if (d.ticks > t.ticks) {
        return EM_ERR_OVERFLOW;
    }
    out->ticks = t.ticks - d.ticks;
    return EM_OK;
}

/** later - earlier. Context: any. Errors: EM_ERR_OVERFLOW  it is not later */
EM_MUST_USE static inline int em_instant_checked_diff(em_instant later, em_instant earlier, em_duration *out)
{
    if (earlier.ticks > later.ticks) {
        return EM_ERR_OVERFLOW;
    }
    out->ticks = later.ticks - earlier.ticks;
    return EM_OK;
}

/** Is a before b? Context: any */
static inline bool em_instant_before(em_instant a, em_instant b)
{
    return a.ticks < b.ticks;
}

/** How long ago @p t was; 0 if it is still to come. Context: task | isr | any hart | init */
static inline em_duration em_instant_elapsed(em_instant t)
{
    return em_instant_diff(em_now(), t);
}

/**
 * Spin until @p d has passed.
 *
 * Context: init (in a task it delays every other: await em_timer_after() there)
 */
void em_block_for(em_duration d);
