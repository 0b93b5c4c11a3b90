/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h: what a queue between two threads must do to be measured by
 * stream.cpp. C and C++: each queue has a file of its own in its own language,
 * which defines `struct queue` with push and pop and then includes loops.h, so
 * that nothing is called through a pointer in the middle of a loop.
 */
#ifndef FERRY_STREAM_H
#define FERRY_STREAM_H

#include <stdint.h>

#include "frameferry/frameferry.h"

#define BATCH_MAX 512

#ifdef __cplusplus
extern "C" {
#endif

/* One thread's part of a stream. */
struct side {
    uint64_t frames;      /* a multiple of BATCH_MAX */
    uint32_t batch;       /* 1 .. BATCH_MAX, a power of two */
    uint32_t pauses;      /* between two looks at a full or empty queue */
    uint32_t payload;     /* bytes that are written into each frame, and read; 0: items are numbers, without frames */
    ferry_magazine *magazine;
    const struct ferry_geometry *geometry;
    uint64_t wrong;       /* not 0: something came that is not the next */
};

struct queue; /* each has its own */

struct contestant {
    const char *name;
    struct queue *(*open)(uint32_t capacity); /* a power of two; null: no memory */
    void (*close)(struct queue *queue);
    void (*produce)(struct queue *queue, struct side *side);
    void (*consume)(struct queue *queue, struct side *side);
    /* One item there and back, so many times; ns of each go to `ns`. */
    void (*ask)(struct queue *there, struct queue *back, uint32_t times, uint32_t *ns);
    void (*answer)(struct queue *there, struct queue *back, uint32_t times);
};

extern const struct contestant stream_frameferry, stream_frameferry_held, stream_boost, stream_ck,
    stream_dpdk, stream_moodycamel;

/* frames.c: frames of the pool for items. Take waits until there are n; write puts number, number + 1, ... into them,
 * and read looks for these: it returns what is wrong, 0 if all is right. */
void take_frames(struct side *side, uint64_t *items, uint32_t n);
void write_frames(const struct side *side, const uint64_t *items, uint32_t n, uint64_t number);
uint64_t read_frames(const struct side *side, const uint64_t *items, uint32_t n, uint64_t number);
void give_frames(struct side *side, const uint64_t *items, uint32_t n);

static inline void pause_processor(uint32_t times)
{
    for (uint32_t i = 0; i < times; i++) {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ __volatile__("yield");
#endif
    }
}

#ifdef __cplusplus
}
#endif

#endif
