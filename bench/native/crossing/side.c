/* SPDX-License-Identifier: Apache-2.0 */
/*
 * side.c: producing, consuming and echoing in C, for side.h. All but the words
 * marked so belong to the thread that runs the side.
 */
#include "side.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "frameferry/frame.h"

#define BATCH_MAX 1024

struct side {
    struct side_plan plan;
    struct ferry_geometry geometry;
    ferry_magazine *magazine;
    pthread_t thread;
    bool threaded;
    alignas(FERRY_PAIR) _Atomic int64_t ordered; /* frames in all; written by who orders */
    _Atomic uint32_t ends;                       /* likewise */
    alignas(FERRY_PAIR) _Atomic int64_t done;    /* frames in all; release: everything is in its place */
    _Atomic int64_t wrong;                       /* number + 1 of the first wrong frame, before `done` */
    alignas(FERRY_PAIR) int64_t next;            /* the next frame's number */
    uint64_t batch[BATCH_MAX];
    uint64_t numbers[SIDE_PERIOD + BATCH_MAX]; /* n descriptors from any number on, in a row */
};

static inline void write_frame(uint64_t *words, uint32_t n, uint64_t number)
{
    for (uint32_t i = 0; i < n; i++) {
        words[i] = number + i;
    }
}

static inline bool read_frame(const uint64_t *words, uint32_t n, uint64_t number)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += words[i];
    }
    return words[0] == number && sum == n * number + (uint64_t)n * (n - 1) / 2;
}

static uint64_t *words_of(const struct side *side, uint64_t descriptor)
{
    return (uint64_t *)(void *)ferry_frame_data(&side->geometry, descriptor);
}

static bool stopped(const struct side *side)
{
    return load_relaxed(&side->ends) != 0;
}

static void fail(struct side *side, int64_t number)
{
    if (load_relaxed(&side->wrong) == 0) {
        store_relaxed(&side->wrong, number + 1);
    }
}

/* The descriptors of the frames from `next` on, where there is no payload. */
static const uint64_t *numbers(const struct side *side)
{
    return side->numbers + side->next % SIDE_PERIOD;
}

/* Up to n frames of the pool, from `next` on, into the batch. Returns how many. */
static uint32_t fill(struct side *side, uint32_t n)
{
    uint64_t number = (uint64_t)side->next;
    n = (uint32_t)ferry_magazine_take(side->magazine, side->batch, n);
    for (uint32_t i = 0; i < n; i++) {
        ferry_frame_put(&side->batch[i], side->plan.payload, side->geometry.stride);
        write_frame(words_of(side, side->batch[i]), side->plan.payload / 8, number + i);
    }
    return n;
}

/* Whether the n frames of the pool in the batch are those from `next` on; gives them back. */
static bool read_batch(struct side *side, uint32_t n)
{
    bool right = true;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t number = (uint64_t)side->next + i;
        right &= read_frame(words_of(side, side->batch[i]), side->plan.payload / 8, number);
    }
    return right & ((uint32_t)ferry_magazine_give(side->magazine, side->batch, n) == n);
}

static void push_all(struct side *side, struct crossing *ring, const uint64_t *descriptors, uint32_t n)
{
    for (uint32_t pushed = 0; pushed < n && !stopped(side);) {
        int32_t some = ring_push(&ring->ring, descriptors + pushed, n - pushed);
        if (some <= 0) {
            pause_spin();
        }
        pushed += some > 0 ? (uint32_t)some : 0;
    }
}

static uint32_t produce(struct side *side, uint32_t n)
{
    bool pooled = side->plan.pool != NULL;
    n = pooled ? fill(side, n) : n;
    push_all(side, side->plan.ring, pooled ? side->batch : numbers(side), n);
    return n;
}

static uint32_t pop(struct side *side, uint32_t n)
{
    int32_t popped = ring_pop(&side->plan.ring->ring, side->batch, n);
    return popped > 0 ? (uint32_t)popped : 0;
}

static uint32_t consume(struct side *side, uint32_t n)
{
    n = pop(side, n);
    bool right = side->plan.pool != NULL ? read_batch(side, n)
                                         : memcmp(side->batch, numbers(side), n * sizeof(uint64_t)) == 0;
    if (!right) {
        fail(side, side->next);
    }
    return n;
}

static uint32_t echo(struct side *side, uint32_t n)
{
    n = pop(side, n);
    push_all(side, side->plan.back, side->batch, n);
    return n;
}

/* Moves frames until `next` is `end`. */
static inline void move(struct side *side, int64_t end, uint32_t (*some)(struct side *, uint32_t))
{
    while (side->next < end && !stopped(side)) {
        int64_t left = end - side->next;
        uint32_t n = some(side, left < side->plan.batch ? (uint32_t)left : side->plan.batch);
        if (n == 0) {
            pause_spin();
        }
        side->next += n;
    }
}

static void obey(struct side *side, int64_t end)
{
    switch (side->plan.role) { /* each call inlined with its own function */
    case SIDE_PRODUCES: move(side, end, produce); break;
    case SIDE_CONSUMES: move(side, end, consume); break;
    default: move(side, end, echo); break;
    }
    store_release(&side->done, end);
}

static void *run(void *argument)
{
    struct side *side = argument;
    while (!stopped(side)) {
        int64_t end = load_acquire(&side->ordered);
        if (end != side->next) {
            obey(side, end);
        } else {
            pause_spin();
        }
    }
    return NULL;
}

struct side *crossing_side_open(struct crossing *ring, struct crossing *back, ferry_pool *pool, int32_t role,
                                int32_t batch, int32_t payload, int32_t cpu)
{
    bool valid = batch >= 1 && batch <= BATCH_MAX && payload >= 8 && role >= SIDE_PRODUCES && role <= SIDE_ECHOES;
    struct side *side = valid ? aligned_alloc(FERRY_PAIR, sizeof *side) : NULL;
    if (side == NULL) {
        return NULL;
    }
    *side = (struct side){.plan = {ring, back, pool, (uint32_t)role, (uint32_t)batch, (uint32_t)payload}};
    for (uint32_t i = 0; i < sizeof side->numbers / sizeof side->numbers[0]; i++) {
        side->numbers[i] = i % SIDE_PERIOD;
    }
    bool ready = pool == NULL || (ferry_pool_geometry(pool, &side->geometry) == FERRY_OK &&
                                  ferry_magazine_open(pool, &side->magazine) == FERRY_OK);
    side->threaded = ready && cpu >= 0 && crossing_start_thread(&side->thread, cpu, run, side) == 0;
    if (!ready || (cpu >= 0 && !side->threaded)) {
        crossing_side_close(side);
        return NULL;
    }
    return side;
}

void crossing_side_begin(struct side *side, int64_t count)
{
    store_release(&side->ordered, load_relaxed(&side->ordered) + count);
}

int64_t crossing_side_await(struct side *side)
{
    while (load_acquire(&side->done) != load_relaxed(&side->ordered)) {
        pause_spin();
    }
    return load_relaxed(&side->wrong);
}

int64_t crossing_side_run(struct side *side, int64_t count)
{
    crossing_side_begin(side, count);
    obey(side, load_relaxed(&side->ordered));
    return load_relaxed(&side->wrong);
}

void crossing_side_close(struct side *side)
{
    store_relaxed(&side->ends, 1);
    if (side->threaded) {
        pthread_join(side->thread, NULL);
    }
    if (side->magazine != NULL) {
        ferry_magazine_close(side->magazine);
    }
    free(side);
}
