/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_starved.c: whoever takes frames holds a block of the depot for a
 * moment, and in that moment a poller sees none of its frames. Here a taker and
 * a poller share one processor and one block, and an arrival from another
 * processor interrupts the taker at every point of its calls. Guards that the
 * taker tells a poller which went to sleep for that: no frame is given back, so
 * nobody else would, and the arrival would wait for ever beside free frames.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_device.h"
#include "support_traffic.h"

#ifdef FERRY_TSAN
#define ROUNDS 5000
#else
#define ROUNDS 60000
#endif
#define FRAMES 64 /* one block */
#define TAKEN 60  /* so that four are left for the poller */

static struct scripted device;
static ferry_pool *pool;
static _Atomic uint32_t round_now, ended;

static void pin_poller(struct scripted *d)
{
    if (d->scratch++ == 0) {
        pin_thread(0);
    }
}

static void *run_source(void *context)
{
    uint64_t seed = 1;
    (void)context;
    pin_thread(1);
    for (uint32_t round = 1; round <= often(ROUNDS); round++) {
        while (load_acquire(&round_now) < round) {
            if (load_relaxed(&ended) != 0) {
                return NULL;
            }
            sched_yield();
        }
        for (uint32_t i = random_below(&seed, 200); i > 0; i--) {
            pause_spin();
        }
        scripted_arrive(&device, 1);
    }
    return NULL;
}

/* Returns how many times it was told that it had kept a poller from its frame. */
static uint32_t take_one_by_one(uint64_t *descriptors)
{
    uint32_t told = 0;
    for (uint32_t n = 0; n < TAKEN;) {
        int64_t result = ferry_pool_take(pool, descriptors + n, 1);
        told += (result & FERRY_WAKE_POOL) != 0;
        n += settle(pool, 0, result);
    }
    return told;
}

int main(void)
{
    uint64_t taken[TAKEN], told = 0;
    int64_t late = now_ns() + STRESS_NS;
    pool = pool_of(FRAMES, FRAMES, 1);
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    device.before_wait = pin_poller;
    scripted_open(&device, pool, 0, 16);
    require(scripted_sleeps(&device));
    pthread_t source = start_thread(run_source, NULL);
    pin_thread(0);
    for (uint32_t round = 1; round <= often(ROUNDS) && now_ns() < late; round++) {
        store_release(&round_now, round);
        told += take_one_by_one(taken);
        await(pool, 0, FERRY_RX);
        receive_numbered(pool, 0, round - 1, 1);
        give_back(pool, taken, TAKEN);
        require(scripted_sleeps(&device)); /* with its magazine in the depot again */
    }
    store_relaxed(&ended, 1);
    join_thread(source);
    printf("%" PRIu32 " rounds, starved %" PRIu64 " times, told by the taker %" PRIu64 " times\n", round_now,
           counter_of(pool, 0, FERRY_STARVED), told);
    require(ferry_bridge_close(pool, 0) == FERRY_OK && ferry_bridge_reclaim(pool, 0) == FERRY_OK);
    scripted_destroy(&device);
    close_sound(pool);
    return EXIT_SUCCESS;
}
