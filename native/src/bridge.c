/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bridge.c: opening, closing and counting bridges. Any thread.
 *
 * A bridge's state goes round: free, open, closing, closed, free. An
 * ordinary call that may touch the device enters and leaves; close waits until
 * nobody is inside. Burst calls (ends.c) touch the slab only and need no entry.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "poller.h"

#define POLLER_STACK_BYTES ((size_t)256 << 10)

/* What another thread needs for a step or two. */
static const struct timespec MOMENT = {0, 50000};

static const int FAULTS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};

struct bridge *bridge_at(struct ferry_pool *pool, int32_t number)
{
    return number >= 0 && (uint32_t)number < pool->geometry.bridges ? &pool->bridges[number] : NULL;
}

bool bridge_enter(struct bridge *bridge)
{
    /* Sequentially consistent, as is close's store of the state: either we see that it closes, or it sees us. */
    atomic_fetch_add(&bridge->users, 1);
    if (atomic_load(&bridge->state) == BRIDGE_OPEN) {
        return true;
    }
    bridge_leave(bridge);
    return false;
}

void bridge_leave(struct bridge *bridge)
{
    atomic_fetch_sub(&bridge->users, 1);
}

/* A thread that no signal of the process lands on: a handler made for Java or C threads must not run on it. But a fault of
 * its own must reach the handlers, or it would end the process without a word. */
static int32_t start_poller(struct bridge *bridge)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    char name[16];
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, POLLER_STACK_BYTES);
    sigfillset(&all);
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++) {
        sigdelset(&all, FAULTS[i]);
    }
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&bridge->thread, &attributes, poller_run, bridge);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (failed != 0) {
        return FERRY_ESYSTEM - failed;
    }
    snprintf(name, sizeof name, "ferry-poll-%u", bridge->number);
    pthread_setname_np(bridge->thread, name);
    return FERRY_OK;
}

/* Nobody to be started, or joined. */
static bool has_poller(const struct bridge *bridge)
{
    return !(bridge->flags & FERRY_INLINE) && !bridge_loops(bridge);
}

static void free_buffers(struct bridge *bridge)
{
    free(bridge->scratch);
    free(bridge->in_device);
    bridge->scratch = NULL;
    bridge->in_device = NULL;
}

static int32_t allocate_buffers(struct bridge *bridge)
{
    const struct ferry_geometry *g = &bridge->pool->geometry;
    bool patient = bridge->device.ops->flags & FERRY_DEVICE_PATIENT;
    bool completes = bridge->device.ops->complete != NULL;
    bridge->scratch = patient ? NULL : aligned_alloc(FERRY_LINE, g->stride);
    bridge->in_device = completes ? calloc((g->frames + 63) / 64, sizeof(uint64_t)) : NULL;
    if ((bridge->scratch == NULL && !patient) || (bridge->in_device == NULL && completes)) {
        free_buffers(bridge);
        return FERRY_ENOMEM;
    }
    return FERRY_OK;
}

static struct bridge *find_free(struct ferry_pool *pool)
{
    for (uint32_t i = 0; i < pool->geometry.bridges; i++) {
        if (load_acquire(&pool->bridges[i].state) == BRIDGE_FREE) {
            return &pool->bridges[i];
        }
    }
    return NULL;
}

/* Under the pool's lock. */
static int32_t open_locked(struct ferry_pool *pool, ferry_device *device, const struct ferry_bridge_config *config)
{
    struct bridge *bridge = pool_is_open(pool) ? find_free(pool) : NULL;
    if (bridge == NULL) {
        return pool_is_open(pool) ? FERRY_EFULL : FERRY_ECLOSED;
    }
    bridge->device = *device;
    bridge->tx = device->ops->flags & FERRY_DEVICE_LOOP ? bridge->rx : bridge->own_tx;
    ring_adopt(&bridge->rx);
    ring_adopt(&bridge->tx);
    bridge->opened_tail = load_relaxed(&bridge->tx.words->tail);
    bridge->flags = config->flags;
    bridge->budget = config->budget;
    bridge->spin_ns = config->spin_ns;
    bridge->moderation_ns = config->moderation_ns;
    bridge->round = (struct round){0};
    bridge->expected = FERRY_BURST;
    bridge->opened_ns = bridge_now(bridge);
    store_relaxed(&bridge->slept[0], 0);
    store_relaxed(&bridge->slept[1], 0);
    store_relaxed(&bridge->stop, 0);
    store_relaxed(&bridge->error, FERRY_OK);
    store_relaxed(&bridge->area->error, FERRY_OK);
    store_relaxed(&bridge->interrupted[FERRY_RX], 0); /* meant for a bridge that had this number before */
    store_relaxed(&bridge->interrupted[FERRY_TX], 0);
    for (uint32_t i = 0; i < FERRY_COUNTERS; i++) {
        store_relaxed(&bridge->area->counters[i], 0);
    }
    int32_t error = allocate_buffers(bridge);
    if (error != FERRY_OK) {
        return error;
    }
    atomic_store(&bridge->state, BRIDGE_OPEN);
    error = has_poller(bridge) ? start_poller(bridge) : FERRY_OK;
    if (error != FERRY_OK) {
        atomic_store(&bridge->state, BRIDGE_FREE);
        free_buffers(bridge);
        return error;
    }
    return (int32_t)bridge->number;
}

static int32_t check_open(const struct ferry_device_ops *ops, const struct ferry_bridge_config *config)
{
    uint32_t refused = ops->flags & FERRY_DEVICE_LOOP ? FERRY_INLINE : 0;
    uint32_t needed = ops->flags & FERRY_DEVICE_INLINE ? FERRY_INLINE : 0;
    bool driven = config != NULL && (config->flags & needed) == needed && !(config->flags & refused);
    bool valid = driven && config->budget >= 1 && config->budget <= FERRY_BUDGET_MAX &&
                 config->moderation_ns <= FERRY_MODERATION_MAX;
    return valid ? FERRY_OK : FERRY_EINVAL;
}

int32_t ferry_bridge_open(ferry_pool *pool, ferry_device *device, const struct ferry_bridge_config *config)
{
    int32_t result = device == NULL ? FERRY_EINVAL : device_check(device->ops);
    if (result != FERRY_OK) {
        return result; /* not even close can be called */
    }
    result = pool == NULL ? FERRY_EINVAL : check_open(device->ops, config);
    if (result == FERRY_OK) {
        pthread_mutex_lock(&pool->lock);
        result = open_locked(pool, device, config);
        pthread_mutex_unlock(&pool->lock);
    }
    if (result < 0) {
        device->ops->close(device->self);
    }
    return result;
}

uint64_t bridge_now(const struct bridge *bridge)
{
    struct timespec now;
    if (bridge->device.ops->now != NULL) {
        return bridge->device.ops->now(bridge->device.self);
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The words of bridge.slept, and the clock at a moment when they were so. */
static uint64_t look_at_times(const struct bridge *bridge, uint64_t words[2])
{
    for (;;) {
        words[0] = load_acquire(&bridge->slept[0]);
        words[1] = load_acquire(&bridge->slept[1]);
        uint64_t now = bridge_now(bridge);
        fence(); /* the clock before the words: see edge() */
        bool same = load_relaxed(&bridge->slept[0]) == words[0] && load_relaxed(&bridge->slept[1]) == words[1];
        if (same && words[0] != SLEPT_EDGE && words[1] != SLEPT_EDGE) {
            return now;
        }
        nanosleep(&MOMENT, NULL); /* its thread may have lost its processor there */
    }
}

/* The driver counts a sleep when it ends; here the one that it is in now counts, too. */
static void tell_times(const struct bridge *bridge, struct ferry_statistics *statistics)
{
    uint64_t words[2], now = look_at_times(bridge, words);
    statistics->polling_ns = now - bridge->opened_ns;
    for (uint32_t kind = 0; kind < 2; kind++) {
        uint64_t slept = words[kind] & SLEPT_ASLEEP ? now - (words[kind] & ~SLEPT_ASLEEP) : words[kind];
        statistics->counters[FERRY_ARMED_NS + kind] = slept;
        statistics->polling_ns -= slept;
    }
}

/* Under nobody's lock: from many threads. */
static void statistics_now(struct bridge *bridge, struct ferry_statistics *statistics)
{
    const struct ferry_device_ops *ops = bridge->device.ops;
    void *self = bridge->device.self;
    for (uint32_t i = 0; i < FERRY_COUNTERS; i++) {
        statistics->counters[i] = load_relaxed(&bridge->area->counters[i]);
    }
    /* What it marked in slots, and what it dropped before we could see it. */
    statistics->counters[FERRY_RX_DEVICE] += ops->drops != NULL ? ops->drops(self) : 0;
    statistics->receive_buffer = ops->receive_buffer != NULL ? ops->receive_buffer(self) : 0;
    statistics->rx_queued = ring_filled(&bridge->rx);
    statistics->tx_queued = bridge_loops(bridge) ? 0 : ring_filled(&bridge->tx);
    if (bridge_loops(bridge)) { /* nobody counts: the two ends are as fast as the ring */
        uint64_t frames = load_relaxed(&bridge->tx.words->tail) - bridge->opened_tail;
        statistics->counters[FERRY_RX_FRAMES] = statistics->counters[FERRY_TX_FRAMES] = frames;
    }
    tell_times(bridge, statistics);
}

int32_t ferry_bridge_statistics(ferry_pool *pool, int32_t number, struct ferry_statistics *statistics)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (bridge == NULL || statistics == NULL) {
        return FERRY_EINVAL;
    }
    if (bridge_enter(bridge)) {
        statistics_now(bridge, statistics);
        bridge_leave(bridge);
        return FERRY_OK;
    }
    pthread_mutex_lock(&pool->lock); /* close holds it until `last` is written */
    bool known = load_acquire(&bridge->state) == BRIDGE_CLOSED;
    if (known) {
        *statistics = bridge->last;
        statistics->rx_queued = ring_filled(&bridge->rx); /* the receiver is still at it */
        /* A sender that had found the bridge open may have pushed when it was closed: nobody will send those. */
        statistics->counters[FERRY_TX_DROPPED] += bridge_loops(bridge) ? 0 : ring_filled(&bridge->tx);
    }
    pthread_mutex_unlock(&pool->lock);
    return known ? FERRY_OK : FERRY_ECLOSED;
}

/* Wakes everybody until nobody is inside: a thread may have been about to sleep when we looked. */
static void evict_users(struct bridge *bridge)
{
    for (;;) {
        bridge->device.ops->wake(bridge->device.self);
        wake_word(&bridge->rx.words->consumer_waits);
        wake_word(&bridge->tx.words->producer_waits);
        if (atomic_load(&bridge->users) == 0) {
            return;
        }
        nanosleep(&MOMENT, NULL);
    }
}

static void close_locked(struct bridge *bridge)
{
    store_release(&bridge->stop, 1);
    evict_users(bridge);
    if (has_poller(bridge)) {
        pthread_join(bridge->thread, NULL);
    }
    if (!bridge_loops(bridge)) { /* what is in a loop's ring has been sent, and can still be received */
        poller_finish(bridge);
    }
    statistics_now(bridge, &bridge->last);
    bridge->device.ops->close(bridge->device.self);
    bridge->device = (ferry_device){0};
    free_buffers(bridge);
    /* Release: whoever sees CLOSED sees every frame that the poller published, and `last`. */
    store_release(&bridge->state, BRIDGE_CLOSED);
}

int32_t ferry_bridge_close(ferry_pool *pool, int32_t number)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (bridge == NULL) {
        return FERRY_EINVAL;
    }
    pthread_mutex_lock(&pool->lock);
    uint32_t expected = BRIDGE_OPEN;
    bool ours = atomic_compare_exchange_strong(&bridge->state, &expected, BRIDGE_CLOSING);
    if (ours) {
        close_locked(bridge);
    }
    pthread_mutex_unlock(&pool->lock);
    return ours ? FERRY_OK : FERRY_ECLOSED;
}

static void drain(struct ferry_pool *pool, const struct ring *ring)
{
    uint64_t left[FERRY_BURST];
    int32_t n;
    ring_adopt(ring);
    while ((n = ring_pop(ring, left, FERRY_BURST)) > 0) {
        for (int32_t i = 0; i < n; i++) {
            if (ferry_frame_index(left[i]) < pool->geometry.frames) {
                pool_give(pool, &left[i], 1);
            }
        }
    }
}

int32_t ferry_bridge_reclaim(ferry_pool *pool, int32_t number)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (bridge == NULL) {
        return FERRY_EINVAL;
    }
    pthread_mutex_lock(&pool->lock);
    bool ours = load_acquire(&bridge->state) == BRIDGE_CLOSED && pool_is_open(pool);
    if (ours) {
        drain(pool, &bridge->rx);
        drain(pool, &bridge->tx); /* what a sender pushed while the bridge closed */
        store_release(&bridge->state, BRIDGE_FREE);
    }
    pthread_mutex_unlock(&pool->lock);
    if (ours && pool_is_starved(pool)) {
        ferry_pool_wake(pool);
    }
    return ours ? FERRY_OK : FERRY_ECLOSED;
}
