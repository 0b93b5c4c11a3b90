/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_depot.c: what lies under a pool: blocks on their stacks, last in first
 * out, frames in numbers that fill no block, a magazine's two blocks, depots
 * that somebody damaged, and many threads that take and give, until the pool is
 * closed under them. Guards that a burst moves 64 frames at one change of
 * hands and never loses or doubles one; stress_pool.c does it for longer.
 */
#include <string.h>

#include "unit.h"

#define THREADS 4

static void every_number_of_frames_comes_out_whole(void **state)
{
    (void)state;
    const uint32_t numbers[] = {1, 2, 63, 64, 65, 127, 128, 129, 4096};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uint32_t frames = numbers[i];
        ferry_pool *pool = pool_of(frames, 1, 0);
        static uint32_t indices[5000];
        static bool seen[4096];
        memset(seen, 0, sizeof seen);
        assert_int_equal(depot_take(&pool->depot, indices, 5000), frames);
        for (uint32_t k = 0; k < frames; k++) {
            assert_true(indices[k] < frames && !seen[indices[k]]);
            seen[indices[k]] = true;
        }
        assert_false(depot_has_frames(&pool->depot));
        assert_sound(pool, frames);
        depot_give(&pool->depot, indices, frames);
        assert_true(depot_has_frames(&pool->depot));
        close_sound(pool);
    }
}

static void the_frame_given_last_is_taken_first(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(4096, 1, 0);
    uint32_t indices[200], again[200];
    assert_int_equal(depot_take(&pool->depot, indices, 40), 40);
    for (uint32_t i = 0; i < 40; i++) {
        assert_int_equal(indices[i], i); /* a new depot: the lowest on top */
    }
    depot_give(&pool->depot, indices, 40);
    assert_int_equal(depot_take(&pool->depot, again, 40), 40);
    for (uint32_t i = 0; i < 40; i++) {
        assert_int_equal(again[i], indices[39 - i]);
    }
    depot_give(&pool->depot, again, 40);
    /* Over several blocks the order within each turns round, but the same frames come again. */
    assert_int_equal(depot_take(&pool->depot, indices, 192), 192);
    depot_give(&pool->depot, indices, 192);
    bool ours[4096] = {false};
    for (uint32_t i = 0; i < 192; i++) {
        ours[indices[i]] = true;
    }
    assert_int_equal(depot_take(&pool->depot, again, 192), 192);
    for (uint32_t i = 0; i < 192; i++) {
        assert_true(ours[again[i]]);
    }
    depot_give(&pool->depot, again, 192);
    close_sound(pool);
}

static uint64_t cached(ferry_pool *pool)
{
    struct ferry_audit audit;
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_OK);
    assert_true(audit.duplicated == 0 && audit.corrupt == 0);
    return audit.cached;
}

static void a_magazine_holds_two_blocks_and_no_more(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(512, 1, 1);
    const struct depot *depot = &pool->depot;
    struct ferry_blocks *magazine = &pool->bridges[0].area->magazine;
    uint32_t indices[512];
    assert_int_equal(magazine_take(depot, magazine, indices, 1), 1);
    assert_int_equal(cached(pool), 63); /* one change of hands brought a whole block */
    assert_int_equal(magazine_take(depot, magazine, indices + 1, 511), 511);
    assert_int_equal(cached(pool), 0);
    assert_int_equal(magazine_take(depot, magazine, indices, 1), 0);
    assert_sound(pool, 512);
    for (uint32_t i = 0; i < 512; i++) {
        magazine_give(depot, magazine, &indices[i], 1);
        assert_true(cached(pool) <= 128);
        assert_sound(pool, 511 - i);
    }
    assert_int_equal(cached(pool), 128);
    assert_int_equal(magazine_flush(depot, magazine), 128);
    assert_int_equal(magazine_flush(depot, magazine), 0);
    close_sound(pool);
}

/* At the edge of a block, one frame back and forth must not change blocks each time: that is what the spare is for. */
static void the_spare_block_keeps_a_magazine_off_the_depot(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(512, 1, 1);
    const struct depot *depot = &pool->depot;
    struct ferry_blocks *magazine = &pool->bridges[0].area->magazine;
    uint32_t indices[130];
    assert_int_equal(magazine_take(depot, magazine, indices, 130), 130);
    magazine_give(depot, magazine, indices + 64, 66); /* one beyond the edge */
    uint64_t full = load_relaxed(&depot->words->full.head), partial = load_relaxed(&depot->words->partial.head);
    for (uint32_t i = 0; i < 50; i++) {
        assert_int_equal(magazine_take(depot, magazine, indices + 64, 5), 5);
        magazine_give(depot, magazine, indices + 64, 5);
    }
    assert_true(full == load_relaxed(&depot->words->full.head) && partial == load_relaxed(&depot->words->partial.head));
    magazine_give(depot, magazine, indices, 64);
    magazine_flush(depot, magazine);
    close_sound(pool);
}

static void a_full_magazine_returns_its_frames_to_others(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(256, 1, 1);
    const struct depot *depot = &pool->depot;
    struct ferry_blocks *magazine = &pool->bridges[0].area->magazine;
    uint32_t indices[256];
    assert_int_equal(depot_take(depot, indices, 256), 256);
    magazine_give(depot, magazine, indices, 256);
    assert_int_equal(cached(pool), 128);
    assert_int_equal(depot_take(depot, indices, 256), 128);
    depot_give(depot, indices, 128);
    magazine_flush(depot, magazine);
    close_sound(pool);
}

/* A process that maps the slab may write anything there: nothing may be followed out of it, nothing may run for ever. */
static void a_damaged_depot_is_not_followed(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(128, 1, 1);
    const struct depot *depot = &pool->depot;
    struct ferry_blocks *magazine = &pool->bridges[0].area->magazine;
    uint32_t indices[256];
    uint64_t full = load_relaxed(&depot->words->full.head);
    store_relaxed(&depot->words->full.head, 0xFFFFFF); /* no such block */
    assert_int_equal(depot_take(depot, indices, 1), 0);
    store_relaxed(&depot->words->full.head, full);
    store_relaxed(&depot->blocks[0].count, UINT32_MAX);
    store_relaxed(&depot->blocks[1].index[3], UINT32_MAX);
    assert_int_equal(depot_take(depot, indices, 256), 63); /* the frames of one block but for the impossible one */
    for (uint32_t i = 0; i < 63; i++) {
        assert_true(indices[i] >= 64 && indices[i] < 128);
    }
    uint64_t empty = atomic_exchange(&depot->words->empty.head, 0), partial = atomic_exchange(&depot->words->partial.head, 0);
    depot_give(depot, indices, 1); /* nowhere to give to: it comes back all the same */
    store_relaxed(&depot->words->empty.head, empty);
    store_relaxed(&depot->words->partial.head, partial);
    store_relaxed(&magazine->loaded, UINT32_MAX);
    store_relaxed(&magazine->spare, 0xFFFFFF);
    depot_give(depot, indices, 63);
    assert_int_equal(magazine_take(depot, magazine, indices, 100), 63);
    magazine_give(depot, magazine, indices, 63);
    magazine_flush(depot, magazine);
    assert_sound(pool, 65); /* what the damage swallowed is missing, and nothing is there twice */
    ferry_pool_free(pool);
}

/* The block on top is empty and below itself, where frames are looked for; then full, where room is. */
static void links_in_a_circle_end(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(128, 1, 1);
    const struct depot *depot = &pool->depot;
    struct ferry_blocks *magazine = &pool->bridges[0].area->magazine;
    uint32_t indices[2];
    store_relaxed(&depot->words->full.head, 1);
    store_relaxed(&depot->words->empty.head, 1);
    store_relaxed(&depot->blocks[0].next, 1);
    store_relaxed(&depot->blocks[0].count, 0);
    assert_int_equal(depot_take(depot, indices, 2), 0);
    assert_int_equal(magazine_take(depot, magazine, indices, 2), 0);
    store_relaxed(&depot->words->partial.head, 1);
    store_relaxed(&depot->words->full.head, 1);
    store_relaxed(&depot->words->empty.head, 1);
    store_relaxed(&depot->blocks[0].next, 1);
    store_relaxed(&depot->blocks[0].count, FERRY_BLOCK_FRAMES);
    depot_give(depot, indices, 2);
    magazine_give(depot, magazine, indices, 2);
    ferry_pool_free(pool);
}

struct taker {
    ferry_pool *pool;
    uint32_t rounds; /* 0: until the pool is closed */
    uint64_t seed;
};

static void *take_and_give(void *context)
{
    struct taker *taker = context;
    uint64_t descriptors[130];
    for (uint32_t i = 0; taker->rounds == 0 || i < taker->rounds; i++) {
        int64_t taken = ferry_pool_take(taker->pool, descriptors, random_below(&taker->seed, 131));
        if (taken < 0 || ferry_pool_give(taker->pool, descriptors, (uint32_t)taken) < 0) {
            require(taker->rounds == 0);
            return NULL;
        }
    }
    return NULL;
}

static void many_threads_take_and_give(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(300, 1, 0);
    struct taker takers[THREADS];
    pthread_t threads[THREADS];
    for (uint32_t i = 0; i < THREADS; i++) {
        takers[i] = (struct taker){pool, 5000, i};
        threads[i] = start_thread(take_and_give, &takers[i]);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        join_thread(threads[i]);
    }
    close_sound(pool);
}

/* What a thread in mid-call leaves in a slab that was zeroed around it: a tag, and no block, not even an empty one. */
static void a_giver_that_comes_late_does_not_wait(void **state)
{
    (void)state;
    const uint32_t index = 0;
    ferry_pool *pool = pool_of(300, 1, 0);
    assert_sound(pool, 0);
    assert_int_equal(ferry_pool_close(pool), FERRY_OK);
    store_relaxed(&pool->depot.words->empty.head, UINT64_C(2) << 24);
    depot_give(&pool->depot, &index, 1);
    ferry_pool_free(pool);
}

static void a_pool_may_be_closed_under_fire(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 20; round++) {
        ferry_pool *pool = pool_of(300, 1, 0);
        struct taker takers[THREADS];
        pthread_t threads[THREADS];
        for (uint32_t i = 0; i < THREADS; i++) {
            takers[i] = (struct taker){pool, 0, i};
            threads[i] = start_thread(take_and_give, &takers[i]);
        }
        assert_int_equal(ferry_pool_close(pool), FERRY_OK);
        for (uint32_t i = 0; i < THREADS; i++) {
            join_thread(threads[i]);
        }
        ferry_pool_free(pool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_of_frames_comes_out_whole),
        cmocka_unit_test(the_frame_given_last_is_taken_first),
        cmocka_unit_test(a_magazine_holds_two_blocks_and_no_more),
        cmocka_unit_test(the_spare_block_keeps_a_magazine_off_the_depot),
        cmocka_unit_test(a_full_magazine_returns_its_frames_to_others),
        cmocka_unit_test(a_damaged_depot_is_not_followed),
        cmocka_unit_test(links_in_a_circle_end),
        cmocka_unit_test(many_threads_take_and_give),
        cmocka_unit_test(a_giver_that_comes_late_does_not_wait),
        cmocka_unit_test(a_pool_may_be_closed_under_fire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
