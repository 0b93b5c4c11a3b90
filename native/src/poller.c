/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poller.c: drives one device: rounds, and the rest between them. Only the
 * thread that drives the device: its poller, or the thread of an inline bridge.
 *
 * The life of a poller is NAPI's (Salim, Olsson and Kuznetsov, "Beyond
 * Softnet", 2001): armed -> event -> polling, at most `budget` frames a round;
 * a round with less than its budget arms again, and then looks once more
 * before it sleeps. What arrives after the round and before the interrupt is
 * armed raises no interrupt: only that second look finds it. It is the whole
 * argument that nothing is left lying:
 *
 *   1. what came before arming is found by the look that follows it;
 *   2. what comes after arming ends wait(), because the interrupt is on.
 *
 * The same argument holds for memory, where "armed" is a flag in the slab:
 * tx.consumer_waits for frames to send, depot.starved for free frames,
 * rx.producer_waits for room. Flag, fence, look; the other side publishes,
 * fences, reads the flag.
 *
 * A poller never sleeps with frames in its magazine: somebody else may be
 * starving for them.
 */
#include "poller.h"

void poller_give(struct bridge *bridge, const uint64_t *descriptors, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        poller_give_index(bridge, frame_index(descriptors[i]));
    }
}

void poller_flush(struct bridge *bridge)
{
    if (magazine_flush(&bridge->pool->depot, &bridge->area->magazine) != 0 && pool_is_starved(bridge->pool)) {
        ferry_pool_wake(bridge->pool);
    }
}

void poller_round(struct bridge *bridge)
{
    struct round *round = &bridge->round;
    _Atomic uint32_t *wanted = &bridge->pool->depot.words->wanted;
    if (load_relaxed(wanted) != 0) {
        store_relaxed(wanted, 0);
        poller_flush(bridge);
    }
    poller_transmit(bridge);
    poller_receive(bridge);
    poller_count(bridge, FERRY_ROUNDS, 1);
    poller_count(bridge, FERRY_ROUNDS_FULL, round->received == bridge->budget || round->sent == bridge->budget);
    poller_count(bridge, FERRY_ROUNDS_EMPTY, round->received == 0 && round->sent == 0);
}

/* Looks at the device once more. True when that changed anything, so that it is too early to sleep. */
static bool look_again(struct bridge *bridge)
{
    poller_receive(bridge);
    return bridge->round.received != 0 || bridge->round.starved || bridge->round.blocked || poller_failed(bridge);
}

/* The second look at memory: whether anything that we said we sleep for is there already. */
static bool memory_has_work(struct bridge *bridge)
{
    const struct round *round = &bridge->round;
    return load_relaxed(&bridge->stop) != 0 || (!round->congested && ring_filled(&bridge->tx) != 0) ||
           (round->starved && depot_has_frames(&bridge->pool->depot)) ||
           (round->blocked && ring_filled(&bridge->rx) < bridge->rx.capacity);
}

/* Says what we sleep for, looks once more, sleeps, and takes it back. */
static void sleep_armed(struct bridge *bridge, int64_t timeout_ns)
{
    const struct ferry_device_ops *ops = bridge->device->ops;
    const struct round *round = &bridge->round;
    _Atomic uint64_t *starved = &bridge->pool->depot.words->starved;
    uint64_t bit = UINT64_C(1) << bridge->number;
    store_relaxed(&bridge->tx.words->consumer_waits, 1);
    if (round->starved) {
        atomic_fetch_or_explicit(starved, bit, memory_order_relaxed);
    }
    if (round->blocked) {
        store_relaxed(&bridge->rx.words->producer_waits, 1);
    }
    /* Our flags are out before we look; whoever adds a frame, gives one back or makes room does so before it reads our
     * flags. Without the fence both can miss, and we sleep beside work for ever. */
    fence();
    if (!memory_has_work(bridge)) {
        poller_count(bridge, FERRY_SLEPT, 1);
        poller_count(bridge, FERRY_STARVED, round->starved);
        poller_count(bridge, FERRY_BLOCKED, round->blocked);
        int32_t error = ops->wait(bridge->device->self, timeout_ns);
        if (error != FERRY_OK) {
            poller_fail(bridge, error);
        }
    }
    store_relaxed(&bridge->tx.words->consumer_waits, 0);
    store_relaxed(&bridge->rx.words->producer_waits, 0);
    if (round->starved) {
        atomic_fetch_and_explicit(starved, ~bit, memory_order_relaxed);
    }
}

void poller_rest(struct bridge *bridge, uint32_t events, int64_t timeout_ns)
{
    const struct ferry_device_ops *ops = bridge->device->ops;
    const struct round *round = &bridge->round;
    uint32_t wanted = (round->starved || round->blocked ? 0 : events & FERRY_ARM_RX) |
                      (round->congested ? events & FERRY_ARM_TX : 0);
    int32_t error = ops->arm(bridge->device->self, wanted);
    poller_count(bridge, FERRY_ARMED, 1);
    /* The second look at the device; a device whose wait() is level-triggered does it there. */
    bool level = ops->flags & FERRY_DEVICE_LEVEL;
    if (error == FERRY_OK && (level || !(wanted & FERRY_ARM_RX) || !look_again(bridge))) {
        poller_flush(bridge);
        sleep_armed(bridge, timeout_ns);
    }
    if (error == FERRY_OK) {
        error = ops->arm(bridge->device->self, 0);
    }
    if (error != FERRY_OK) {
        poller_fail(bridge, error);
    }
}

void *poller_run(void *argument)
{
    struct bridge *bridge = argument;
    while (load_acquire(&bridge->stop) == 0 && load_relaxed(&bridge->error) == FERRY_OK) {
        poller_round(bridge);
        if (bridge->round.received < bridge->budget && bridge->round.sent < bridge->budget) {
            poller_rest(bridge, FERRY_ARM_RX | FERRY_ARM_TX, -1);
        }
    }
    /* Whoever waits must see the error that ended us. */
    wake_word(&bridge->rx.words->consumer_waits);
    wake_word(&bridge->tx.words->producer_waits);
    poller_flush(bridge);
    return NULL;
}
