/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The pipe: order of bytes and of turns, what is written together, being full, clearing. */
#include "pipes.h"

/* -- without waiting ------------------------------------------------------------------------------ */

static void one_byte_written_takes_one_byte_of_room(void)
{
    begin();
    CHECK(em_pipe_capacity(&pipe) == 4 && em_pipe_free(&pipe) == 4 && em_pipe_is_empty(&pipe));
    CHECK(try_write("a") == 1);
    CHECK(em_pipe_free(&pipe) == 3 && em_pipe_len(&pipe) == 1);
    CHECK(!em_pipe_is_empty(&pipe) && !em_pipe_is_full(&pipe));
}

static void a_full_pipe_takes_nothing(void)
{
    begin();
    CHECK(try_write("a") == 1 && try_write("bcde") == 3);
    CHECK(try_write("f") == EM_ERR_AGAIN && em_pipe_free(&pipe) == 0 && em_pipe_is_full(&pipe));
    CHECK(try_read_is("abcd"));
}

static void an_empty_pipe_gives_nothing(void)
{
    em_pipe_bytes lent = {bytes, 77};
    begin();
    CHECK(try_read_is("") && em_pipe_try_fill_buf(&pipe, &lent) == EM_ERR_AGAIN && lent.len == 77);
    CHECK(try_write("a") == 1 && try_read_is("a") && try_read_is("") && em_pipe_free(&pipe) == 4);
}

static void nothing_is_read_and_written_at_once(void)
{
    begin();
    CHECK(em_pipe_try_read(&pipe, buf, 0) == 0 && reads(0, 0) && rd[0].out == 0);
    CHECK(try_write("abcd") == 4);
    CHECK(try_write("") == 0 && writes(0, "") && wr[0].out == 0 && writes_all(0, "") && wr[0].out == 0);
    CHECK(em_pipe_try_write_all(&pipe, "", 0) == 0);
}

static void reading_and_writing_go_across_the_edge(void)
{
    begin();
    CHECK(try_write("abc") == 3 && try_read_is("abc"));
    CHECK(try_write("defgh") == 4 && em_pipe_is_full(&pipe) && try_read_is("defg"));
    CHECK(try_write("hi") == 2 && em_pipe_try_read(&pipe, buf[0], 1) == 1 && buf[0][0] == 'h');
    CHECK(try_write("jkl") == 3 && try_read_is("ijkl"));
}

static void all_or_nothing_is_written(void)
{
    begin();
    CHECK(em_pipe_try_write_all(&pipe, "abcde", 5) == EM_ERR_NOSPC);
    CHECK(em_pipe_try_write_all(&pipe, "abc", 3) == 3);
    CHECK(em_pipe_try_write_all(&pipe, "de", 2) == EM_ERR_AGAIN && em_pipe_len(&pipe) == 3);
    CHECK(em_pipe_try_write_all(&pipe, "d", 1) == 1 && try_read_is("abcd"));
    CHECK(em_pipe_try_write_all(&pipe, "efgh", 4) == 4 && try_read_is("efgh"));
}

static void a_pipe_that_was_only_zeroed_has_no_room(void)
{
    static em_pipe none;
    CHECK(em_pipe_try_write(&none, "a", 1) == EM_ERR_AGAIN && em_pipe_try_read(&none, buf[0], 1) == EM_ERR_AGAIN);
}

static em_pipe_wait_full_future wf[2];

/* -- waiting, hand-over, order --------------------------------------------------------------------- */

static void a_read_waits_for_a_byte(void)
{
    begin();
    CHECK(!reads(0, 8) && woken(0, 0, 0, 0));
    CHECK(try_write("ab") == 2 && woken(0, 1, 0, 0));
    CHECK(runner_poll(&r.runner[0]) && got_is(0, "ab"));
}

static void a_write_is_ready_at_once_while_there_is_room(void)
{
    begin();
    CHECK(writes(0, "abc") && wr[0].out == 3);
    CHECK(writes(0, "def") && wr[0].out == 1 && try_read_is("abcd"));
}

static void a_write_waits_for_room(void)
{
    begin();
    CHECK(try_write("abcd") == 4 && !writes(0, "ef") && woken(0, 0, 0, 0));
    CHECK(em_pipe_try_read(&pipe, buf[0], 1) == 1 && woken(0, 0, 0, 1));
    CHECK(try_write("x") == EM_ERR_AGAIN && !writes(1, "y")); /* the room is set aside */
    CHECK(runner_poll(&w.runner[0]) && wr[0].out == 1 && wr[0].written == 1);
    CHECK(try_read_is("bcde") && woken(0, 0, 1, 1) && runner_poll(&w.runner[1]) && try_read_is("y"));
}

static void readers_take_turns_in_the_order_in_which_they_came(void)
{
    begin();
    CHECK(!reads(0, 2) && !reads(1, 2) && !reads(2, 8));
    CHECK(try_write("abc") == 3 && woken(0, 1, 0, 0) && r.runner[1].wakes == 0);
    CHECK(try_read_is("") && !reads(3, 1)); /* nobody overtakes */
    CHECK(!runner_poll(&r.runner[1])); /* spuriously */
    CHECK(runner_poll(&r.runner[0]) && got_is(0, "ab"));
    CHECK(woken(1, 1, 0, 0) && r.runner[2].wakes == 0);
    CHECK(runner_poll(&r.runner[1]) && got_is(1, "c"));
    CHECK(woken(2, 0, 0, 0) && try_write("de") == 2 && woken(2, 1, 0, 0));
    CHECK(runner_poll(&r.runner[2]) && got_is(2, "de") && woken(3, 0, 0, 0));
    CHECK(try_write("f") == 1 && runner_poll(&r.runner[3]) && got_is(3, "f"));
}

static void each_of_many_waiters_is_polled_twice(void)
{
    begin();
    for (unsigned i = 0; i < WAITERS; i++) {
        CHECK(!reads(i, 1));
    }
    for (unsigned i = 0; i < WAITERS; i++) {
        CHECK(try_write("x") == 1 && woken(i, 1, 0, 0) && runner_poll(&r.runner[i]) && r.runner[i].polls == 2);
    }
}

static void a_write_all_is_together(void)
{
    begin();
    CHECK(!writes_all(0, "abcdefghij") && wr[0].written == 4 && !writes_all(1, "123") && !writes(2, "x"));
    CHECK(try_write("y") == EM_ERR_AGAIN);
    CHECK(try_read_is("abcd") && woken(0, 0, 0, 1) && try_write("y") == EM_ERR_AGAIN);
    CHECK(!runner_poll(&w.runner[0]) && wr[0].written == 8 && try_write("y") == EM_ERR_AGAIN);
    CHECK(!runner_poll(&w.runner[0]) && !runner_poll(&w.runner[1]) && w.runner[1].wakes == 0); /* spuriously */
    CHECK(em_pipe_try_read(&pipe, buf[0], 3) == 3 && woken(0, 0, 0, 2));
    CHECK(runner_poll(&w.runner[0]) && wr[0].out == 10 && w.runner[1].wakes == 0);
    CHECK(woken(0, 0, 1, 1) && runner_poll(&w.runner[1]) == false && wr[1].written == 1);
    CHECK(try_read_is("hij1") && woken(0, 0, 1, 2) && runner_poll(&w.runner[1]) && woken(0, 0, 2, 1));
    CHECK(runner_poll(&w.runner[2]) && try_read_is("23x"));
}

static void a_long_write_all_and_a_reader_keep_each_other_going(void)
{
    static char text[] = "the quick brown fox jumps over the lazy dog";
    char got[sizeof text] = {0};
    size_t n = 0;
    begin();
    CHECK(!writes_all(0, text));
    while (n < sizeof text - 1) {
        CHECK(reads(0, 3));
        memcpy(got + n, buf[0], (size_t)rd[0].out);
        n += (size_t)rd[0].out;
        if (waiters_pending(&w, 0)) {
            runner_poll(&w.runner[0]);
        }
    }
    CHECK(w.runner[0].ready && wr[0].out == sizeof text - 1 && strcmp(got, text) == 0);
}

static void a_reader_that_waits_is_woken_by_the_first_part_of_a_write_all(void)
{
    begin();
    CHECK(!reads(0, 8) && !writes_all(0, "abcdef") && woken(0, 1, 0, 0));
    CHECK(runner_poll(&r.runner[0]) && got_is(0, "abcd") && woken(0, 1, 0, 1));
    CHECK(runner_poll(&w.runner[0]) && try_read_is("ef"));
}

static void clearing_makes_room(void)
{
    begin();
    CHECK(!writes_all(0, "abcdef"));
    em_pipe_clear(&pipe);
    CHECK(em_pipe_is_empty(&pipe) && woken(0, 0, 0, 1) && runner_poll(&w.runner[0]) && try_read_is("ef"));
}

static void a_reader_that_was_woken_before_a_clear_is_still_first(void)
{
    begin();
    CHECK(!reads(0, 8) && !reads(1, 8) && try_write("abc") == 3 && woken(0, 1, 0, 0));
    em_pipe_clear(&pipe);
    CHECK(!runner_poll(&r.runner[0]) && try_write("d") == 1 && woken(0, 2, 0, 0) && r.runner[1].wakes == 0);
    CHECK(runner_poll(&r.runner[0]) && got_is(0, "d"));
    runner_drop(&r.runner[1]);
}

static void whoever_waits_for_a_full_pipe_is_woken_when_it_is(void)
{
    static runner full[2];
    begin();
    for (unsigned i = 0; i < 2; i++) {
        runner_start(&full[i], i ? "b" : "a", &em_pipe_wait_full(&wf[i], &pipe)->future);
    }
    test_run();
    CHECK(try_write("abc") == 3);
    test_run();
    CHECK_TRACE("");
    CHECK(try_write("d") == 1 && full[0].polls == 1);
    test_run();
    CHECK_TRACE("a b");
    runner_start_passive(&full[0], &em_pipe_wait_full(&wf[0], &pipe)->future);
    CHECK(runner_poll(&full[0])); /* it is full: at once */
    CHECK(try_read_is("abcd"));
    runner_start_passive(&full[0], &em_pipe_wait_full(&wf[0], &pipe)->future);
    runner_start_passive(&full[1], &em_pipe_wait_full(&wf[1], &pipe)->future);
    CHECK(!runner_poll(&full[0]) && !runner_poll(&full[1]));
    runner_drop(&full[1]);
    CHECK(try_write("efgh") == 4 && try_read_is("efgh")); /* before it looks */
    CHECK(!runner_poll(&full[0]) && try_write("ijkl") == 4 && runner_poll(&full[0]));
    test_run();
    CHECK(full[0].wakes == 1 && full[1].wakes == 0);
}

static const em_test tests[] = {
    TEST(one_byte_written_takes_one_byte_of_room),
    TEST(a_full_pipe_takes_nothing),
    TEST(an_empty_pipe_gives_nothing),
    TEST(nothing_is_read_and_written_at_once),
    TEST(reading_and_writing_go_across_the_edge),
    TEST(all_or_nothing_is_written),
    TEST(a_pipe_that_was_only_zeroed_has_no_room),
    TEST(a_read_waits_for_a_byte),
    TEST(a_write_is_ready_at_once_while_there_is_room),
    TEST(a_write_waits_for_room),
    TEST(readers_take_turns_in_the_order_in_which_they_came),
    TEST(each_of_many_waiters_is_polled_twice),
    TEST(a_write_all_is_together),
    TEST(a_long_write_all_and_a_reader_keep_each_other_going),
    TEST(a_reader_that_waits_is_woken_by_the_first_part_of_a_write_all),
    TEST(clearing_makes_room),
    TEST(a_reader_that_was_woken_before_a_clear_is_still_first),
    TEST(whoever_waits_for_a_full_pipe_is_woken_when_it_is),
};

int main(void)
{
    RUN_TESTS(tests);
}
