/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_wait.c: threads that wait on a bridge, and everything that must end
 * their wait: a frame, room, an interrupt, close; in a threaded bridge, where
 * they sleep on a word of the ring, and in an inline one, where they sleep in
 * the device. Also what close does with frames that are under way, and the
 * next life of a number. Guards that no waiter is left behind.
 */
#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 128
#define CAPACITY 8
#define BUDGET 3
#define FOR_EVER INT64_MAX

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

struct waiter {
    uint32_t what;
    int64_t result;
};

static void *wait_on(void *context)
{
    struct waiter *waiter = context;
    waiter->result = ferry_bridge_wait(pool, 0, waiter->what, FOR_EVER);
    return NULL;
}

static void *poll_on(void *context)
{
    struct waiter *waiter = context;
    uint64_t batch[1];
    waiter->result = ferry_bridge_poll(pool, 0, batch, 0, 1, FOR_EVER);
    return NULL;
}

static bool word_says_asleep(void *context)
{
    struct ferry_area *area = pool->bridges[0].area;
    uint32_t what = *(const uint32_t *)context;
    return load_relaxed(what == FERRY_RX ? &area->rx.consumer_waits : &area->tx.producer_waits) != 0;
}

/* Starts a thread that waits, and lets it fall asleep. */
static pthread_t start_waiter(struct waiter *waiter, void *(*run)(void *), bool is_inline)
{
    pthread_t thread = start_thread(run, waiter);
    assert_true(is_inline ? scripted_sleeps(&device) : eventually(word_says_asleep, &waiter->what));
    return thread;
}

/* Leaves the tx ring full and the device congested, which an inline bridge learns in a round. */
static void congest(bool is_inline)
{
    uint64_t none[1];
    scripted_set_room(&device, 0);
    send_numbered(pool, 0, 0, CAPACITY);
    assert_int_equal(is_inline ? ferry_bridge_poll(pool, 0, none, 0, 1, 0) : 0, 0);
}

/* ---- what ends a wait ---- */

static void a_frame_ends_a_wait(void **state)
{
    (void)state;
    begin(0);
    struct waiter waiter = {FERRY_RX, 0};
    pthread_t thread = start_waiter(&waiter, wait_on, false);
    scripted_arrive(&device, 1);
    join_thread(thread);
    assert_int_equal(waiter.result, 1);
    receive_numbered(pool, 0, 0, 1);
    end();
}

static void room_ends_a_wait(void **state)
{
    (void)state;
    begin(0);
    congest(false);
    struct waiter waiter = {FERRY_TX, 0};
    pthread_t thread = start_waiter(&waiter, wait_on, false);
    scripted_make_room(&device, 1);
    join_thread(thread);
    assert_int_equal(waiter.result, 1);
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
        struct waiter waiter = {i % 2, 1};
        pthread_t thread = start_waiter(&waiter, wait_on, is_inline);
        assert_int_equal(ferry_bridge_interrupt(pool, 0, waiter.what), FERRY_OK);
        join_thread(thread);
        assert_int_equal(waiter.result, 0);
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
    struct waiter waiter = {FERRY_RX, 0};
    pthread_t thread = start_waiter(&waiter, wait_on, false);
    assert_int_equal(ferry_bridge_interrupt(pool, 0, FERRY_TX), FERRY_OK);
    assert_true(eventually(word_says_asleep, &waiter.what));
    scripted_arrive(&device, 1);
    join_thread(thread);
    assert_int_equal(waiter.result, 1);
    end();
}

static void close_ends_every_wait(void **state)
{
    (void)state;
    uint64_t batch[1];
    for (uint32_t i = 0; i < 4; i++) {
        bool is_inline = i >= 2;
        begin(is_inline ? FERRY_INLINE : 0);
        congest(is_inline);
        struct waiter waiter = {i % 2, 1};
        pthread_t thread = start_waiter(&waiter, i == 2 ? poll_on : wait_on, is_inline);
        assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
        join_thread(thread);
        assert_true(waiter.result == 0 || waiter.result == FERRY_ECLOSED);
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
    struct waiter waiter = {FERRY_RX, 1};
    pthread_t thread = start_waiter(&waiter, wait_on, false);
    assert_int_equal(ferry_pool_close(pool), FERRY_OK);
    join_thread(thread);
    assert_int_equal(waiter.result, 0);
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
    struct waiter waiter = {FERRY_RX, 1};
    pthread_t thread = start_waiter(&waiter, wait_on, true);
    assert_int_equal(device.last_armed, FERRY_ARM_RX);
    scripted_arrive(&device, 3);
    join_thread(thread);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, FOR_EVER), 3);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 3, CAPACITY, 0), 0);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, 1), 0);
    end();
}

/* ---- close, with frames under way ---- */

static void close_offers_the_device_what_is_queued(void **state)
{
    (void)state;
    for (uint64_t room = 0; room <= CAPACITY; room += CAPACITY / 2) {
        begin(0);
        congest(false);
        assert_true(scripted_sleeps(&device));
        scripted_set_room(&device, room); /* nobody is told: only close comes to know */
        assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
        assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), room);
        assert_int_equal(counter_of(pool, 0, FERRY_TX_DROPPED), CAPACITY - room);
        assert_sound(pool, 0);
        end();
    }
}

static void what_was_received_outlives_the_bridge(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    struct ferry_statistics statistics;
    begin(0);
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

static void a_number_begins_a_new_life(void **state)
{
    (void)state;
    begin(0);
    scripted_arrive(&device, 5);
    assert_true(counter_reaches(pool, 0, FERRY_RX_FRAMES, 5));
    assert_int_equal(ferry_bridge_interrupt(pool, 0, FERRY_RX), FERRY_OK); /* meant for that life only */
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_ECLOSED); /* not while it is open */
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_ECLOSED);
    scripted_destroy(&device);
    assert_sound(pool, 0);
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    assert_int_equal(scripted_open(&device, pool, 0, BUDGET), 0);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 0);
    struct waiter waiter = {FERRY_RX, 0};
    pthread_t thread = start_waiter(&waiter, wait_on, false);
    scripted_arrive(&device, 1);
    join_thread(thread);
    assert_int_equal(waiter.result, 1);
    receive_numbered(pool, 0, 0, 1);
    end();
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(a_frame_ends_a_wait),
        GUARDED(room_ends_a_wait),
        GUARDED(an_interrupt_ends_one_wait),
        GUARDED(an_interrupt_of_one_end_leaves_the_other_waiting),
        GUARDED(close_ends_every_wait),
        GUARDED(closing_the_pool_ends_every_wait),
        GUARDED(an_inline_poll_sleeps_in_the_device),
        GUARDED(close_offers_the_device_what_is_queued),
        GUARDED(what_was_received_outlives_the_bridge),
        GUARDED(a_number_begins_a_new_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
