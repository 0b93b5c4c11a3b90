/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_loop.c: a bridge over the loop device: what is sent is received, by the
 * same frames in the same order, and the two ends wait for one another. Guards
 * that one ring in place of two leaves every frame in one place, and that the
 * bridge's number is as good as new for a device with two.
 */
#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 128
#define CAPACITY 4
#define STREAM 20000

static ferry_pool *pool;

static const struct ferry_bridge_config THREADED = {.budget = 1};

static void begin(void)
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(ferry_bridge_open(pool, ferry_loop_device(), &THREADED), 0);
}

static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
}

static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

static void what_is_sent_is_received(void **state)
{
    (void)state;
    begin();
    for (uint64_t number = 0; number < 10 * CAPACITY; number += CAPACITY) {
        send_numbered(pool, 0, number, CAPACITY);
        receive_numbered(pool, 0, number, CAPACITY);
    }
    assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), 10 * CAPACITY);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 10 * CAPACITY);
    end();
}

static void a_frame_is_itself_with_its_flags(void **state)
{
    (void)state;
    begin();
    uint64_t sent = numbered_frame(pool, 7) | FERRY_ADDRESSED, received = 0;
    assert_int_equal(ferry_bridge_send(pool, 0, &sent, 1), 1);
    assert_int_equal(ferry_bridge_receive(pool, 0, &received, 0, 1), 1);
    assert_true(received == sent);
    give_back(pool, &received, 1);
    end();
}

static void what_is_queued_counts_once(void **state)
{
    (void)state;
    struct ferry_statistics statistics;
    struct ferry_audit audit;
    begin();
    send_numbered(pool, 0, 0, CAPACITY);
    uint64_t more = numbered_frame(pool, CAPACITY);
    assert_int_equal(ferry_bridge_send(pool, 0, &more, 1), 0); /* full */
    give_back(pool, &more, 1);
    assert_int_equal(ferry_bridge_statistics(pool, 0, &statistics), FERRY_OK);
    assert_int_equal(statistics.rx_queued, CAPACITY);
    assert_int_equal(statistics.tx_queued, 0);
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_OK);
    assert_int_equal(audit.queued, CAPACITY);
    assert_int_equal(audit.duplicated, 0);
    receive_numbered(pool, 0, 0, CAPACITY);
    end();
}

static void what_is_queued_can_be_received_after_close(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    begin();
    send_numbered(pool, 0, 0, CAPACITY);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_send(pool, 0, batch, 0), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, 3), 3);
    assert_int_equal(frame_number(pool, batch[0]), 0);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_DROPPED), 0);
    give_back(pool, batch, 3);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK); /* takes the last one back */
    close_sound(pool);
    pool = NULL;
}

static void the_number_is_as_good_as_new(void **state)
{
    (void)state;
    struct scripted device;
    begin();
    send_numbered(pool, 0, 0, CAPACITY);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    scripted_init(&device, 0);
    assert_int_equal(scripted_open(&device, pool, 0, 64), 0);
    send_numbered(pool, 0, 0, 2);
    assert_true(scripted_sent_reaches(&device, 2));
    scripted_arrive(&device, 3);
    receive_numbered(pool, 0, 0, 3);
    end();
    scripted_destroy(&device);
}

static void nobody_drives_it(void **state)
{
    (void)state;
    const struct ferry_bridge_config inlined = {.budget = 1, .flags = FERRY_INLINE};
    uint64_t batch;
    pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(ferry_bridge_open(pool, ferry_loop_device(), &inlined), FERRY_EINVAL);
    assert_int_equal(ferry_bridge_open(pool, ferry_loop_device(), &THREADED), 0);
    assert_int_equal(ferry_bridge_poll(pool, 0, &batch, 0, 1, 0), FERRY_EINVAL);
    end();
}

/* ---- the two ends wait for one another ---- */

static void *send_stream(void *unused)
{
    (void)unused;
    for (uint64_t number = 0; number < STREAM; number++) {
        uint64_t frame = numbered_frame(pool, number);
        while (settle(pool, 0, ferry_bridge_send(pool, 0, &frame, 1)) == 0) {
            await(pool, 0, FERRY_TX);
        }
    }
    return NULL;
}

/* Four slots and five times as many thousand frames: each end sleeps often, and a lost wake-up is a hang. */
static void each_end_wakes_the_other(void **state)
{
    (void)state;
    begin();
    pthread_t sender = start_thread(send_stream, NULL);
    receive_numbered(pool, 0, 0, STREAM);
    join_thread(sender);
    end();
}

static void *close_bridge(void *unused)
{
    (void)unused;
    require(ferry_bridge_close(pool, 0) == FERRY_OK);
    return NULL;
}

static void close_wakes_who_waits(void **state)
{
    (void)state;
    begin();
    pthread_t closer = start_thread(close_bridge, NULL);
    while (ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS) >= 0) {
        continue;
    }
    join_thread(closer);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_sent_is_received, clean_up),
        cmocka_unit_test_teardown(a_frame_is_itself_with_its_flags, clean_up),
        cmocka_unit_test_teardown(what_is_queued_counts_once, clean_up),
        cmocka_unit_test_teardown(what_is_queued_can_be_received_after_close, clean_up),
        cmocka_unit_test_teardown(the_number_is_as_good_as_new, clean_up),
        cmocka_unit_test_teardown(nobody_drives_it, clean_up),
        cmocka_unit_test_teardown(each_end_wakes_the_other, clean_up),
        cmocka_unit_test_teardown(close_wakes_who_waits, clean_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
