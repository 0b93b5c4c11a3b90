/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dpdk.c: DPDK's rte_ring with elements of 8 bytes, single producer, single
 * consumer, by bursts. It needs no environment when it lies in memory of ours.
 */
#include <rte_ring.h>
#include <rte_ring_elem.h>
#include <stdlib.h>

#include "stream.h"

struct queue {
    struct rte_ring ring; /* and its elements behind it */
};

static inline uint32_t push(struct queue *queue, const uint64_t *items, uint32_t n)
{
    return rte_ring_sp_enqueue_burst_elem(&queue->ring, items, sizeof *items, n, NULL);
}

static inline uint32_t pop(struct queue *queue, uint64_t *items, uint32_t n)
{
    return rte_ring_sc_dequeue_burst_elem(&queue->ring, items, sizeof *items, n, NULL);
}

#include "loops.h"

static struct queue *open_queue(uint32_t capacity)
{
    /* RING_F_EXACT_SZ: as many items as were asked for fit, as in the others; else it would be one less. */
    ssize_t bytes = rte_ring_get_memsize_elem(sizeof(uint64_t), 2 * capacity);
    struct queue *queue = bytes > 0 ? aligned_alloc(128, ((size_t)bytes + 127) / 128 * 128) : NULL;
    if (queue != NULL &&
        rte_ring_init(&queue->ring, "stream", capacity, RING_F_SP_ENQ | RING_F_SC_DEQ | RING_F_EXACT_SZ) != 0) {
        free(queue);
        queue = NULL;
    }
    return queue;
}

static void close_queue(struct queue *queue)
{
    free(queue);
}

const struct contestant stream_dpdk = {"dpdk", open_queue, close_queue, produce, consume, ask, answer};
