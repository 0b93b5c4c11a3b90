// SPDX-License-Identifier: Apache-2.0
// moodycamel.cpp: Cameron Desrochers' ReaderWriterQueue, which does not grow here (try_enqueue). It has no bulk
// operations: a batch is as many single ones.
#include <readerwriterqueue/readerwriterqueue.h>

#include "stream.h"

struct queue {
    moodycamel::ReaderWriterQueue<uint64_t> ring;
};

static inline uint32_t push(queue *queue, const uint64_t *items, uint32_t n)
{
    uint32_t done = 0;
    while (done < n && queue->ring.try_enqueue(items[done])) {
        done++;
    }
    return done;
}

static inline uint32_t pop(queue *queue, uint64_t *items, uint32_t n)
{
    uint32_t done = 0;
    while (done < n && queue->ring.try_dequeue(items[done])) {
        done++;
    }
    return done;
}

#include "loops.h"

static queue *open_queue(uint32_t capacity)
{
    return new queue{moodycamel::ReaderWriterQueue<uint64_t>(capacity)};
}

static void close_queue(queue *queue)
{
    delete queue;
}

extern "C" const contestant stream_moodycamel = {"moodycamel", open_queue, close_queue, produce, consume, ask, answer};
