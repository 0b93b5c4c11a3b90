/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.c: what the pool costs from C, beside malloc. Prints one JSON array:
 * benchmark, malloc, threads, frames, payload, nsPerFrame (a sample a round).
 *
 *   pool [--quick]        with another malloc: LD_PRELOAD=/path/to/libjemalloc.so pool
 *
 *   X.same     each thread takes a burst of 64 and gives it back
 *   X.single   the same with one frame at a time
 *   X.across   one thread takes, hands over by a ring, another gives; four threads are two such pairs on one pool
 *   transport  the same without taking and giving: what to take off the others
 *
 * payload is what the taker writes at the start of each frame, and the giver
 * then reads: one line, or nothing. A round runs every contestant once, so that
 * what disturbs the machine hits all of them. nsPerFrame is wall time times the
 * processors in use, divided by frames. That every frame arrived is checked.
 */
#include <gnu/libc-version.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "frameferry/frame.h"
#include "ring.h"

#define BURST 64
#define FRAME_BYTES 2048
#define CAPACITY 512 /* of the ring between two threads */
#define THREADS_MAX 4
#define ROUNDS 90
#define QUICK_ROUNDS 15
#define SAMPLE_NS INT64_C(30000000)
#define SPINS 200 /* looks before an idle thread yields: the other one may need this processor */

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

static struct pool small = {0}, large = {0};
static uint8_t *prepared[2]; /* for `transport`: a pair's buffers */
static pthread_barrier_t ready;
static cpu_set_t allowed;
static int processors; /* of them */

static void check(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "pool: %s\n", what);
        exit(1);
    }
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* ---- contestants --------------------------------------------------------- */

static void idle(uint32_t *spins)
{
    if (++*spins % SPINS == 0) {
        sched_yield();
    }
    pause_spin();
}

static void magazine_take_all(struct worker *w, uint64_t *items, uint32_t n)
{
    uint32_t spins = 0, taken = (uint32_t)ferry_magazine_take(w->magazine, items, n);
    while (taken < n) { /* the other thread has them */
        idle(&spins);
        taken += (uint32_t)ferry_magazine_take(w->magazine, items + taken, n - taken);
    }
}

static void magazine_give_all(struct worker *w, const uint64_t *items, uint32_t n)
{
    check((uint32_t)ferry_magazine_give(w->magazine, items, n) == n, "a frame was not given");
}

static void pool_take_all(struct worker *w, uint64_t *items, uint32_t n)
{
    uint32_t spins = 0, taken = (uint32_t)ferry_pool_take(w->pool->pool, items, n);
    while (taken < n) { /* the other thread has them */
        idle(&spins);
        taken += (uint32_t)ferry_pool_take(w->pool->pool, items + taken, n - taken);
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

/* As many buffers as can be on their way, round and round. */
static void next_prepared(struct worker *w, uint64_t *items, uint32_t n)
{
    const uint32_t stride = FRAME_BYTES + FERRY_LINE;
    for (uint32_t i = 0; i < n; i++) {
        items[i] = (uintptr_t)prepared[w->number / 2] + w->next++ % (CAPACITY + 2 * BURST) * stride;
    }
}

static void forget(struct worker *w, const uint64_t *items, uint32_t n)
{
    (void)w, (void)items, (void)n;
}

static struct contestant contestants[] = {
    {"magazine.same", 1, 4096, 64, false, BURST, magazine_take_all, magazine_give_all, .pool = &small},
    {"pool.same", 1, 4096, 64, false, BURST, pool_take_all, pool_give_all, .pool = &small},
    {"malloc.same", 1, 0, 64, false, BURST, malloc_all, free_all, .pool = NULL},
    {"magazine.single", 1, 4096, 64, false, 1, magazine_take_all, magazine_give_all, .pool = &small},
    {"malloc.single", 1, 0, 64, false, 1, malloc_all, free_all, .pool = NULL},
    {"transport", 2, 0, 64, true, BURST, next_prepared, forget, .pool = NULL},
    {"magazine.across", 2, 4096, 64, true, BURST, magazine_take_all, magazine_give_all, .pool = &small},
    {"pool.across", 2, 4096, 64, true, BURST, pool_take_all, pool_give_all, .pool = &small},
    {"malloc.across", 2, 0, 64, true, BURST, malloc_all, free_all, .pool = NULL},
    {"transport", 2, 0, 0, true, BURST, next_prepared, forget, .pool = NULL},
    {"pool.across", 2, 4096, 0, true, BURST, pool_take_all, pool_give_all, .pool = &small},
    {"pool.across", 2, 1048576, 64, true, BURST, pool_take_all, pool_give_all, .pool = &large},
    {"transport", 4, 0, 0, true, BURST, next_prepared, forget, .pool = NULL},
    {"transport", 4, 0, 64, true, BURST, next_prepared, forget, .pool = NULL},
    {"pool.across", 4, 4096, 0, true, BURST, pool_take_all, pool_give_all, .pool = &small},
    {"pool.across", 4, 1048576, 64, true, BURST, pool_take_all, pool_give_all, .pool = &large},
    {"pool.same", 2, 4096, 0, false, BURST, pool_take_all, pool_give_all, .pool = &small},
    {"pool.same", 4, 4096, 0, false, BURST, pool_take_all, pool_give_all, .pool = &small},
};
#define CONTESTANTS (sizeof contestants / sizeof contestants[0])

/* ---- one sample ---------------------------------------------------------- */

static uint64_t *line_of(const struct worker *w, uint64_t item)
{
    return w->pool != NULL ? (uint64_t *)ferry_frame_data(&w->pool->geometry, item) : (uint64_t *)(uintptr_t)item;
}

/* Fills the first line of each, if there is a payload. Returns the sum that the other side has to find. */
static uint64_t write_all(const struct worker *w, const uint64_t *items, uint32_t n, uint64_t number)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (w->contestant->payload == 0) {
            sum += items[i];
            continue;
        }
        uint64_t *line = line_of(w, items[i]);
        for (uint32_t word = 0; word < FERRY_LINE / sizeof *line; word++) {
            line[word] = number + i;
        }
        sum += 2 * (number + i);
    }
    return sum;
}

static uint64_t read_all(const struct worker *w, const uint64_t *items, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t *line = w->contestant->payload != 0 ? line_of(w, items[i]) : NULL;
        sum += line != NULL ? line[0] + line[7] : items[i];
    }
    return sum;
}

static void take_and_give(struct worker *w)
{
    const struct contestant *c = w->contestant;
    uint64_t items[BURST];
    for (uint64_t burst = 0; burst < c->bursts; burst++) {
        c->take(w, items, c->burst);
        uint64_t sum = write_all(w, items, c->burst, burst);
        check(read_all(w, items, c->burst) == sum, "a frame has another's bytes");
        c->give(w, items, c->burst);
    }
}

static void take_and_push(struct worker *w)
{
    uint64_t items[BURST];
    struct ring_span span;
    uint32_t spins = 0;
    for (uint64_t burst = 0; burst < w->contestant->bursts; burst++) {
        w->contestant->take(w, items, BURST);
        w->sum += write_all(w, items, BURST, burst * BURST);
        while (ring_reserve(w->ring, BURST, &span) == FERRY_OK && span.count < BURST) {
            idle(&spins); /* whole bursts only */
        }
        check(ring_push(w->ring, items, BURST) == BURST, "the ring did not take a burst");
    }
}

static void pop_and_give(struct worker *w)
{
    uint64_t items[BURST];
    uint32_t spins = 0;
    for (uint64_t left = w->contestant->bursts * BURST; left != 0;) {
        int32_t n = ring_pop(w->ring, items, BURST);
        check(n >= 0, "the ring is corrupt");
        if (n == 0) {
            idle(&spins);
            continue;
        }
        w->sum += read_all(w, items, (uint32_t)n);
        w->contestant->give(w, items, (uint32_t)n);
        left -= (uint32_t)n;
    }
}

/* Ties the calling thread to the n-th processor that the process may use. */
static void pin_thread(uint32_t n)
{
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &allowed) && n-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            check(pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0, "a thread cannot be pinned");
            return;
        }
    }
}

static void *work(void *context)
{
    struct worker *w = context;
    pin_thread(w->number % (uint32_t)processors);
    if (w->pool != NULL) {
        check(ferry_magazine_open(w->pool->pool, &w->magazine) == FERRY_OK, "no magazine");
    }
    pthread_barrier_wait(&ready);
    w->start = now_ns();
    if (!w->contestant->across) {
        take_and_give(w);
    } else if (w->number % 2 == 0) {
        take_and_push(w);
    } else {
        pop_and_give(w);
    }
    w->end = now_ns();
    if (w->pool != NULL) {
        check(ferry_magazine_close(w->magazine) == FERRY_OK, "the magazine was not closed");
    }
    return NULL;
}

static void check_sample(const struct contestant *c, const struct worker *workers)
{
    for (uint32_t i = 0; c->across && i < c->threads; i += 2) {
        check(workers[i].sum == workers[i + 1].sum, "frames were lost or exchanged on the way");
    }
    if (c->pool != NULL) {
        struct ferry_audit audit;
        check(ferry_pool_audit(c->pool->pool, &audit) == FERRY_OK, "no audit");
        check(audit.free == audit.frames && audit.duplicated == 0 && audit.corrupt == 0, "the pool is not whole");
    }
}

/* Wall time of c->bursts bursts a thread. */
static int64_t run(const struct contestant *c)
{
    static struct ferry_ring words[THREADS_MAX / 2];
    static uint64_t slots[THREADS_MAX / 2][CAPACITY];
    struct ring rings[THREADS_MAX / 2];
    struct worker workers[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    memset(words, 0, sizeof words);
    pthread_barrier_init(&ready, NULL, c->threads);
    for (uint32_t i = 0; i < c->threads; i++) {
        rings[i / 2] = (struct ring){&words[i / 2], slots[i / 2], CAPACITY};
        workers[i] = (struct worker){.contestant = c, .pool = c->pool, .ring = &rings[i / 2], .number = i};
        check(pthread_create(&threads[i], NULL, work, &workers[i]) == 0, "no thread");
    }
    int64_t start = INT64_MAX, end = 0;
    for (uint32_t i = 0; i < c->threads; i++) {
        pthread_join(threads[i], NULL);
        start = workers[i].start < start ? workers[i].start : start;
        end = workers[i].end > end ? workers[i].end : end;
    }
    pthread_barrier_destroy(&ready);
    check_sample(c, workers);
    return end - start;
}

/* How many bursts make a sample: doubled until a third of one can be timed, then scaled. */
static void calibrate(struct contestant *c)
{
    int64_t took = 0;
    for (c->bursts = 64; took < SAMPLE_NS / 3; c->bursts *= 2) {
        took = run(c);
    }
    c->bursts = c->bursts / 2 * (uint64_t)SAMPLE_NS / (uint64_t)took + 1;
}

static double sample(const struct contestant *c)
{
    uint32_t givers = c->across ? c->threads / 2 : c->threads;
    uint32_t busy = c->threads < (uint32_t)processors ? c->threads : (uint32_t)processors;
    /* A pair's two threads work on the same frame one after the other: its time is that of the slower one. */
    double share = c->across ? busy / 2.0 : busy;
    double frames = (double)c->bursts * c->burst * givers;
    return (double)run(c) * (share < 1 ? 1 : share) / frames;
}

/* ---- the program --------------------------------------------------------- */

int mallctl(const char *name, void *old, size_t *old_bytes, void *new_value, size_t bytes) __attribute__((weak));
int mi_version(void) __attribute__((weak));

static const char *name_of_malloc(void)
{
    static char glibc[32];
    snprintf(glibc, sizeof glibc, "glibc %s", gnu_get_libc_version());
    return mallctl != NULL ? "jemalloc" : mi_version != NULL ? "mimalloc" : glibc;
}

static void open_pool(struct pool *pool, uint32_t frames)
{
    const struct ferry_pool_config config = {
        .frames = frames, .frame_size = FRAME_BYTES, .headroom = 0, .ring_capacity = 1};
    check(ferry_pool_open(&config, &pool->pool) == FERRY_OK, "no pool");
    ferry_pool_geometry(pool->pool, &pool->geometry);
}

static void print(uint32_t rounds)
{
    for (uint32_t i = 0; i < CONTESTANTS; i++) {
        const struct contestant *c = &contestants[i];
        printf("%s{\"benchmark\": \"%s\", \"malloc\": \"%s\", \"threads\": %" PRIu32 ", \"frames\": %" PRIu32
               ", \"payload\": %" PRIu32 ", \"nsPerFrame\": [",
               i == 0 ? "[\n" : ",\n", c->name, name_of_malloc(), c->threads, c->frames, c->payload);
        for (uint32_t round = 0; round < rounds; round++) {
            printf("%s%.3f", round == 0 ? "" : ", ", c->samples[round]);
        }
        printf("]}");
    }
    printf("\n]\n");
}

int main(int count, char **arguments)
{
    bool quick = count == 2 && strcmp(arguments[1], "--quick") == 0;
    if (count > 1 && !quick) {
        fprintf(stderr, "usage: pool [--quick]\n");
        return 2;
    }
    uint32_t rounds = quick ? QUICK_ROUNDS : ROUNDS;
    check(sched_getaffinity(0, sizeof allowed, &allowed) == 0, "no processors");
    processors = CPU_COUNT(&allowed);
    open_pool(&small, 4096);
    open_pool(&large, 1048576);
    for (uint32_t i = 0; i < 2; i++) {
        prepared[i] = aligned_alloc(FERRY_LINE, (CAPACITY + 2 * BURST) * (FRAME_BYTES + FERRY_LINE));
        check(prepared[i] != NULL, "no memory");
    }
    for (uint32_t i = 0; i < CONTESTANTS; i++) {
        calibrate(&contestants[i]);
    }
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t i = 0; i < CONTESTANTS; i++) {
            contestants[i].samples[round] = sample(&contestants[i]);
        }
    }
    print(rounds);
    ferry_pool_free(small.pool);
    ferry_pool_free(large.pool);
    free(prepared[0]);
    free(prepared[1]);
    return 0;
}
