/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_pool.c: a pool through its API: every value of its configuration just in
 * and just out of range, taking until it is empty, giving back, what an audit
 * finds, and what late calls get. Guards "every frame is in exactly one place"
 * and that misuse is answered, not followed. test_depot.c looks underneath.
 */
#include <string.h>

#include "support_device.h"
#include "unit.h"

static const struct ferry_pool_config usual = {
    .frames = 256, .frame_size = 256, .headroom = 64, .ring_capacity = 8, .bridges = 1};

static void opens(struct ferry_pool_config config)
{
    ferry_pool *pool = NULL;
    assert_int_equal(ferry_pool_open(&config, &pool), FERRY_OK);
    struct ferry_geometry g;
    assert_int_equal(ferry_pool_geometry(pool, &g), FERRY_OK);
    assert_true(g.frames == config.frames && g.frame_size == config.frame_size && g.headroom == config.headroom);
    assert_true(g.ring_capacity == config.ring_capacity && g.bridges == config.bridges);
    assert_int_equal(g.stride / 64 % 2, 1); /* an odd number of whole lines */
    assert_int_equal(g.stride % 64, 0);
    assert_true(g.stride >= 64 + config.headroom + config.frame_size);
    assert_true(g.stride < 64 + config.headroom + config.frame_size + 128);
    close_sound(pool);
}

static void refuses(struct ferry_pool_config config)
{
    ferry_pool *pool = NULL;
    assert_int_equal(ferry_pool_open(&config, &pool), FERRY_EINVAL);
    assert_null(pool);
}

#define WITH(member, value) \
    (struct ferry_pool_config) \
    { \
        .frames = member == 0 ? (value) : usual.frames, .frame_size = member == 1 ? (value) : usual.frame_size, \
        .headroom = member == 2 ? (value) : usual.headroom, \
        .ring_capacity = member == 3 ? (value) : usual.ring_capacity, \
        .bridges = member == 4 ? (value) : usual.bridges \
    }

static void every_value_just_in_range_opens(void **state)
{
    (void)state;
    opens(WITH(0, 1)), opens(WITH(0, 1048576));
    opens(WITH(1, 64)), opens(WITH(1, 65)), opens(WITH(1, 1048576));
    opens(WITH(2, 0)), opens(WITH(2, 65536));
    opens(WITH(3, 1)), opens(WITH(3, 2)), opens(WITH(3, 1048576));
    opens(WITH(4, 0)), opens(WITH(4, 64));
    struct ferry_pool_config huge = usual;
    huge.huge_pages = 1;
    opens(huge);
}

static void every_value_just_out_of_range_is_refused(void **state)
{
    (void)state;
    refuses(WITH(0, 0)), refuses(WITH(0, 1048577)), refuses(WITH(0, UINT32_MAX));
    refuses(WITH(1, 63)), refuses(WITH(1, 0)), refuses(WITH(1, 1048577)), refuses(WITH(1, UINT32_MAX));
    refuses(WITH(2, 1)), refuses(WITH(2, 63)), refuses(WITH(2, 65)), refuses(WITH(2, 65536 + 64));
    refuses(WITH(3, 0)), refuses(WITH(3, 3)), refuses(WITH(3, 1048575)), refuses(WITH(3, 2097152));
    refuses(WITH(4, 65)), refuses(WITH(4, UINT32_MAX));
    ferry_pool *pool;
    assert_int_equal(ferry_pool_open(NULL, &pool), FERRY_EINVAL);
    assert_int_equal(ferry_pool_open(&usual, NULL), FERRY_EINVAL);
    assert_int_equal(ferry_pool_geometry(NULL, NULL), FERRY_EINVAL);
}

static void taken_frames_are_distinct_empty_and_at_their_headroom(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(200, 8, 0);
    uint64_t descriptors[200];
    bool seen[200] = {false};
    assert_int_equal(ferry_pool_take(pool, descriptors, 200), 200);
    for (uint32_t i = 0; i < 200; i++) {
        uint32_t index = ferry_frame_index(descriptors[i]);
        assert_true(index < 200 && !seen[index]);
        seen[index] = true;
        assert_true(descriptors[i] == ferry_frame_descriptor(index, 64 + TEST_HEADROOM, 0));
    }
    assert_sound(pool, 200);
    assert_int_equal(ferry_pool_give(pool, descriptors, 200), 200);
    close_sound(pool);
}

static void an_empty_pool_gives_what_it_has(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 0);
    uint64_t descriptors[101];
    assert_int_equal(ferry_pool_take(pool, descriptors, 0), 0);
    assert_int_equal(ferry_pool_take(pool, descriptors, 70), 70);
    assert_int_equal(ferry_pool_take(pool, descriptors + 70, 31), 30);
    assert_int_equal(ferry_pool_take(pool, descriptors + 100, 1), 0);
    assert_sound(pool, 100);
    assert_int_equal(ferry_pool_give(pool, descriptors + 99, 1), 1);
    assert_int_equal(ferry_pool_take(pool, descriptors + 99, 2), 1);
    assert_int_equal(ferry_pool_give(pool, descriptors, 100), 100);
    close_sound(pool);
}

static void a_batch_has_an_upper_bound(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(2000, 8, 0);
    uint64_t descriptors[1025];
    assert_int_equal(ferry_pool_take(pool, descriptors, 1025), FERRY_EINVAL);
    assert_sound(pool, 0);
    assert_int_equal(ferry_pool_take(pool, descriptors, 1024), 1024);
    assert_int_equal(ferry_pool_give(pool, descriptors, 1025), FERRY_EINVAL);
    assert_sound(pool, 1024);
    assert_int_equal(ferry_pool_give(pool, descriptors, 1024), 1024);
    assert_int_equal(ferry_pool_give(pool, descriptors, 0), 0);
    close_sound(pool);
}

static void an_index_out_of_range_spoils_the_whole_give(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 0);
    uint64_t descriptors[3];
    assert_int_equal(ferry_pool_take(pool, descriptors, 3), 3);
    uint64_t good = descriptors[2];
    const uint64_t bad[] = {100, 0xFFFFF, UINT64_MAX};
    for (uint32_t i = 0; i < 3; i++) {
        descriptors[2] = bad[i];
        assert_int_equal(ferry_pool_give(pool, descriptors, 3), FERRY_ECORRUPT);
        assert_sound(pool, 3);
    }
    descriptors[2] = good | ~(uint64_t)0xFFFFF; /* only the index counts */
    assert_int_equal(ferry_pool_give(pool, descriptors, 3), 3);
    close_sound(pool);
}

static void an_audit_finds_a_double_give(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 0);
    uint64_t descriptors[101], twice;
    struct ferry_audit audit;
    assert_int_equal(ferry_pool_take(pool, descriptors, 10), 10);
    twice = descriptors[4];
    assert_int_equal(ferry_pool_give(pool, descriptors, 10), 10);
    assert_int_equal(ferry_pool_give(pool, &twice, 1), 1);
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_OK);
    assert_int_equal(audit.duplicated, 1);
    assert_true(audit.free == 100 && audit.leased == 0 && audit.corrupt == 0);
    /* With the second copy out of the way, the pool is sound again. */
    assert_int_equal(ferry_pool_take(pool, descriptors, 101), 101);
    uint32_t last = 100;
    while (ferry_frame_index(descriptors[last]) != ferry_frame_index(twice)) {
        last--;
    }
    memmove(descriptors + last, descriptors + last + 1, (100 - last) * sizeof(uint64_t));
    assert_int_equal(ferry_pool_give(pool, descriptors, 100), 100);
    close_sound(pool);
}

static void an_audit_finds_damage_to_the_depot(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(128, 8, 0);
    struct ferry_block *top = &pool->depot.blocks[0];
    struct ferry_audit audit;
    store_relaxed(&top->index[5], 128); /* no such frame */
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_OK);
    assert_int_equal(audit.corrupt, 1);
    store_relaxed(&top->index[5], 58);
    store_relaxed(&top->count, 65); /* more than a block holds */
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_OK);
    assert_int_equal(audit.corrupt, 1);
    assert_int_equal(audit.free, 64);
    store_relaxed(&top->count, 64);
    close_sound(pool);
}

static void taking_touches_no_byte_of_a_frame(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(1, 8, 0);
    uint64_t descriptor;
    assert_int_equal(ferry_pool_take(pool, &descriptor, 1), 1);
    uint8_t *frame = pool_frame(pool, ferry_frame_index(descriptor));
    memset(frame, 0xA5, pool->geometry.stride);
    descriptor |= FERRY_ADDRESSED;
    assert_int_equal(ferry_pool_give(pool, &descriptor, 1), 1);
    assert_int_equal(ferry_pool_take(pool, &descriptor, 1), 1);
    assert_true(descriptor == ferry_frame_descriptor(0, FERRY_META_BYTES + TEST_HEADROOM, 0)); /* no peer */
    for (uint32_t i = 0; i < pool->geometry.stride; i++) {
        assert_int_equal(frame[i], 0xA5);
    }
    assert_int_equal(ferry_pool_give(pool, &descriptor, 1), 1);
    close_sound(pool);
}

static void late_calls_are_told_that_it_is_closed(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 1);
    uint64_t descriptors[2];
    struct ferry_audit audit;
    struct ferry_geometry geometry;
    struct ferry_statistics statistics;
    assert_int_equal(ferry_pool_take(pool, descriptors, 2), 2);
    assert_sound(pool, 2);
    assert_int_equal(ferry_pool_close(pool), FERRY_OK);
    assert_int_equal(ferry_pool_close(pool), FERRY_ECLOSED);
    assert_int_equal(ferry_pool_take(pool, descriptors, 1), FERRY_ECLOSED);
    assert_int_equal(ferry_pool_give(pool, descriptors, 2), FERRY_ECLOSED);
    assert_int_equal(ferry_pool_wake(pool), FERRY_ECLOSED);
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_ECLOSED);
    assert_int_equal(ferry_pool_geometry(pool, &geometry), FERRY_OK);
    assert_int_equal(ferry_bridge_receive(pool, 0, descriptors, 0, 1), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_poll(pool, 0, descriptors, 0, 1, 0), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_send(pool, 0, descriptors, 1), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, 0), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_interrupt(pool, 0, FERRY_RX), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_wake(pool, 0), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_statistics(pool, 0, &statistics), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_ECLOSED);
    struct scripted device;
    scripted_init(&device, 0);
    const struct ferry_bridge_config config = {.budget = 1};
    assert_int_equal(ferry_bridge_open(pool, &device.device, &config), FERRY_ECLOSED);
    assert_true(device.closed); /* taken over, so closed, although the call failed */
    scripted_destroy(&device);
    ferry_pool_free(pool);
    ferry_pool_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_just_in_range_opens),
        cmocka_unit_test(every_value_just_out_of_range_is_refused),
        cmocka_unit_test(taken_frames_are_distinct_empty_and_at_their_headroom),
        cmocka_unit_test(an_empty_pool_gives_what_it_has),
        cmocka_unit_test(a_batch_has_an_upper_bound),
        cmocka_unit_test(an_index_out_of_range_spoils_the_whole_give),
        cmocka_unit_test(an_audit_finds_a_double_give),
        cmocka_unit_test(an_audit_finds_damage_to_the_depot),
        cmocka_unit_test(taking_touches_no_byte_of_a_frame),
        cmocka_unit_test(late_calls_are_told_that_it_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
