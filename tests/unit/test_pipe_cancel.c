/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The pipe: loans, and cancellation at every point. */
#include "fake_port.h"
#include "pipes.h"

#include <em/mock_clock.h>
#include <em/timeout.h>

/* -- loans ----------------------------------------------------------------------------------------- */

static void lent_bytes_stay_until_they_are_consumed(void)
{
    begin();
    CHECK(try_write("abc") == 3 && borrows(0) && lent_is(0, "abc") && fb[0].out.data == bytes);
    em_pipe_consume(&pipe, 0);
    CHECK(borrows(0) && lent_is(0, "abc")); /* the same again */
    em_pipe_consume(&pipe, 2);
    CHECK(em_pipe_free(&pipe) == 3 && borrows(0) && lent_is(0, "c"));
    em_pipe_consume(&pipe, 0);
    CHECK(try_write("def") == 3 && borrows(0) && lent_is(0, "cd")); /* up to the edge */
    em_pipe_consume(&pipe, 2);
    CHECK(borrows(0) && lent_is(0, "ef") && fb[0].out.data == bytes);
    em_pipe_consume(&pipe, 1);
    CHECK(try_write("gh") == 2 && borrows(0) && lent_is(0, "fgh"));
    em_pipe_consume(&pipe, 3);
    CHECK(em_pipe_is_empty(&pipe) && em_pipe_free(&pipe) == 4);
}

/* Upstream wakes the writer when bytes are lent, which makes no room, and nobody when they are consumed. */
static void consuming_wakes_the_writer(void)
{
    em_pipe_bytes lent;
    begin();
    CHECK(try_write("abcd") == 4 && !writes(0, "e"));
    CHECK(em_pipe_try_fill_buf(&pipe, &lent) == EM_OK && lent.len == 4);
    CHECK(woken(0, 0, 0, 0) && !runner_poll(&w.runner[0]));
    em_pipe_consume(&pipe, 4);
    CHECK(woken(0, 0, 0, 1) && em_pipe_try_fill_buf(&pipe, &lent) == EM_ERR_AGAIN);
    CHECK(runner_poll(&w.runner[0]) && em_pipe_try_fill_buf(&pipe, &lent) == EM_OK && lent.data[0] == 'e');
}

static void nobody_else_reads_during_a_loan(void)
{
    begin();
    CHECK(try_write("abcd") == 4 && borrows(0) && try_read_is("") && !reads(1, 8) && !borrows(2));
    CHECK(em_pipe_is_full(&pipe) && em_pipe_free(&pipe) == 0 && try_write("x") == EM_ERR_AGAIN);
    em_pipe_consume(&pipe, 1);
    CHECK(woken(1, 1, 0, 0) && r.runner[2].wakes == 0 && try_write("e") == 1);
    CHECK(runner_poll(&r.runner[1]) && got_is(1, "bcde") && woken(2, 0, 0, 0));
    runner_drop(&r.runner[2]);
}

static void a_loan_is_waited_for(void)
{
    begin();
    CHECK(!borrows(0) && try_write("ab") == 2 && woken(0, 1, 0, 0) && runner_poll(&r.runner[0]) && lent_is(0, "ab"));
    CHECK(try_write("cd") == 2); /* behind what is lent */
    em_pipe_consume(&pipe, 1);
    CHECK(try_read_is("bcd"));
}

static void clearing_keeps_what_is_lent_until_it_is_consumed(void)
{
    for (size_t n = 0; n <= 2; n++) {
        begin();
        CHECK(try_write("ab") == 2 && borrows(0) && try_write("cd") == 2);
        em_pipe_clear(&pipe);
        CHECK(em_pipe_is_empty(&pipe) && em_pipe_free(&pipe) == 0 && try_write("x") == EM_ERR_AGAIN);
        CHECK(lent_is(0, "ab"));
        em_pipe_consume(&pipe, n);
        CHECK(em_pipe_is_empty(&pipe) && em_pipe_free(&pipe) == 4);
        CHECK(try_write("efgh") == 4 && try_read_is("efgh"));
    }
}

static void more_than_was_lent_cannot_be_consumed(void)
{
    begin();
    CHECK(PANICS(em_pipe_consume(&pipe, 0)));
    begin();
    CHECK(try_write("ab") == 2 && borrows(0) && PANICS(em_pipe_consume(&pipe, 3)));
    begin();
}

/* -- cancellation ---------------------------------------------------------------------------------- */

static void what_is_dropped_before_its_first_poll_does_nothing(void)
{
    begin();
    waiters_start(&w, 0, &em_pipe_write_all(&wr[0], &pipe, "ab", 2)->future);
    runner_drop(&w.runner[0]);
    CHECK(wr[0].written == 0 && em_pipe_is_empty(&pipe) && try_write("c") == 1);
    waiters_start(&r, 0, &em_pipe_read(&rd[0], &pipe, buf[0], 4)->future);
    runner_drop(&r.runner[0]);
    waiters_start(&r, 0, &em_pipe_fill_buf(&fb[0], &pipe)->future);
    runner_drop(&r.runner[0]);
    CHECK(try_read_is("c"));
}

static void who_is_dropped_while_it_waits_is_forgotten(void)
{
    begin();
    CHECK(!reads(0, 1) && !borrows(1) && !reads(2, 1));
    runner_drop(&r.runner[0]);
    runner_drop(&r.runner[1]);
    CHECK(try_write("abcd") == 4 && woken(0, 0, 0, 0) && woken(2, 1, 0, 0) && runner_poll(&r.runner[2]));
    CHECK(try_write("e") == 1 && !writes(0, "x") && !writes(1, "y"));
    runner_drop(&w.runner[0]);
    CHECK(wr[0].written == 0 && try_read_is("bcde") && woken(0, 0, 0, 0) && woken(0, 0, 1, 1));
    CHECK(runner_poll(&w.runner[1]) && try_read_is("y"));
}

static void who_is_dropped_after_it_was_woken_passes_its_turn_on(void)
{
    begin();
    CHECK(!reads(0, 1) && !borrows(1) && !reads(2, 8) && try_write("abcd") == 4 && woken(0, 1, 0, 0));
    runner_drop(&r.runner[0]);
    CHECK(woken(1, 1, 0, 0) && r.runner[2].wakes == 0);
    runner_drop(&r.runner[1]);
    CHECK(woken(2, 1, 0, 0) && !writes(0, "x") && !writes(1, "ef"));
    CHECK(runner_poll(&r.runner[2]) && got_is(2, "abcd") && woken(2, 1, 0, 1) && w.runner[1].wakes == 0);
    runner_drop(&w.runner[0]);
    CHECK(woken(2, 1, 1, 1) && runner_poll(&w.runner[1]) && try_read_is("ef"));
    CHECK(!reads(0, 1) && try_write("g") == 1);
    runner_drop(&r.runner[0]);
    CHECK(try_read_is("g"));
}

static void a_dropped_write_all_says_how_much_it_wrote(void)
{
    begin();
    CHECK(!writes_all(0, "abcdefgh") && !writes_all(1, "12"));
    runner_drop(&w.runner[0]);
    CHECK(wr[0].written == 4 && try_read_is("abcd") && woken(0, 0, 1, 1) && runner_poll(&w.runner[1]));
    CHECK(try_read_is("12"));
    CHECK(!writes_all(0, "abcdefghij") && !writes_all(1, "12") && try_read_is("abcd") && !runner_poll(&w.runner[0]));
    CHECK(em_pipe_try_read(&pipe, buf[0], 1) == 1 && woken(0, 0, 0, 1)); /* woken, then dropped */
    runner_drop(&w.runner[0]);
    CHECK(wr[0].written == 8 && woken(0, 0, 1, 2) && !runner_poll(&w.runner[1]) && wr[1].written == 1);
    CHECK(try_read_is("fgh1") && runner_poll(&w.runner[1]) && try_read_is("2"));
}

static void a_write_all_whose_time_is_up_says_how_much_it_wrote(void)
{
    static runner timed;
    em_timeout to;
    begin();
    runner_start(&timed, NULL, &em_timeout_after_(&to, em_ms(1), &em_pipe_write_all(&wr[0], &pipe, "abcdef", 6)->future)
                                    ->future);
    test_run();
    CHECK(!timed.ready && wr[0].written == 4);
    test_pass(em_ms(1).ticks);
    CHECK(timed.ready && to.out == EM_ERR_TIMEOUT && wr[0].written == 4 && try_read_is("abcd"));
    CHECK(writes_all(1, "ef") && try_read_is("ef"));
}

static const em_test tests[] = {
    TEST(lent_bytes_stay_until_they_are_consumed),
    TEST(consuming_wakes_the_writer),
    TEST(nobody_else_reads_during_a_loan),
    TEST(a_loan_is_waited_for),
    TEST(clearing_keeps_what_is_lent_until_it_is_consumed),
    TEST(what_is_dropped_before_its_first_poll_does_nothing),
    TEST(who_is_dropped_while_it_waits_is_forgotten),
    TEST(who_is_dropped_after_it_was_woken_passes_its_turn_on),
    TEST(a_dropped_write_all_says_how_much_it_wrote),
    TEST(a_write_all_whose_time_is_up_says_how_much_it_wrote),
    TEST(more_than_was_lent_cannot_be_consumed),
};

int main(void)
{
    RUN_TESTS(tests);
}
