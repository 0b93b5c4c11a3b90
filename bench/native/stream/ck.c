/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ck.c: Concurrency Kit's ck_ring, single producer, single consumer. It has no
 * bulk operations: a batch is as many single ones.
 */
#include <ck_ring.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"

struct queue {
    ck_ring_t ring;
    ck_ring_buffer_t *buffer;
};

static inline uint32_t push(struct queue *queue, const uint64_t *items, uint32_t n)
{
    uint32_t done = 0;
    while (done < n && ck_ring_enqueue_spsc(&queue->ring, queue->buffer, (void *)(uintptr_t)items[done])) {
        done++;
    }
    return done;
}

static inline uint32_t pop(struct queue *queue, uint64_t *items, uint32_t n)
{
    uint32_t done = 0;
    for (void *item; done < n && ck_ring_dequeue_spsc(&queue->ring, queue->buffer, &item); done++) {
        items[done] = (uintptr_t)item;
    }
    return done;
}

#include "loops.h"

static struct queue *open_queue(uint32_t capacity)
{
    struct queue *queue = aligned_alloc(128, (sizeof *queue + 127) / 128 * 128);
    ck_ring_buffer_t *buffer = calloc(capacity, sizeof *buffer);
    if (queue == NULL || buffer == NULL) {
        free(queue);
        free(buffer);
        return NULL;
    }
    queue->buffer = buffer;
    ck_ring_init(&queue->ring, capacity);
    return queue;
}

static void close_queue(struct queue *queue)
{
    free(queue->buffer);
    free(queue);
}

const struct contestant stream_ck = {"ck", open_queue, close_queue, produce, consume, ask, answer};
