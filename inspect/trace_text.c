/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The recording as text: head, then each ring, oldest first, then the end.
 *
 * Flow: em_trace_print, em_monitor -> here -> em_trace_rings_
 */
#include <em/arch.h>
#include <em/recording.h>
#include <em/trace_ring.h>

/* -- a line ---------------------------------------------------------------------------------------- */

static char *put_text(char *at, const char *text)
{
    while (*text) {
        *at++ = *text++;
    }
    return at;
}

static char *put_hex(char *at, uint64_t value, unsigned digits)
{
    *at++ = ' ';
    while (digits-- > 0) {
        *at++ = "0123456789abcdef"[value >> (4 * digits) & 15];
    }
    return at;
}

static char *put_number(char *at, uint32_t value)
{
    char digits[10];
    unsigned n = 0;

    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    *at++ = ' ';
    while (n > 0) {
        *at++ = digits[--n];
    }
    return at;
}

/* -- what is in it --------------------------------------------------------------------------------- */

enum { HEAD, LOST, MASKED, HANDLER, RECORDS, END, OVER };

void em_trace_text_begin(em_trace_text *t)
{
    *t = (em_trace_text){.part = HEAD};
}

static char *head(char *at)
{
    at = put_number(put_text(at, "trace begin"), EM_CFG_MAX_HARTS);
    at = put_number(put_text(at, " rings of"), EM_CFG_TRACE_RECORDS);
    return put_text(at, " records");
}

/* The oldest of a full ring may be half overwritten. */
static void begin_ring(em_trace_text *t)
{
    t->end = (uint32_t)em_atomic_load((int32_t *)&em_trace_rings_[t->hart].written);
    t->next = t->end < EM_CFG_TRACE_RECORDS ? 0 : t->end - (EM_CFG_TRACE_RECORDS - 1);
}

static char *stretch(const em_trace_text *t, char *at, bool handler)
{
    const em_trace_stretch *s = handler ? &em_trace_rings_[t->hart].handler : &em_trace_rings_[t->hart].masked;
    if (s->cycles == 0) {
        return at;
    }
    at = put_number(put_text(at, handler ? "trace handler" : "trace masked"), t->hart);
    at = put_number(at, s->cycles);
    return handler ? put_number(put_number(at, s->from), s->to) : put_hex(put_hex(at, s->from, 8), s->to, 8);
}

static char *record(const em_trace_text *t, char *at)
{
    em_trace_record r = em_trace_rings_[t->hart].record[t->next % EM_CFG_TRACE_RECORDS];
    at = put_number(put_text(at, "trace"), t->hart);
    return put_hex(put_hex(put_hex(at, r.stamp, 16), r.object, 8), r.arg, 8);
}

/* The next part's line, which may be none. */
static char *line(em_trace_text *t, char *at)
{
    switch (t->part) {
    case HEAD:
        t->part++;
        return head(at);
    case LOST:
        begin_ring(t);
        t->part++;
        return t->next > 0 ? put_number(put_number(put_text(at, "trace lost"), t->hart), t->next) : at;
    case MASKED:
    case HANDLER:
        return stretch(t, at, t->part++ == HANDLER);
    case RECORDS:
        if (t->next != t->end) {
            at = record(t, at);
            t->next++;
            return at;
        }
        t->part = ++t->hart < EM_CFG_MAX_HARTS ? LOST : END;
        return at;
    default:
        t->part = OVER;
        return put_text(at, "trace end");
    }
}

size_t em_trace_text_line(em_trace_text *t, char *text)
{
    char *end = text;
    while (end == text && t->part != OVER) {
        end = line(t, text);
    }
    return (size_t)(end - text);
}
