/* SPDX-License-Identifier: Apache-2.0 */
/* frameferry.h: a ring of ours by itself, for both ways of using it. */
#ifndef FERRY_STREAM_FRAMEFERRY_H
#define FERRY_STREAM_FRAMEFERRY_H

#include <stdlib.h>

#include "ring.h"
#include "stream.h"

struct queue {
    struct ferry_ring words;
    struct ring ring;
};

static struct queue *open_queue(uint32_t capacity)
{
    struct queue *queue = aligned_alloc(FERRY_PAIR, (sizeof *queue + FERRY_PAIR - 1) / FERRY_PAIR * FERRY_PAIR);
    size_t bytes = capacity * sizeof(uint64_t);
    uint64_t *slots = aligned_alloc(FERRY_PAIR, bytes < FERRY_PAIR ? FERRY_PAIR : bytes);
    if (queue == NULL || slots == NULL) {
        free(queue);
        free(slots);
        return NULL;
    }
    memset(queue, 0, sizeof *queue);
    memset(slots, 0, bytes);
    queue->ring = (struct ring){&queue->words, slots, capacity};
    return queue;
}

static void close_queue(struct queue *queue)
{
    free(queue->ring.slots);
    free(queue);
}

#endif
