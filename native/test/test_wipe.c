/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_wipe.c: a pool that zeroes frames, along every way by which a frame that
 * carried something comes back: given, received before, dropped, sent, sent and
 * completed later, refused, left in a ring, spoilt by its device. Guards that
 * nobody is handed what somebody else has had in a frame.
 */
#include <errno.h>

#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 100
#define CAPACITY 8

static struct scripted device;
static ferry_pool *pool;

static void begin(uint32_t device_flags)
{
    const struct ferry_pool_config config = {.frames = FRAMES,
                                             .frame_size = TEST_FRAME_SIZE,
                                             .headroom = TEST_HEADROOM,
                                             .ring_capacity = CAPACITY,
                                             .bridges = 1,
                                             .zero = 1};
    assert_int_equal(ferry_pool_open(&config, &pool), FERRY_OK);
    scripted_init(&device, device_flags);
}

static void assert_all_zero(void)
{
    for (uint64_t i = 0; i < pool->geometry.data_bytes; i++) {
        assert_int_equal(pool->data[i], 0);
    }
}

/* Whatever the bridge still had has come back as well. */
static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    assert_all_zero();
    close_sound(pool);
    scripted_destroy(&device);
}

/* Every byte that a user can reach, and those that only C can. */
static uint64_t dirty(uint64_t descriptor)
{
    memset(pool_frame(pool, ferry_frame_index(descriptor)), 0xA5, pool->geometry.stride);
    return descriptor;
}

static uint64_t dirty_frame(void)
{
    uint64_t descriptor;
    assert_int_equal(ferry_pool_take(pool, &descriptor, 1), 1);
    return dirty(descriptor);
}

static void what_is_given_back_is_wiped(void **state)
{
    (void)state;
    uint64_t descriptors[FRAMES];
    begin(0);
    assert_int_equal(ferry_pool_take(pool, descriptors, FRAMES), FRAMES);
    for (uint32_t i = 0; i < FRAMES; i++) {
        dirty(descriptors[i]);
    }
    assert_int_equal(ferry_pool_give(pool, descriptors, FRAMES), FRAMES);
    assert_all_zero();
    assert_int_equal(ferry_pool_give_one(pool, dirty_frame()), 1);
    assert_all_zero();
    close_sound(pool);
}

static void the_frames_of_the_last_batch_are_wiped(void **state)
{
    (void)state;
    for (uint32_t flags = 0; flags <= FERRY_INLINE; flags += FERRY_INLINE) {
        uint64_t frame = 0;
        begin(FERRY_DEVICE_PATIENT);
        device.arrivals = 1;
        scripted_open(&device, pool, flags, 8);
        if (flags == FERRY_INLINE) {
            assert_int_equal(ferry_bridge_poll(pool, 0, &frame, 0, 1, 0), 1);
            dirty(frame);
            assert_int_equal(ferry_bridge_poll(pool, 0, &frame, 1, 1, 0), 0);
        } else {
            await(pool, 0, FERRY_RX);
            assert_int_equal(settle(pool, 0, ferry_bridge_receive(pool, 0, &frame, 0, 1)), 1);
            dirty(frame);
            assert_int_equal(settle(pool, 0, ferry_bridge_receive(pool, 0, &frame, 1, 1)), 0);
        }
        assert_all_zero();
        end();
    }
}

static void what_is_dropped_on_arrival_is_wiped(void **state)
{
    (void)state;
    uint64_t frame;
    begin(FERRY_DEVICE_PATIENT);
    device.arrivals = 3;
    device.marked = FERRY_RX_DEVICE;
    scripted_open(&device, pool, FERRY_INLINE, 8);
    assert_int_equal(ferry_bridge_poll(pool, 0, &frame, 0, 1, 0), 0);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_DEVICE), 3);
    assert_all_zero();
    end();
}

static int32_t fill_and_fail(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self;
    memset(slots[n - 1].data, 0xA5, slots[n - 1].capacity);
    return FERRY_ESYSTEM - EIO;
}

static int32_t fill_too_many(void *self, struct ferry_slot *slots, uint32_t n)
{
    fill_and_fail(self, slots, n);
    return (int32_t)n + 1;
}

static void what_a_failing_device_has_written_is_wiped(void **state)
{
    (void)state;
    uint64_t frame;
    for (uint32_t i = 0; i < 2; i++) {
        begin(FERRY_DEVICE_PATIENT);
        device.ops.fill = i == 0 ? fill_and_fail : fill_too_many;
        scripted_open(&device, pool, FERRY_INLINE, 8);
        assert_true(ferry_bridge_poll(pool, 0, &frame, 0, 1, 0) < 0);
        assert_all_zero();
        end();
    }
}

static int32_t refuse(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self;
    for (uint32_t i = 0; i < n; i++) {
        slots[i].dropped = 1;
    }
    return (int32_t)n;
}

static void what_was_sent_or_refused_is_wiped(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        begin(FERRY_DEVICE_PATIENT);
        device.ops.transmit = i == 0 ? device.ops.transmit : i == 1 ? refuse : NULL;
        scripted_open(&device, pool, FERRY_INLINE, 8);
        uint64_t frame = dirty_frame();
        settle(pool, 0, ferry_bridge_send(pool, 0, &frame, 1));
        assert_int_equal(ferry_bridge_poll(pool, 0, &frame, 0, 1, 0), 0);
        assert_all_zero();
        end();
    }
}

static void what_is_completed_later_is_wiped_then(void **state)
{
    (void)state;
    begin(FERRY_DEVICE_PATIENT);
    scripted_hold(&device);
    scripted_open(&device, pool, FERRY_INLINE, 8);
    uint64_t frames[2] = {dirty_frame(), dirty_frame()};
    settle(pool, 0, ferry_bridge_send(pool, 0, frames, 2));
    assert_int_equal(ferry_bridge_poll(pool, 0, frames, 0, 0, 0), 0);
    assert_int_equal(*data_of(pool, frames[0]), 0xA5); /* the device's, until it says otherwise */
    scripted_complete(&device, 1);
    uint64_t none[1];
    assert_int_equal(ferry_bridge_poll(pool, 0, none, 0, 0, 0), 0);
    assert_int_equal(*data_of(pool, frames[0]), 0);
    assert_int_equal(*data_of(pool, frames[1]), 0xA5); /* taken back when the bridge closes */
    end();
}

static void what_lies_in_the_rings_of_a_closed_bridge_is_wiped(void **state)
{
    (void)state;
    uint64_t none[1];
    begin(FERRY_DEVICE_PATIENT);
    device.arrivals = 3;
    device.room = 0;
    scripted_open(&device, pool, FERRY_INLINE, 8);
    assert_int_equal(ferry_bridge_poll(pool, 0, none, 0, 1, 0), 1); /* the others stay in rx */
    uint64_t frames[2] = {dirty(none[0]), dirty_frame()};
    settle(pool, 0, ferry_bridge_send(pool, 0, frames, 2)); /* and these in tx */
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_back_is_wiped),
        cmocka_unit_test(the_frames_of_the_last_batch_are_wiped),
        cmocka_unit_test(what_is_dropped_on_arrival_is_wiped),
        cmocka_unit_test(what_a_failing_device_has_written_is_wiped),
        cmocka_unit_test(what_was_sent_or_refused_is_wiped),
        cmocka_unit_test(what_is_completed_later_is_wiped_then),
        cmocka_unit_test(what_lies_in_the_rings_of_a_closed_bridge_is_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
