/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_close.c: a bridge that closes with frames under way, what is left of it
 * afterwards, and the next life of its number. Guards that a frame is sent,
 * received, or back in the pool, and that nothing of one life reaches the next.
 */
#include "support_traffic.h"
#include "support_waiter.h"
#include "unit.h"

#define FRAMES 128
#define CAPACITY 8
#define BUDGET 3 /* less than the rings hold */

static struct scripted device;
static ferry_pool *pool;

static void open_bridge(void)
{
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    assert_int_equal(scripted_open(&device, pool, 0, BUDGET), 0);
}

static void begin(void)
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    open_bridge();
}

static void end(void)
{
    ferry_bridge_close(pool, 0); /* where the test has not done so */
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
    scripted_destroy(&device);
}

static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

static void close_offers_the_device_what_is_queued(void **state)
{
    (void)state;
    for (uint64_t room = 0; room <= CAPACITY; room += CAPACITY / 2) {
        begin();
        scripted_set_room(&device, 0);
        send_numbered(pool, 0, 0, CAPACITY);
        assert_true(scripted_sleeps(&device));
        scripted_set_room(&device, room); /* nobody is told: only close comes to know */
        assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
        assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), room);
        assert_int_equal(counter_of(pool, 0, FERRY_TX_DROPPED), CAPACITY - room);
        assert_sound(pool, 0);
        end();
    }
}

/* The sender found the bridge open, and lost its processor before it pushed. */
static void what_is_sent_while_it_closes_is_counted(void **state)
{
    (void)state;
    begin();
    uint64_t frame = numbered_frame(pool, 0);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ring_push(&pool->bridges[0].tx, &frame, 1), 1);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_DROPPED), 1);
    assert_sound(pool, 0);
    end();
}

static void what_was_received_outlives_the_bridge(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    struct ferry_statistics statistics;
    begin();
    scripted_arrive(&device, 5);
    assert_true(counter_reaches(pool, 0, FERRY_RX_FRAMES, 5));
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_statistics(pool, 0, &statistics), FERRY_OK);
    assert_true(statistics.counters[FERRY_RX_FRAMES] == 5 && statistics.rx_queued == 5);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, 2), 2);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 2, 2), 2);
    assert_int_equal(frame_number(pool, batch[1]), 3);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 2, 0), 0);
    assert_sound(pool, 0); /* the fifth is still in the ring: reclaim gives it back */
    end();
}

static void what_comes_after_the_last_frame_is_the_end(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    begin();
    scripted_arrive(&device, 2);
    assert_true(counter_reaches(pool, 0, FERRY_RX_FRAMES, 2));
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, CAPACITY), 2);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 2, CAPACITY), FERRY_ECLOSED);
    assert_sound(pool, 0); /* given back all the same */
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, CAPACITY), FERRY_ECLOSED);
    end();
}

static void a_number_begins_a_new_life(void **state)
{
    (void)state;
    begin();
    scripted_arrive(&device, 5);
    assert_true(counter_reaches(pool, 0, FERRY_RX_FRAMES, 5));
    assert_int_equal(ferry_bridge_interrupt(pool, 0, FERRY_RX), FERRY_OK); /* meant for that life only */
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_ECLOSED); /* not while it is open */
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_ECLOSED);
    scripted_destroy(&device);
    assert_sound(pool, 0);
    open_bridge();
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 0);
    struct waiter waiter = {.what = FERRY_RX};
    waiter_start(&waiter, &device, false);
    scripted_arrive(&device, 1);
    assert_int_equal(waiter_join(&waiter), 1);
    receive_numbered(pool, 0, 0, 1);
    end();
}

static void an_error_ends_one_life_only(void **state)
{
    (void)state;
    begin();
    scripted_fail(&device, FERRY_EDEVICE);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS), FERRY_EDEVICE);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    scripted_destroy(&device);
    open_bridge();
    assert_int_equal(load_acquire(&pool->bridges[0].area->error), FERRY_OK); /* what a mapped end looks at */
    scripted_arrive(&device, 1);
    receive_numbered(pool, 0, 0, 1);
    end();
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(close_offers_the_device_what_is_queued),
        GUARDED(what_is_sent_while_it_closes_is_counted),
        GUARDED(what_was_received_outlives_the_bridge),
        GUARDED(what_comes_after_the_last_frame_is_the_end),
        GUARDED(a_number_begins_a_new_life),
        GUARDED(an_error_ends_one_life_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
