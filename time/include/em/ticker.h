/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Tickers: a tick every period, without drift, and a stated policy for ticks that were missed.
 *
 * Flow: em_ticker_next -> ticker.c -> timer.c
 */
#pragma once

#include <em/timer.h>

/* What follows a tick that was taken late, at the time `now`. */
enum em_ticker_policy {
    EM_TICKER_BURST, /* the missed ticks, one by one, each yielding once: no tick is lost */
    EM_TICKER_SKIP,  /* the first tick of the original raster after now: the missed ones are counted */
    EM_TICKER_DELAY, /* now + period: a new raster */
};

typedef struct em_ticker {
    em_instant next;
    em_duration period;
    enum em_ticker_policy policy;
} em_ticker;

/* Storage of em_ticker_next(). out: how many ticks are left out after this one, taken late (SKIP, else 0). */
typedef struct em_ticker_wait {
    union {
        em_future future;
        em_timer timer;
    };
    em_ticker *ticker;
    uint64_t out;
} em_ticker_wait;

extern const em_future_ops em_ticker_ops;

/**
 * Start a ticker: the first tick is one period from now.
 *
 * Context: task | init
 * Units:   @p period in ticks of EM_TICK_HZ, at least one (asserts)
 */
void em_ticker_init(em_ticker *ticker, em_duration period, enum em_ticker_policy policy);

/** The next tick is one period from now. Saturates: a period past the end of time never comes. Context: task | init */
void em_ticker_reset(em_ticker *ticker);

/** The next tick is at @p at, then every period. Context: task | init */
static inline void em_ticker_reset_at(em_ticker *ticker, em_instant at)
{
    ticker->next = at;
}

/** The next tick is one period after @p d has passed. Saturating. Context: task | init */
void em_ticker_reset_after(em_ticker *ticker, em_duration d);

/** As em_ticker_reset(). Context: task | init. Errors: EM_ERR_OVERFLOW  past the end of time; nothing changed */
EM_MUST_USE int em_ticker_checked_reset(em_ticker *ticker);

/** As em_ticker_reset_after(). Context: task | init. Errors: EM_ERR_OVERFLOW  past the end of time; nothing changed */
EM_MUST_USE int em_ticker_checked_reset_after(em_ticker *ticker, em_duration d);

/**
 * Awaitable: the next tick. Yields once even when late, so that a lagging loop starves nobody.
 *
 * Context: task; one at a time waits for a ticker
 * Cancel:  loses nothing: the tick is taken when it is ready
 * Cost:    as em_timer_at()
 */
static inline em_ticker_wait *em_ticker_next(em_ticker_wait *storage, em_ticker *ticker)
{
    em_timer_at(&storage->timer, ticker->next);
    storage->future.ops = &em_ticker_ops;
    storage->ticker = ticker;
    return storage;
}
