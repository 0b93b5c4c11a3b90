/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rx.c: the receiving half of a round: device -> frames -> rx ring. Only the
 * thread that drives the device.
 *
 * What a device returns is checked: counts beyond what it was given, lengths
 * beyond the capacity. A source that cannot wait is read even when there is no
 * frame or no room: the newest are dropped, counted by cause, and count
 * towards the budget.
 */
#include "poller.h"

/* Frames prepared for a device that had next to nothing the last time. */
#define LEAST_EXPECTED 8

/* Empty frames for up to n arrivals. Returns how many there are. */
static uint32_t prepare(struct bridge *bridge, uint32_t n)
{
    struct ferry_pool *pool = bridge->pool;
    uint32_t start = FERRY_META_BYTES + pool->geometry.headroom;
    n = magazine_take(&pool->depot, &bridge->area->magazine, bridge->indices, n);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t *frame = pool_frame(pool, bridge->indices[i]);
        bridge->slots[i] = (struct ferry_slot){
            .data = frame + start, .meta = frame, .token = bridge->indices[i], .capacity = pool->geometry.stride - start};
    }
    if (n == 0) {
        store_relaxed(&pool->depot.words->wanted, 1);
    }
    return n;
}

/* Gives the frame of a filled slot back that must not be delivered. */
static void drop(struct bridge *bridge, uint32_t i)
{
    uint32_t cause = bridge->slots[i].dropped; /* too long a length comes without one */
    poller_count(bridge, cause != 0 && cause < FERRY_COUNTERS ? cause : FERRY_RX_ERRORS, 1);
    poller_give_index(bridge, bridge->indices[i]);
}

/* Writes the descriptors of `used` filled slots into the reserved span and publishes them; the others go back. */
static void deliver(struct bridge *bridge, const struct ring_span *span, uint32_t prepared, uint32_t used)
{
    uint32_t start = FERRY_META_BYTES + bridge->pool->geometry.headroom;
    uint32_t capacity = bridge->pool->geometry.stride - start; /* not the slot's, which a device may have written over */
    uint64_t addressed = bridge->device.ops->flags & FERRY_DEVICE_ADDRESSES ? FERRY_ADDRESSED : 0;
    uint32_t delivered = 0;
    uint64_t bytes = 0;
    for (uint32_t i = prepared; i > used; i--) { /* backwards: the frame that was on top is there again */
        poller_return_index(bridge, bridge->indices[i - 1]);
    }
    for (uint32_t i = 0; i < used; i++) {
        const struct ferry_slot *slot = &bridge->slots[i];
        if (slot->dropped != 0 || slot->length > capacity) {
            drop(bridge, i);
            continue;
        }
        *ring_slot(&bridge->rx, span, delivered++) =
            ferry_frame_descriptor(bridge->indices[i], start, slot->length) | addressed;
        bytes += slot->length;
    }
    if (delivered != 0) {
        /* Counted first: the commit publishes the counters as well, so that who has a frame finds it counted. */
        poller_count(bridge, FERRY_RX_FRAMES, delivered);
        poller_count(bridge, FERRY_RX_BYTES, bytes);
        ring_commit(&bridge->rx, delivered);
        poller_signal(&bridge->rx.words->consumer_waits);
    }
}

/* Reads up to n arrivals of a source that cannot wait, and drops them, counted under their cause. */
static int32_t discard(struct bridge *bridge, uint32_t n, enum ferry_counter cause)
{
    uint32_t start = FERRY_META_BYTES + bridge->pool->geometry.headroom;
    for (uint32_t i = 0; i < n; i++) {
        bridge->slots[i] = (struct ferry_slot){.data = bridge->scratch + start,
                                               .meta = bridge->scratch,
                                               .capacity = bridge->pool->geometry.stride - start};
    }
    int32_t used = bridge->device.ops->fill(bridge->device.self, bridge->slots, n);
    if (used > 0 && (uint32_t)used <= n) {
        poller_count(bridge, cause, (uint32_t)used);
    }
    return used;
}

/* One burst of at most n. Returns whether the device may have more. */
static bool receive_burst(struct bridge *bridge, uint32_t n)
{
    struct ring_span span;
    int32_t error = ring_reserve(&bridge->rx, n, &span);
    if (error != FERRY_OK) {
        poller_fail(bridge, error);
        return false;
    }
    uint32_t prepared = span.count != 0 ? prepare(bridge, span.count) : 0;
    if (prepared == 0 && bridge->scratch == NULL) {
        bridge->round.blocked = span.count == 0;
        bridge->round.starved = !bridge->round.blocked;
        return false;
    }
    uint32_t asked = prepared != 0 ? prepared : n;
    int32_t used = prepared != 0 ? bridge->device.ops->fill(bridge->device.self, bridge->slots, prepared)
                                 : discard(bridge, n, span.count == 0 ? FERRY_RX_RING_FULL : FERRY_RX_NO_FRAME);
    bool sound = used >= 0 && (uint32_t)used <= asked;
    for (uint32_t i = 0; i < prepared && !sound; i++) {
        pool_wipe(bridge->pool, bridge->indices[i]); /* no telling which of them it has written to */
    }
    deliver(bridge, &span, prepared, sound && prepared != 0 ? (uint32_t)used : 0);
    if (!sound) {
        poller_fail(bridge, used);
        return false;
    }
    bridge->round.received += (uint32_t)used;
    /* Preparing a frame costs tens of cycles: prepare for twice what came last, so that a trickle stays cheap and a flood
     * gets whole bursts within a few. */
    bridge->expected = (uint32_t)used < LEAST_EXPECTED / 2 ? LEAST_EXPECTED : 2 * (uint32_t)used;
    return (uint32_t)used == asked;
}

void poller_receive(struct bridge *bridge)
{
    bool more = true;
    bridge->round.received = 0;
    bridge->round.starved = bridge->round.blocked = false;
    while (more && bridge->round.received < bridge->budget && !poller_failed(bridge)) {
        uint32_t most = poller_burst(bridge, bridge->round.received);
        more = receive_burst(bridge, bridge->expected < most ? bridge->expected : most);
    }
}
