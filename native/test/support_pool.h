/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_pool.h: what every native test needs: a check that holds in any
 * thread, a pool, the exact audit that each test ends with, bounded waits. Any
 * thread.
 *
 * Waits are bounded so that a hang becomes a failure. Nothing is asserted of
 * how long anything takes.
 */
#ifndef FERRY_SUPPORT_POOL_H
#define FERRY_SUPPORT_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "pool.h"

/* Longer than anything here takes on a machine that is busy: what is not there by then is a hang. */
#define PATIENCE_NS (INT64_C(15) * 1000000000)

/* What a stress does n times: so often, or, where FERRY_DEEP is set in the environment, 10 times as often. */
uint64_t often(uint64_t n);

/* A stress stops here, whatever it has done by then: on a machine busy with other things that is less. */
#define STRESS_NS ((int64_t)often(UINT64_C(5) * 1000000000))

/* Frames of a test pool: small, with room for a header before the data. */
#define TEST_FRAME_SIZE 256
#define TEST_HEADROOM 64

/* cmocka's assertions jump out of the test's own thread; this one ends the process from any. */
#define require(condition) ((condition) ? (void)0 : require_failed(#condition, __FILE__, __LINE__))
_Noreturn void require_failed(const char *condition, const char *file, int line);

/* A pool of small frames. */
ferry_pool *pool_of(uint32_t frames, uint32_t ring_capacity, uint32_t bridges);

/* Nothing moves: every frame is in one place, and exactly `leased` of them with the test. */
void assert_sound(ferry_pool *pool, uint64_t leased);

/* The end of a test: as assert_sound with all frames free and nowhere else; closes and frees the pool. */
void close_sound(ferry_pool *pool);

/* Nanoseconds of a clock that only moves forward. */
int64_t now_ns(void);

/* Waits until condition(context) holds. False when it did not in PATIENCE_NS. */
bool eventually(bool (*condition)(void *context), void *context);

/* One counter of an open or closed bridge. */
uint64_t counter_of(ferry_pool *pool, int32_t bridge, enum ferry_counter which);

/* Waits until that counter has come to at least `value`. */
bool counter_reaches(ferry_pool *pool, int32_t bridge, enum ferry_counter which, uint64_t value);

/* A number below `below`, from a generator whose state the caller keeps. */
uint32_t random_below(uint64_t *state, uint32_t below);

/* The count in the value of a burst call, which must not be an error. */
uint32_t count_of(int64_t result);

/* Gives frames back, and wakes whoever starved for them. */
void give_back(ferry_pool *pool, const uint64_t *descriptors, uint32_t n);

/* First byte that the descriptor names. */
uint8_t *data_of(ferry_pool *pool, uint64_t descriptor);

/* Ties the calling thread to the n-th processor that it may use, so that two threads meet at the same moment instead of
 * taking turns on one. False where there are not that many. */
bool pin_thread(uint32_t n);

/* A thread that is joined before the test goes on. */
pthread_t start_thread(void *(*run)(void *), void *context);
void join_thread(pthread_t thread);

#endif
