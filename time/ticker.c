/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The ticker: a timer to the next tick; the raster moves on when that tick is taken.
 *
 * Flow: em_ticker_next -> poll -> timer.c
 */
#include <em/assert.h>
#include <em/ticker.h>

void em_ticker_init(em_ticker *ticker, em_duration period, enum em_ticker_policy policy)
{
    EM_ASSERT(period.ticks > 0);
    ticker->period = period;
    ticker->policy = policy;
    em_ticker_reset(ticker);
}

void em_ticker_reset(em_ticker *ticker)
{
    ticker->next = em_instant_add(em_now(), ticker->period);
}

void em_ticker_reset_after(em_ticker *ticker, em_duration d)
{
    ticker->next = em_instant_add(em_instant_add(em_now(), d), ticker->period);
}

int em_ticker_checked_reset(em_ticker *ticker)
{
    return em_instant_checked_add(em_now(), ticker->period, &ticker->next);
}

int em_ticker_checked_reset_after(em_ticker *ticker, em_duration d)
{
    em_instant at;
    int err = em_instant_checked_add(em_now(), d, &at);
    return err ? err : em_instant_checked_add(at, ticker->period, &ticker->next);
}

/* A tick is taken: move on. Returns how many the policy leaves out. */
static uint64_t advance(em_ticker *ticker)
{
    uint64_t skipped = 0;

    switch (ticker->policy) {
    case EM_TICKER_DELAY:
        em_ticker_reset(ticker);
        return 0;
    case EM_TICKER_SKIP:
        skipped = em_instant_elapsed(ticker->next).ticks / ticker->period.ticks;
        break;
    case EM_TICKER_BURST:
        break;
    }
    ticker->next = em_instant_add(ticker->next, em_duration_mul(ticker->period, skipped + 1));
    return skipped;
}

static em_poll ticker_poll(em_future *f, em_context *cx)
{
    em_ticker_wait *wait = (em_ticker_wait *)(void *)f;
    em_poll poll = em_timer_ops.poll(f, cx);
    if (poll.ready) {
        wait->out = advance(wait->ticker);
    }
    return poll;
}

static void ticker_drop(em_future *f)
{
    em_timer_ops.drop(f);
}

const em_future_ops em_ticker_ops = {.poll = ticker_poll, .drop = ticker_drop, .name = "ticker"};
