/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bytes come in pieces of any length, and are wanted by the line: a pipe between who has them and who splits them.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   line: hello
 *   line: a line in three pieces
 *   line: bye
 *   the last line was not complete: 4 bytes
 */
#include <em/async.h>
#include <em/board.h>
#include <string.h>

static uint8_t buffer[16]; /* less than the longest line */
static em_pipe input = EM_PIPE_INIT(buffer, sizeof buffer);

/* An interrupt handler would call em_pipe_try_write(). */
TASK(line_noise, VARS(em_pipe_write_all_future write; em_timer gap; unsigned i))
{
    static const char *const pieces[] = {"hello\na line", " in three", " pieces\nbye\n", "and?"};
    ASYNC {
        for (self->i = 0; self->i < 4; self->i++) {
            AWAIT(em_pipe_write_all(&self->write, &input, pieces[self->i], strlen(pieces[self->i])));
            AWAIT(em_timer_after(&self->gap, em_ms(5)));
        }
    }
}

/* The next line without its end, its length; or how much there was of it after half a second without more. */
ASYNC_FN(int, read_line, ARGS((char *, line), (unsigned, size)),
         VARS(em_pipe_fill_buf_future lent; em_timeout limit; unsigned length))
{
    ASYNC {
        for (self->length = 0; self->length + 1 < self->size;) {
            int err;
            AWAIT_INTO(err, WITH_TIMEOUT(&self->limit, em_ms(500), em_pipe_fill_buf(&self->lent, &input)));
            if (err)
                RETURN(-(int)self->length);
            char c = (char)self->lent.out.data[0]; /* in place: all self->lent.out.len could be looked at */
            em_pipe_consume(&input, 1);
            if (c == '\n')
                break;
            self->line[self->length++] = c;
        }
        self->line[self->length] = '\0';
        RETURN((int)self->length);
    }
}

MAIN(VARS(struct read_line read; char line[40]))
{
    ASYNC {
        em_must_spawn(self->spawner, line_noise());
        for (;;) {
            AWAIT(read_line(&self->read, self->line, sizeof self->line));
            if (self->read.out < 0)
                break;
            em_print("line: %s\n", self->line);
        }
        em_print("the last line was not complete: %d bytes\n", -self->read.out);
        em_board_exit(0);
    }
}
