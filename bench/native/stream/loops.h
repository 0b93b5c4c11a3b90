/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loops.h: the loops of both threads, the same source for every queue. Included
 * after
 *
 *   static inline uint32_t push(struct queue *, const uint64_t *items, uint32_t n);  how many went in, 0: full
 *   static inline uint32_t pop(struct queue *, uint64_t *items, uint32_t n);         how many came out, 0: empty
 *
 * A batch of one is compiled by itself: then all of push and pop is in the loop.
 */
#include <time.h>

#include "stream.h"

#define INLINE static inline __attribute__((always_inline))

INLINE void push_all(struct queue *queue, const struct side *side, const uint64_t *items, uint32_t n)
{
    for (uint32_t done = push(queue, items, n); done < n; done += push(queue, items + done, n - done)) {
        pause_processor(side->pauses);
    }
}

INLINE void produce_by(struct queue *queue, struct side *side, uint32_t batch)
{
    uint64_t items[BATCH_MAX];
    for (uint64_t number = 0; number < side->frames; number += batch) {
        if (side->payload != 0) {
            take_frames(side, items, batch);
            write_frames(side, items, batch, number);
        } else {
            for (uint32_t i = 0; i < batch; i++) {
                items[i] = number + i;
            }
        }
        push_all(queue, side, items, batch);
    }
}

INLINE void consume_by(struct queue *queue, struct side *side, uint32_t batch)
{
    uint64_t items[BATCH_MAX], wrong = 0;
    for (uint64_t number = 0; number < side->frames;) {
        uint32_t n = pop(queue, items, batch);
        if (n == 0) {
            pause_processor(side->pauses);
            continue;
        }
        if (side->payload != 0) {
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
    if (side->batch == 1) {
        produce_by(queue, side, 1);
    } else {
        produce_by(queue, side, side->batch);
    }
}

static void consume(struct queue *queue, struct side *side)
{
    if (side->batch == 1) {
        consume_by(queue, side, 1);
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
    for (uint32_t i = 0; i < times; i++) {
        uint64_t item = i;
        struct timespec from;
        clock_gettime(CLOCK_MONOTONIC, &from);
        push(there, &item, 1);
        while (pop(back, &item, 1) == 0) {
            pause_processor(1);
        }
        ns[i] = item == i ? elapsed_ns(&from) : UINT32_MAX;
    }
}

static void answer(struct queue *there, struct queue *back, uint32_t times)
{
    for (uint32_t i = 0; i < times; i++) {
        uint64_t item;
        while (pop(there, &item, 1) == 0) {
            pause_processor(1);
        }
        push(back, &item, 1);
    }
}
