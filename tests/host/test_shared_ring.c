/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The ring between images: two mappings of one memory at different addresses, indices across 2^32, an end that lies. */
#define _GNU_SOURCE
#include "test.h"

#include <em/shared_ring.h>
#include <pthread.h>
#include <string.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BYTES = 4096, ENTRIES = 8, MANY = 300000 };

static void *side_a, *side_b;

static void map_twice(void)
{
    int fd = memfd_create("ring", 0);
    CHECK(fd >= 0 && ftruncate(fd, BYTES) == 0);
    side_a = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    side_b = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(side_a != MAP_FAILED && side_b != MAP_FAILED && side_a != side_b);
    close(fd);
}

/* A ring whose indices stand just before 2^32; the two ends of it. */
static void near_the_wrap(em_ring_end *put, em_ring_end *take)
{
    map_twice();
    CHECK(em_shared_ring_create(put, side_a, BYTES, sizeof(uint64_t), ENTRIES) == EM_OK);
    put->ring->head = put->ring->tail = 0xfffffff0;
    CHECK(em_shared_ring_attach(take, side_b, BYTES, sizeof(uint64_t)) == EM_OK);
    CHECK((void *)put->ring != (void *)take->ring);
}

static void what_is_put_comes_out_in_order_across_the_wrap(void)
{
    em_ring_end put, take;
    near_the_wrap(&put, &take);
    uint64_t in = 0, out = 0, got;
    for (unsigned round = 0; round < 40; round++) {
        for (unsigned i = 0; i < 1 + round % ENTRIES; i++, in++) {
            CHECK(em_shared_ring_put(&put, &in) == (i == 0)); /* the bell, when it was empty */
        }
        for (; out < in; out++) {
            CHECK(em_shared_ring_take(&take, &got) >= 0 && got == out);
        }
        CHECK(em_shared_ring_take(&take, &got) == EM_ERR_AGAIN);
    }
    CHECK(put.ring->head < 0xfffffff0);
}

static void a_full_ring_says_so_and_room_rings_the_bell(void)
{
    em_ring_end put, take;
    near_the_wrap(&put, &take);
    uint64_t value = 1;
    for (unsigned i = 0; i < ENTRIES; i++) {
        CHECK(em_shared_ring_put(&put, &value) >= 0);
    }
    CHECK(em_shared_ring_put(&put, &value) == EM_ERR_AGAIN);
    CHECK(em_shared_ring_take(&take, &value) == 1);
    CHECK(em_shared_ring_take(&take, &value) == 0);
    CHECK(em_shared_ring_put(&put, &value) == 0);
}

static void who_attaches_finds_another_version_or_size(void)
{
    em_ring_end put, take;
    map_twice();
    CHECK(em_shared_ring_attach(&take, side_b, BYTES, 8) == EM_ERR_AGAIN);
    CHECK(em_shared_ring_create(&put, side_a, BYTES, 8, 3) == EM_ERR_INVAL);
    CHECK(em_shared_ring_create(&put, side_a, BYTES, 8, 512) == EM_ERR_INVAL);
    CHECK(em_shared_ring_create(&put, (char *)side_a + 8, BYTES - 8, 8, 8) == EM_ERR_INVAL);
    CHECK(em_shared_ring_create(&put, side_a, BYTES, 8, 256) == EM_OK);
    CHECK(em_shared_ring_attach(&take, side_b, BYTES, 16) == EM_ERR_INVAL);
    CHECK(em_shared_ring_attach(&take, side_b, BYTES / 2, 8) == EM_ERR_INVAL);
    put.ring->version++;
    CHECK(em_shared_ring_attach(&take, side_b, BYTES, 8) == EM_ERR_INVAL);
    put.ring->version--;
    put.ring->entries = 0x80000000;
    CHECK(em_shared_ring_attach(&take, side_b, BYTES, 8) == EM_ERR_INVAL);
}

static void an_index_that_lies_is_an_error(void)
{
    em_ring_end put, take;
    uint64_t value = 0;
    near_the_wrap(&put, &take);
    put.ring->head = 0x12345678;
    CHECK(em_shared_ring_take(&take, &value) == EM_ERR_IO);
    put.ring->head = take.ring->tail;
    take.ring->tail = 0x12345678;
    CHECK(em_shared_ring_put(&put, &value) == EM_ERR_IO);
    put.ring->entries = 1 << 30; /* our copy counts */
    take.ring->tail = put.ring->head;
    for (unsigned i = 0; i < ENTRIES; i++) {
        CHECK(em_shared_ring_put(&put, &value) >= 0);
    }
    CHECK(em_shared_ring_put(&put, &value) == EM_ERR_AGAIN);
}

static int32_t rung[2]; /* for room, for entries */

/* Sleeps as an image would: until the bell rings, and it must. */
static void await_bell(int32_t *bell)
{
    while (!__atomic_exchange_n(bell, 0, __ATOMIC_SEQ_CST)) {
        sched_yield();
    }
}

static void *produce(void *arg)
{
    em_ring_end *put = arg;
    for (uint64_t i = 0; i < MANY; i++) {
        int done;
        while ((done = em_shared_ring_put(put, &i)) == EM_ERR_AGAIN) {
            await_bell(&rung[0]);
        }
        if (done > 0) {
            __atomic_store_n(&rung[1], 1, __ATOMIC_SEQ_CST);
        }
    }
    return NULL;
}

static void no_bell_is_missing(void)
{
    em_ring_end put, take;
    pthread_t other;
    near_the_wrap(&put, &take);
    alarm(60);
    CHECK(pthread_create(&other, NULL, produce, &put) == 0);
    for (uint64_t i = 0; i < MANY; i++) {
        uint64_t got = 0;
        int done;
        while ((done = em_shared_ring_take(&take, &got)) == EM_ERR_AGAIN) {
            await_bell(&rung[1]);
        }
        CHECK(got == i);
        if (done > 0) {
            __atomic_store_n(&rung[0], 1, __ATOMIC_SEQ_CST);
        }
    }
    pthread_join(other, NULL);
    alarm(0);
}

int main(void)
{
    static const em_test tests[] = {
        TEST(what_is_put_comes_out_in_order_across_the_wrap), TEST(a_full_ring_says_so_and_room_rings_the_bell),
        TEST(who_attaches_finds_another_version_or_size), TEST(an_index_that_lies_is_an_error),
        TEST(no_bell_is_missing)};
    RUN_TESTS(tests);
}
