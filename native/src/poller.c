/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poller.c: drives one device: rounds, and the rest between them. Only the
 * thread that drives the device: its poller, or the thread of an inline bridge.
 *
 * The life of a poller is NAPI's: armed -> event -> polling, at most `budget`
 * frames a round; a round with less than its budget arms again, and then looks
 * once more before it sleeps. In memory "armed" is a flag in the slab:
 * tx.consumer_waits for frames to send, depot.starved for free frames,
 * rx.producer_waits for room. native/model/README.md draws the states and
 * argues that nothing is left lying; poller.pml beside it is these functions
 * as a model, to be changed with them.
 *
 * A poller never sleeps for long with frames in its magazine: somebody else may
 * be starving for them.
 *
 * With moderation (ethtool's rx-usecs, NAPI's deferred interrupts) a round that
 * brought something, but less than its budget, is followed by a short sleep
 * with the interrupt off and by another round; only an empty one arms.
 */
#include "poller.h"

#include <sys/prctl.h>

#define TIMER_SLACK_NS 1000ul

void poller_give(struct bridge *bridge, const uint64_t *descriptors, uint32_t n)
{
    for (uint32_t given = 0; given < n;) {
        uint32_t some = n - given < FERRY_BURST ? n - given : FERRY_BURST;
        for (uint32_t i = 0; i < some; i++) {
            bridge->indices[i] = ferry_frame_index(descriptors[given + i]);
            pool_wipe(bridge->pool, bridge->indices[i]);
        }
        magazine_give(&bridge->pool->depot, &bridge->area->magazine, bridge->indices, some);
        given += some;
    }
}

void poller_flush(struct bridge *bridge)
{
    if (magazine_flush(&bridge->pool->depot, &bridge->area->magazine) != 0) {
        store_relaxed(&bridge->pool->depot.words->wanted, 0);
    }
    /* Whatever the magazine held now: it gives full blocks to the depot on its own, too. */
    if (pool_is_starved(bridge->pool)) {
        ferry_pool_wake(bridge->pool);
    }
}

/* Gives up what the magazine holds when somebody found the depot empty. After a round, because a round takes from the
 * depot again; in each one, because a busy poller comes to no rest, and whoever starves does not ask twice. */
static void share(struct bridge *bridge)
{
    const struct ferry_depot *words = bridge->pool->depot.words;
    if (load_relaxed(&words->wanted) != 0 || load_relaxed(&words->starved) != 0) {
        poller_flush(bridge);
    }
}

void poller_round(struct bridge *bridge)
{
    struct round *round = &bridge->round;
    poller_transmit(bridge);
    poller_receive(bridge);
    poller_count(bridge, FERRY_ROUNDS, 1);
    poller_count(bridge, FERRY_ROUNDS_FULL, round->received == bridge->budget || round->sent == bridge->budget);
    poller_count(bridge, FERRY_ROUNDS_EMPTY, round->received == 0 && round->sent == 0);
    share(bridge);
}

/* Looks once more for what the device was armed for. True when that changed anything, so that it is too early to
 * sleep. */
static bool look_again(struct bridge *bridge, uint32_t armed)
{
    struct round *round = &bridge->round;
    bool changed = false;
    if (armed & FERRY_ARM_TX) {
        poller_transmit(bridge);
        changed = round->sent != 0 || !round->congested;
    }
    if (armed & FERRY_ARM_RX) {
        poller_receive(bridge);
        changed = changed || round->received != 0 || round->starved || round->blocked;
    }
    return changed || poller_failed(bridge);
}

/* The second look at memory: whether anything that we said we sleep for is there already. */
static bool memory_has_work(struct bridge *bridge)
{
    const struct round *round = &bridge->round;
    return load_relaxed(&bridge->stop) != 0 || poller_failed(bridge) || (!round->congested && ring_filled(&bridge->tx) != 0) ||
           (round->starved && depot_has_frames(&bridge->pool->depot)) ||
           (round->blocked && ring_filled(&bridge->rx) < bridge->rx.capacity);
}

/* The moment at which a sleep begins or ends. Until it is told, nobody may read the times: who looked at the clock
 * after us and at the word before would give what follows to what went before, and take it back the next time. */
static uint64_t edge(const struct bridge *bridge, _Atomic uint64_t *slept)
{
    store_relaxed(slept, SLEPT_EDGE);
    fence(); /* the word before our look at the clock; the reader looks at the clock, then at the word */
    return bridge_now(bridge);
}

/* Sleeps in the device, which is armed for those events. */
static void sleep_in_device(struct bridge *bridge, uint32_t armed, int64_t timeout_ns)
{
    uint32_t kind = armed & FERRY_ARM_RX ? 0 : 1;
    _Atomic uint64_t *slept = &bridge->slept[kind];
    uint64_t total = load_relaxed(slept), base = edge(bridge, slept) - total;
    store_release(slept, base | SLEPT_ASLEEP); /* after the clock: who sees that we sleep sees no earlier time on it */
    int32_t result = bridge->device.ops->wait(bridge->device.self, timeout_ns);
    total = edge(bridge, slept) - base;
    store_release(slept, total);
    store_relaxed(&bridge->area->counters[FERRY_ARMED_NS + kind], total);
    poller_count(bridge, FERRY_INTERRUPTS, result > 0);
    if (result < 0 || (result & ~(FERRY_ARM_RX | FERRY_ARM_TX)) != 0) {
        poller_fail(bridge, result);
    }
}

/* Says what we sleep for, looks once more, sleeps, and takes it back. */
static void sleep_armed(struct bridge *bridge, uint32_t armed, int64_t timeout_ns)
{
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
        sleep_in_device(bridge, armed, timeout_ns);
    }
    store_relaxed(&bridge->tx.words->consumer_waits, 0);
    store_relaxed(&bridge->rx.words->producer_waits, 0);
    if (round->starved) {
        atomic_fetch_and_explicit(starved, ~bit, memory_order_relaxed);
    }
}

/* Whether to let arrivals gather before the interrupt goes on: they came, but not enough for a whole round. */
static bool moderates(const struct bridge *bridge, uint32_t events)
{
    const struct round *round = &bridge->round;
    return bridge->moderation_ns != 0 && (events & FERRY_ARM_RX) && round->received != 0 && !round->starved &&
           !round->blocked && !round->congested;
}

/* Sleeps for a moment with the interrupt off. Frames to send, a stop and an interrupt of the caller's still end it. */
static void moderate(struct bridge *bridge, int64_t timeout_ns)
{
    bool shorter = timeout_ns >= 0 && timeout_ns < bridge->moderation_ns;
    store_relaxed(&bridge->tx.words->consumer_waits, 1);
    fence(); /* as in sleep_armed */
    if (!memory_has_work(bridge)) {
        sleep_in_device(bridge, 0, shorter ? timeout_ns : bridge->moderation_ns);
    }
    store_relaxed(&bridge->tx.words->consumer_waits, 0);
}

void poller_rest(struct bridge *bridge, uint32_t events, int64_t timeout_ns)
{
    const struct ferry_device_ops *ops = bridge->device.ops;
    const struct round *round = &bridge->round;
    if (moderates(bridge, events)) {
        moderate(bridge, timeout_ns);
        return;
    }
    uint32_t wanted = (round->starved || round->blocked ? 0 : events & FERRY_ARM_RX) |
                      (round->congested ? events & FERRY_ARM_TX : 0);
    int32_t error = ops->arm(bridge->device.self, wanted);
    poller_count(bridge, FERRY_ARMED, 1);
    /* The second look at the device; a device whose wait() is level-triggered does it there. */
    bool level = ops->flags & FERRY_DEVICE_LEVEL;
    if (error == FERRY_OK && (level || !look_again(bridge, wanted))) {
        poller_flush(bridge);
        sleep_armed(bridge, wanted, timeout_ns);
    }
    if (error == FERRY_OK) {
        error = ops->arm(bridge->device.self, 0);
    }
    if (error != FERRY_OK) {
        poller_fail(bridge, error);
    }
}

void *poller_run(void *argument)
{
    struct bridge *bridge = argument;
    prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS); /* the default, 50 us, would double the usual moderation */
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
