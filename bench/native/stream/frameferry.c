/* SPDX-License-Identifier: Apache-2.0 */
/* frameferry.c: our own ring. Each end is its thread's. */
#include <stdlib.h>

#include "ring.h"
#include "stream.h"

struct queue {
    struct ferry_ring words;
    struct ring ring;
};

static inline uint32_t push(struct queue *queue, const uint64_t *items, uint32_t n)
{
    int32_t pushed = ring_push(&queue->ring, items, n);
    return pushed > 0 ? (uint32_t)pushed : 0;
}

static inline uint32_t pop(struct queue *queue, uint64_t *items, uint32_t n)
{
    int32_t popped = ring_pop(&queue->ring, items, n);
    return popped > 0 ? (uint32_t)popped : 0;
}

#include "loops.h"

static struct queue *open_queue(uint32_t capacity)
{
    struct queue *queue = aligned_alloc(FERRY_PAIR, (sizeof *queue + FERRY_PAIR - 1) / FERRY_PAIR * FERRY_PAIR);
    uint64_t *slots = aligned_alloc(FERRY_PAIR, capacity * sizeof *slots < FERRY_PAIR ? FERRY_PAIR : capacity * sizeof *slots);
    if (queue == NULL || slots == NULL) {
        free(queue);
        free(slots);
        return NULL;
    }
    memset(queue, 0, sizeof *queue);
    memset(slots, 0, capacity * sizeof *slots);
    queue->ring = (struct ring){&queue->words, slots, capacity};
    return queue;
}

static void close_queue(struct queue *queue)
{
    free(queue->ring.slots);
    free(queue);
}

const struct contestant stream_frameferry = {"frameferry", open_queue, close_queue, produce, consume, ask, answer};
