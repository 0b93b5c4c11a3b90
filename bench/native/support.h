/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support.h: what the benchmarks in C share: a check that always holds, clocks,
 * processors, waiting. Any thread.
 */
#ifndef FERRY_BENCH_SUPPORT_H
#define FERRY_BENCH_SUPPORT_H

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "atomics.h"

#define SPINS 200 /* looks before an idle thread yields: the other one may need this processor */

/* Ends the program with one line unless the condition holds. */
static inline void check(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
        exit(1);
    }
}

static inline int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* The processor's clock, which goes on at one rate, the same on all cores, whatever the core's own rate is just then. */
static inline uint64_t now_cycles(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ __volatile__("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return (uint64_t)now_ns();
#endif
}

/* The processors that the process may use, as they were before any thread was pinned. */
static inline const cpu_set_t *processors(void)
{
    static cpu_set_t allowed;
    if (CPU_COUNT(&allowed) == 0) {
        check(sched_getaffinity(0, sizeof allowed, &allowed) == 0, "no processors");
    }
    return &allowed;
}

/* Ties the calling thread to the n-th of them, round and round. */
static inline void pin_thread(uint32_t n)
{
    const cpu_set_t *allowed = processors();
    n %= (uint32_t)CPU_COUNT(allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, allowed) && n-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            check(sched_setaffinity(0, sizeof one, &one) == 0, "a thread cannot be pinned");
        }
    }
}

/* Between two looks for what the other thread has to do. */
static inline void idle(uint32_t *spins)
{
    if (++*spins % SPINS == 0) {
        sched_yield();
    }
    pause_spin();
}

#endif
