/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_barrier.c: the process-wide barrier as one half of an asymmetric fence.
 * Two threads store and then look at the other's word, again and again; one of
 * them orders that for the compiler only. Never may both have looked too
 * early. Guards that ferry_barrier reaches running threads, from the first
 * call on.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_pool.h"

#define ROUNDS ((uint32_t)often(20000))

/* Apart, so that each store waits in its core's buffer while the other word is read. */
static struct {
    _Alignas(FERRY_PAIR) _Atomic uint32_t light;
    _Alignas(FERRY_PAIR) _Atomic uint32_t heavy;
    _Alignas(FERRY_PAIR) _Atomic uint32_t light_saw;
    _Alignas(FERRY_PAIR) _Atomic uint32_t start; /* the round that both may begin */
    _Alignas(FERRY_PAIR) _Atomic uint32_t done;  /* the round that the light side has ended */
} words;

/* The owner of a fast path: a store and a load, and nothing between them that costs anything. */
static void *light_side(void *context)
{
    (void)context;
    pin_thread(0);
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        while (load_acquire(&words.start) != round) {
            pause_spin();
        }
        store_relaxed(&words.light, round);
        atomic_signal_fence(memory_order_seq_cst);
        store_relaxed(&words.light_saw, load_relaxed(&words.heavy));
        store_release(&words.done, round);
    }
    return NULL;
}

/* Returns in how many rounds both looked too early. */
static uint32_t heavy_side(void)
{
    uint32_t missed = 0;
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        store_release(&words.start, round);
        store_relaxed(&words.heavy, round);
        require(ferry_barrier() == FERRY_OK);
        bool saw = load_relaxed(&words.light) == round;
        while (load_acquire(&words.done) != round) {
            pause_spin();
        }
        missed += !saw && load_relaxed(&words.light_saw) != round;
    }
    return missed;
}

int main(void)
{
    int32_t error = ferry_barrier();
    if (error != FERRY_OK) {
        require(error == FERRY_ESYSTEM - ENOSYS || error == FERRY_ESYSTEM - EPERM || error == FERRY_ESYSTEM - EINVAL);
        printf("no membarrier here: %s\n", ferry_error_name(error));
        return 77;
    }
    if (!pin_thread(1)) {
        printf("one processor: the two threads never run at the same moment\n");
        return 77;
    }
    pthread_t light = start_thread(light_side, NULL);
    uint32_t missed = heavy_side();
    join_thread(light);
    printf("%u rounds, %u of them missed on both sides\n", ROUNDS, missed);
    require(missed == 0);
    return EXIT_SUCCESS;
}
