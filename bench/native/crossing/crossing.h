/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crossing.h: what Java calls, by every mechanism that it has, to learn what a
 * call costs; and the native side of streams between Java and C. A shared
 * library, not a program.
 *
 * One ring of descriptors outside of any pool, with the library's own ring.h
 * under it. What is not said to be for a thread of its own runs in the caller's.
 */
#ifndef FERRY_CROSSING_H
#define FERRY_CROSSING_H

#include <pthread.h>
#include <stdint.h>

#include "frameferry/frameferry.h"
#include "ring.h"

#define CROSSING_EXPORT __attribute__((visibility("default")))

#define CROSSING_SLOTS 4096 /* where the slots begin, from the ring's words on; Java knows it, too */
#define CROSSING_FRAMES 1024
#define CROSSING_STRIDE 2112 /* an odd number of lines, as the library's frames have */
#define CROSSING_PAYLOAD 64  /* bytes that crossing_enqueue_written writes into each frame */

struct crossing {
    struct ring ring;
    uint8_t *frames; /* of crossing_enqueue_written */
};

/* A ring with room for `capacity` descriptors, a power of two from 64 on; null when there is no memory. */
CROSSING_EXPORT struct crossing *crossing_open(uint32_t capacity);

CROSSING_EXPORT void crossing_close(struct crossing *crossing);

/* Where the ring's words are; the slots follow at CROSSING_SLOTS. */
CROSSING_EXPORT int64_t crossing_words(const struct crossing *crossing);

/* Where the frames of crossing_enqueue_written are, CROSSING_STRIDE bytes each. */
CROSSING_EXPORT int64_t crossing_frames(const struct crossing *crossing);

/* How many descriptors have ever been put in: the ring's tail. */
CROSSING_EXPORT int64_t crossing_count(const struct crossing *crossing);

/* ---- the calls whose price is asked ---- */

/* Nothing. */
CROSSING_EXPORT void crossing_empty(void);

/* Puts n descriptors into the ring; when it is full, all that it holds is forgotten first. Returns n. At most the
 * ring's capacity. */
CROSSING_EXPORT int64_t crossing_enqueue(struct crossing *crossing, const uint64_t *descriptors, int32_t n);

/* As crossing_enqueue, and writes 64 bytes into the frame of each descriptor first: its low ten bits. */
CROSSING_EXPORT int64_t crossing_enqueue_written(struct crossing *crossing, const uint64_t *descriptors, int32_t n);

/* ---- the ring between two threads ---- */

/* Producer. As ring_push. */
CROSSING_EXPORT int64_t crossing_push(struct crossing *crossing, const uint64_t *descriptors, int32_t n);

/* Consumer. As ring_pop. */
CROSSING_EXPORT int64_t crossing_pop(struct crossing *crossing, uint64_t *descriptors, int32_t n);

/* ns that a word takes from one processor to the other and back, for about `millis`, by two threads of its own; -1 when
 * they cannot be had. */
CROSSING_EXPORT double crossing_round_trip(int32_t first, int32_t second, int32_t millis);

/* Starts a thread on that processor. Returns 0, or why not. */
int crossing_start_thread(pthread_t *thread, int32_t cpu, void *(*run)(void *), void *argument);

#endif
