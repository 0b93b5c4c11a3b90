/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_magazine.c: magazines of C threads through their API: what they hand out
 * and keep, where audits find it, who gets it when the pool is empty, and every
 * misuse that a handle allows: too many, an index out of range, a double give,
 * after close of the magazine and of the pool. Guards "every frame is in exactly
 * one place" for threads that are no pollers, and that nobody starves beside
 * frames that such a thread keeps.
 */
#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 400

static ferry_magazine *open_magazine(ferry_pool *pool)
{
    ferry_magazine *magazine = NULL;
    assert_int_equal(ferry_magazine_open(pool, &magazine), FERRY_OK);
    return magazine;
}

static struct ferry_audit audit_of(ferry_pool *pool)
{
    struct ferry_audit audit;
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_OK);
    assert_int_equal(audit.frames, audit.free + audit.cached + audit.queued + audit.device + audit.leased);
    return audit;
}

static void taken_frames_are_distinct_empty_and_at_their_headroom(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(FRAMES, 8, 0);
    ferry_magazine *magazine = open_magazine(pool);
    uint64_t descriptors[FRAMES];
    bool seen[FRAMES] = {false};
    assert_int_equal(ferry_magazine_take(magazine, descriptors, 0), 0);
    assert_int_equal(ferry_magazine_take(magazine, descriptors, 1), 1);
    assert_int_equal(ferry_magazine_take(magazine, descriptors + 1, 200), 200);
    for (uint32_t i = 0; i < 201; i++) {
        uint32_t index = ferry_frame_index(descriptors[i]);
        assert_true(index < FRAMES && !seen[index]);
        seen[index] = true;
        assert_true(descriptors[i] == ferry_frame_descriptor(index, 64 + TEST_HEADROOM, 0));
    }
    assert_sound(pool, 201);
    assert_int_equal(ferry_magazine_give(magazine, descriptors, 201), 201);
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    close_sound(pool);
}

static void what_it_keeps_is_cached_and_comes_back_first(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(2 * FERRY_BLOCK_FRAMES, 8, 0);
    ferry_magazine *magazine = open_magazine(pool);
    uint64_t descriptors[10], again[10];
    assert_int_equal(ferry_magazine_take(magazine, descriptors, 10), 10);
    assert_int_equal(audit_of(pool).leased, 10);
    assert_int_equal(ferry_magazine_give(magazine, descriptors, 10), 10);
    struct ferry_audit audit = audit_of(pool);
    assert_int_equal(audit.cached, FERRY_BLOCK_FRAMES); /* the block that it took, whole again */
    assert_int_equal(audit.leased, 0);
    assert_int_equal(ferry_magazine_take(magazine, again, 10), 10);
    for (uint32_t i = 0; i < 10; i++) {
        assert_true(again[i] == descriptors[9 - i]); /* last in, first out: the warmest first */
    }
    assert_int_equal(ferry_magazine_give(magazine, again, 10), 10);
    assert_int_equal(ferry_magazine_flush(magazine), FERRY_BLOCK_FRAMES);
    assert_int_equal(ferry_magazine_flush(magazine), 0);
    assert_int_equal(audit_of(pool).cached, 0);
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    close_sound(pool);
}

static void frames_may_come_from_one_and_go_to_another(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(FRAMES, 8, 0);
    ferry_magazine *one = open_magazine(pool), *other = open_magazine(pool);
    uint64_t descriptors[100];
    for (uint32_t round = 0; round < 50; round++) { /* many times what the pool has */
        assert_int_equal(count_of(ferry_magazine_take(one, descriptors, 100)), 100);
        assert_int_equal(count_of(ferry_magazine_give(other, descriptors, 90)), 90);
        assert_int_equal(ferry_pool_give(pool, descriptors + 90, 10), 10);
        assert_true(audit_of(pool).cached <= 4 * FERRY_BLOCK_FRAMES);
    }
    assert_int_equal(ferry_pool_take(pool, descriptors, 100), 100);
    assert_int_equal(ferry_magazine_give(one, descriptors, 100), 100);
    assert_sound(pool, 0);
    assert_int_equal(ferry_magazine_close(one), FERRY_OK);
    assert_int_equal(ferry_magazine_close(other), FERRY_OK);
    close_sound(pool);
}

static void an_empty_pool_gives_what_it_has(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 0);
    ferry_magazine *magazine = open_magazine(pool);
    uint64_t descriptors[101];
    assert_int_equal(ferry_magazine_take(magazine, descriptors, 101), 100);
    assert_int_equal(ferry_magazine_take(magazine, descriptors + 100, 1), 0);
    assert_sound(pool, 100);
    assert_int_equal(ferry_magazine_give(magazine, descriptors, 100), 100);
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    close_sound(pool);
}

static void who_finds_the_pool_empty_gets_what_a_magazine_keeps(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 0);
    ferry_magazine *magazine = open_magazine(pool);
    uint64_t mine[100], theirs[100];
    assert_int_equal(ferry_magazine_take(magazine, mine, 100), 100);
    assert_int_equal(ferry_magazine_give(magazine, mine, 40), 40);
    assert_int_equal(ferry_pool_take(pool, theirs, 1), 0); /* 40 lie in the magazine */
    assert_int_equal(ferry_magazine_give(magazine, mine + 40, 1), 1);
    assert_int_equal(audit_of(pool).cached, 0);
    assert_int_equal(ferry_pool_take(pool, theirs, 41), 41);
    assert_int_equal(ferry_magazine_give(magazine, mine + 41, 1), 1);
    assert_int_equal(audit_of(pool).cached, 1); /* nobody has asked since */
    assert_int_equal(ferry_pool_take(pool, theirs + 41, 1), 0);
    assert_int_equal(ferry_magazine_give(magazine, mine + 42, 1), 1);
    assert_int_equal(audit_of(pool).free, 2);
    assert_int_equal(ferry_pool_give(pool, theirs, 41), 41);
    assert_int_equal(ferry_magazine_take(magazine, mine + 42, 1), 1);
    assert_int_equal(audit_of(pool).cached, 42);
    assert_int_equal(ferry_pool_take(pool, theirs, 1), 0);
    assert_int_equal(ferry_magazine_take(magazine, mine + 41, 1), 1); /* taking shares as well */
    assert_int_equal(audit_of(pool).free, 41);
    assert_int_equal(ferry_magazine_give(magazine, mine + 41, 59), 59);
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    close_sound(pool);
}

/* The poller sleeps for want of a frame; each of these calls has to wake it. */
static void a_starving_poller_is_woken(void **state)
{
    (void)state;
    for (uint32_t by_flush = 0; by_flush < 2; by_flush++) {
        ferry_pool *pool = pool_of(8, 8, 1);
        ferry_magazine *magazine = open_magazine(pool);
        struct scripted device;
        uint64_t frames[8];
        scripted_init(&device, FERRY_DEVICE_PATIENT);
        assert_int_equal(ferry_magazine_take(magazine, frames, 8), 8);
        if (by_flush) {
            assert_int_equal(ferry_magazine_give(magazine, frames, 8), 8);
        }
        int32_t bridge = scripted_open(&device, pool, 0, 64);
        scripted_arrive(&device, 3);
        assert_true(counter_reaches(pool, bridge, FERRY_STARVED, 1));
        assert_true(scripted_sleeps(&device));
        int64_t result = by_flush ? ferry_magazine_flush(magazine) : ferry_magazine_give(magazine, frames, 8);
        assert_true(result == (8 | FERRY_WAKE_POOL));
        assert_int_equal(ferry_pool_wake(pool), FERRY_OK);
        receive_numbered(pool, bridge, 0, 3);
        assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
        assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
        assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
        close_sound(pool);
        scripted_destroy(&device);
    }
}

static void closing_wakes_a_starving_poller(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(8, 8, 1);
    ferry_magazine *magazine = open_magazine(pool);
    struct scripted device;
    uint64_t frames[8];
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    assert_int_equal(ferry_magazine_take(magazine, frames, 8), 8);
    assert_int_equal(ferry_magazine_give(magazine, frames, 8), 8);
    int32_t bridge = scripted_open(&device, pool, 0, 64);
    scripted_arrive(&device, 3);
    assert_true(counter_reaches(pool, bridge, FERRY_STARVED, 1));
    assert_true(scripted_sleeps(&device));
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    receive_numbered(pool, bridge, 0, 3);
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    close_sound(pool);
    scripted_destroy(&device);
}

static void misuse_is_answered_and_moves_nothing(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(2000, 8, 0);
    ferry_magazine *magazine = open_magazine(pool);
    uint64_t descriptors[1025];
    assert_int_equal(ferry_magazine_open(NULL, &magazine), FERRY_EINVAL);
    assert_int_equal(ferry_magazine_open(pool, NULL), FERRY_EINVAL);
    assert_int_equal(ferry_magazine_take(magazine, descriptors, 1025), FERRY_EINVAL);
    assert_int_equal(ferry_magazine_take(magazine, descriptors, 1024), 1024);
    assert_int_equal(ferry_magazine_give(magazine, descriptors, 1025), FERRY_EINVAL);
    const uint64_t good = descriptors[2], later = descriptors[200], bad[] = {2000, 0xFFFFF, UINT64_MAX};
    for (uint32_t i = 0; i < 3; i++) {
        descriptors[2] = bad[i];
        assert_int_equal(ferry_magazine_give(magazine, descriptors + 2, 1), FERRY_ECORRUPT);
        assert_int_equal(ferry_magazine_give(magazine, descriptors, 3), FERRY_ECORRUPT);
        descriptors[200] = bad[i]; /* in a later burst of the same call */
        descriptors[2] = good;
        assert_int_equal(ferry_magazine_give(magazine, descriptors, 201), FERRY_ECORRUPT);
        descriptors[200] = later;
        assert_sound(pool, 1024);
    }
    descriptors[2] = good | ~(uint64_t)0xFFFFF; /* only the index counts */
    assert_int_equal(ferry_magazine_give(magazine, descriptors, 1024), 1024);
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    close_sound(pool);
}

static void an_audit_finds_a_double_give(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(128, 8, 0);
    ferry_magazine *magazine = open_magazine(pool);
    struct ferry_audit audit;
    uint64_t frame;
    assert_int_equal(ferry_magazine_take(magazine, &frame, 1), 1);
    assert_int_equal(ferry_pool_give(pool, &frame, 1), 1);
    assert_int_equal(ferry_magazine_give(magazine, &frame, 1), 1);
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_OK);
    assert_int_equal(audit.duplicated, 1);
    assert_int_equal(ferry_magazine_take(magazine, &frame, 1), 1); /* the second copy goes, and all is well */
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    close_sound(pool);
}

static void an_index_that_cannot_be_is_not_handed_out(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 2; n++) {
        ferry_pool *pool = pool_of(FERRY_BLOCK_FRAMES, 8, 0);
        ferry_magazine *magazine = open_magazine(pool);
        uint64_t frames[4];
        assert_int_equal(ferry_magazine_take(magazine, frames, 1), 1);
        _Atomic uint32_t *top = &pool->depot.blocks[0].index[FERRY_BLOCK_FRAMES - 2];
        frames[3] = load_relaxed(top);
        store_relaxed(top, FERRY_BLOCK_FRAMES); /* no such frame */
        assert_int_equal(ferry_magazine_take(magazine, frames + 1, n), n);
        for (uint32_t i = 0; i < n; i++) {
            assert_int_equal(ferry_frame_index(frames[1 + i]), 2 + i); /* those below it */
        }
        assert_int_equal(ferry_magazine_give(magazine, frames, 1 + n), 1 + n);
        assert_int_equal(ferry_magazine_give(magazine, frames + 3, 1), 1); /* the one that was thrown away */
        assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
        close_sound(pool);
    }
}

static void as_many_as_promised_and_no_more(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(FERRY_MAGAZINES_MAX * 2 * FERRY_BLOCK_FRAMES, 8, 0);
    ferry_magazine *magazines[FERRY_MAGAZINES_MAX], *more = NULL;
    uint64_t frames[2 * FERRY_BLOCK_FRAMES];
    for (uint32_t i = 0; i < FERRY_MAGAZINES_MAX; i++) {
        magazines[i] = open_magazine(pool);
    }
    assert_int_equal(ferry_magazine_open(pool, &more), FERRY_EFULL);
    assert_null(more);
    for (uint32_t i = 0; i < FERRY_MAGAZINES_MAX; i++) { /* each holds two blocks, and there is room for all frames */
        assert_int_equal(count_of(ferry_magazine_take(magazines[i], frames, 2 * FERRY_BLOCK_FRAMES)), 128);
        assert_int_equal(count_of(ferry_magazine_give(magazines[i], frames, 2 * FERRY_BLOCK_FRAMES)), 128);
    }
    assert_int_equal(audit_of(pool).cached, pool->geometry.frames);
    assert_int_equal(ferry_magazine_close(magazines[7]), FERRY_OK);
    assert_int_equal(ferry_magazine_open(pool, &more), FERRY_OK);
    for (uint32_t i = 0; i < FERRY_MAGAZINES_MAX; i++) {
        assert_int_equal(ferry_magazine_close(i == 7 ? more : magazines[i]), FERRY_OK);
    }
    close_sound(pool);
}

static void assert_closed(ferry_magazine *magazine)
{
    uint64_t frame = 0;
    assert_int_equal(ferry_magazine_take(magazine, &frame, 1), FERRY_ECLOSED);
    assert_int_equal(ferry_magazine_give(magazine, &frame, 1), FERRY_ECLOSED);
    assert_int_equal(ferry_magazine_flush(magazine), FERRY_ECLOSED);
    assert_int_equal(ferry_magazine_close(magazine), FERRY_ECLOSED);
}

static void late_calls_are_told_that_it_is_closed(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(FRAMES, 8, 0);
    ferry_magazine *magazine = open_magazine(pool), *open = open_magazine(pool), *more;
    uint64_t frames[10];
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    assert_closed(magazine);
    assert_int_equal(ferry_magazine_take(open, frames, 10), 10);
    assert_int_equal(ferry_magazine_give(open, frames, 5), 5);
    assert_sound(pool, 5);
    assert_int_equal(ferry_pool_close(pool), FERRY_OK); /* with frames in the magazine, and five out */
    assert_closed(open);
    assert_int_equal(ferry_magazine_open(pool, &more), FERRY_ECLOSED);
    ferry_pool_free(pool);
}

static void a_pool_that_zeroes_frames_does_so_here(void **state)
{
    (void)state;
    const struct ferry_pool_config config = {
        .frames = 1, .frame_size = TEST_FRAME_SIZE, .headroom = 0, .ring_capacity = 1, .zero = 1};
    ferry_pool *pool;
    uint64_t frame;
    assert_int_equal(ferry_pool_open(&config, &pool), FERRY_OK);
    ferry_magazine *magazine = open_magazine(pool);
    assert_int_equal(ferry_magazine_take(magazine, &frame, 1), 1);
    memset(pool->data, 0xA5, pool->geometry.stride);
    assert_int_equal(ferry_magazine_give(magazine, &frame, 1), 1);
    for (uint32_t i = 0; i < pool->geometry.stride; i++) {
        assert_int_equal(pool->data[i], 0);
    }
    assert_int_equal(ferry_magazine_close(magazine), FERRY_OK);
    close_sound(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken_frames_are_distinct_empty_and_at_their_headroom),
        cmocka_unit_test(what_it_keeps_is_cached_and_comes_back_first),
        cmocka_unit_test(frames_may_come_from_one_and_go_to_another),
        cmocka_unit_test(an_empty_pool_gives_what_it_has),
        cmocka_unit_test(who_finds_the_pool_empty_gets_what_a_magazine_keeps),
        cmocka_unit_test(a_starving_poller_is_woken),
        cmocka_unit_test(closing_wakes_a_starving_poller),
        cmocka_unit_test(misuse_is_answered_and_moves_nothing),
        cmocka_unit_test(an_audit_finds_a_double_give),
        cmocka_unit_test(an_index_that_cannot_be_is_not_handed_out),
        cmocka_unit_test(as_many_as_promised_and_no_more),
        cmocka_unit_test(late_calls_are_told_that_it_is_closed),
        cmocka_unit_test(a_pool_that_zeroes_frames_does_so_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
