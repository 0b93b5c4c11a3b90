/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring_end.h: an end of a ring for a thread that has one descriptor at a time.
 * It lives in the thread's own variables, inlined in its registers, so that a
 * descriptor costs a comparison and a store. ring_push of one loads both of its
 * end's indices and stores its own twice, once where the other end polls it.
 *
 * Descriptors are gathered: the other end is told of RING_GATHER at once, or when
 * there is no room, or none left, or when asked. So a producer must flush before
 * it does something else than putting; a partial burst must not wait for ever.
 * A consumer that rests flushes, too: a producer could want the slots.
 *
 * One thread, as for the ring. An end may be opened where push and pop were used
 * before, and these again after a flush.
 */
#ifndef FERRY_RING_END_H
#define FERRY_RING_END_H

#include "ring.h"

/* A power of two. Measured with 8 to 256: fewer cost more, more gain nothing. */
#define RING_GATHER 64

/* Producer's. Slots at .. stop are free and in one piece; stop is where descriptor number `index` goes. */
struct ring_writer {
    struct ring ring;
    uint64_t *at;
    uint64_t *stop;
    uint64_t index;
    uint64_t limit; /* up to this index, slots are known to be free */
};

/* Consumer's. Slots at .. stop are filled and in one piece; `index` is stop's, and `limit` the end of those filled. */
struct ring_reader {
    struct ring ring;
    const uint64_t *at;
    const uint64_t *stop;
    uint64_t index;
    uint64_t limit;
};

/* How many of the descriptors from `index` up to `limit` are handled before the other end is told. */
static inline uint64_t ring_stretch(const struct ring *ring, uint64_t index, uint64_t limit)
{
    uint64_t step = ring->capacity < RING_GATHER ? ring->capacity : RING_GATHER; /* divides capacity: no seam within */
    uint64_t stretch = step - (index & (step - 1));
    return limit - index < stretch ? limit - index : stretch;
}

static inline struct ring_writer ring_writer_open(const struct ring *ring)
{
    uint64_t tail = ring->words->own_tail;
    uint64_t *at = ring->slots + (tail & (ring->capacity - 1));
    return (struct ring_writer){*ring, at, at, tail, tail};
}

static inline struct ring_reader ring_reader_open(const struct ring *ring)
{
    uint64_t head = ring->words->own_head;
    const uint64_t *at = ring->slots + (head & (ring->capacity - 1));
    return (struct ring_reader){*ring, at, at, head, head};
}

/* Publishes all that was put. */
static inline void ring_writer_flush(struct ring_writer *w)
{
    struct ferry_ring *words = w->ring.words;
    words->own_tail = w->index - (uint64_t)(w->stop - w->at);
    /* Release: as in ring_commit. */
    store_release(&words->tail, words->own_tail);
}

/* Gives the slots of all that was got back. */
static inline void ring_reader_flush(struct ring_reader *r)
{
    struct ferry_ring *words = r->ring.words;
    words->own_head = r->index - (uint64_t)(r->stop - r->at);
    /* Release: as in ring_release. */
    store_release(&words->head, words->own_head);
}

/* At its stop: publishes, and finds more slots. Returns 1, 0 when the ring is full, or FERRY_ECORRUPT. */
static inline int32_t ring_writer_advance(struct ring_writer *w)
{
    uint64_t capacity = w->ring.capacity, tail = w->index;
    ring_writer_flush(w);
    if ((tail & (capacity - 1)) == 0) {
        w->at = w->stop = w->ring.slots; /* from the seam on */
    }
    if (tail == w->limit) {
        uint64_t head = load_acquire(&w->ring.words->head); /* as in ring_reserve */
        if (tail - head >= capacity) {
            return tail - head == capacity ? 0 : FERRY_ECORRUPT;
        }
        w->limit = head + capacity;
    }
    uint64_t stretch = ring_stretch(&w->ring, tail, w->limit);
    if (w->limit - tail >= RING_AHEAD + stretch) { /* as in ring_prefetch */
        for (uint64_t i = 0; i < stretch; i += FERRY_LINE / sizeof(uint64_t)) {
            prefetch_write(w->ring.slots + ((tail + RING_AHEAD + i) & (capacity - 1)));
        }
    }
    w->stop += stretch;
    w->index = tail + stretch;
    return 1;
}

/* At its stop: gives slots back, and finds more that are filled. Returns 1, 0 when the ring is empty, or
 * FERRY_ECORRUPT. */
static inline int32_t ring_reader_advance(struct ring_reader *r)
{
    uint64_t capacity = r->ring.capacity, head = r->index;
    ring_reader_flush(r);
    if ((head & (capacity - 1)) == 0) {
        r->at = r->stop = r->ring.slots; /* from the seam on */
    }
    if (head == r->limit) {
        __builtin_prefetch(r->at); /* as in ring_peek, like the order below */
        uint64_t tail = load_acquire(&r->ring.words->tail);
        if (tail == head || tail - head > capacity) {
            return tail == head ? 0 : FERRY_ECORRUPT;
        }
        r->limit = tail;
    }
    uint64_t stretch = ring_stretch(&r->ring, head, r->limit);
    r->stop += stretch;
    r->index = head + stretch;
    return 1;
}

/* Puts one descriptor. What happens at a stop is expected not to, or the compiler prepares it every time. Returns 1, 0
 * when the ring is full, or FERRY_ECORRUPT. */
static inline int32_t ring_put(struct ring_writer *w, uint64_t descriptor)
{
    if (__builtin_expect(w->at == w->stop, 0)) {
        int32_t found = ring_writer_advance(w);
        if (found <= 0) {
            return found;
        }
    }
    *w->at++ = descriptor;
    return 1;
}

/* Gets one descriptor, as found. Returns 1, 0 when the ring is empty, or FERRY_ECORRUPT. */
static inline int32_t ring_get(struct ring_reader *r, uint64_t *descriptor)
{
    if (__builtin_expect(r->at == r->stop, 0)) {
        int32_t found = ring_reader_advance(r);
        if (found <= 0) {
            return found;
        }
    }
    *descriptor = *r->at++;
    return 1;
}

#endif
