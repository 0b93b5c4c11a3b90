/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_magazine.c: two threads with a magazine each. One takes frames, writes
 * into them and hands them over; the other checks what it reads and gives them
 * back. They open and close their magazines on the way, others audit, and at
 * last the pool closes under their hands. Guards that a frame given into one
 * magazine and taken from another carries its bytes across, and that a pool may
 * close with magazines in use.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "support_pool.h"

#ifdef FERRY_TSAN
#define FRAMES_SENT often(200000)
#else
#define FRAMES_SENT often(3000000)
#endif
#define FRAMES 1000
#define BURST 100
#define CAPACITY 256

static ferry_pool *pool;
static struct ferry_ring words;
static uint64_t slots[CAPACITY];
static const struct ring handover = {&words, slots, CAPACITY};
static _Atomic uint32_t closing; /* the pool is about to close: errors are to be expected */

static uint64_t *number_in(uint64_t descriptor)
{
    return (uint64_t *)ferry_frame_data(&pool->geometry, descriptor);
}

static ferry_magazine *open_magazine(void)
{
    ferry_magazine *magazine;
    require(ferry_magazine_open(pool, &magazine) == FERRY_OK);
    return magazine;
}

/* Now and then: an owner that comes and goes. */
static ferry_magazine *reopen(ferry_magazine *magazine, uint64_t *seed)
{
    if (random_below(seed, 64) != 0) {
        return magazine;
    }
    require(ferry_magazine_close(magazine) == FERRY_OK);
    return open_magazine();
}

static void *produce(void *context)
{
    uint64_t *seed = context, batch[BURST], number = 0;
    ferry_magazine *magazine = open_magazine();
    while (number < FRAMES_SENT) {
        uint32_t left = (uint32_t)(FRAMES_SENT - number), want = 1 + random_below(seed, BURST);
        uint32_t n = count_of(ferry_magazine_take(magazine, batch, want < left ? want : left));
        for (uint32_t i = 0; i < n; i++) {
            *number_in(batch[i]) = number++;
        }
        for (uint32_t sent = 0; sent < n;) {
            int32_t pushed = ring_push(&handover, batch + sent, n - sent);
            require(pushed >= 0);
            sent += (uint32_t)pushed;
            if (sent < n) {
                sched_yield();
            }
        }
        magazine = reopen(magazine, seed);
    }
    require(ferry_magazine_close(magazine) == FERRY_OK);
    return NULL;
}

static void *consume(void *context)
{
    uint64_t *seed = context, batch[BURST], number = 0;
    ferry_magazine *magazine = open_magazine();
    while (number < FRAMES_SENT) {
        int32_t n = ring_pop(&handover, batch, 1 + random_below(seed, BURST));
        require(n >= 0);
        for (int32_t i = 0; i < n; i++) {
            require(*number_in(batch[i]) == number++);
        }
        require(count_of(ferry_magazine_give(magazine, batch, (uint32_t)n)) == (uint32_t)n);
        if (n == 0) {
            ferry_magazine_flush(magazine); /* it rests, and the other one may want what it keeps */
            sched_yield();
        }
        magazine = reopen(magazine, seed);
    }
    require(ferry_magazine_close(magazine) == FERRY_OK);
    return NULL;
}

/* Takes and gives until the pool is gone. */
static void *use_until_closed(void *context)
{
    uint64_t batch[BURST];
    ferry_magazine *magazine = context;
    for (;;) {
        int64_t n = ferry_magazine_take(magazine, batch, BURST);
        n = n < 0 ? n : ferry_magazine_give(magazine, batch, count_of(n));
        if (n < 0) {
            require(n == FERRY_ECLOSED || n == FERRY_ECORRUPT);
            require(load_acquire(&closing) == 1);
            break;
        }
    }
    require(ferry_magazine_close(magazine) == FERRY_ECLOSED);
    return NULL;
}

int main(void)
{
    uint64_t seeds[2] = {1, 2};
    pthread_t threads[2];
    struct ferry_audit audit;
    pool = pool_of(FRAMES, 1, 0);
    threads[0] = start_thread(produce, &seeds[0]);
    threads[1] = start_thread(consume, &seeds[1]);
    for (uint32_t i = 0; i < 50; i++) {
        require(ferry_pool_audit(pool, &audit) == FERRY_OK);
        require(audit.corrupt == 0 && audit.leased <= FRAMES);
        sched_yield();
    }
    join_thread(threads[0]);
    join_thread(threads[1]);
    printf("%llu frames handed over\n", (unsigned long long)FRAMES_SENT);
    close_sound(pool);

    for (uint32_t round = 0; round < 20; round++) {
        const struct timespec moment = {0, 2000000};
        store_release(&closing, 0);
        pool = pool_of(FRAMES, 1, 0);
        threads[0] = start_thread(use_until_closed, open_magazine());
        threads[1] = start_thread(use_until_closed, open_magazine());
        nanosleep(&moment, NULL);
        store_release(&closing, 1);
        require(ferry_pool_close(pool) == FERRY_OK);
        join_thread(threads[0]);
        join_thread(threads[1]);
        ferry_pool_free(pool);
    }
    return EXIT_SUCCESS;
}
