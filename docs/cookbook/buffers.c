/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Buffers that change hands without being copied: two channels of pointers, one for the full, one for the
 * empty. Whoever took a pointer out of a channel owns what it points to.
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

enum { BLOCKS = 2 };
static struct block blocks[BLOCKS];
EM_CHANNEL_TYPE(block_queue, struct block *, BLOCKS);
static block_queue empty;
static block_queue full;

TASK(producer, VARS(block_queue_receive_future get; block_queue_send_future put; struct block *block; unsigned i))
{
    ASYNC {
        for (self->i = 1; self->i <= 4; self->i++) {
            AWAIT_INTO(self->block, block_queue_receive(&self->get, &empty)); /* waits while all are in use */
            self->block->number = self->i;
            self->block->length = sizeof self->block->bytes;
            AWAIT(block_queue_send(&self->put, &full, self->block)); /* not ours any more */
        }
    }
}

TASK(consumer, VARS(block_queue_receive_future get; block_queue_send_future put; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 4; self->i++) {
            AWAIT(block_queue_receive(&self->get, &full));
            em_print("block %u of %u bytes\n", self->get.out->number, self->get.out->length);
            AWAIT(block_queue_send(&self->put, &empty, self->get.out));
        }
        em_print("%u buffers are back\n", (unsigned)block_queue_len(&empty));
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        for (int i = 0; i < BLOCKS; i++) {
            int err = block_queue_try_send(&empty, &blocks[i]);
            EM_ASSERT(err == EM_OK);
        }
        em_must_spawn(self->spawner, producer());
        em_must_spawn(self->spawner, consumer());
    }
}
