/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ends.c: the calls of a bridge's two ends: receive, poll, send. The receive
 * end's thread makes the first two, the send end's the third.
 */
#include "poller.h"

/* Pops into batch. The count, or why there will never be one again. */
static int64_t take_received(struct bridge *bridge, uint64_t *batch, uint32_t max)
{
    /* Before the pop: a bridge that was closed, or had failed, before we found its ring empty has nothing more to come.
     * Acquire: pairs with the release that followed the last commit. */
    uint32_t state = load_acquire(&bridge->state);
    int32_t error = load_acquire(&bridge->error);
    if (state == BRIDGE_FREE) {
        return FERRY_ECLOSED;
    }
    int32_t n = ring_pop(&bridge->rx, batch, max);
    if (n == 0 && max != 0) {
        return error != FERRY_OK ? error : state == BRIDGE_CLOSED ? FERRY_ECLOSED : 0;
    }
    return n;
}

/* After frames or slots went back: whom the caller must wake. */
static int64_t sleepers(struct bridge *bridge)
{
    int64_t flags = pool_is_starved(bridge->pool) ? FERRY_WAKE_POOL : 0; /* its fence serves the next line, too */
    return flags | (load_relaxed(&bridge->rx.words->producer_waits) != 0 ? FERRY_WAKE_BRIDGE : 0);
}

static int32_t check_batch(struct ferry_pool *pool, const uint64_t *batch, uint32_t n)
{
    if (n > FERRY_BATCH_MAX) {
        return FERRY_EINVAL;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!ferry_frame_valid(batch[i], pool->geometry.frames, pool->geometry.stride)) {
            return FERRY_ECORRUPT;
        }
    }
    return FERRY_OK;
}

static int32_t check_receive(struct ferry_pool *pool, struct bridge *bridge, const uint64_t *batch, uint32_t previous,
                             uint32_t max)
{
    if (!pool_is_open(pool)) {
        return FERRY_ECLOSED;
    }
    if (bridge == NULL || max > FERRY_BATCH_MAX) {
        return FERRY_EINVAL;
    }
    int32_t error = check_batch(pool, batch, previous);
    return error == FERRY_OK && (bridge->flags & FERRY_MAPPED_RX) ? FERRY_EEND : error;
}

int64_t ferry_bridge_receive(ferry_pool *pool, int32_t number, uint64_t *batch, uint32_t previous, uint32_t max)
{
    struct bridge *bridge = bridge_at(pool, number);
    int32_t error = check_receive(pool, bridge, batch, previous, max);
    if (error != FERRY_OK) {
        return error;
    }
    pool_give(pool, batch, previous);
    int64_t n = take_received(bridge, batch, max);
    if (n <= 0 && previous == 0) {
        return n;
    }
    int64_t flags = sleepers(bridge);
    /* An error leaves no room for a flag. Where the previous frames must wake a poller, of another bridge most likely,
     * that goes first: the next call says the error. */
    return n >= 0 ? n | flags : flags & FERRY_WAKE_POOL ? flags : n;
}

/* The device's part of a poll. */
static void poll_device(struct bridge *bridge, const uint64_t *batch, uint32_t previous, uint32_t max,
                        int64_t timeout_ns)
{
    poller_give(bridge, batch, previous);
    /* After a round that came back with less than its budget there was nothing left, so that asking again before the
     * sleep would mostly cost a system call for nothing: the sleep itself ends at once if something has come since. */
    if (timeout_ns > 0 && bridge->round.received < bridge->budget) {
        wait_inline(bridge, FERRY_RX, timeout_ns);
    }
    if (max != 0 && ring_filled(&bridge->rx) == 0) {
        poller_round(bridge);
    } else {
        poller_transmit(bridge); /* there is enough to return; what the device has can wait until that is dealt with */
    }
    while (bridge->round.sent == bridge->budget && !poller_failed(bridge)) {
        poller_transmit(bridge); /* nobody else would send the rest */
    }
    poller_flush(bridge); /* this thread may not come back for long, and would not hear who starves meanwhile */
}

int64_t ferry_bridge_poll(ferry_pool *pool, int32_t number, uint64_t *batch, uint32_t previous, uint32_t max,
                          int64_t timeout_ns)
{
    struct bridge *bridge = bridge_at(pool, number);
    int32_t error = check_receive(pool, bridge, batch, previous, max);
    if (error != FERRY_OK && error != FERRY_EEND) {
        return error;
    }
    if (!(bridge->flags & FERRY_INLINE)) {
        return FERRY_EINVAL;
    }
    if (bridge_enter(bridge)) {
        poll_device(bridge, batch, previous, max, timeout_ns);
        bridge_leave(bridge);
    } else {
        pool_give(pool, batch, previous);
        if (pool_is_starved(pool)) {
            ferry_pool_wake(pool);
        }
    }
    return error == FERRY_EEND ? 0 : take_received(bridge, batch, max);
}

int64_t ferry_bridge_send(ferry_pool *pool, int32_t number, const uint64_t *batch, uint32_t n)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (!pool_is_open(pool) || bridge == NULL) {
        return bridge == NULL ? FERRY_EINVAL : FERRY_ECLOSED;
    }
    int32_t error = bridge->flags & FERRY_MAPPED_TX ? FERRY_EEND : check_batch(pool, batch, n);
    if (error == FERRY_OK && load_acquire(&bridge->state) != BRIDGE_OPEN) {
        error = FERRY_ECLOSED;
    }
    if (error == FERRY_OK) {
        error = load_acquire(&bridge->error);
    }
    if (error != FERRY_OK) {
        return error;
    }
    int32_t sent = ring_push(&bridge->tx, batch, n);
    if (sent <= 0) {
        return sent;
    }
    /* The tail is out before we look for the sleeper; the poller says that it sleeps before it looks at the tail again.
     * Without this fence three in a hundred forced races end with frames in the ring and everybody asleep. */
    fence();
    return sent | (load_relaxed(&bridge->tx.words->consumer_waits) != 0 ? FERRY_WAKE_BRIDGE : 0);
}
