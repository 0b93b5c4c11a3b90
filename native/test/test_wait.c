/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_wait.c: threads that wait on a bridge, and everything that must end
 * their wait: a frame, room, an interrupt, an error, close; in a threaded
 * bridge, where they sleep on a word of the ring, and in an inline one, where
 * they sleep in the device. Guards that no waiter is left behind.
 */
#include <errno.h>

#include "support_traffic.h"
#include "support_waiter.h"
#include "unit.h"

#define FRAMES 128
#define CAPACITY 8
#define BUDGET 64

static struct scripted device;
static ferry_pool *pool;

static void begin(uint32_t bridge_flags)
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    scripted_open(&device, pool, bridge_flags, BUDGET);
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

/* Leaves the tx ring full and the device congested, which an inline bridge learns in a round. */
static void congest(bool is_inline)
{
    uint64_t none[1];
    scripted_set_room(&device, 0);
    send_numbered(pool, 0, 0, CAPACITY);
    assert_int_equal(is_inline ? ferry_bridge_poll(pool, 0, none, 0, 1, 0) : 0, 0);
}

static void a_frame_ends_a_wait(void **state)
{
    (void)state;
    begin(0);
    struct waiter waiter = {.what = FERRY_RX};
    waiter_start(&waiter, &device, false);
    scripted_arrive(&device, 1);
    assert_int_equal(waiter_join(&waiter), 1);
    receive_numbered(pool, 0, 0, 1);
    end();
}

static void *arrive(void *unused)
{
    (void)unused;
    scripted_arrive(&device, 1);
    return NULL;
}

/* With a core to spare a thread looks for a while before it sleeps: for what comes then, or until its time is up. */
static void a_frame_ends_a_spin(void **state)
{
    (void)state;
    const struct ferry_bridge_config config = {.budget = BUDGET, .spin_ns = UINT32_MAX};
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    device.pool = pool;
    assert_int_equal(ferry_bridge_open(pool, &device.device, &config), 0);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, 1000000), 0);
    pthread_t thread = start_thread(arrive, NULL);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS), 1);
    join_thread(thread);
    receive_numbered(pool, 0, 0, 1);
    end();
}

static void room_ends_a_wait(void **state)
{
    (void)state;
    begin(0);
    congest(false);
    struct waiter waiter = {.what = FERRY_TX};
    waiter_start(&waiter, &device, false);
    scripted_make_room(&device, 1);
    assert_int_equal(waiter_join(&waiter), 1);
    send_numbered(pool, 0, CAPACITY, 1);
    end();
}

static void an_interrupt_ends_one_wait(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        bool is_inline = i >= 2;
        begin(is_inline ? FERRY_INLINE : 0);
        congest(is_inline);
        struct waiter waiter = {.what = i % 2};
        waiter_start(&waiter, &device, is_inline);
        assert_int_equal(ferry_bridge_interrupt(pool, 0, waiter.what), FERRY_OK);
        assert_int_equal(waiter_join(&waiter), 0);
        /* One that comes first ends the next wait, and only that. */
        assert_int_equal(ferry_bridge_interrupt(pool, 0, waiter.what), FERRY_OK);
        assert_int_equal(ferry_bridge_wait(pool, 0, waiter.what, FOR_EVER), 0);
        assert_int_equal(load_relaxed(&pool->bridges[0].interrupted[waiter.what]), 0);
        end();
    }
}

static void an_interrupt_of_one_end_leaves_the_other_waiting(void **state)
{
    (void)state;
    begin(0);
    struct waiter waiter = {.what = FERRY_RX};
    waiter_start(&waiter, &device, false);
    assert_int_equal(ferry_bridge_interrupt(pool, 0, FERRY_TX), FERRY_OK);
    assert_true(waiter_sleeps(&waiter));
    scripted_arrive(&device, 1);
    assert_int_equal(waiter_join(&waiter), 1);
    end();
}

static void an_error_ends_every_wait(void **state)
{
    (void)state;
    for (uint32_t what = FERRY_RX; what <= FERRY_TX; what++) {
        begin(0);
        congest(false);
        struct waiter waiter = {.what = what};
        waiter_start(&waiter, &device, false);
        scripted_fail(&device, FERRY_ESYSTEM - EIO);
        assert_int_equal(waiter_join(&waiter), FERRY_ESYSTEM - EIO);
        end();
    }
}

static void close_ends_every_wait(void **state)
{
    (void)state;
    uint64_t batch[1];
    for (uint32_t i = 0; i < 5; i++) {
        bool is_inline = i >= 2;
        begin(is_inline ? FERRY_INLINE : 0);
        congest(is_inline);
        struct waiter waiter = {.what = i % 2, .polls = i == 4};
        waiter_start(&waiter, &device, is_inline);
        assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
        int64_t result = waiter_join(&waiter);
        assert_true(result == 0 || result == FERRY_ECLOSED);
        assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, 1), FERRY_ECLOSED);
        assert_int_equal(ferry_bridge_send(pool, 0, batch, 0), FERRY_ECLOSED);
        assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, FOR_EVER), FERRY_ECLOSED);
        assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_TX, FOR_EVER), FERRY_ECLOSED);
        end();
    }
}

static void closing_the_pool_ends_every_wait(void **state)
{
    (void)state;
    begin(0);
    assert_true(scripted_sleeps(&device));
    assert_sound(pool, 0);
    struct waiter waiter = {.what = FERRY_RX};
    waiter_start(&waiter, &device, false);
    assert_int_equal(ferry_pool_close(pool), FERRY_OK);
    assert_int_equal(waiter_join(&waiter), 0);
    assert_true(device.closed);
    ferry_pool_free(pool);
    pool = NULL;
    scripted_destroy(&device);
}

static void an_inline_poll_sleeps_in_the_device(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    begin(FERRY_INLINE);
    struct waiter waiter = {.what = FERRY_RX};
    waiter_start(&waiter, &device, true);
    assert_int_equal(device.last_armed, FERRY_ARM_RX);
    scripted_arrive(&device, 3);
    waiter_join(&waiter);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, FOR_EVER), 3);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 3, CAPACITY, 0), 0);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, 1), 0);
    end();
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(a_frame_ends_a_wait),
        GUARDED(a_frame_ends_a_spin),
        GUARDED(room_ends_a_wait),
        GUARDED(an_interrupt_ends_one_wait),
        GUARDED(an_interrupt_of_one_end_leaves_the_other_waiting),
        GUARDED(an_error_ends_every_wait),
        GUARDED(close_ends_every_wait),
        GUARDED(closing_the_pool_ends_every_wait),
        GUARDED(an_inline_poll_sleeps_in_the_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
