/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring.h: the single-producer single-consumer ring of descriptors.
 *
 * One thread produces (reserve, commit, push), one consumes (peek, release,
 * pop). Indices are 64-bit and free-running, masked on access, so every slot
 * is usable and full is tail - head == capacity. Each end keeps its last look
 * at the other's index and looks again only when that is not enough: the idea
 * is Lee, Bu and Chandranmenon's (MCRingBuffer, 2010). A burst costs one acquire
 * at most and exactly one release, however many descriptors it carries.
 *
 * Beside that look each end keeps its own index once more, and never loads the
 * word that the other polls: a core may give a line that is read elsewhere away
 * altogether (AMD's do), and what its owner loads then has to come back before the
 * next burst can go out. That was a quarter of a round trip.
 *
 * Geometry comes from the pool's private memory, never from the slab. Indices
 * that the other side wrote are checked: an impossible distance is reported
 * as FERRY_ECORRUPT instead of being followed out of the slots.
 */
#ifndef FERRY_RING_H
#define FERRY_RING_H

#include <string.h>

#include "atomics.h"
#include "frameferry/layout.h"

/* Slots between the tail and those that are fetched: eight bursts of 64. Measured with 64 to 2048. */
#define RING_AHEAD 512

/* Longer bursts fetch nothing: from 4 KiB on memcpy writes whole lines without reading them, which is quicker still, but
 * not for lines that are fetched already. */
#define RING_FETCH_MAX 256

/* What one process knows of a ring. A value, shared read-only by both ends. */
struct ring {
    struct ferry_ring *words;
    uint64_t *slots;
    uint64_t capacity; /* a power of two */
};

/* Slots of a burst that starts at `index`: `first` of them up to the seam, the rest from slot 0. */
struct ring_span {
    uint64_t *start;
    uint32_t first;
    uint32_t count;
};

static inline struct ring_span ring_span(const struct ring *ring, uint64_t index, uint32_t n)
{
    uint64_t at = index & (ring->capacity - 1);
    uint64_t to_seam = ring->capacity - at;
    return (struct ring_span){ring->slots + at, n < to_seam ? n : (uint32_t)to_seam, n};
}

/* Into the slots of a span that is not empty. A copy of one, or of nothing behind the seam, would be a call all the
 * same. */
static inline void ring_copy_in(const struct ring *ring, const struct ring_span *span, const uint64_t *descriptors)
{
    if (span->count == 1) {
        *span->start = *descriptors;
        return;
    }
    memcpy(span->start, descriptors, span->first * sizeof(uint64_t));
    if (span->first != span->count) {
        memcpy(ring->slots, descriptors + span->first, (span->count - span->first) * sizeof(uint64_t));
    }
}

/* Out of the slots of a span that is not empty. */
static inline void ring_copy_out(const struct ring *ring, const struct ring_span *span, uint64_t *descriptors)
{
    if (span->count == 1) {
        *descriptors = *span->start;
        return;
    }
    memcpy(descriptors, span->start, span->first * sizeof(uint64_t));
    if (span->first != span->count) {
        memcpy(descriptors + span->first, ring->slots, (span->count - span->first) * sizeof(uint64_t));
    }
}

/* Slot i of a span. */
static inline uint64_t *ring_slot(const struct ring *ring, const struct ring_span *span, uint32_t i)
{
    return i < span->first ? span->start + i : ring->slots + (i - span->first);
}

/* Both ends, which nobody uses meanwhile: continues from the indices as they are. Whoever worked an end before may have
 * kept its own elsewhere, as Java does. */
static inline void ring_adopt(const struct ring *ring)
{
    struct ferry_ring *words = ring->words;
    words->own_tail = words->cached_tail = load_acquire(&words->tail);
    words->own_head = words->cached_head = load_acquire(&words->head);
}

/*
 * Producer. Finds up to n free slots after the tail; the caller writes them in
 * order and commits. span.count is 0 when the ring is full. Returns FERRY_OK or
 * FERRY_ECORRUPT.
 */
static inline int32_t ring_reserve(const struct ring *ring, uint32_t n, struct ring_span *span)
{
    struct ferry_ring *words = ring->words;
    uint64_t tail = words->own_tail;
    uint64_t room = ring->capacity - (tail - words->cached_head);
    if (room < n || room > ring->capacity) { /* the latter when somebody has written over our words */
        /* Acquire: pairs with the consumer's release of head, so that our stores into the slots it gave back come
         * after its loads from them. */
        words->cached_head = load_acquire(&words->head);
        room = ring->capacity - (tail - words->cached_head);
    }
    if (room > ring->capacity) {
        words->cached_head = tail - ring->capacity; /* nothing is free until head makes sense again */
        return FERRY_ECORRUPT;
    }
    *span = ring_span(ring, tail, room < n ? (uint32_t)room : n);
    return FERRY_OK;
}

/* Producer. Publishes the first n reserved slots. */
static inline void ring_commit(const struct ring *ring, uint32_t n)
{
    struct ferry_ring *words = ring->words;
    /* Release: publishes the descriptors, and the frames that they name, to the consumer's acquire of tail. Without
     * it the consumer could read slots and payload from before they were written. */
    store_release(&words->tail, words->own_tail += n);
}

/* Consumer. Finds up to n filled slots from the head on; the caller reads them and releases. As ring_reserve. */
static inline int32_t ring_peek(const struct ring *ring, uint32_t n, struct ring_span *span)
{
    struct ferry_ring *words = ring->words;
    uint64_t head = words->own_head;
    uint64_t filled = words->cached_tail - head;
    if (filled < n || filled > ring->capacity) {
        /* The line that is read next comes at the same time as the tail, not after it: a fifth of a round trip. */
        __builtin_prefetch(ring->slots + (words->cached_tail & (ring->capacity - 1)));
        /* Acquire: pairs with the producer's release of tail, and so shows us slots and payload. */
        words->cached_tail = load_acquire(&words->tail);
        filled = words->cached_tail - head;
    }
    if (filled > ring->capacity) {
        words->cached_tail = head;
        return FERRY_ECORRUPT;
    }
    *span = ring_span(ring, head, filled < n ? (uint32_t)filled : n);
    return FERRY_OK;
}

/* Consumer. Gives the first n peeked slots back to the producer. */
static inline void ring_release(const struct ring *ring, uint32_t n)
{
    struct ferry_ring *words = ring->words;
    /* Release: our loads from these slots are done before the producer, acquiring head, writes into them. */
    store_release(&words->head, words->own_head += n);
}

/*
 * Producer. Fetches n slots for writing while the n after the tail are copied:
 * those RING_AHEAD further, where they are known to be free, else the next ones.
 * A line that the consumer has read is with its core, and from a far core it
 * takes as long to come as several bursts take to write; one that it has still
 * to read must not be taken away from it.
 */
static inline void ring_prefetch(const struct ring *ring, uint32_t n)
{
    uint64_t tail = ring->words->own_tail;
    uint64_t room = ring->capacity - (tail - ring->words->cached_head);
    uint64_t index = tail + (room >= RING_AHEAD + n ? RING_AHEAD : n);
    for (uint32_t i = 0; i < n; i += FERRY_LINE / sizeof(uint64_t)) {
        prefetch_write(ring->slots + ((index + i) & (ring->capacity - 1)));
    }
}

/* Producer. Pushes up to n descriptors, in order. Returns how many, or FERRY_ECORRUPT. */
static inline int32_t ring_push(const struct ring *ring, const uint64_t *descriptors, uint32_t n)
{
    struct ring_span span;
    int32_t error = ring_reserve(ring, n, &span);
    if (error != FERRY_OK || span.count == 0) {
        return error;
    }
    /* Not for single descriptors: the next slot is on a line that we have, or that the consumer is just reading. */
    if (span.count >= FERRY_LINE / sizeof(uint64_t) && span.count <= RING_FETCH_MAX) {
        ring_prefetch(ring, span.count);
    }
    ring_copy_in(ring, &span, descriptors);
    ring_commit(ring, span.count);
    return (int32_t)span.count;
}

/* Consumer. Pops up to n descriptors, in order. Returns how many, or FERRY_ECORRUPT. The descriptors are as found. */
static inline int32_t ring_pop(const struct ring *ring, uint64_t *descriptors, uint32_t n)
{
    struct ring_span span;
    int32_t error = ring_peek(ring, n, &span);
    if (error != FERRY_OK || span.count == 0) {
        return error;
    }
    ring_copy_out(ring, &span, descriptors);
    ring_release(ring, span.count);
    return (int32_t)span.count;
}

/* Any thread. Descriptors in the ring: exact for either end when the other rests, else a moment's estimate. */
static inline uint64_t ring_filled(const struct ring *ring)
{
    uint64_t head = load_acquire(&ring->words->head);
    uint64_t filled = load_acquire(&ring->words->tail) - head;
    return filled <= ring->capacity ? filled : 0;
}

#endif
