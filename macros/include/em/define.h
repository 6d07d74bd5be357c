/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Definitions: TASK, MAIN, ASYNC_FN, and the parts POOL, PRIORITY, ARGS, VARS.
 *
 * Flow: name(args) claims a slot and fills its frame -> em_spawn -> the executor -> name__body
 *
 * A task `blink` becomes: struct blink, its frame; blink__pool, its slots in .bss; blink__type, its constant
 * facts; blink__body, which the braces after TASK belong to; and the function blink(). docs/MACROS.md shows all.
 */
#pragma once

#include <em/check_await.h>
#include <em/executor.h>
#include <em/frame.h>
#include <em/parts.h>
#include <em/task.h>

/**
 * A task: `TASK(name, parts…) { ASYNC { … } }`. Parts, in any order, each optional: POOL, PRIORITY, ARGS, VARS.
 *
 * Defines `em_spawn_token name(args…)`, which claims a slot; give the token to em_spawn(). The frame `self`
 * is zeroed, but for the arguments. In another file a plain prototype declares the task.
 */
#define TASK(name, ...) EM_TASK_("TASK", name, #name, (none_) __VA_OPT__(, ) __VA_ARGS__)

/** The first task: `MAIN(VARS(…)) { ASYNC { … } }`. self->spawner spawns on the boot hart's executor. */
#define MAIN(...)                                                     \
    EM_TASK_("MAIN", em_MAIN_defines_the_first_task, "MAIN", (none_), \
             ARGS((em_spawner, spawner)) __VA_OPT__(, ) __VA_ARGS__)

/**
 * An async function, private to its file: `ASYNC_FN(type, name, parts…) { ASYNC { … } }`. Parts: ARGS, VARS.
 *
 * Defines `struct name`, storage that the caller holds in its VARS, and `name(&self->storage, args…)`, an
 * awaitable whose `out` has the type, unless that is void. The variables are unset on entry, as C locals are.
 */
#define ASYNC_FN(type, name, ...)                                  \
    EM_FN_(static, type, name, (none_) __VA_OPT__(, ) __VA_ARGS__) \
    EM_FN_BODY_(static, name)

/** An async function for other files: `ASYNC_FN_DECL(type, name, parts…);` in a header … */
#define ASYNC_FN_DECL(type, name, ...) \
    EM_FN_(extern, type, name, (none_) __VA_OPT__(, ) __VA_ARGS__) struct name

/** … and `ASYNC_FN_DEF(name) { ASYNC { … } }` in one .c file. */
#define ASYNC_FN_DEF(name) EM_FN_BODY_(, name)

/** How many of this task can exist at a time; 1 if absent. */
#define POOL(...) (pool_, __VA_ARGS__)
/** The task's priority, 0 (low, if absent) to 7. */
#define PRIORITY(...) (priority_, __VA_ARGS__)
/** Up to 8 arguments: ARGS((type, name), …). */
#define ARGS(...) (args_, __VA_ARGS__)
/** Variables that survive awaits, as in a struct: VARS(int a; em_timer t). */
#define VARS(...) (vars_, __VA_ARGS__)

/** In VARS: storage of which one member at a time is used: ONE_OF(type a, type b, …), up to 12. */
#define ONE_OF(...)                                              \
    union {                                                      \
        EM_CAT_(EM_ONE_OF_, EM_COUNT_(__VA_ARGS__))(__VA_ARGS__) \
    }
#define EM_ONE_OF_1(x) x;
#define EM_ONE_OF_2(x, ...) x; EM_ONE_OF_1(__VA_ARGS__)
#define EM_ONE_OF_3(x, ...) x; EM_ONE_OF_2(__VA_ARGS__)
#define EM_ONE_OF_4(x, ...) x; EM_ONE_OF_3(__VA_ARGS__)
#define EM_ONE_OF_5(x, ...) x; EM_ONE_OF_4(__VA_ARGS__)
#define EM_ONE_OF_6(x, ...) x; EM_ONE_OF_5(__VA_ARGS__)
#define EM_ONE_OF_7(x, ...) x; EM_ONE_OF_6(__VA_ARGS__)
#define EM_ONE_OF_8(x, ...) x; EM_ONE_OF_7(__VA_ARGS__)
#define EM_ONE_OF_9(x, ...) x; EM_ONE_OF_8(__VA_ARGS__)
#define EM_ONE_OF_10(x, ...) x; EM_ONE_OF_9(__VA_ARGS__)
#define EM_ONE_OF_11(x, ...) x; EM_ONE_OF_10(__VA_ARGS__)
#define EM_ONE_OF_12(x, ...) x; EM_ONE_OF_11(__VA_ARGS__)
#define EM_ONE_OF_many_(...) _Static_assert(0, "ONE_OF takes up to 12 members");

#if EM_CFG_CHECKS
/* Who spawns, and in which line. */
#define em_spawn(s, token) em_spawn(s, em_check_spawn_(token, __FILE__, __LINE__))
#define em_must_spawn(s, token) em_must_spawn(s, em_check_spawn_(token, __FILE__, __LINE__))
#define em_spawn_handle(s, token, out) em_spawn_handle(s, em_check_spawn_(token, __FILE__, __LINE__), out)
#endif

/* -- tasks --------------------------------------------------------------------------------------- */

#define EM_TASK_(what, name_, text, ...)                                                         \
    EM_TASK__(what, name_, text, (EM_PART_(args_, __VA_ARGS__)), (EM_PART_(vars_, __VA_ARGS__)), \
              (1 EM_PART_(pool_, __VA_ARGS__)), (0 EM_PART_(priority_, __VA_ARGS__)), __VA_ARGS__)

#define EM_TASK__(what, name_, text, args, vars, count_, prio, ...)                                      \
    EM_CHECK_PARTS_(what, task_, "POOL(n), PRIORITY(p), ARGS(...), VARS(...)", name_, args, __VA_ARGS__) \
    EM_CHECK_(EM_PART_COUNT_(pool_, __VA_ARGS__) <= 1, what, name_, "POOL is given twice")               \
    EM_CHECK_(EM_PART_COUNT_(priority_, __VA_ARGS__) <= 1, what, name_, "PRIORITY is given twice")       \
    EM_CHECK_(count_ >= 1 && count_ <= UINT16_MAX, what, name_, "POOL(n) needs a size of 1 to 65535")    \
    EM_CHECK_(prio >= 0 && prio <= 7, what, name_, "PRIORITY(p) is 0 (low) to 7")                        \
    EM_PARTS_(EM_IF_GIVEN_, priority_, __VA_ARGS__)                                                      \
    EM_FRAME_(name_, char RETURN_needs_a_value_here; EM_CHECK_OWES_(1), , args, vars)                    \
    EM_BODY_PROTOTYPE_(name_);                                                                           \
    EM_POOL_(what, name_, count_)                                                                        \
    static const em_task_type name_##__type = {                                                          \
        .ops = EM_OPS_(name_, text),                                                                     \
        .slots = &name_##__pool[0].task,                                                                 \
        .pool = count_ > 1 ? &name_##__free : NULL,                                                      \
        .file = __FILE__,                                                                                \
        .slot_bytes = sizeof(struct name_##__slot),                                                      \
        .pool_bytes = sizeof name_##__pool,                                                              \
        .line = __LINE__,                                                                                \
        .count = (uint16_t)count_,                                                                       \
        .priority = (uint8_t)prio,                                                                       \
        .header_bytes = sizeof(em_task)};                                                                \
    EM_LIST_TASK_TYPE(name_##__type);                                                                    \
    EM_CLAIM_(name_, count_, args)                                                                       \
    EM_BODY_PROTOTYPE_(name_)

/* Who has a priority needs who polls by it, priority.c: a name that nobody uses brings it in, and makes no byte. */
#define EM_GIVEN_priority_ __asm__(".globl em_set_priority");

/* The slots, and, for a pool of several, the list of the free ones: unused and left out for a pool of one. */
#define EM_POOL_(what, name_, count_)                                                \
    struct name_##__slot {                                                           \
        em_task task;                                                                \
        struct name_ frame;                                                          \
    };                                                                               \
    EM_CHECK_(offsetof(struct name_##__slot, frame) == sizeof(em_task), what, name_, \
              "a variable is aligned to more than 8 bytes")                          \
    static struct name_##__slot name_##__pool[count_ > 0 ? count_ : 1];              \
    static __attribute__((unused)) em_pool name_##__free;

/* Inline where the compiler likes it, and external for other files. */
#define EM_CLAIM_(name_, count_, args)                                                                \
    EM_MUST_USE em_spawn_token name_(EM_PARAMS_ args);                                                \
    inline em_spawn_token name_(EM_PARAMS_ args)                                                      \
    {                                                                                                 \
        em_task *em_task_ = em_task_claim_(&name_##__type, &name_##__pool[0].task, (unsigned)count_); \
        if (__builtin_expect(em_task_ == NULL, 0))                                                    \
            return em_token_of_full_pool_(&name_##__type);                                            \
        struct name_ *em_frame_ = &((struct name_##__slot *)(void *)em_task_)->frame;                 \
        em_frame_->future.ops = &name_##__type.ops;                                                   \
        EM_STORES_ args                                                                               \
        return em_token_of_slot_(em_task_);                                                           \
    }

/* -- async functions ----------------------------------------------------------------------------- */

#define EM_FN_(linkage, type, name_, ...) \
    EM_FN__(linkage, type, name_, (EM_PART_(args_, __VA_ARGS__)), (EM_PART_(vars_, __VA_ARGS__)), __VA_ARGS__)

#define EM_FN__(linkage, type, name_, args, vars, ...)                                 \
    EM_CHECK_PARTS_("ASYNC_FN", fn_, "ARGS(...), VARS(...)", name_, args, __VA_ARGS__) \
    EM_FRAME_(name_, EM_IF_VOID_(type)(char RETURN_needs_a_value_here; EM_CHECK_OWES_(1)) \
              EM_IF_NOT_VOID_(type)(EM_CHECK_OWES_(2)),                                \
              EM_IF_NOT_VOID_(type)(type out;), args, vars)                            \
    linkage const em_fn_type name_##__type;                                            \
    static inline struct name_ *name_(struct name_ *em_frame_ EM_MORE_PARAMS_ args)    \
    {                                                                                  \
        if (EM_CFG_DEBUG)                                                              \
            __builtin_memset(em_frame_, 0xa5, sizeof *em_frame_);                      \
        em_frame_->future.ops = &name_##__type.ops;                                    \
        em_frame_->frame_.pc = EM_PC_START;                                            \
        EM_STORES_ args                                                                \
        return em_frame_;                                                              \
    }

#define EM_FN_BODY_(linkage, name_)                                                               \
    EM_CHECK_(sizeof(struct name_) > 0, "ASYNC_FN_DEF", name_, "stands behind its ASYNC_FN_DECL") \
    EM_BODY_PROTOTYPE_(name_);                                                                    \
    linkage const em_fn_type name_##__type = {.ops = EM_OPS_(name_, #name_), .file = __FILE__};   \
    EM_BODY_PROTOTYPE_(name_)

/* EM_IF_VOID_(type)(x) is x if the type is void. A pointer to void needs a typedef. */
#define EM_IF_VOID_(type) EM_CAT_(EM_KEEP_, EM_SECOND_(EM_VOID_##type, 0, 0))
#define EM_IF_NOT_VOID_(type) EM_CAT_(EM_OMIT_, EM_SECOND_(EM_VOID_##type, 0, 0))
#define EM_VOID_void ~, 1
#define EM_KEEP_0(x)
#define EM_KEEP_1(x) x
#define EM_OMIT_0(x) x
#define EM_OMIT_1(x)

/* -- both ---------------------------------------------------------------------------------------- */

#define EM_FRAME_(name_, no_result, result, args, vars) \
    struct name_ {                                      \
        union {                                         \
            em_future future;                           \
            em_frame frame_;                            \
            no_result                                   \
        };                                              \
        result EM_MEMBERS_ args EM_UNWRAP_ vars         \
    };

/* Neither inlined nor cloned: its labels are addresses. */
#if defined(__clang__)
#define EM_NOCLONE_
#else
#define EM_NOCLONE_ , __noclone__
#endif
#define EM_BODY_PROTOTYPE_(name_)                                           \
    __attribute__((__noinline__ EM_NOCLONE_)) static em_poll name_##__body( \
        __attribute__((__unused__)) struct name_ *self, __attribute__((__unused__)) em_context *cx)

/* The body is the poll function: frame and future have one address, so no wrapper stands in the way. */
#define EM_OPS_(name_, text)                                                       \
    {.poll = (em_poll(*)(em_future *, em_context *))(void (*)(void))name_##__body, \
     .drop = em_frame_drop,                                                        \
     .name = text}

#define EM_CHECK_(condition, what, name_, message) _Static_assert(condition, what "(" #name_ "): " message);

#define EM_CHECK_PARTS_(what, kinds, list, name_, args, ...)                                  \
    EM_CHECK_(EM_PARTS_KNOWN_(kinds, __VA_ARGS__), what, name_, "a part is not one of " list) \
    EM_CHECK_(EM_PART_COUNT_(args_, __VA_ARGS__) <= 1, what, name_, "ARGS is given twice")    \
    EM_CHECK_(EM_PART_COUNT_(vars_, __VA_ARGS__) <= 1, what, name_, "VARS is given twice")    \
    EM_CHECK_(EM_ARGS_OK_ args, what, name_, "ARGS takes up to 8 pairs: ARGS((type, name), (type, name))")
