/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Instants and durations against exact arithmetic in 128 bits. Built once for each of several EM_TICK_HZ.
 */
#include "test.h"

#include <em/time.h>

_Static_assert(EM_TICK_HZ == TEST_TICK_HZ, "hz/em_config.h comes first");

typedef unsigned __int128 wide;

#define ROUNDS 100000
#define UNTOUCHED 12345

static const struct unit {
    const char *name;
    uint64_t hz;
    em_duration (*make)(uint64_t n);
    int (*checked)(uint64_t n, em_duration *out);
    uint64_t (*as)(em_duration d);
} units[] = {
    {"ns", 1000000000, em_ns, em_checked_ns, em_duration_as_ns},
    {"us", 1000000, em_us, em_checked_us, em_duration_as_us},
    {"ms", 1000, em_ms, em_checked_ms, em_duration_as_ms},
    {"s", 1, em_secs, em_checked_secs, em_duration_as_secs},
};
enum { NS, US, MS, S, UNITS };

/* What a reader can work out by hand: n units are so many ticks, which read as back units. */
static const struct row {
    uint64_t tick_hz;
    unsigned unit;
    uint64_t n;
    uint64_t ticks;
    uint64_t back;
} table[] = {
    {1000, NS, 1, 1, 1000000},     {1000, US, 1, 1, 1000},       {1000, US, 1000, 1, 1000},
    {1000, US, 1001, 2, 2000},     {1000, MS, 7, 7, 7},          {1000, S, 3, 3000, 3},
    {32768, NS, 1, 1, 30517},      {32768, US, 30, 1, 30},       {32768, US, 31, 2, 61},
    {32768, MS, 1, 33, 1},         {32768, MS, 1000, 32768, 1000}, {32768, MS, 999, 32736, 999},
    {1000000, NS, 1, 1, 1000},     {1000000, NS, 1001, 2, 2000}, {1000000, US, 5, 5, 5},
    {1000000, MS, 1, 1000, 1},     {1000000, S, 1, 1000000, 1},  {4000000, NS, 250, 1, 250},
    {4000000, NS, 251, 2, 500},    {4000000, US, 1, 4, 1},       {4000000, MS, 3, 12000, 3},
    {10000000, NS, 1, 1, 100},     {10000000, NS, 100, 1, 100},  {10000000, NS, 101, 2, 200},
    {10000000, US, 1, 10, 1},      {10000000, MS, 50, 500000, 50}, {1000000000, NS, 1, 1, 1},
    {1000000000, US, 1, 1000, 1},  {1000000000, S, 2, 2000000000, 2},
};

static const uint64_t edges[] = {
    0, 1, 2, 3, 29, 30, 31, 99, 100, 101, 999, 1000, 1001, 32767, 32768, 32769, 999999, 1000000, 1000001,
    UINT32_MAX - 1, UINT32_MAX, 1ull << 32, UINT64_MAX / EM_TICK_HZ - 1, UINT64_MAX / EM_TICK_HZ,
    UINT64_MAX / EM_TICK_HZ + 1, UINT64_MAX / 1000000000, UINT64_MAX / 1000000000 + 1, UINT64_MAX / 1000,
    UINT64_MAX / 1000 + 1, UINT64_MAX / 2, UINT64_MAX / 2 + 1, UINT64_MAX - 1, UINT64_MAX,
};
#define EDGES (sizeof edges / sizeof edges[0])

/* The edges first, then numbers of every size. */
static uint64_t pick(unsigned round, uint64_t *random)
{
    if (round < EDGES) {
        return edges[round];
    }
    uint64_t high = em_test_random(random);
    uint64_t low = em_test_random(random);
    return (high << 32 | low) >> em_test_random(random) % 64;
}

/* Every edge with every edge first. */
static uint64_t first_of_pair(unsigned round, uint64_t *random)
{
    return pick(round < EDGES * EDGES ? round % EDGES : round, random);
}

static uint64_t second_of_pair(unsigned round, uint64_t *random)
{
    return pick(round < EDGES * EDGES ? round / EDGES : round, random);
}

static uint64_t saturated(wide exact)
{
    return exact > UINT64_MAX ? UINT64_MAX : (uint64_t)exact;
}

/* Is q = product / den, rounded up, or down? By multiplication: a bare machine has no division of 128 bits. */
static bool is_rounded_up(uint64_t q, wide product, uint64_t den)
{
    return (wide)q * den >= product && (q == 0 || (wide)(q - 1) * den < product);
}

static bool is_rounded_down(uint64_t q, wide product, uint64_t den)
{
    return (wide)q * den <= product && ((wide)q + 1) * den > product;
}

static bool conversions_agree(const struct unit *u, uint64_t n)
{
    wide scaled = (wide)n * EM_TICK_HZ;
    wide back = (wide)n * u->hz;
    bool fits = scaled <= (wide)UINT64_MAX * u->hz;
    bool back_fits = back < ((wide)UINT64_MAX + 1) * EM_TICK_HZ;
    uint64_t ticks = u->make(n).ticks;
    em_duration checked = {UNTOUCHED};
    return (fits ? is_rounded_up(ticks, scaled, u->hz) : ticks == UINT64_MAX)
           && u->checked(n, &checked) == (fits ? EM_OK : EM_ERR_OVERFLOW)
           && checked.ticks == (fits ? ticks : UNTOUCHED)
           && (back_fits ? is_rounded_down(u->as(em_ticks(n)), back, EM_TICK_HZ) : u->as(em_ticks(n)) == UINT64_MAX);
}

static void conversions_are_exact_round_up_into_ticks_and_down_out_of_them(void)
{
    uint64_t random = 1;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t n = pick(i, &random);
        for (unsigned u = 0; u < UNITS; u++) {
            bool agree = conversions_agree(&units[u], n);
            if (!agree) {
                em_print("# %llu %s\n", (unsigned long long)n, units[u].name);
            }
            CHECK(agree);
        }
    }
}

/* About UINT64_MAX * num / den: what is scaled by den / num overflows from here on. */
static uint64_t overflow_edge(uint64_t num, uint64_t den)
{
    uint64_t edge;
    bool none = __builtin_mul_overflow(UINT64_MAX / den, num, &edge);
    return none || __builtin_add_overflow(edge, UINT64_MAX % den * num / den, &edge) ? UINT64_MAX : edge;
}

static void conversions_are_exact_where_they_begin_to_overflow(void)
{
    for (unsigned u = 0; u < UNITS; u++) {
        uint64_t in = overflow_edge(units[u].hz, EM_TICK_HZ);
        uint64_t out = overflow_edge(EM_TICK_HZ, units[u].hz);
        for (uint64_t n = 0; n < 2000; n++) {
            CHECK(conversions_agree(&units[u], in - 1000 + n));
            CHECK(conversions_agree(&units[u], out - 1000 + n));
        }
    }
}

static void the_rounding_table(void)
{
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct row *row = &table[i];
        if (row->tick_hz == EM_TICK_HZ) {
            em_duration d = units[row->unit].make(row->n);
            CHECK(d.ticks == row->ticks);
            CHECK(units[row->unit].as(d) == row->back);
        }
    }
}

static void a_duration_is_never_short_and_one_tick_less_would_be(void)
{
    uint64_t random = 2;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t n = pick(i, &random);
        for (unsigned u = 0; u < UNITS; u++) {
            wide ticks = units[u].make(n).ticks;
            wide needed = (wide)n * EM_TICK_HZ;
            CHECK(ticks * units[u].hz >= needed || ticks == UINT64_MAX);
            CHECK(ticks == 0 || (ticks - 1) * units[u].hz < needed);
        }
    }
}

static void a_period_is_the_nearest_tick_and_at_least_one(void)
{
    uint64_t random = 3;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t hz = pick(i, &random);
        if (hz == 0) {
            continue;
        }
        uint64_t ticks = em_period_of_hz(hz).ticks;
        wide twice = (wide)EM_TICK_HZ * 2;
        CHECK(ticks >= 1 && twice < (wide)hz * (2 * ticks + 1));
        CHECK(ticks == 1 || twice >= (wide)hz * (2 * ticks - 1));
    }
    CHECK(em_period_of_hz(EM_TICK_HZ).ticks == 1);
    CHECK(em_period_of_hz(1).ticks == EM_TICK_HZ);
    CHECK(em_period_of_hz(UINT64_MAX).ticks == 1);
}

/* A checked form gives the exact result, or says EM_ERR_OVERFLOW and leaves its output alone. */
static bool checked_is(int err, uint64_t *out, bool fits, uint64_t exact)
{
    uint64_t got = *out;
    *out = UNTOUCHED;
    return fits ? err == EM_OK && got == exact : err == EM_ERR_OVERFLOW && got == UNTOUCHED;
}

static void durations_add_subtract_multiply_divide(void)
{
    uint64_t random = 4;
    for (unsigned i = 0; i < ROUNDS; i++) {
        em_duration a = {first_of_pair(i, &random)};
        em_duration b = {second_of_pair(i, &random)};
        wide sum = (wide)a.ticks + b.ticks;
        wide product = (wide)a.ticks * b.ticks;
        em_duration out = {UNTOUCHED};

        CHECK(em_duration_add(a, b).ticks == saturated(sum));
        CHECK(checked_is(em_duration_checked_add(a, b, &out), &out.ticks, sum <= UINT64_MAX, (uint64_t)sum));
        CHECK(em_duration_sub(a, b).ticks == (a.ticks > b.ticks ? a.ticks - b.ticks : 0));
        CHECK(checked_is(em_duration_checked_sub(a, b, &out), &out.ticks, a.ticks >= b.ticks, a.ticks - b.ticks));
        CHECK(em_duration_mul(a, b.ticks).ticks == saturated(product));
        CHECK(checked_is(em_duration_checked_mul(a, b.ticks, &out), &out.ticks, product <= UINT64_MAX,
                         (uint64_t)product));
        if (b.ticks) {
            CHECK(em_duration_div(a, b.ticks).ticks == a.ticks / b.ticks);
            CHECK(em_duration_checked_div(a, b.ticks, &out) == EM_OK && out.ticks == a.ticks / b.ticks);
        } else {
            CHECK(em_duration_checked_div(a, 0, &out) == EM_ERR_INVAL && out.ticks == UNTOUCHED);
        }
        CHECK(em_duration_less(a, b) == (a.ticks < b.ticks));
    }
}

static void instants_add_subtract_and_differ(void)
{
    uint64_t random = 5;
    for (unsigned i = 0; i < ROUNDS; i++) {
        em_instant t = {first_of_pair(i, &random)};
        em_instant u = {second_of_pair(i, &random)};
        em_duration d = {u.ticks};
        wide sum = (wide)t.ticks + d.ticks;
        bool not_before = t.ticks >= u.ticks;
        em_instant out = {UNTOUCHED};
        em_duration apart = {UNTOUCHED};

        CHECK(em_instant_add(t, d).ticks == saturated(sum));
        CHECK(checked_is(em_instant_checked_add(t, d, &out), &out.ticks, sum <= UINT64_MAX, (uint64_t)sum));
        CHECK(em_instant_sub(t, d).ticks == (not_before ? t.ticks - d.ticks : 0));
        CHECK(checked_is(em_instant_checked_sub(t, d, &out), &out.ticks, not_before, t.ticks - d.ticks));
        CHECK(em_instant_diff(t, u).ticks == (not_before ? t.ticks - u.ticks : 0));
        CHECK(checked_is(em_instant_checked_diff(t, u, &apart), &apart.ticks, not_before, t.ticks - u.ticks));
        CHECK(em_instant_before(t, u) == (t.ticks < u.ticks));
    }
}

/* The constants and the tick form. */
static void constants(void)
{
    static const em_duration half_a_second = {EM_TICK_HZ / 2};
    CHECK(em_duration_as_ticks(em_ticks(7)) == 7);
    CHECK(em_ms(500).ticks == half_a_second.ticks);
    CHECK(EM_INSTANT_MAX.ticks == UINT64_MAX && EM_DURATION_MAX.ticks == UINT64_MAX);
    CHECK(em_instant_add((em_instant){1}, EM_DURATION_MAX).ticks == EM_INSTANT_MAX.ticks);
}

static const em_test tests[] = {
    TEST(conversions_are_exact_round_up_into_ticks_and_down_out_of_them),
    TEST(conversions_are_exact_where_they_begin_to_overflow),
    TEST(the_rounding_table),
    TEST(a_duration_is_never_short_and_one_tick_less_would_be),
    TEST(a_period_is_the_nearest_tick_and_at_least_one),
    TEST(durations_add_subtract_multiply_divide),
    TEST(instants_add_subtract_and_differ),
    TEST(constants),
};

int main(void)
{
    RUN_TESTS(tests);
}
