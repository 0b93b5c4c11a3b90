/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_pool.c: see support_pool.h. Any thread.
 */
#include "support_pool.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

_Noreturn void require_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
    abort();
}

uint64_t often(uint64_t n)
{
    return getenv("FERRY_DEEP") != NULL ? 10 * n : n;
}

ferry_pool *pool_of(uint32_t frames, uint32_t ring_capacity, uint32_t bridges)
{
    const struct ferry_pool_config config = {.frames = frames,
                                             .frame_size = TEST_FRAME_SIZE,
                                             .headroom = TEST_HEADROOM,
                                             .ring_capacity = ring_capacity,
                                             .bridges = bridges};
    ferry_pool *pool = NULL;
    require(ferry_pool_open(&config, &pool) == FERRY_OK);
    return pool;
}

static struct ferry_audit audit_of(ferry_pool *pool)
{
    struct ferry_audit audit;
    require(ferry_pool_audit(pool, &audit) == FERRY_OK);
    return audit;
}

static void print_audit(const struct ferry_audit *a)
{
    fprintf(stderr,
            "audit: frames %" PRIu64 " free %" PRIu64 " cached %" PRIu64 " queued %" PRIu64 " device %" PRIu64
            " leased %" PRIu64 " duplicated %" PRIu64 " corrupt %" PRIu64 "\n",
            a->frames, a->free, a->cached, a->queued, a->device, a->leased, a->duplicated, a->corrupt);
}

void assert_sound(ferry_pool *pool, uint64_t leased)
{
    struct ferry_audit a = audit_of(pool);
    bool sound = a.duplicated == 0 && a.corrupt == 0 && a.leased == leased && a.frames == pool->geometry.frames &&
                 a.free + a.cached + a.queued + a.device + a.leased == a.frames;
    if (!sound) {
        print_audit(&a);
    }
    require(sound);
}

void close_sound(ferry_pool *pool)
{
    assert_sound(pool, 0);
    struct ferry_audit a = audit_of(pool);
    if (a.free != a.frames) {
        print_audit(&a);
    }
    require(a.free == a.frames);
    ferry_pool_free(pool);
}

int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

bool eventually(bool (*condition)(void *context), void *context)
{
    const struct timespec moment = {0, 50000};
    int64_t end = now_ns() + PATIENCE_NS;
    while (!condition(context)) {
        if (now_ns() > end) {
            return false;
        }
        nanosleep(&moment, NULL);
    }
    return true;
}

uint64_t counter_of(ferry_pool *pool, int32_t bridge, enum ferry_counter which)
{
    struct ferry_statistics statistics;
    require(ferry_bridge_statistics(pool, bridge, &statistics) == FERRY_OK);
    return statistics.counters[which];
}

struct awaited_counter {
    ferry_pool *pool;
    int32_t bridge;
    enum ferry_counter which;
    uint64_t value;
};

static bool counter_is_there(void *context)
{
    const struct awaited_counter *awaited = context;
    return counter_of(awaited->pool, awaited->bridge, awaited->which) >= awaited->value;
}

bool counter_reaches(ferry_pool *pool, int32_t bridge, enum ferry_counter which, uint64_t value)
{
    struct awaited_counter awaited = {pool, bridge, which, value};
    return eventually(counter_is_there, &awaited);
}

uint32_t random_below(uint64_t *state, uint32_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % below;
}

uint32_t count_of(int64_t result)
{
    require(result >= 0);
    return (uint32_t)result;
}

void give_back(ferry_pool *pool, const uint64_t *descriptors, uint32_t n)
{
    int64_t result = ferry_pool_give(pool, descriptors, n);
    require(count_of(result) == n);
    if (result & FERRY_WAKE_POOL) {
        ferry_pool_wake(pool);
    }
}

uint8_t *data_of(ferry_pool *pool, uint64_t descriptor)
{
    return pool_frame(pool, ferry_frame_index(descriptor)) + ferry_frame_offset(descriptor);
}

/* What the process began with: a pinned thread hands its own, smaller set on to the threads it starts. */
static cpu_set_t allowed;

static void read_allowed(void)
{
    require(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
}

bool pin_thread(uint32_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    cpu_set_t one;
    pthread_once(&once, read_allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &allowed) && n-- == 0) {
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            return pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0;
        }
    }
    return false;
}

pthread_t start_thread(void *(*run)(void *), void *context)
{
    pthread_t thread;
    require(pthread_create(&thread, NULL, run, context) == 0);
    return thread;
}

void join_thread(pthread_t thread)
{
    require(pthread_join(thread, NULL) == 0);
}
