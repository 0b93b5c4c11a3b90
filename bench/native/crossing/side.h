/* SPDX-License-Identifier: Apache-2.0 */
/*
 * side.h: the native end of a stream, in a pinned thread of its own or in the
 * caller's. A consumer checks that it gets 0, 1, 2 ... in order.
 *
 * Without payload a descriptor is the number modulo SIDE_PERIOD: it lies ready
 * in the sender's memory, as a batch's do, and is compared by the receiver.
 * With payload the descriptors are a pool's, and the number is in the frame's
 * words: word i of frame f holds f + i. Who consumes reads every word, and gives
 * the frame back.
 */
#ifndef FERRY_CROSSING_SIDE_H
#define FERRY_CROSSING_SIDE_H

#include "crossing.h"

#define SIDE_PRODUCES 0 /* into the first ring */
#define SIDE_CONSUMES 1 /* from the first ring */
#define SIDE_ECHOES 2   /* from the first ring into the second */

/* No ring's capacity is a multiple of it: what a slot held a round ago is never what it should hold now. */
#define SIDE_PERIOD 127

struct side;

/* What a side is to do. */
struct side_plan {
    struct crossing *ring;
    struct crossing *back; /* of an echo; else null */
    ferry_pool *pool;      /* null: without payload */
    uint32_t role;         /* SIDE_* */
    uint32_t batch;        /* descriptors at a time, 1 to 1024 */
    uint32_t payload;      /* bytes of a frame, at least 8; whole words of it are written and read */
};

/* A side with a thread on that processor, or, with -1, without one. Null when it cannot be had. */
CROSSING_EXPORT struct side *crossing_side_open(struct crossing *ring, struct crossing *back, ferry_pool *pool,
                                                int32_t role, int32_t batch, int32_t payload, int32_t cpu);

/* Has the side's thread move `count` frames; returns at once. The last order must be done. */
CROSSING_EXPORT void crossing_side_begin(struct side *side, int64_t count);

/* Waits until it is done: 0, or 1 more than the number of the frame that was not what it should be. */
CROSSING_EXPORT int64_t crossing_side_await(struct side *side);

/* crossing_side_begin and _await in the calling thread. */
CROSSING_EXPORT int64_t crossing_side_run(struct side *side, int64_t count);

/* Ends the thread, even in the midst of an order, and frees the side. */
CROSSING_EXPORT void crossing_side_close(struct side *side);

#endif
