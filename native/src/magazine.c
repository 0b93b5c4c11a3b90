/* SPDX-License-Identifier: Apache-2.0 */
/*
 * magazine.c: the pool for threads that are no pollers: a magazine each, held
 * by a handle, so that nothing is looked up. Opening: any thread; the rest: the
 * magazine's owner.
 *
 * Handles lie in the pool's private struct and are freed with it. So a late
 * call on one, after its own close or the pool's, finds memory that says no.
 */
#include "pool.h"

_Static_assert(sizeof(struct ferry_magazine) == FERRY_PAIR, "owners of neighbouring magazines share a line");

int32_t ferry_magazine_open(ferry_pool *pool, ferry_magazine **out)
{
    if (pool == NULL || out == NULL) {
        return FERRY_EINVAL;
    }
    pthread_mutex_lock(&pool->lock);
    int32_t result = pool_is_open(pool) ? FERRY_EFULL : FERRY_ECLOSED;
    for (uint32_t i = 0; i < FERRY_MAGAZINES_MAX && result == FERRY_EFULL; i++) {
        struct ferry_magazine *magazine = &pool->magazines[i];
        if (load_relaxed(&magazine->open) == 0) {
            magazine->pool = pool;
            store_relaxed(&magazine->open, 1);
            *out = magazine;
            result = FERRY_OK;
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return result;
}

static bool usable(const struct ferry_magazine *magazine)
{
    return load_relaxed(&magazine->open) != 0 && pool_is_open(magazine->pool);
}

/* Gives all that the magazine holds to the depot. Returns how many frames, and whether a poller slept for want of them. */
static int64_t give_up(struct ferry_magazine *magazine)
{
    struct ferry_pool *pool = magazine->pool;
    uint32_t frames = magazine_flush(&pool->depot, &magazine->blocks);
    if (frames != 0) {
        store_relaxed(&pool->depot.words->wanted, 0);
    }
    /* Whatever we held now: full blocks went to the depot in earlier calls, too. */
    bool missed = pool_is_starved(pool) && depot_has_frames(&pool->depot);
    return frames | (missed ? FERRY_WAKE_POOL : 0);
}

/* At the end of a call. Somebody may want the very frames that we keep. The look is relaxed and may come too early: then
 * the next call sees it, or the flush before the thread rests. */
static int64_t share(struct ferry_magazine *magazine)
{
    const struct ferry_depot *words = magazine->pool->depot.words;
    bool asked = load_relaxed(&words->wanted) != 0 || load_relaxed(&words->starved) != 0;
    return asked ? give_up(magazine) & FERRY_WAKE_POOL : 0;
}

static uint32_t take_some(struct ferry_magazine *magazine, uint64_t *descriptors, uint32_t n)
{
    uint32_t indices[FERRY_BURST];
    uint32_t taken = 0, got = 0, want = 0;
    struct ferry_pool *pool = magazine->pool;
    for (; taken < n && got == want; taken += got) {
        want = n - taken < FERRY_BURST ? n - taken : FERRY_BURST;
        got = magazine_take(&pool->depot, &magazine->blocks, indices, want);
        pool_describe(pool, indices, descriptors + taken, got);
    }
    return taken;
}

/* A frame that is taken, used and given by one thread goes from store to load all the way: each array in between would
 * be another such step. */
static uint32_t take_one(struct ferry_magazine *magazine, uint64_t *descriptor)
{
    struct ferry_pool *pool = magazine->pool;
    uint32_t index = magazine_pop(&pool->depot, &magazine->blocks);
    if (index == pool->geometry.frames) {
        return 0;
    }
    pool_describe(pool, &index, descriptor, 1);
    return 1;
}

int64_t ferry_magazine_take(ferry_magazine *magazine, uint64_t *descriptors, uint32_t n)
{
    if (n > FERRY_BATCH_MAX) {
        return FERRY_EINVAL;
    }
    if (!usable(magazine)) {
        return FERRY_ECLOSED;
    }
    uint32_t taken = n == 1 ? take_one(magazine, descriptors) : take_some(magazine, descriptors, n);
    if (taken < n) { /* we hold nothing now: others have to share */
        store_relaxed(&magazine->pool->depot.words->wanted, 1);
        return taken;
    }
    return taken | share(magazine);
}

/* Gives all, or none if one of them names no frame of the pool. */
static bool give_some(struct ferry_magazine *magazine, const uint64_t *descriptors, uint32_t n)
{
    uint32_t indices[FERRY_BURST];
    struct ferry_pool *pool = magazine->pool;
    if (n > FERRY_BURST && !pool_knows(pool, descriptors, n)) {
        return false;
    }
    for (uint32_t given = 0; given < n;) {
        uint32_t some = n - given < FERRY_BURST ? n - given : FERRY_BURST;
        if (!pool_take_back(pool, descriptors + given, indices, some)) {
            return false; /* the only burst: of several, all were looked at before the first was given */
        }
        magazine_give(&pool->depot, &magazine->blocks, indices, some);
        given += some;
    }
    return true;
}

static bool give_one(struct ferry_magazine *magazine, uint64_t descriptor)
{
    uint32_t index = ferry_frame_index(descriptor);
    if (index >= magazine->pool->geometry.frames) {
        return false;
    }
    pool_wipe(magazine->pool, index);
    magazine_push(&magazine->pool->depot, &magazine->blocks, index);
    return true;
}

int64_t ferry_magazine_give(ferry_magazine *magazine, const uint64_t *descriptors, uint32_t n)
{
    if (n > FERRY_BATCH_MAX) {
        return FERRY_EINVAL;
    }
    if (!usable(magazine)) {
        return FERRY_ECLOSED;
    }
    bool given = n == 1 ? give_one(magazine, descriptors[0]) : give_some(magazine, descriptors, n);
    return given ? n | share(magazine) : FERRY_ECORRUPT;
}

int64_t ferry_magazine_flush(ferry_magazine *magazine)
{
    return usable(magazine) ? give_up(magazine) : FERRY_ECLOSED;
}

int32_t ferry_magazine_close(ferry_magazine *magazine)
{
    struct ferry_pool *pool = magazine->pool;
    pthread_mutex_lock(&pool->lock);
    bool ours = usable(magazine);
    int64_t flags = ours ? give_up(magazine) : 0;
    store_relaxed(&magazine->open, 0);
    pthread_mutex_unlock(&pool->lock);
    if (flags & FERRY_WAKE_POOL) {
        ferry_pool_wake(pool);
    }
    return ours ? FERRY_OK : FERRY_ECLOSED;
}
