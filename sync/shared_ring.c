/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The ring between images.
 *
 * Invariant: head - tail, modulo 2^32, is how many entries there are. Who puts fills the entry before it moves head;
 * who takes has emptied it before it moves tail.
 *
 * The bell: both move their index, then, behind a full fence, look at the other's. So of one that puts into a ring
 * which the other has just found empty, and that other, at least one sees the other's move: no bell is missing.
 *
 * Flow: em_shared_ring_put -> the memory -> em_shared_ring_take
 */
#include <em/shared_ring.h>

#include <stdbool.h>
#include <string.h>

static inline uint32_t look(const uint32_t *word)
{
    uint32_t value = *(const volatile uint32_t *)word;
    em_arch_fence_();
    return value;
}

static inline void publish(uint32_t *word, uint32_t value)
{
    em_arch_fence_();
    *(volatile uint32_t *)word = value;
    em_arch_fence_();
}

static bool fits(const void *memory, size_t bytes, uint32_t entry_bytes, uint32_t entries)
{
    return memory && (uintptr_t)memory % _Alignof(em_shared_ring) == 0 && bytes >= sizeof(em_shared_ring) &&
           entry_bytes > 0 && entries > 0 && (entries & (entries - 1)) == 0 &&
           entries <= (bytes - sizeof(em_shared_ring)) / entry_bytes;
}

int em_shared_ring_create(em_ring_end *end, void *memory, size_t bytes, uint32_t entry_bytes, uint32_t entries)
{
    if (!fits(memory, bytes, entry_bytes, entries)) {
        return EM_ERR_INVAL;
    }
    em_shared_ring *ring = (em_shared_ring *)memory;
    publish(&ring->magic, 0);
    ring->version = EM_SHARED_RING_VERSION;
    ring->entry_bytes = entry_bytes;
    ring->entries = entries;
    ring->head = 0;
    ring->tail = 0;
    publish(&ring->magic, EM_SHARED_RING_MAGIC);
    *end = (em_ring_end){ring, entry_bytes, entries};
    return EM_OK;
}

int em_shared_ring_attach(em_ring_end *end, void *memory, size_t bytes, uint32_t entry_bytes)
{
    if (!fits(memory, bytes, entry_bytes, 1)) {
        return EM_ERR_INVAL;
    }
    em_shared_ring *ring = (em_shared_ring *)memory;
    if (look(&ring->magic) != EM_SHARED_RING_MAGIC) {
        return EM_ERR_AGAIN;
    }
    uint32_t entries = look(&ring->entries);
    if (look(&ring->version) != EM_SHARED_RING_VERSION || look(&ring->entry_bytes) != entry_bytes ||
        !fits(memory, bytes, entry_bytes, entries)) {
        return EM_ERR_INVAL;
    }
    *end = (em_ring_end){ring, entry_bytes, entries};
    return EM_OK;
}

static inline uint8_t *entry_at(const em_ring_end *end, uint32_t index)
{
    return end->ring->data + (size_t)(index & (end->entries - 1)) * end->entry_bytes;
}

int em_shared_ring_put(em_ring_end *end, const void *entry)
{
    em_shared_ring *ring = end->ring;
    uint32_t head = ring->head; /* our own */
    uint32_t used = head - look(&ring->tail);

    if (used >= end->entries) {
        return used == end->entries ? EM_ERR_AGAIN : EM_ERR_IO;
    }
    memcpy(entry_at(end, head), entry, end->entry_bytes);
    publish(&ring->head, head + 1);
    return look(&ring->tail) == head;
}

int em_shared_ring_take(em_ring_end *end, void *entry)
{
    em_shared_ring *ring = end->ring;
    uint32_t tail = ring->tail; /* our own */
    uint32_t used = look(&ring->head) - tail;

    if (used == 0 || used > end->entries) {
        return used == 0 ? EM_ERR_AGAIN : EM_ERR_IO;
    }
    memcpy(entry, entry_at(end, tail), end->entry_bytes);
    publish(&ring->tail, tail + 1);
    return look(&ring->head) - tail >= end->entries;
}
