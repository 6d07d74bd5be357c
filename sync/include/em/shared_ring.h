/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A ring of entries in memory that two images share: one puts, one takes, and neither trusts the other.
 *
 * Flow: em_shared_ring_put -> the memory -> em_shared_ring_take, in another image, process or privilege
 *
 * Rules for shared rings:
 *  - The memory holds indices and bytes, no pointer: each side may see it at another address.
 *  - One puts, one takes; tasks of one image that share an end need a mutex, or a task that has it.
 *  - Creating writes the magic number last. Who attaches finds it, the version and the sizes right, or an error, and
 *    keeps copies: what the other side does to them later is not looked at.
 *  - Indices run freely over 2^32, and are checked: nonsense is an error, never an access outside.
 *  - Full fences, whatever the image is built for: the other side is another hart.
 */
#pragma once

#include <em/arch.h>
#include <em/error.h>
#include <stddef.h>

#define EM_SHARED_RING_MAGIC 0x474e5245u /* "ERNG" */
#define EM_SHARED_RING_VERSION 1u

/* The memory. Each side writes lines of its own. */
typedef struct em_shared_ring {
    uint32_t magic;
    uint32_t version;
    uint32_t entry_bytes;
    uint32_t entries; /* a power of two */
    uint32_t head __attribute__((aligned(64))); /* of who puts: how many ever */
    uint32_t tail __attribute__((aligned(64))); /* of who takes */
    uint8_t data[] __attribute__((aligned(64)));
} em_shared_ring;

/* One side's view. */
typedef struct em_ring_end {
    em_shared_ring *ring;
    uint32_t entry_bytes;
    uint32_t entries;
} em_ring_end;

/** How much memory a ring needs. Context: any */
#define EM_SHARED_RING_BYTES(entry_bytes, entries) (sizeof(em_shared_ring) + (size_t)(entry_bytes) * (entries))

/**
 * Make a ring in @p memory, which is aligned to 64 bytes and not used by the other side yet, and be an end of it.
 *
 * Context: task | init
 * Errors:  EM_ERR_INVAL  entries is no power of two, the memory is too small or not aligned
 * Cost:    O(1); what is in the data is not cleared
 */
EM_MUST_USE int em_shared_ring_create(em_ring_end *end, void *memory, size_t bytes, uint32_t entry_bytes,
                                      uint32_t entries);

/**
 * Be the other end of the ring that is, or will be, in @p memory.
 *
 * Context: task | init
 * Errors:  EM_ERR_AGAIN  there is none yet;  EM_ERR_INVAL  of another version, of another size of entries, or too large
 *          for the memory
 */
EM_MUST_USE int em_shared_ring_attach(em_ring_end *end, void *memory, size_t bytes, uint32_t entry_bytes);

/**
 * Put one entry.
 *
 * Context: task | isr, of the side that puts
 * Errors:  EM_ERR_AGAIN  it is full;  EM_ERR_IO  the other side's index is nonsense
 * Returns: 1: it was empty, the other side may be waiting: ring its bell;  0: no need
 * Cost:    O(size of an entry), two fences
 */
EM_MUST_USE int em_shared_ring_put(em_ring_end *end, const void *entry);

/**
 * Take the oldest entry.
 *
 * Context: task | isr, of the side that takes
 * Errors:  EM_ERR_AGAIN  it is empty;  EM_ERR_IO  the other side's index is nonsense
 * Returns: 1: it was full, the other side may be waiting for room: ring its bell;  0: no need
 * Cost:    O(size of an entry), two fences
 */
EM_MUST_USE int em_shared_ring_take(em_ring_end *end, void *entry);
