/* SPDX-License-Identifier: Apache-2.0 */
/*
 * litmus_wake_blocked.c: the poller goes to sleep because the rx ring is full,
 * while the receiver makes room. See support_litmus.h. Guards the fence behind
 * what ferry_bridge_receive tells its caller to wake. As in
 * litmus_wake_poller.c the device's wait() only notes that the look has missed.
 */
#include "frameferry/device.h"
#include "support_litmus.h"

static ferry_pool *pool;
static struct litmus litmus = {.seed = 1};
static uint64_t poller_seed = 2, arms, arrived;

static _Atomic uint64_t standing; /* the poller stands at the start of this round, its ring full, before its look */
static _Atomic uint64_t go;       /* rounds that it may pass */
static _Atomic uint64_t missed;   /* the round whose look has missed: the poller would sleep now */
static _Atomic uint32_t woken;

static int32_t fill_all(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self;
    for (uint32_t i = 0; i < n; i++) {
        payload_write(slots[i].data, arrived++);
        slots[i].length = PAYLOAD_BYTES;
    }
    return (int32_t)n;
}

/* A rest arms for nothing when it begins, as it is blocked, and when it ends: the first of each two is the start. */
static int32_t stand_at_the_start(void *self, uint32_t events)
{
    (void)self, (void)events;
    if (arms++ % 2 == 0) {
        uint64_t round = load_relaxed(&standing) + 1;
        if (round == 1) {
            pin_thread(1);
        }
        store_release(&standing, round);
        SPIN_UNTIL(load_acquire(&go) >= round);
        litmus_sweep(&poller_seed);
    }
    return FERRY_OK;
}

static int32_t note_missed(void *self, int64_t timeout_ns)
{
    (void)self, (void)timeout_ns;
    store_release(&missed, load_relaxed(&standing));
    SPIN_UNTIL(load_acquire(&woken) != 0);
    store_release(&woken, 0);
    return FERRY_OK;
}

static void note_woken(void *self)
{
    (void)self;
    store_release(&woken, 1);
}

static void no_close(void *self)
{
    (void)self;
}

static void race(uint64_t round, uint64_t *descriptor, uint32_t held)
{
    SPIN_UNTIL(load_acquire(&standing) == round);
    store_release(&woken, 0);
    store_release(&go, round);
    litmus_sweep(&litmus.seed);
    int64_t result = ferry_bridge_receive(pool, 0, descriptor, held, 1);
    require(settle(pool, 0, result) == 1 && frame_number(pool, *descriptor) == round - 1);
    if (!(result & FERRY_WAKE_BRIDGE)) {
        SPIN_UNTIL(load_acquire(&standing) > round || load_acquire(&missed) == round);
        if (load_acquire(&missed) == round) { /* and we were not told to wake it */
            litmus.lost++;
            ferry_bridge_wake(pool, 0);
        }
    }
}

int main(void)
{
    const struct ferry_device_ops ops = {.abi = FERRY_DEVICE_ABI,
                                         .bytes = sizeof ops,
                                         .flags = FERRY_DEVICE_LEVEL | FERRY_DEVICE_PATIENT,
                                         .fill = fill_all,
                                         .arm = stand_at_the_start,
                                         .wait = note_missed,
                                         .wake = note_woken,
                                         .close = no_close};
    const struct ferry_bridge_config config = {.budget = 64};
    ferry_device device = {&ops, NULL};
    uint64_t descriptor, round = 0;
    if (!pin_thread(1) || !pin_thread(0)) {
        return LITMUS_SKIPPED;
    }
    pool = pool_of(1024, 1, 1);
    require(ferry_bridge_open(pool, &device, &config) == 0);
    while (litmus_goes_on(&litmus)) {
        round++;
        race(round, &descriptor, round == 1 ? 0 : 1);
    }
    give_back(pool, &descriptor, 1);
    store_release(&go, UINT64_MAX);
    require(ferry_bridge_close(pool, 0) == FERRY_OK && ferry_bridge_reclaim(pool, 0) == FERRY_OK);
    close_sound(pool);
    return litmus_verdict(&litmus);
}
