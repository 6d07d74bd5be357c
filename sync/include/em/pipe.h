/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Pipes: a stream of bytes between any number of writers and readers, through a buffer of fixed size.
 *
 *     static uint8_t bytes[64];
 *     static em_pipe pipe = EM_PIPE_INIT(bytes, sizeof bytes);
 *
 * Flow: write -> the ring -> the longest waiting reader;  read, consume -> room -> the longest waiting writer
 *
 * Rules for pipes:
 *  - Bytes arrive in the order in which they were written. What one call of write or try_write took is together,
 *    and so is all that one write_all writes: whoever writes meanwhile is behind it.
 *  - FIFO on both sides: bytes, or room, are for the task that waited longest; try_ fails while anybody waits.
 *    One read gets what is together in the stream; two reads share it in the order of their turns.
 *  - A write_all says in `written` how far it came, also when it was dropped: that much was written, the rest not.
 *  - fill_buf lends bytes where they are. Until consume() nobody else reads. Who may be cancelled in between
 *    consumes 0 bytes in FINALLY.
 *  - Bytes are copied with interrupts on. What is being copied counts neither as there nor as room.
 */
#pragma once

#include <em/lock.h>
#include <em/wait_list.h>

typedef struct em_pipe {
    uint8_t *buffer;
    em_wait_list readers;
    em_wait_list writers;
    em_wait_list watchers; /* of its being full */
    uint32_t capacity;
    /* the ring, from the oldest byte on: taken, then length, then placed; the rest is room */
    uint32_t first;  /* where the oldest byte is that can be read */
    uint32_t length; /* bytes that can be read */
    uint32_t taken;  /* bytes before them that are being copied out, or lent */
    uint32_t placed; /* bytes behind them that are being copied in */
    uint32_t lent;   /* the last of the taken: can be given back */
    uint16_t takers; /* how many copy out, or have a loan */
    uint16_t placers;
    bool loan_cleared; /* what is not consumed of the loan is not given back */
    bool read_turn;    /* a reader was woken, or has a loan: nobody reads before it */
    bool write_turn;   /* a writer was woken, or is in the middle of a write_all: nobody writes before it */
    em_lock lock;
} em_pipe;

/* A pipe of @p size bytes, 1 to 2^31 - 1, in @p buffer, which is the pipe's from then on. */
#define EM_PIPE_INIT(buffer_, size)                                                                                \
    {                                                                                                              \
        .buffer = (buffer_), .capacity = EM_PIPE_CHECKED_(size)                                                    \
    }
#define EM_PIPE_CHECKED_(size)                                                                                     \
    (sizeof(struct {                                                                                               \
         _Static_assert((size) >= 1 && (size) <= INT32_MAX, "EM_PIPE_INIT: a pipe needs a size of at least 1");    \
         char c;                                                                                                   \
     }) *                                                                                                          \
     (size))

/* Bytes lent by em_pipe_fill_buf(). */
typedef struct em_pipe_bytes {
    const uint8_t *data;
    size_t len;
} em_pipe_bytes;

typedef struct em_pipe_read_future {
    em_future future;
    em_wait_node node;
    em_pipe *pipe;
    uint8_t *buf;
    size_t len;
    int out;
} em_pipe_read_future;

typedef struct em_pipe_fill_buf_future {
    em_future future;
    em_wait_node node;
    em_pipe *pipe;
    em_pipe_bytes out;
} em_pipe_fill_buf_future;

typedef struct em_pipe_write_future {
    em_future future;
    em_wait_node node;
    em_pipe *pipe;
    const uint8_t *buf;
    size_t len;
    size_t written; /* how many bytes are in the pipe; final once ready or dropped */
    int out;
    bool all;
} em_pipe_write_future, em_pipe_write_all_future;

typedef struct em_pipe_wait_full_future {
    em_future future;
    em_wait_node node;
    em_pipe *pipe;
} em_pipe_wait_full_future;

extern const em_future_ops em_pipe_read_ops;
extern const em_future_ops em_pipe_fill_buf_ops;
extern const em_future_ops em_pipe_write_ops;
extern const em_future_ops em_pipe_wait_full_ops;

/**
 * Awaitable: at least one byte was there, and is in @p buf. out: 1 .. @p len bytes, what was there
 *
 * Context: task
 * Shapes:  @p buf: @p len bytes, borrowed until ready or dropped; len 0 is ready at once with 0
 * Cancel:  loses nothing: the bytes stay for the next reader
 * Cost:    O(bytes), copied with interrupts on
 */
static inline em_pipe_read_future *em_pipe_read(em_pipe_read_future *r, em_pipe *p, void *buf, size_t len)
{
    r->future.ops = &em_pipe_read_ops;
    em_wait_node_init(&r->node);
    r->pipe = p;
    r->buf = (uint8_t *)buf;
    r->len = len;
    return r;
}

/**
 * Awaitable: at least one byte is lent to the caller. out: where it is, and how many, up to the end of the buffer
 *
 * The loan ends with em_pipe_consume(). Other readers wait until then.
 *
 * Context: task
 * Shapes:  the bytes are good, and stay where they are, until em_pipe_consume()
 * Cancel:  loses nothing: the bytes stay for the next reader. A loan that was made stays until it is consumed
 * Cost:    O(1), nothing is copied
 */
static inline em_pipe_fill_buf_future *em_pipe_fill_buf(em_pipe_fill_buf_future *f, em_pipe *p)
{
    f->future.ops = &em_pipe_fill_buf_ops;
    em_wait_node_init(&f->node);
    f->pipe = p;
    return f;
}

/**
 * End the loan: the first @p n of the lent bytes are read, the others stay for the next reader.
 *
 * There must be a loan of at least @p n bytes (asserts). 0 gives it back.
 *
 * Context: task | isr | any hart
 * Cost:    O(1)
 */
void em_pipe_consume(em_pipe *p, size_t n);

static inline em_pipe_write_future *em_pipe_write_init_(em_pipe_write_future *w, em_pipe *p, const void *buf,
                                                        size_t len, bool all)
{
    w->future.ops = &em_pipe_write_ops;
    em_wait_node_init(&w->node);
    w->pipe = p;
    w->buf = (const uint8_t *)buf;
    w->len = len;
    w->written = 0;
    w->all = all;
    return w;
}

/**
 * Awaitable: at least one byte of @p buf is in the pipe. out: 1 .. @p len bytes, as many as there was room for
 *
 * Context: task
 * Shapes:  @p buf: @p len bytes, borrowed until ready or dropped; len 0 is ready at once with 0
 * Cancel:  a write that is dropped before it was ready has written nothing
 * Cost:    O(bytes), copied with interrupts on
 */
static inline em_pipe_write_future *em_pipe_write(em_pipe_write_future *w, em_pipe *p, const void *buf, size_t len)
{
    return em_pipe_write_init_(w, p, buf, len, false);
}

/**
 * Awaitable: all of @p buf is in the pipe, together. out: @p len
 *
 * Context: task
 * Shapes:  @p buf: @p len bytes, up to INT_MAX, borrowed until ready or dropped; len 0 is ready at once
 * Cancel:  the first w->written bytes are in the pipe; nothing of the rest
 * Cost:    O(bytes), copied with interrupts on
 */
static inline em_pipe_write_all_future *em_pipe_write_all(em_pipe_write_all_future *w, em_pipe *p, const void *buf,
                                                          size_t len)
{
    return em_pipe_write_init_(w, p, buf, len, true);
}

/**
 * Awaitable: the pipe is full. Who reads then may find less, if somebody else read before.
 *
 * Context: task
 * Cancel:  loses nothing
 * Cost:    O(1)
 */
static inline em_pipe_wait_full_future *em_pipe_wait_full(em_pipe_wait_full_future *w, em_pipe *p)
{
    w->future.ops = &em_pipe_wait_full_ops;
    em_wait_node_init(&w->node);
    w->pipe = p;
    return w;
}

/**
 * Read what is there: 1 .. @p len bytes.
 *
 * Context: task | isr | any hart
 * Returns: how many bytes; 0 if @p len is 0
 * Errors:  EM_ERR_AGAIN  nothing is there, somebody waits for it, or has a loan
 * Cost:    O(bytes), copied with interrupts as they were
 */
EM_MUST_USE int em_pipe_try_read(em_pipe *p, void *buf, size_t len);

/** Lend what is there, as em_pipe_try_read() does. Context: task | isr | any hart. Errors: EM_ERR_AGAIN. Cost: O(1) */
EM_MUST_USE int em_pipe_try_fill_buf(em_pipe *p, em_pipe_bytes *out);

/**
 * Write what there is room for, a prefix of 1 .. @p len bytes.
 *
 * Context: task | isr | any hart
 * Returns: how many bytes; 0 if @p len is 0
 * Errors:  EM_ERR_AGAIN  there is no room, or a writer waits for it
 * Cost:    O(bytes), copied with interrupts as they were
 */
EM_MUST_USE int em_pipe_try_write(em_pipe *p, const void *buf, size_t len);

/**
 * Write all of @p buf, or nothing.
 *
 * Context: task | isr | any hart
 * Returns: @p len
 * Errors:  EM_ERR_AGAIN  there is not so much room, or a writer waits for it; EM_ERR_NOSPC  there never is
 * Cost:    O(bytes), copied with interrupts as they were
 */
EM_MUST_USE int em_pipe_try_write_all(em_pipe *p, const void *buf, size_t len);

/** Drop what can be read, and of a loan what will not be consumed. Context: task | isr | any hart. Cost: O(1) */
void em_pipe_clear(em_pipe *p);

/** How many bytes can be read. Context: task | isr | any hart; a snapshot */
static inline size_t em_pipe_len(const em_pipe *p)
{
    return p->length;
}

/** How many bytes there is room for. Context: task | isr | any hart; a snapshot */
size_t em_pipe_free(em_pipe *p);

/** Is there no byte to read? Context: task | isr | any hart; a snapshot */
static inline bool em_pipe_is_empty(const em_pipe *p)
{
    return p->length == 0;
}

/** Is it used up by bytes that were written, and perhaps are lent? Context: task | isr | any hart; a snapshot */
bool em_pipe_is_full(em_pipe *p);

/** How many bytes it can hold. Context: any */
static inline size_t em_pipe_capacity(const em_pipe *p)
{
    return p->capacity;
}
