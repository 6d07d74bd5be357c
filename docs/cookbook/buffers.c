/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Buffers that change hands without being copied: a zero-copy channel lends its places, first to who fills one, then
 * to who reads it. Who is cancelled in between gives back what it has.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   block 1 of 64 bytes
 *   block 2 of 64 bytes
 *   block 3 of 64 bytes
 *   block 4 of 64 bytes
 *   2 buffers are back
 */
#include <em/async.h>
#include <em/board.h>

struct block {
    unsigned number;
    unsigned length;
    uint8_t bytes[64];
};

EM_ZEROCOPY_CHANNEL_TYPE(block_queue, struct block, 2);
static block_queue blocks;

TASK(producer, VARS(block_queue_send_future send; struct block *block; em_timer slow; unsigned i))
{
    ASYNC_TRY {
        for (self->i = 1;; self->i++) {
            AWAIT_INTO(self->block, block_queue_send(&self->send, &blocks)); /* waits while all are in use */
            self->block->number = self->i;
            AWAIT(em_timer_after(&self->slow, em_ms(5)));
            self->block->length = sizeof self->block->bytes;
            block_queue_send_done(&blocks, self->block); /* not ours any more */
            self->block = NULL;
        }
    }
    FINALLY {
        if (self->block)
            block_queue_send_undo(&blocks, self->block);
    }
}

MAIN(VARS(block_queue_receive_future receive; struct block *block; em_task_handle producer; em_task_join ended; int i))
{
    ASYNC {
        if (em_spawn_handle(self->spawner, producer(), &self->producer) != EM_OK)
            em_board_exit(1);
        for (self->i = 0; self->i < 4; self->i++) {
            AWAIT_INTO(self->block, block_queue_receive(&self->receive, &blocks));
            em_print("block %u of %u bytes\n", self->block->number, self->block->length);
            block_queue_receive_done(&blocks, self->block);
        }
        em_task_cancel(self->producer); /* it has borrowed the next */
        AWAIT(em_task_wait(&self->ended, self->producer));
        em_print("%u buffers are back\n", (unsigned)block_queue_free(&blocks));
        em_board_exit(0);
    }
}
