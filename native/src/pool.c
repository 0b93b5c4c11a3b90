/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.c: opening and closing a pool, taking and giving frames.
 */
#include "pool.h"

#include <stdlib.h>

static bool power_of_two(uint32_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

static bool config_valid(const struct ferry_pool_config *c)
{
    return c->frames >= 1 && c->frames <= FERRY_FRAMES_MAX && c->frame_size >= FERRY_FRAME_SIZE_MIN &&
           c->frame_size <= FERRY_FRAME_SIZE_MAX && c->headroom <= FERRY_HEADROOM_MAX &&
           c->headroom % FERRY_LINE == 0 && power_of_two(c->ring_capacity) &&
           c->ring_capacity <= FERRY_RING_CAPACITY_MAX && c->bridges <= FERRY_BRIDGES_MAX;
}

static uint64_t page_up(uint64_t bytes)
{
    return (bytes + FERRY_PAGE - 1) & ~(uint64_t)(FERRY_PAGE - 1);
}

/* An odd number of lines spreads the first lines of frames over all of a cache's sets; a power of two piles them up. */
static uint32_t odd_stride(uint32_t bytes)
{
    return ((bytes + FERRY_LINE - 1) / FERRY_LINE | 1) * FERRY_LINE;
}

static void geometry_init(struct ferry_pool *pool, const struct ferry_pool_config *c)
{
    struct ferry_geometry *g = &pool->geometry;
    pool->depot.frames = c->frames;
    pool->depot.block_count = depot_blocks(c->frames);
    g->frames = c->frames;
    g->frame_size = c->frame_size;
    g->headroom = c->headroom;
    g->ring_capacity = c->ring_capacity;
    g->bridges = c->bridges;
    g->stride = odd_stride(FERRY_META_BYTES + c->headroom + c->frame_size);
    g->rx_slots = FERRY_PAGE;
    g->tx_slots = g->rx_slots + page_up((uint64_t)c->ring_capacity * sizeof(uint64_t));
    g->bridge_bytes = 2 * g->tx_slots - FERRY_PAGE;
    g->bridge_offset = 2 * FERRY_PAGE + page_up((uint64_t)pool->depot.block_count * sizeof(struct ferry_block));
    g->control_bytes = g->bridge_offset + g->bridges * g->bridge_bytes;
    g->data_bytes = page_up((uint64_t)g->frames * g->stride);
}

static void bridges_init(struct ferry_pool *pool)
{
    const struct ferry_geometry *g = &pool->geometry;
    for (uint32_t i = 0; i < g->bridges; i++) {
        struct bridge *bridge = &pool->bridges[i];
        uint8_t *area = pool->control + g->bridge_offset + i * g->bridge_bytes;
        bridge->pool = pool;
        bridge->number = i;
        bridge->area = (struct ferry_area *)area;
        bridge->rx = (struct ring){&bridge->area->rx, (uint64_t *)(area + g->rx_slots), g->ring_capacity};
        bridge->own_tx = (struct ring){&bridge->area->tx, (uint64_t *)(area + g->tx_slots), g->ring_capacity};
        bridge->tx = bridge->own_tx;
    }
}

int32_t ferry_pool_open(const struct ferry_pool_config *config, ferry_pool **out)
{
    if (config == NULL || out == NULL || !config_valid(config)) {
        return FERRY_EINVAL;
    }
    struct ferry_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return FERRY_ENOMEM;
    }
    geometry_init(pool, config);
    pool->zero = config->zero != 0;
    int32_t error = slab_map(pool, config->huge_pages != 0);
    if (error != FERRY_OK) {
        free(pool);
        return error;
    }
    pthread_mutex_init(&pool->lock, NULL);
    bridges_init(pool);
    depot_init(&pool->depot);
    store_release(&pool->state, POOL_OPEN);
    *out = pool;
    return FERRY_OK;
}

int32_t ferry_pool_geometry(ferry_pool *pool, struct ferry_geometry *geometry)
{
    if (pool == NULL || geometry == NULL) {
        return FERRY_EINVAL;
    }
    *geometry = pool->geometry;
    return FERRY_OK;
}

int64_t ferry_pool_take(ferry_pool *pool, uint64_t *descriptors, uint32_t n)
{
    uint32_t indices[FERRY_BURST];
    uint32_t taken = 0;
    if (n > FERRY_BATCH_MAX) {
        return FERRY_EINVAL;
    }
    if (!pool_is_open(pool)) {
        return FERRY_ECLOSED;
    }
    while (taken < n) {
        uint32_t want = n - taken < FERRY_BURST ? n - taken : FERRY_BURST;
        uint32_t got = depot_take(&pool->depot, indices, want);
        pool_describe(pool, indices, descriptors + taken, got);
        taken += got;
        if (got < want) {
            store_relaxed(&pool->depot.words->wanted, 1);
            break;
        }
    }
    /* A block is out of the depot while we hold it: a poller that looked just then saw none of its frames, and may have
     * gone to sleep for want of one. */
    bool hid = taken != 0 && pool_is_starved(pool) && depot_has_frames(&pool->depot);
    return taken | (hid ? FERRY_WAKE_POOL : 0);
}

void pool_give(struct ferry_pool *pool, const uint64_t *descriptors, uint32_t n)
{
    uint32_t indices[FERRY_BURST];
    for (uint32_t given = 0; given < n;) {
        uint32_t some = n - given < FERRY_BURST ? n - given : FERRY_BURST;
        pool_take_back(pool, descriptors + given, indices, some);
        depot_give(&pool->depot, indices, some);
        given += some;
    }
}

int64_t ferry_pool_give(ferry_pool *pool, const uint64_t *descriptors, uint32_t n)
{
    if (n > FERRY_BATCH_MAX) {
        return FERRY_EINVAL;
    }
    if (!pool_is_open(pool)) {
        return FERRY_ECLOSED;
    }
    if (!pool_knows(pool, descriptors, n)) {
        return FERRY_ECORRUPT;
    }
    pool_give(pool, descriptors, n);
    return n | (n != 0 && pool_is_starved(pool) ? FERRY_WAKE_POOL : 0);
}

int64_t ferry_pool_give_one(ferry_pool *pool, uint64_t descriptor)
{
    return ferry_pool_give(pool, &descriptor, 1);
}

int32_t ferry_pool_wake(ferry_pool *pool)
{
    if (!pool_is_open(pool)) {
        return FERRY_ECLOSED;
    }
    uint64_t starved = atomic_exchange_explicit(&pool->depot.words->starved, 0, memory_order_relaxed);
    for (int32_t i = 0; starved != 0; i++, starved >>= 1) {
        if (starved & 1) {
            ferry_bridge_wake(pool, i);
        }
    }
    return FERRY_OK;
}

int32_t ferry_pool_close(ferry_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool was_open = pool_is_open(pool);
    store_release(&pool->state, POOL_CLOSED); /* from here on no bridge opens and no burst call begins */
    pthread_mutex_unlock(&pool->lock);
    if (!was_open) {
        return FERRY_ECLOSED;
    }
    for (uint32_t i = 0; i < pool->geometry.bridges; i++) {
        ferry_bridge_close(pool, (int32_t)i);
    }
    pthread_mutex_lock(&pool->lock);
    store_relaxed(&pool->depot.closed, 1);
    slab_zero(pool);
    pthread_mutex_unlock(&pool->lock);
    return FERRY_OK;
}

void ferry_pool_free(ferry_pool *pool)
{
    if (pool != NULL) {
        ferry_pool_close(pool);
        slab_unmap(pool);
        pthread_mutex_destroy(&pool->lock);
        free(pool);
    }
}
