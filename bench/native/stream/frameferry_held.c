/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frameferry_held.c: our own ring, each end held in its thread's variables: what a
 * thread does that has one descriptor at a time. The other thread is told of
 * RING_GATHER of them at once, or by a flush.
 */
#include "frameferry.h"
#include "ring_end.h"

static inline uint32_t push(struct ring_writer *end, const uint64_t *items, uint32_t n)
{
    uint32_t done = 0;
    while (done < n && ring_put(end, items[done]) > 0) {
        done++;
    }
    return done;
}

static inline uint32_t pop(struct ring_reader *end, uint64_t *items, uint32_t n)
{
    uint32_t done = 0;
    while (done < n && ring_get(end, &items[done]) > 0) {
        done++;
    }
    return done;
}

typedef struct ring_writer *producer_end;
#define PRODUCER(end, of) struct ring_writer held_##end = ring_writer_open(&(of)->ring), *end = &held_##end
#define CONSUMER(end, of) struct ring_reader held_##end = ring_reader_open(&(of)->ring), *end = &held_##end
#define FLUSH(end) ring_writer_flush(end)

#include "loops.h"

const struct contestant stream_frameferry_held = {
    "frameferry-held", open_queue, close_queue, produce, consume, ask, answer,
};
