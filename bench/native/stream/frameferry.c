/* SPDX-License-Identifier: Apache-2.0 */
/* frameferry.c: our own ring. Each end is its thread's. */
#include "frameferry.h"

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

const struct contestant stream_frameferry = {"frameferry", open_queue, close_queue, produce, consume, ask, answer};
