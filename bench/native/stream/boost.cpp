// SPDX-License-Identifier: Apache-2.0
// boost.cpp: boost::lockfree::spsc_queue with its bulk operations.
#include <boost/lockfree/spsc_queue.hpp>

#include "stream.h"

struct queue {
    boost::lockfree::spsc_queue<uint64_t> ring;
};

static inline uint32_t push(queue *queue, const uint64_t *items, uint32_t n)
{
    return n == 1 ? queue->ring.push(*items) : static_cast<uint32_t>(queue->ring.push(items, n));
}

static inline uint32_t pop(queue *queue, uint64_t *items, uint32_t n)
{
    return n == 1 ? queue->ring.pop(*items) : static_cast<uint32_t>(queue->ring.pop(items, n));
}

#include "loops.h"

static queue *open_queue(uint32_t capacity)
{
    return new queue{boost::lockfree::spsc_queue<uint64_t>(capacity)};
}

static void close_queue(queue *queue)
{
    delete queue;
}

extern "C" const contestant stream_boost = {"boost", open_queue, close_queue, produce, consume, ask, answer};
