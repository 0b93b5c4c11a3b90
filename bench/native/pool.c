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
 *   transport  the same without taking and giving: what to take off X.across. With one thread: what of X.same is the
 *              line that is written and read
 *
 * payload is what the taker writes at the start of each frame, and the giver
 * then reads: one line, or nothing. A round runs every contestant once, so that
 * what disturbs the machine hits all of them. nsPerFrame is wall time times the
 * processors in use, divided by frames. That every frame arrived is checked.
 */
#include <gnu/libc-version.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "pool_contestant.h"

#define THREADS_MAX 4
#define QUICK_ROUNDS 15
#define SAMPLE_NS INT64_C(30000000)

static struct pool small = {0}, large = {0};
static pthread_barrier_t ready;
static struct contestant contestants[] = {
    {"magazine.same", 1, 4096, 64, false, BURST, magazine_take_all, magazine_give_all, .pool = &small},
    {"pool.same", 1, 4096, 64, false, BURST, pool_take_all, pool_give_all, .pool = &small},
    {"malloc.same", 1, 0, 64, false, BURST, malloc_all, free_all, .pool = NULL},
    {"transport", 1, 0, 64, false, BURST, next_prepared, forget, .pool = NULL},
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

/* Items are descriptors of a pool, or pointers where there is none (a null geometry). */
static uint64_t *line_of(const struct ferry_geometry *geometry, uint64_t item)
{
    return geometry != NULL ? (uint64_t *)ferry_frame_data(geometry, item) : (uint64_t *)(uintptr_t)item;
}

/* Fills the first line of each. Returns the sum that the other side has to find. */
static uint64_t write_lines(const struct worker *w, const uint64_t *items, uint32_t n, uint64_t number)
{
    const struct ferry_geometry local = w->pool != NULL ? w->pool->geometry : (struct ferry_geometry){0};
    const struct ferry_geometry *geometry = w->pool != NULL ? &local : NULL; /* a copy that no store can change */
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t *line = line_of(geometry, items[i]);
        for (uint32_t word = 0; word < FERRY_LINE / sizeof *line; word++) {
            line[word] = number + i;
        }
        sum += 2 * (number + i);
    }
    return sum;
}

static uint64_t read_lines(const struct worker *w, const uint64_t *items, uint32_t n)
{
    const struct ferry_geometry *geometry = w->pool != NULL ? &w->pool->geometry : NULL;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t *line = line_of(geometry, items[i]);
        sum += line[0] + line[7];
    }
    return sum;
}

static uint64_t sum_of(const uint64_t *items, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += items[i];
    }
    return sum;
}

static uint64_t write_all(const struct worker *w, const uint64_t *items, uint32_t n, uint64_t number)
{
    return w->contestant->payload != 0 ? write_lines(w, items, n, number) : sum_of(items, n);
}

static uint64_t read_all(const struct worker *w, const uint64_t *items, uint32_t n)
{
    return w->contestant->payload != 0 ? read_lines(w, items, n) : sum_of(items, n);
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

static void *work(void *context)
{
    struct worker *w = context;
    pin_thread(w->number);
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
    uint32_t cpus = (uint32_t)CPU_COUNT(processors());
    uint32_t givers = c->across ? c->threads / 2 : c->threads;
    uint32_t busy = c->threads < cpus ? c->threads : cpus;
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
    processors(); /* as they are before a thread is pinned */
    open_pool(&small, 4096);
    open_pool(&large, 1048576);
    for (uint32_t i = 0; i < 2; i++) {
        prepared[i] = aligned_alloc(FERRY_LINE, PREPARED * FERRY_LINE);
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
