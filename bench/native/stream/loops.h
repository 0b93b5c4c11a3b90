/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loops.h: the loops of both threads, the same source for every queue. Included
 * after
 *
 *   static inline uint32_t push(struct queue *, const uint64_t *items, uint32_t n);  how many went in, 0: full
 *   static inline uint32_t pop(struct queue *, uint64_t *items, uint32_t n);         how many came out, 0: empty
 *
 * A batch of one without frames has loops of its own: then all of push and pop is
 * in the loop, and all that they use can be in registers, the item as well.
 *
 * Where a thread's end is more than a pointer to its queue, PRODUCER and CONSUMER
 * declare one, `FLUSH(end)` tells the other thread of what it has not been told,
 * and push and pop take a pointer to the end.
 */
#include <stdbool.h>
#include <time.h>

#include "stream.h"

#ifndef PRODUCER
#define PRODUCER(end, of) struct queue *end = (of)
#define CONSUMER(end, of) struct queue *end = (of)
#define FLUSH(end) ((void)(end))
typedef struct queue *producer_end;
#endif

#define INLINE static inline __attribute__((always_inline))

INLINE void push_all(producer_end end, uint32_t pauses, const uint64_t *items, uint32_t n)
{
    for (uint32_t done = push(end, items, n); done < n; done += push(end, items + done, n - done)) {
        pause_processor(pauses);
    }
}

INLINE void produce_one_by_one(struct queue *queue, struct side *side)
{
    const uint64_t frames = side->frames;
    const uint32_t pauses = side->pauses;
    PRODUCER(end, queue);
    for (uint64_t number = 0; number < frames; number++) {
        while (push(end, &number, 1) == 0) {
            pause_processor(pauses);
        }
    }
    FLUSH(end);
}

INLINE void consume_one_by_one(struct queue *queue, struct side *side)
{
    const uint64_t frames = side->frames;
    const uint32_t pauses = side->pauses;
    uint64_t item, wrong = 0;
    CONSUMER(end, queue);
    for (uint64_t number = 0; number < frames; number++) {
        while (pop(end, &item, 1) == 0) {
            pause_processor(pauses);
        }
        wrong |= item ^ number;
    }
    side->wrong = wrong;
}

INLINE void produce_by(struct queue *queue, struct side *side, uint32_t batch)
{
    const uint64_t frames = side->frames;
    const uint32_t pauses = side->pauses;
    const bool framed = side->payload != 0;
    uint64_t items[BATCH_MAX];
    PRODUCER(end, queue);
    for (uint64_t number = 0; number < frames; number += batch) {
        if (framed) {
            take_frames(side, items, batch);
            write_frames(side, items, batch, number);
        } else {
            for (uint32_t i = 0; i < batch; i++) {
                items[i] = number + i;
            }
        }
        push_all(end, pauses, items, batch);
    }
    FLUSH(end);
}

INLINE void consume_by(struct queue *queue, struct side *side, uint32_t batch)
{
    const uint64_t frames = side->frames;
    const uint32_t pauses = side->pauses;
    const bool framed = side->payload != 0;
    uint64_t items[BATCH_MAX], wrong = 0;
    CONSUMER(end, queue);
    for (uint64_t number = 0; number < frames;) {
        uint32_t n = pop(end, items, batch);
        if (n == 0) {
            pause_processor(pauses);
            continue;
        }
        if (framed) {
            wrong |= read_frames(side, items, n, number);
            give_frames(side, items, n);
        } else {
            for (uint32_t i = 0; i < n; i++) {
                wrong |= items[i] ^ (number + i);
            }
        }
        number += n;
    }
    side->wrong = wrong;
}

static void produce(struct queue *queue, struct side *side)
{
    if (side->batch == 1 && side->payload == 0) {
        produce_one_by_one(queue, side);
    } else {
        produce_by(queue, side, side->batch);
    }
}

static void consume(struct queue *queue, struct side *side)
{
    if (side->batch == 1 && side->payload == 0) {
        consume_one_by_one(queue, side);
    } else {
        consume_by(queue, side, side->batch);
    }
}

INLINE uint32_t elapsed_ns(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((now.tv_sec - from->tv_sec) * 1000000000 + (now.tv_nsec - from->tv_nsec));
}

static void ask(struct queue *there, struct queue *back, uint32_t times, uint32_t *ns)
{
    PRODUCER(out, there);
    CONSUMER(in, back);
    for (uint32_t i = 0; i < times; i++) {
        uint64_t item = i;
        struct timespec from;
        clock_gettime(CLOCK_MONOTONIC, &from);
        push(out, &item, 1);
        FLUSH(out);
        while (pop(in, &item, 1) == 0) {
            pause_processor(1);
        }
        ns[i] = item == i ? elapsed_ns(&from) : UINT32_MAX;
    }
}

static void answer(struct queue *there, struct queue *back, uint32_t times)
{
    CONSUMER(in, there);
    PRODUCER(out, back);
    for (uint32_t i = 0; i < times; i++) {
        uint64_t item;
        while (pop(in, &item, 1) == 0) {
            pause_processor(1);
        }
        push(out, &item, 1);
        FLUSH(out);
    }
}
