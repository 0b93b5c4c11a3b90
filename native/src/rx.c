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

/* Writes the descriptors of `used` filled slots into the reserved span and publishes them; the others go back. */
static void deliver(struct bridge *bridge, const struct ring_span *span, uint32_t prepared, uint32_t used)
{
    uint32_t start = FERRY_META_BYTES + bridge->pool->geometry.headroom;
    uint32_t delivered = 0;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < prepared; i++) {
        const struct ferry_slot *slot = &bridge->slots[i];
        if (i >= used || slot->dropped != 0 || slot->length > slot->capacity) {
            poller_give_index(bridge, bridge->indices[i]);
            if (i < used) {
                poller_count(bridge, slot->dropped < FERRY_COUNTERS ? slot->dropped : FERRY_RX_ERRORS, 1);
            }
            continue;
        }
        *ring_slot(&bridge->rx, span, delivered++) = frame_descriptor(bridge->indices[i], start, slot->length);
        bytes += slot->length;
    }
    if (delivered != 0) {
        ring_commit(&bridge->rx, delivered);
        poller_count(bridge, FERRY_RX_FRAMES, delivered);
        poller_count(bridge, FERRY_RX_BYTES, bytes);
        poller_signal(&bridge->rx.words->consumer_waits);
    }
}

/* Reads up to n arrivals of a source that cannot wait, and drops them, counted under their cause. */
static uint32_t discard(struct bridge *bridge, uint32_t n, enum ferry_counter cause)
{
    uint32_t start = FERRY_META_BYTES + bridge->pool->geometry.headroom;
    for (uint32_t i = 0; i < n; i++) {
        bridge->slots[i] = (struct ferry_slot){.data = bridge->scratch + start,
                                               .meta = bridge->scratch,
                                               .capacity = bridge->pool->geometry.stride - start};
    }
    int32_t used = bridge->device->ops->fill(bridge->device->self, bridge->slots, n);
    if (used < 0 || (uint32_t)used > n) {
        poller_fail(bridge, used < 0 ? used : FERRY_EDEVICE);
        return 0;
    }
    poller_count(bridge, cause, (uint32_t)used);
    return (uint32_t)used;
}

/* One burst of at most n. Returns how many arrivals were dealt with; fewer than n when the device has no more. */
static uint32_t receive_burst(struct bridge *bridge, uint32_t n)
{
    struct ring_span span;
    int32_t error = ring_reserve(&bridge->rx, n, &span);
    if (error != FERRY_OK) {
        poller_fail(bridge, error);
        return 0;
    }
    uint32_t prepared = span.count != 0 ? prepare(bridge, span.count) : 0;
    if (prepared == 0) {
        if (bridge->scratch != NULL) {
            return discard(bridge, n, span.count == 0 ? FERRY_RX_RING_FULL : FERRY_RX_NO_FRAME);
        }
        bridge->round.blocked = span.count == 0;
        bridge->round.starved = !bridge->round.blocked;
        return 0;
    }
    int32_t used = bridge->device->ops->fill(bridge->device->self, bridge->slots, prepared);
    if (used < 0 || (uint32_t)used > prepared) {
        deliver(bridge, &span, prepared, 0);
        poller_fail(bridge, used < 0 ? used : FERRY_EDEVICE);
        return 0;
    }
    deliver(bridge, &span, prepared, (uint32_t)used);
    /* A burst cut short by the pool or the ring is a whole one: the next will find out why. */
    return (uint32_t)used == prepared ? n : (uint32_t)used;
}

void poller_receive(struct bridge *bridge)
{
    uint32_t done = 0;
    bridge->round.starved = bridge->round.blocked = false;
    while (done < bridge->budget && !poller_failed(bridge)) {
        uint32_t want = poller_burst(bridge, done);
        uint32_t got = receive_burst(bridge, want);
        done += got;
        if (got < want) {
            break;
        }
    }
    bridge->round.received = done;
}
