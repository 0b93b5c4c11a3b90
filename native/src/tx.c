/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tx.c: the sending half of a round: tx ring -> device -> pool. Only the thread
 * that drives the device.
 *
 * What the tx ring holds is checked, because Java may have written it; so is
 * what a device says that it has completed.
 */
#include "poller.h"

/* Takes back the frames that the device has done with. */
static void complete(struct bridge *bridge)
{
    const struct ferry_device_ops *ops = bridge->device.ops;
    int32_t n = FERRY_BURST;
    while (ops->complete != NULL && n == FERRY_BURST) {
        n = ops->complete(bridge->device.self, bridge->tokens, FERRY_BURST);
        if (n < 0 || n > FERRY_BURST) {
            poller_fail(bridge, n);
            return;
        }
        for (int32_t i = 0; i < n; i++) {
            uint64_t index = bridge->tokens[i];
            uint64_t bit = UINT64_C(1) << (index % 64);
            if (index >= bridge->pool->geometry.frames || !(bridge->in_device[index / 64] & bit)) {
                poller_fail(bridge, FERRY_EDEVICE); /* a frame that it was not given, or has completed before */
                return;
            }
            bridge->in_device[index / 64] &= ~bit;
            count(&bridge->in_device_count, (uint64_t)-1);
            poller_give_index(bridge, (uint32_t)index);
        }
    }
}

/* Slots for the valid descriptors at the front of the span. */
static uint32_t prepare_tx(struct bridge *bridge, const struct ring_span *span)
{
    const struct ferry_geometry *g = &bridge->pool->geometry;
    uint32_t n = 0;
    for (; n < span->count; n++) {
        uint64_t descriptor = *ring_slot(&bridge->tx, span, n);
        if (!ferry_frame_valid(descriptor, g->frames, g->stride)) {
            break;
        }
        uint8_t *frame = pool_frame(bridge->pool, ferry_frame_index(descriptor));
        if (!(descriptor & FERRY_ADDRESSED)) {
            /* The device reads the address, which is that of an earlier user's peer: the frame must not go there. */
            ((struct ferry_address *)(frame + FERRY_META_ADDRESS))->family = FERRY_AF_NONE;
        }
        bridge->indices[n] = ferry_frame_index(descriptor); /* slots are the device's to write over */
        bridge->lengths[n] = ferry_frame_length(descriptor);
        bridge->slots[n] = (struct ferry_slot){.data = frame + ferry_frame_offset(descriptor),
                                               .meta = frame,
                                               .token = ferry_frame_index(descriptor),
                                               .capacity = ferry_frame_length(descriptor),
                                               .length = ferry_frame_length(descriptor)};
    }
    return n;
}

/* The device has taken the first n slots: they are its own until it completes them, or done with. */
static void handed_over(struct bridge *bridge, uint32_t n)
{
    uint64_t bytes = 0;
    uint32_t refused = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct ferry_slot *slot = &bridge->slots[i];
        uint32_t index = bridge->indices[i];
        if (slot->dropped != 0) {
            refused++;
        } else {
            bytes += bridge->lengths[i];
        }
        if (bridge->in_device != NULL && slot->dropped == 0) {
            bridge->in_device[index / 64] |= UINT64_C(1) << (index % 64);
            count(&bridge->in_device_count, 1);
        } else {
            poller_give_index(bridge, index);
        }
    }
    poller_count(bridge, FERRY_TX_FRAMES, n - refused);
    poller_count(bridge, FERRY_TX_BYTES, bytes);
    poller_count(bridge, FERRY_TX_DROPPED, refused);
}

/* Drops the first n frames of the tx ring, counted. A descriptor that names no frame has none to give back. */
static void drop_tx(struct bridge *bridge, const struct ring_span *span, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t index = ferry_frame_index(*ring_slot(&bridge->tx, span, i));
        if (index < bridge->pool->geometry.frames) {
            poller_give_index(bridge, index);
        }
    }
    poller_count(bridge, FERRY_TX_DROPPED, n);
}

/* One burst of at most n. Returns how many frames left the tx ring; sets congested when the device takes no more. */
static uint32_t transmit_burst(struct bridge *bridge, uint32_t n)
{
    const struct ferry_device_ops *ops = bridge->device.ops;
    struct ring_span span;
    int32_t error = ring_peek(&bridge->tx, n, &span);
    if (error != FERRY_OK || span.count == 0) {
        if (error != FERRY_OK) {
            poller_fail(bridge, error);
        }
        return 0;
    }
    uint32_t prepared = ops->transmit != NULL ? prepare_tx(bridge, &span) : 0;
    uint32_t gone = prepared != 0 ? 0 : ops->transmit != NULL ? 1 : span.count;
    if (gone != 0) {
        drop_tx(bridge, &span, gone);
    } else {
        int32_t taken = ops->transmit(bridge->device.self, bridge->slots, prepared);
        if (taken < 0 || (uint32_t)taken > prepared) {
            poller_fail(bridge, taken);
            return 0;
        }
        gone = (uint32_t)taken;
        bridge->round.congested = gone < prepared;
        handed_over(bridge, gone);
    }
    ring_release(&bridge->tx, gone);
    poller_signal(&bridge->tx.words->producer_waits);
    return gone;
}

void poller_transmit(struct bridge *bridge)
{
    bridge->round.sent = 0;
    bridge->round.congested = false;
    complete(bridge);
    while (bridge->round.sent < bridge->budget && !bridge->round.congested && !poller_failed(bridge)) {
        uint32_t gone = transmit_burst(bridge, poller_burst(bridge, bridge->round.sent));
        if (gone == 0) {
            break;
        }
        bridge->round.sent += gone;
    }
}

void poller_finish(struct bridge *bridge)
{
    struct ring_span span;
    do {
        poller_transmit(bridge);
    } while (bridge->round.sent == bridge->budget && !poller_failed(bridge));
    while (ring_peek(&bridge->tx, FERRY_BURST, &span) == FERRY_OK && span.count != 0) {
        drop_tx(bridge, &span, span.count);
        ring_release(&bridge->tx, span.count);
    }
    complete(bridge);
    for (uint32_t i = 0; bridge->in_device != NULL && i < bridge->pool->geometry.frames; i++) {
        if (bridge->in_device[i / 64] & UINT64_C(1) << (i % 64)) {
            poller_give_index(bridge, i); /* the device is about to be closed: it has no use for them any more */
        }
    }
    store_relaxed(&bridge->in_device_count, 0);
    poller_flush(bridge);
}
