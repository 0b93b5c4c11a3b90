/* SPDX-License-Identifier: Apache-2.0 */
/*
 * litmus_wake_poller.c: the poller goes to sleep while a frame is sent. See
 * support_litmus.h. Guards the fences of ferry_bridge_send and of the poller's
 * sleep. Nothing sleeps: the device's wait() notes that the poller's look at
 * memory has missed, and spins until it is woken.
 */
#include "frameferry/device.h"
#include "support_litmus.h"

static ferry_pool *pool;
static struct litmus litmus = {.seed = 1};
static uint64_t poller_seed = 2;

static _Atomic uint64_t standing;    /* the poller stands at the start of this round, armed but for its look at memory */
static _Atomic uint64_t go;          /* rounds that it may pass */
static _Atomic uint64_t missed;      /* the round whose look has missed: the poller would sleep now */
static _Atomic uint64_t transmitted; /* number of the last frame sent */
static _Atomic uint32_t woken;

static int32_t no_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self, (void)slots, (void)n;
    return 0;
}

static int32_t note_transmitted(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self;
    store_release(&transmitted, payload_read(slots[n - 1].data));
    return (int32_t)n;
}

static int32_t stand_at_the_start(void *self, uint32_t events)
{
    (void)self;
    if (events != 0) {
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

/* One race. The poller stands still until it is let go, so what is left of the last race can be cleared away. */
static void race(uint64_t round)
{
    uint64_t descriptor = numbered_frame(pool, litmus.rounds);
    SPIN_UNTIL(load_acquire(&standing) == round);
    store_release(&woken, 0);
    store_release(&go, round);
    litmus_sweep(&litmus.seed);
    int64_t result = ferry_bridge_send(pool, 0, &descriptor, 1);
    require(settle(pool, 0, result) == 1);
    if (!(result & FERRY_WAKE_BRIDGE)) {
        SPIN_UNTIL(load_acquire(&transmitted) == litmus.rounds || load_acquire(&missed) == round);
        if (load_acquire(&missed) == round) { /* and we were not told to wake it */
            litmus.lost++;
            ferry_bridge_wake(pool, 0);
        }
    }
    SPIN_UNTIL(load_acquire(&transmitted) == litmus.rounds);
}

int main(void)
{
    const struct ferry_device_ops ops = {.abi = FERRY_DEVICE_ABI,
                                         .bytes = sizeof ops,
                                         .flags = FERRY_DEVICE_LEVEL,
                                         .fill = no_fill,
                                         .transmit = note_transmitted,
                                         .arm = stand_at_the_start,
                                         .wait = note_missed,
                                         .wake = note_woken,
                                         .close = no_close};
    const struct ferry_bridge_config config = {.budget = 64};
    ferry_device device = {&ops, NULL};
    if (!pin_thread(1) || !pin_thread(0)) {
        return LITMUS_SKIPPED;
    }
    pool = pool_of(1024, 8, 1);
    require(ferry_bridge_open(pool, &device, &config) == 0);
    uint64_t round = 0;
    while (litmus_goes_on(&litmus)) {
        race(++round);
    }
    store_release(&go, UINT64_MAX);
    require(ferry_bridge_close(pool, 0) == FERRY_OK && ferry_bridge_reclaim(pool, 0) == FERRY_OK);
    close_sound(pool);
    return litmus_verdict(&litmus);
}
