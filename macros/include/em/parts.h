/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Preprocessor machinery of the task language: counting, lists of pairs, optional parts in any order.
 *
 * Flow: TASK(name, POOL(2), ARGS((int, n))) -> (pool_, 2), (args_, (int, n)) -> EM_PART_ picks one kind
 *
 * Nothing here makes code. Every macro ends in an underscore and is internal.
 */
#pragma once

#define EM_CAT_(a, b) EM_CAT__(a, b)
#define EM_CAT__(a, b) a##b
#define EM_TEXT_(x) EM_TEXT__(x)
#define EM_TEXT__(x) #x
#define EM_UNWRAP_(...) __VA_ARGS__
#define EM_FIRST_(a, ...) a
#define EM_SECOND_(...) EM_SECOND__(__VA_ARGS__)
#define EM_SECOND__(a, b, ...) b

/* How many arguments, 1 to 12 (nothing counts as one); `many_` for 13 to 32. */
#define EM_COUNT_(...)                                                                                                \
    EM_COUNT__(__VA_ARGS__, many_, many_, many_, many_, many_, many_, many_, many_, many_, many_, many_, many_, many_, \
               many_, many_, many_, many_, many_, many_, many_, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define EM_COUNT__(a, b, c, d, e, f, g, h, i, j, k, l, a1, b1, c1, d1, e1, f1, g1, h1, i1, j1, k1, l1, m1, n1, o1, p1, \
                   q1, r1, s1, t1, n, ...) n

/* 1 or 0: does it begin with a parenthesis; is it empty; are both 1. */
#define EM_PROBE_(...) ~, 1
#define EM_IS_PAREN_(x) EM_SECOND_(EM_PROBE_ x, 0, 0)
#define EM_IS_EMPTY_(...) EM_SECOND_(__VA_OPT__(~, 0, ) ~, 1, 0)
#define EM_AND_(a, b) EM_CAT_(EM_AND_, EM_CAT_(a, b))
#define EM_AND_00 0
#define EM_AND_01 0
#define EM_AND_10 0
#define EM_AND_11 1

/* -- a list of (type, name) pairs: put m before each, sep() between them ------------------------ */

#define EM_PAIRS_1(m, sep, x) m x
#define EM_PAIRS_2(m, sep, x, ...) m x sep() EM_PAIRS_1(m, sep, __VA_ARGS__)
#define EM_PAIRS_3(m, sep, x, ...) m x sep() EM_PAIRS_2(m, sep, __VA_ARGS__)
#define EM_PAIRS_4(m, sep, x, ...) m x sep() EM_PAIRS_3(m, sep, __VA_ARGS__)
#define EM_PAIRS_5(m, sep, x, ...) m x sep() EM_PAIRS_4(m, sep, __VA_ARGS__)
#define EM_PAIRS_6(m, sep, x, ...) m x sep() EM_PAIRS_5(m, sep, __VA_ARGS__)
#define EM_PAIRS_7(m, sep, x, ...) m x sep() EM_PAIRS_6(m, sep, __VA_ARGS__)
#define EM_PAIRS_8(m, sep, x, ...) m x sep() EM_PAIRS_7(m, sep, __VA_ARGS__)
#define EM_PAIRS_(m, sep, ...) EM_CAT_(EM_PAIRS_, EM_COUNT_(__VA_ARGS__))(m, sep, __VA_ARGS__)
#define EM_NOTHING_()
#define EM_COMMA_() ,

/* The four shapes of ARGS. An empty or a wrong list has no members; EM_ARGS_OK_ reports the wrong one. */
#define EM_MEMBERS_(...) EM_IF_PAIRS_(EM_MEMBERS_, __VA_ARGS__)
#define EM_MEMBERS_0(...)
#define EM_MEMBERS_1(...) EM_PAIRS_(EM_MEMBER_, EM_NOTHING_, __VA_ARGS__)
#define EM_MEMBER_(T, n) T n;
#define EM_PARAMS_(...) EM_IF_PAIRS_(EM_PARAMS_, __VA_ARGS__)
#define EM_PARAMS_0(...) void
#define EM_PARAMS_1(...) EM_PAIRS_(EM_PARAM_, EM_COMMA_, __VA_ARGS__)
#define EM_PARAM_(T, n) T n
#define EM_MORE_PARAMS_(...) EM_IF_PAIRS_(EM_MORE_PARAMS_, __VA_ARGS__)
#define EM_MORE_PARAMS_0(...)
#define EM_MORE_PARAMS_1(...) EM_PAIRS_(EM_MORE_PARAM_, EM_NOTHING_, __VA_ARGS__)
#define EM_MORE_PARAM_(T, n) , T n
#define EM_STORES_(...) EM_IF_PAIRS_(EM_STORES_, __VA_ARGS__)
#define EM_STORES_0(...)
#define EM_STORES_1(...) EM_PAIRS_(EM_STORE_, EM_NOTHING_, __VA_ARGS__)
#define EM_STORE_(T, n) em_frame_->n = n;

#define EM_IF_PAIRS_(shape, ...) EM_CAT_(shape, EM_ARE_PAIRS_(__VA_ARGS__))(__VA_ARGS__)
#define EM_ARGS_OK_(...) (EM_IS_EMPTY_(__VA_ARGS__) || EM_ARE_PAIRS_(__VA_ARGS__))
#define EM_ARE_PAIRS_(...) EM_CAT_(EM_ARE_PAIRS_, EM_COUNT_(__VA_ARGS__))(__VA_ARGS__)
#define EM_ARE_PAIRS_1(x) EM_IS_PAIR_(x)
#define EM_ARE_PAIRS_2(x, ...) EM_AND_(EM_IS_PAIR_(x), EM_ARE_PAIRS_1(__VA_ARGS__))
#define EM_ARE_PAIRS_3(x, ...) EM_AND_(EM_IS_PAIR_(x), EM_ARE_PAIRS_2(__VA_ARGS__))
#define EM_ARE_PAIRS_4(x, ...) EM_AND_(EM_IS_PAIR_(x), EM_ARE_PAIRS_3(__VA_ARGS__))
#define EM_ARE_PAIRS_5(x, ...) EM_AND_(EM_IS_PAIR_(x), EM_ARE_PAIRS_4(__VA_ARGS__))
#define EM_ARE_PAIRS_6(x, ...) EM_AND_(EM_IS_PAIR_(x), EM_ARE_PAIRS_5(__VA_ARGS__))
#define EM_ARE_PAIRS_7(x, ...) EM_AND_(EM_IS_PAIR_(x), EM_ARE_PAIRS_6(__VA_ARGS__))
#define EM_ARE_PAIRS_8(x, ...) EM_AND_(EM_IS_PAIR_(x), EM_ARE_PAIRS_7(__VA_ARGS__))
#define EM_ARE_PAIRS_9(...) 0
#define EM_ARE_PAIRS_10(...) 0
#define EM_ARE_PAIRS_11(...) 0
#define EM_ARE_PAIRS_12(...) 0
#define EM_ARE_PAIRS_many_(...) 0
#define EM_IS_PAIR_(x) EM_CAT_(EM_IS_PAIR_, EM_IS_PAREN_(x))(x)
#define EM_IS_PAIR_0(x) 0
#define EM_IS_PAIR_1(x) EM_SECOND_(EM_CAT_(EM_IS_TWO_, EM_COUNT_ x), 0, 0)
#define EM_IS_TWO_2 ~, 1

/* -- parts: each is (kind, payload...), in any order, behind a leading (none_) ------------------ */

#define EM_PARTS_(m, kind, ...) EM_CAT_(EM_PARTS_, EM_COUNT_(__VA_ARGS__))(m, kind, __VA_ARGS__)
#define EM_PARTS_1(m, kind, x) m(kind, x)
#define EM_PARTS_2(m, kind, x, ...) m(kind, x) EM_PARTS_1(m, kind, __VA_ARGS__)
#define EM_PARTS_3(m, kind, x, ...) m(kind, x) EM_PARTS_2(m, kind, __VA_ARGS__)
#define EM_PARTS_4(m, kind, x, ...) m(kind, x) EM_PARTS_3(m, kind, __VA_ARGS__)
#define EM_PARTS_5(m, kind, x, ...) m(kind, x) EM_PARTS_4(m, kind, __VA_ARGS__)
#define EM_PARTS_6(m, kind, x, ...) m(kind, x) EM_PARTS_5(m, kind, __VA_ARGS__)
#define EM_PARTS_7(m, kind, x, ...) m(kind, x) EM_PARTS_6(m, kind, __VA_ARGS__)
#define EM_PARTS_8(m, kind, x, ...) m(kind, x) EM_PARTS_7(m, kind, __VA_ARGS__)
#define EM_PARTS_9(m, kind, x, ...) m(kind, x) EM_PARTS_8(m, kind, __VA_ARGS__)

/* The payload of the parts of one kind; how many there are (`+ 1` for each); is every part of a kind in use here. */
#define EM_PART_(kind, ...) EM_PARTS_(EM_TAKE_, kind, __VA_ARGS__)
#define EM_PART_COUNT_(kind, ...) (0 EM_PARTS_(EM_TALLY_, kind, __VA_ARGS__))
#define EM_PARTS_KNOWN_(kinds, ...) (1 EM_PARTS_(EM_KNOWN_, kinds, __VA_ARGS__))

#define EM_TAKE_(kind, part) EM_CAT_(EM_TAKE_, EM_IS_KIND_(kind, part))(part)
#define EM_TAKE_0(part)
#define EM_TAKE_1(part) EM_TAKE__(EM_UNWRAP_ part)
#define EM_TAKE__(...) EM_TAKE___(__VA_ARGS__)
#define EM_TAKE___(kind, ...) EM_PAYLOAD_##kind(__VA_ARGS__)
#define EM_PAYLOAD_pool_(...) -1 + (__VA_ARGS__)
#define EM_PAYLOAD_priority_(...) +(__VA_ARGS__)
#define EM_PAYLOAD_args_(...) __VA_ARGS__
#define EM_PAYLOAD_vars_(...) __VA_OPT__(__VA_ARGS__;)
#define EM_TALLY_(kind, part) +EM_IS_KIND_(kind, part)
#define EM_KNOWN_(kinds, part) &&EM_IS_KIND_(kinds, part)

/* EM_GIVEN_ of the kind, if the part is one. */
#define EM_IF_GIVEN_(kind, part) EM_CAT_(EM_IF_GIVEN_, EM_IS_KIND_(kind, part))(kind)
#define EM_IF_GIVEN_0(kind)
#define EM_IF_GIVEN_1(kind) EM_CAT_(EM_GIVEN_, kind)

#define EM_IS_KIND_(kind, part) EM_CAT_(EM_IS_KIND_, EM_IS_PAREN_(part))(kind, part)
#define EM_IS_KIND_0(kind, part) 0
#define EM_IS_KIND_1(kind, part) EM_IS_KIND__(kind, EM_UNWRAP_ part, )
#define EM_IS_KIND__(...) EM_IS_KIND___(__VA_ARGS__)
#define EM_IS_KIND___(kind, of, ...) EM_SECOND_(EM_KIND_##kind##of, 0, 0)
#define EM_KIND_pool_pool_ ~, 1
#define EM_KIND_priority_priority_ ~, 1
#define EM_KIND_args_args_ ~, 1
#define EM_KIND_vars_vars_ ~, 1
/* What TASK takes, and what ASYNC_FN takes. */
#define EM_KIND_task_none_ ~, 1
#define EM_KIND_task_pool_ ~, 1
#define EM_KIND_task_priority_ ~, 1
#define EM_KIND_task_args_ ~, 1
#define EM_KIND_task_vars_ ~, 1
#define EM_KIND_fn_none_ ~, 1
#define EM_KIND_fn_args_ ~, 1
#define EM_KIND_fn_vars_ ~, 1
