/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The pipe: a ring of bytes, part of which is being copied out, part of which is being copied in.
 *
 * A reader takes bytes off the ring with the lock, copies them without, and then gives their place back with
 * the lock again; a writer places bytes likewise. Several may copy at a time: the last to be done ends it for all.
 *
 * Invariant: while somebody reads or writes nothing, whoever waits has nothing to wait for but its turn:
 * a reader waits only while nothing can be read or another has the turn, a writer likewise. serve() sees to
 * it after every change, whatever the change was.
 *
 * Flow: em_pipe_write's poll -> place -> serve -> em_wake -> em_pipe_read's poll -> take -> serve
 */
#include <em/assert.h>
#include <em/pipe.h>

#include <string.h>

/* -- with the lock ---------------------------------------------------------------------------------- */

static uint32_t room(const em_pipe *p)
{
    return p->capacity - p->taken - p->length - p->placed;
}

static bool is_full(const em_pipe *p)
{
    return p->taken + p->length == p->capacity;
}

/* The place @p n bytes behind @p at. Both are at most the capacity. */
static uint32_t behind(const em_pipe *p, uint32_t at, uint32_t n)
{
    uint32_t sum = at + n;
    return sum < p->capacity ? sum : sum - p->capacity;
}

static uint32_t smaller(size_t a, uint32_t b)
{
    return a < b ? (uint32_t)a : b;
}

/* Wake the first, with the lock released for a moment. */
static em_irq wake_first(em_pipe *p, em_wait_list *l, em_irq irq)
{
    em_wait_list_wake_release(l, &p->lock, irq);
    return em_lock_acquire(&p->lock);
}

/* Who can go on? One a critical section. Releases the lock. */
static void serve(em_pipe *p, em_irq irq)
{
    if (p->length > 0 && !p->read_turn && !em_wait_list_empty(&p->readers)) {
        p->read_turn = true;
        irq = wake_first(p, &p->readers, irq);
    }
    if (room(p) > 0 && !p->write_turn && !em_wait_list_empty(&p->writers)) {
        p->write_turn = true;
        irq = wake_first(p, &p->writers, irq);
    }
    while (is_full(p) && !em_wait_list_empty(&p->watchers)) {
        irq = wake_first(p, &p->watchers, irq);
    }
    em_lock_release(&p->lock, irq);
}

static bool may_read(const em_pipe *p)
{
    return p->length > 0 && !p->read_turn && em_wait_list_empty(&p->readers);
}

static bool may_write(const em_pipe *p)
{
    return room(p) > 0 && !p->write_turn && em_wait_list_empty(&p->writers);
}

/* Take up to @p max bytes off the ring; they stay where they are until end_taking(). */
static em_pipe_bytes begin_taking(em_pipe *p, uint32_t max)
{
    em_pipe_bytes bytes = {p->buffer + p->first, smaller(max, p->length)};
    p->first = behind(p, p->first, (uint32_t)bytes.len);
    p->length -= (uint32_t)bytes.len;
    p->taken += (uint32_t)bytes.len;
    p->takers++;
    return bytes;
}

static void end_taking(em_pipe *p)
{
    if (--p->takers == 0) {
        p->taken = 0;
    }
}

/* With the turn, or may_read(). Copies without the lock. */
static uint32_t take(em_pipe *p, uint8_t *buf, size_t len, em_irq irq)
{
    em_pipe_bytes bytes = begin_taking(p, smaller(len, p->capacity));
    em_lock_release(&p->lock, irq);
    uint32_t n = (uint32_t)bytes.len;
    uint32_t straight = smaller(n, (uint32_t)(p->buffer + p->capacity - bytes.data));
    memcpy(buf, bytes.data, straight);
    memcpy(buf + straight, p->buffer, n - straight);
    irq = em_lock_acquire(&p->lock);
    end_taking(p);
    serve(p, irq);
    return n;
}

static em_pipe_bytes lend(em_pipe *p)
{
    em_pipe_bytes bytes = begin_taking(p, p->capacity - p->first);
    p->lent = (uint32_t)bytes.len;
    p->loan_cleared = false;
    p->read_turn = true;
    return bytes;
}

/* With the turn, or may_write(). Copies without the lock, which is held again afterwards; nobody is woken yet. */
static em_irq place(em_pipe *p, const uint8_t *buf, uint32_t n, em_irq irq)
{
    uint32_t at = behind(p, behind(p, p->first, p->length), p->placed);
    p->placed += n;
    p->placers++;
    em_lock_release(&p->lock, irq);
    uint32_t straight = smaller(n, p->capacity - at);
    memcpy(p->buffer + at, buf, straight);
    memcpy(p->buffer, buf + straight, n - straight);
    irq = em_lock_acquire(&p->lock);
    if (--p->placers == 0) {
        p->length += p->placed;
        p->placed = 0;
    }
    return irq;
}

/* It had the turn and found nothing: it waits before all others. */
static void wait_first(em_wait_list *l, em_wait_node *n, em_context *cx)
{
    em_wait_list_add(l, n, em_context_waker(cx));
    l->first = n; /* from the last place of a ring to the first */
}

/* -- reading ---------------------------------------------------------------------------------------- */

/* May this one read? If not, it waits, and the lock is released. */
static bool read_begins(em_pipe *p, em_wait_node *n, em_context *cx, em_irq irq)
{
    if (!em_wait_node_notified(n)) {
        if (may_read(p)) {
            return true;
        }
        em_wait_list_wait(&p->readers, n, cx, &p->lock, irq);
        return false;
    }
    em_wait_node_init(n);
    p->read_turn = false;
    if (p->length == 0) { /* cleared meanwhile */
        wait_first(&p->readers, n, cx);
        em_lock_release(&p->lock, irq);
        return false;
    }
    return true;
}

static em_poll pipe_read_poll(em_future *f, em_context *cx)
{
    em_pipe_read_future *r = (em_pipe_read_future *)(void *)f;
    r->out = 0;
    if (r->len > 0) {
        em_irq irq = em_lock_acquire(&r->pipe->lock);
        if (!read_begins(r->pipe, &r->node, cx, irq)) {
            return EM_PENDING;
        }
        r->out = (int)take(r->pipe, r->buf, r->len, irq);
    }
    return EM_READY;
}

static em_poll pipe_fill_buf_poll(em_future *f, em_context *cx)
{
    em_pipe_fill_buf_future *b = (em_pipe_fill_buf_future *)(void *)f;
    em_irq irq = em_lock_acquire(&b->pipe->lock);
    if (!read_begins(b->pipe, &b->node, cx, irq)) {
        return EM_PENDING;
    }
    b->out = lend(b->pipe);
    em_lock_release(&b->pipe->lock, irq);
    return EM_READY;
}

static void leave_readers(em_pipe *p, em_wait_node *n)
{
    em_irq irq = em_lock_acquire(&p->lock);
    if (em_wait_list_leave(&p->readers, n)) {
        p->read_turn = false;
    }
    serve(p, irq);
}

static void pipe_read_drop(em_future *f)
{
    em_pipe_read_future *r = (em_pipe_read_future *)(void *)f;
    leave_readers(r->pipe, &r->node);
}

static void pipe_fill_buf_drop(em_future *f)
{
    em_pipe_fill_buf_future *b = (em_pipe_fill_buf_future *)(void *)f;
    leave_readers(b->pipe, &b->node);
}

int em_pipe_try_read(em_pipe *p, void *buf, size_t len)
{
    if (len == 0) {
        return 0;
    }
    em_irq irq = em_lock_acquire(&p->lock);
    if (!may_read(p)) {
        em_lock_release(&p->lock, irq);
        return EM_ERR_AGAIN;
    }
    return (int)take(p, (uint8_t *)buf, len, irq);
}

int em_pipe_try_fill_buf(em_pipe *p, em_pipe_bytes *out)
{
    em_irq irq = em_lock_acquire(&p->lock);
    bool may = may_read(p);
    if (may) {
        *out = lend(p);
    }
    em_lock_release(&p->lock, irq);
    return may ? EM_OK : EM_ERR_AGAIN;
}

void em_pipe_consume(em_pipe *p, size_t n)
{
    em_irq irq = em_lock_acquire(&p->lock);
    EM_ASSERT(p->lent > 0 && n <= p->lent);
    uint32_t rest = p->loan_cleared ? 0 : p->lent - (uint32_t)n;
    p->first = p->first < rest ? p->first + p->capacity - rest : p->first - rest;
    p->length += rest;
    p->taken -= rest;
    p->lent = 0;
    p->read_turn = false;
    end_taking(p);
    serve(p, irq);
}

void em_pipe_clear(em_pipe *p)
{
    em_irq irq = em_lock_acquire(&p->lock);
    p->first = behind(p, p->first, p->length);
    p->taken += p->takers ? p->length : 0; /* no room before those in front of it are done */
    p->length = 0;
    p->loan_cleared = true;
    serve(p, irq);
}

/* -- writing ---------------------------------------------------------------------------------------- */

/* May this one write? If not, it waits, and the lock is released. */
static bool write_begins(em_pipe *p, em_wait_node *n, em_context *cx, em_irq irq)
{
    if (em_wait_node_notified(n)) {
        em_wait_node_init(n);
        return true;
    }
    if (may_write(p)) {
        return true;
    }
    em_wait_list_wait(&p->writers, n, cx, &p->lock, irq);
    return false;
}

/* With the turn. True: it has written what it was to write. Releases the lock. */
static bool write_some(em_pipe_write_future *w, em_context *cx, em_irq irq)
{
    em_pipe *p = w->pipe;
    uint32_t n;
    while ((n = smaller(w->len - w->written, room(p))) > 0) {
        bool more = w->all && n < w->len - w->written;
        p->write_turn = more;
        irq = place(p, w->buf + w->written, n, irq);
        w->written += n;
        if (!more) {
            serve(p, irq);
            return true;
        }
    }
    p->write_turn = false;
    wait_first(&p->writers, &w->node, cx);
    serve(p, irq);
    return false;
}

static em_poll pipe_write_poll(em_future *f, em_context *cx)
{
    em_pipe_write_future *w = (em_pipe_write_future *)(void *)f;
    if (w->len > 0) {
        em_irq irq = em_lock_acquire(&w->pipe->lock);
        if (!write_begins(w->pipe, &w->node, cx, irq) || !write_some(w, cx, irq)) {
            return EM_PENDING;
        }
    }
    w->out = (int)w->written;
    return EM_READY;
}

static void pipe_write_drop(em_future *f)
{
    em_pipe_write_future *w = (em_pipe_write_future *)(void *)f;
    em_pipe *p = w->pipe;
    em_irq irq = em_lock_acquire(&p->lock);
    if (em_wait_list_leave(&p->writers, &w->node)) {
        p->write_turn = false;
    }
    serve(p, irq);
}

static int try_write(em_pipe *p, const void *buf, uint32_t min, size_t len)
{
    if (len == 0) {
        return 0;
    }
    em_irq irq = em_lock_acquire(&p->lock);
    if (!may_write(p) || room(p) < min) {
        em_lock_release(&p->lock, irq);
        return EM_ERR_AGAIN;
    }
    uint32_t n = smaller(len, room(p));
    irq = place(p, (const uint8_t *)buf, n, irq);
    serve(p, irq);
    return (int)n;
}

int em_pipe_try_write(em_pipe *p, const void *buf, size_t len)
{
    return try_write(p, buf, 1, len);
}

int em_pipe_try_write_all(em_pipe *p, const void *buf, size_t len)
{
    return len > p->capacity ? EM_ERR_NOSPC : try_write(p, buf, (uint32_t)len, len);
}

/* -- looking ---------------------------------------------------------------------------------------- */

size_t em_pipe_free(em_pipe *p)
{
    em_irq irq = em_lock_acquire(&p->lock);
    size_t n = room(p);
    em_lock_release(&p->lock, irq);
    return n;
}

bool em_pipe_is_full(em_pipe *p)
{
    em_irq irq = em_lock_acquire(&p->lock);
    bool full = is_full(p);
    em_lock_release(&p->lock, irq);
    return full;
}

static em_poll pipe_wait_full_poll(em_future *f, em_context *cx)
{
    em_pipe_wait_full_future *w = (em_pipe_wait_full_future *)(void *)f;
    em_pipe *p = w->pipe;
    em_irq irq = em_lock_acquire(&p->lock);
    if (!is_full(p)) { /* again, if it is read before we looked */
        return em_wait_list_wait(&p->watchers, &w->node, cx, &p->lock, irq);
    }
    em_wait_list_leave(&p->watchers, &w->node);
    em_lock_release(&p->lock, irq);
    return EM_READY;
}

static void pipe_wait_full_drop(em_future *f)
{
    em_pipe_wait_full_future *w = (em_pipe_wait_full_future *)(void *)f;
    em_irq irq = em_lock_acquire(&w->pipe->lock);
    em_wait_list_leave(&w->pipe->watchers, &w->node);
    em_lock_release(&w->pipe->lock, irq);
}

const em_future_ops em_pipe_read_ops = {.poll = pipe_read_poll, .drop = pipe_read_drop, .name = "pipe_read"};
const em_future_ops em_pipe_fill_buf_ops = {
    .poll = pipe_fill_buf_poll, .drop = pipe_fill_buf_drop, .name = "pipe_fill_buf"};
const em_future_ops em_pipe_write_ops = {.poll = pipe_write_poll, .drop = pipe_write_drop, .name = "pipe_write"};
const em_future_ops em_pipe_wait_full_ops = {
    .poll = pipe_wait_full_poll, .drop = pipe_wait_full_drop, .name = "pipe_wait_full"};
