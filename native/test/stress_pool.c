/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_pool.c: four threads take and give frames: through the depot, through
 * a magazine of their own, and by handing them to one another. The test keeps
 * an owner beside each frame, exchanged atomically, so that a frame with two
 * owners shows at once; audits run meanwhile, and an exact one at the end.
 * Guards the stacks' tags, and that a frame is in one place at a time.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_pool.h"

#ifdef FERRY_TSAN
#define ROUNDS 50000
#else
#define ROUNDS 400000
#endif
#define THREADS 4
#define FRAMES 1000 /* no multiple of a block, and scarce: four threads want up to 4 * HELD_MAX */
#define BURST_MAX 130
#define HELD_MAX 400
#define LETTERS 64

static ferry_pool *pool;
static _Atomic uint32_t owners[FRAMES];  /* thread number, or 0 */
static _Atomic uint32_t letters[LETTERS]; /* frame index + 1 on its way to another thread, or 0 */

struct worker {
    uint32_t number;
    uint64_t seed;
    uint32_t held[HELD_MAX];
    uint32_t held_count;
    uint64_t taken, given, mailed, refused;
};

static struct ferry_blocks *magazine_of(const struct worker *worker)
{
    return &pool->bridges[worker->number - 1].area->magazine;
}

static void own(struct worker *worker, uint32_t index)
{
    require(index < FRAMES);
    require(atomic_exchange_explicit(&owners[index], worker->number, memory_order_relaxed) == 0);
    /* Plain bytes in the frame: ThreadSanitizer sees whether the hand-over published them. */
    memcpy(pool_frame(pool, index) + FERRY_META_BYTES, &worker->number, sizeof worker->number);
    worker->held[worker->held_count++] = index;
}

static uint32_t disown(struct worker *worker)
{
    uint32_t written, at = random_below(&worker->seed, worker->held_count), index = worker->held[at];
    worker->held[at] = worker->held[--worker->held_count];
    memcpy(&written, pool_frame(pool, index) + FERRY_META_BYTES, sizeof written);
    require(written == worker->number);
    require(atomic_exchange_explicit(&owners[index], 0, memory_order_relaxed) == worker->number);
    return index;
}

static void take(struct worker *worker, bool from_magazine)
{
    uint32_t indices[BURST_MAX];
    uint64_t descriptors[BURST_MAX];
    uint32_t n = 1 + random_below(&worker->seed, BURST_MAX), got;
    if (n > HELD_MAX - worker->held_count) {
        return;
    }
    if (from_magazine) {
        got = magazine_take(&pool->depot, magazine_of(worker), indices, n);
    } else {
        got = count_of(ferry_pool_take(pool, descriptors, n));
        for (uint32_t i = 0; i < got; i++) {
            indices[i] = ferry_frame_index(descriptors[i]);
        }
    }
    for (uint32_t i = 0; i < got; i++) {
        own(worker, indices[i]);
    }
    worker->taken += got;
    worker->refused += got < n;
    if (got == 0) {
        sched_yield();
    }
}

static void give(struct worker *worker, bool to_magazine)
{
    uint32_t indices[BURST_MAX];
    uint64_t descriptors[BURST_MAX];
    uint32_t n = random_below(&worker->seed, BURST_MAX + 1);
    n = n < worker->held_count ? n : worker->held_count;
    for (uint32_t i = 0; i < n; i++) {
        indices[i] = disown(worker);
        descriptors[i] = ferry_frame_descriptor(indices[i], 0, 0);
    }
    if (to_magazine) {
        magazine_give(&pool->depot, magazine_of(worker), indices, n);
    } else {
        require(count_of(ferry_pool_give(pool, descriptors, n)) == n);
    }
    worker->given += n;
}

/* Puts a frame into a letter box, and takes out what lay there. */
static void mail(struct worker *worker)
{
    if (worker->held_count == 0) {
        return;
    }
    uint32_t index = disown(worker), box = random_below(&worker->seed, LETTERS);
    uint32_t letter = atomic_exchange_explicit(&letters[box], index + 1, memory_order_acq_rel);
    if (letter != 0) {
        own(worker, letter - 1);
    }
    worker->mailed++;
}

static void *work(void *context)
{
    struct worker *worker = context;
    int64_t late = now_ns() + STRESS_NS;
    for (uint64_t round = 0; round < often(ROUNDS) && (round % 256 != 0 || now_ns() < late); round++) {
        switch (random_below(&worker->seed, 6)) {
        case 0:
        case 1:
            take(worker, random_below(&worker->seed, 2) != 0);
            break;
        case 2:
        case 3:
            give(worker, random_below(&worker->seed, 2) != 0);
            break;
        case 4:
            mail(worker);
            break;
        default:
            if (random_below(&worker->seed, 16) == 0) {
                magazine_flush(&pool->depot, magazine_of(worker));
            }
        }
    }
    while (worker->held_count != 0) {
        give(worker, true);
    }
    magazine_flush(&pool->depot, magazine_of(worker));
    return NULL;
}

/* While frames move an audit is an estimate; but of as many frames as there are, and none is in two places. */
static uint32_t audit_while_they_work(void)
{
    struct ferry_audit audit;
    uint32_t audits = 0;
    for (; audits < 50; audits++) {
        require(ferry_pool_audit(pool, &audit) == FERRY_OK);
        require(audit.frames == FRAMES && audit.corrupt == 0 && audit.duplicated == 0);
        require(audit.free + audit.cached + audit.queued + audit.device + audit.leased == FRAMES);
        sched_yield();
    }
    return audits;
}

int main(void)
{
    static struct worker workers[THREADS];
    pthread_t threads[THREADS];
    pool = pool_of(FRAMES, 1, THREADS);
    for (uint32_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.number = i + 1, .seed = i};
        threads[i] = start_thread(work, &workers[i]);
    }
    uint32_t audits = audit_while_they_work();
    for (uint32_t i = 0; i < THREADS; i++) {
        join_thread(threads[i]);
        printf("thread %" PRIu32 ": %" PRIu64 " frames taken, %" PRIu64 " given, %" PRIu64 " handed over, %" PRIu64
               " times too few\n",
               workers[i].number, workers[i].taken, workers[i].given, workers[i].mailed, workers[i].refused);
    }
    for (uint32_t i = 0; i < LETTERS; i++) {
        if (letters[i] != 0) {
            uint64_t descriptor = ferry_frame_descriptor(letters[i] - 1, 0, 0);
            give_back(pool, &descriptor, 1);
        }
    }
    printf("%" PRIu32 " audits while they worked\n", audits);
    close_sound(pool);
    return EXIT_SUCCESS;
}
