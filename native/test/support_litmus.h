/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_litmus.h: what the litmus tests of sleep and signal share. Any thread.
 *
 * One side publishes, and looks whether the other sleeps; the other says that
 * it sleeps, and looks whether something is there. If both looks miss, a
 * wake-up is lost, and both rest beside work. A litmus lets the two sides go
 * together, round after round, each a little later or sooner, in the library's
 * own functions, and counts such rounds. With the library's fences there must
 * be none. Built a second time without them (unfenced.h) the same program must
 * find some, which shows that it can.
 */
#ifndef FERRY_SUPPORT_LITMUS_H
#define FERRY_SUPPORT_LITMUS_H

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_traffic.h"

#define LITMUS_SKIPPED 77 /* there is but one processor: the two sides never meet */

#ifdef LITMUS_UNFENCED
#define LITMUS_ROUNDS UINT64_MAX
#define LITMUS_NS (INT64_C(40) * 1000000000)
#define LITMUS_ENOUGH 3 /* losses */
#elif defined(FERRY_TSAN)
#define LITMUS_ROUNDS 50000
#define LITMUS_NS (INT64_C(5) * 1000000000)
#define LITMUS_ENOUGH 1
#else
#define LITMUS_ROUNDS 200000
#define LITMUS_NS (INT64_C(4) * 1000000000) /* where the processors are busy elsewhere, fewer rounds must do */
#define LITMUS_ENOUGH 1
#endif

struct litmus {
    uint64_t seed;
    uint64_t rounds;
    uint64_t lost;
    int64_t end;
};

/* The two sides run on two processors, so this takes them less than a call of the kernel; unless one is taken away. */
#define SPIN_UNTIL(condition) \
    for (uint32_t turns = 1; !(condition); turns++) { \
        pause_spin(); \
        if (turns % 4096 == 0) { \
            sched_yield(); \
        } \
    }

/* A different delay each time: between them, two sides that sweep meet at every point. */
static inline void litmus_sweep(uint64_t *seed)
{
    for (uint32_t i = random_below(seed, 300); i > 0; i--) {
        __asm__ __volatile__("");
    }
}

/* Whether to go on for another round. */
static inline bool litmus_goes_on(struct litmus *litmus)
{
    litmus->rounds++;
    if (litmus->end == 0) {
        litmus->end = now_ns() + LITMUS_NS;
    }
    return litmus->rounds < LITMUS_ROUNDS && litmus->lost < LITMUS_ENOUGH &&
           (litmus->rounds % 256 != 0 || now_ns() < litmus->end);
}

/* The exit code. */
static inline int litmus_verdict(const struct litmus *litmus)
{
#ifdef LITMUS_UNFENCED
    const bool right = litmus->lost != 0;
    const char *build = "without the fences";
#else
    const bool right = litmus->lost == 0;
    const char *build = "with the fences";
#endif
    printf("%s: %" PRIu64 " of %" PRIu64 " rounds lost a wake-up\n", build, litmus->lost, litmus->rounds);
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
