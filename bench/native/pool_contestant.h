/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool_contestant.h: whom pool.c compares, and how each takes and gives. One
 * thread for each worker.
 */
#ifndef FERRY_POOL_CONTESTANT_H
#define FERRY_POOL_CONTESTANT_H

#include "frameferry/frame.h"
#include "ring.h"
#include "support.h"

#define BURST 64
#define FRAME_BYTES 2048
#define CAPACITY 256 /* of the ring between two threads */
#define PREPARED (CAPACITY + 2 * BURST) /* lines for `transport` */
#define ROUNDS 90

struct pool {
    ferry_pool *pool;
    struct ferry_geometry geometry;
};

struct worker;

struct contestant {
    const char *name;
    uint32_t threads;
    uint32_t frames; /* of the pool, 0: none */
    uint32_t payload;
    bool across;
    uint32_t burst;
    void (*take)(struct worker *worker, uint64_t *items, uint32_t n);
    void (*give)(struct worker *worker, const uint64_t *items, uint32_t n);
    struct pool *pool;
    uint64_t bursts; /* of each thread in a sample */
    double samples[ROUNDS];
};

struct worker {
    const struct contestant *contestant;
    const struct pool *pool;
    ferry_magazine *magazine;
    const struct ring *ring;
    uint32_t number; /* even numbers of `across` take, odd ones give */
    uint64_t next;   /* of the prepared buffers */
    uint64_t sum;    /* of all numbers written, or read; without payload of the items */
    int64_t start, end;
};

static uint8_t *prepared[2]; /* a pair's lines */

/* Of the value of a burst call. */
static uint32_t count_of(int64_t result)
{
    check(result >= 0, "a call failed");
    return (uint32_t)result;
}

static void magazine_take_all(struct worker *w, uint64_t *items, uint32_t n)
{
    uint32_t spins = 0, taken = count_of(ferry_magazine_take(w->magazine, items, n));
    while (taken < n) { /* the other thread has them */
        idle(&spins);
        taken += count_of(ferry_magazine_take(w->magazine, items + taken, n - taken));
    }
}

static void magazine_give_all(struct worker *w, const uint64_t *items, uint32_t n)
{
    check((uint32_t)ferry_magazine_give(w->magazine, items, n) == n, "a frame was not given");
}

static void pool_take_all(struct worker *w, uint64_t *items, uint32_t n)
{
    uint32_t spins = 0, taken = count_of(ferry_pool_take(w->pool->pool, items, n));
    while (taken < n) { /* the other thread has them */
        idle(&spins);
        taken += count_of(ferry_pool_take(w->pool->pool, items + taken, n - taken));
    }
}

static void pool_give_all(struct worker *w, const uint64_t *items, uint32_t n)
{
    check((uint32_t)ferry_pool_give(w->pool->pool, items, n) == n, "a frame was not given");
}

static void malloc_all(struct worker *w, uint64_t *items, uint32_t n)
{
    (void)w;
    for (uint32_t i = 0; i < n; i++) {
        items[i] = (uintptr_t)malloc(FRAME_BYTES);
    }
}

static void free_all(struct worker *w, const uint64_t *items, uint32_t n)
{
    (void)w;
    for (uint32_t i = 0; i < n; i++) {
        free((void *)(uintptr_t)items[i]);
    }
}

/* As many lines as can be on their way, round and round: they stay in the first caches, so that no more than what the
 * hand-over itself costs is taken off the others. */
static void next_prepared(struct worker *w, uint64_t *items, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        w->next = w->next + 1 == PREPARED ? 0 : w->next + 1;
        items[i] = (uintptr_t)prepared[w->number / 2] + w->next * FERRY_LINE;
    }
}

static void forget(struct worker *w, const uint64_t *items, uint32_t n)
{
    (void)w, (void)items, (void)n;
}

#endif
