/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_poller.c: rounds, and the second look before sleep. Each race between
 * the end of a round and sleep is forced through a hook of the device: the
 * event happens there, silently, and only a look that comes after arming (for
 * the device) or after the flag (for memory) can find it. Without that look the
 * poller sleeps for good, the bounded wait runs out, and the test fails. Guards
 * the whole argument at the head of poller.c.
 */
#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 128
#define CAPACITY 64
#define BUDGET 32

static struct scripted device;
static ferry_pool *pool;

static void begin(uint32_t device_flags)
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, device_flags);
}

static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
    scripted_destroy(&device);
}

/* After a test that failed half way: its poller must not outlive it. */
static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

/* ---- the second look at the device ---- */

static void one_arrives_while_masked(struct scripted *d, uint32_t events)
{
    if ((events & FERRY_ARM_RX) && d->scratch++ == 0) {
        scripted_arrive(d, 1);
        require(!d->line); /* the interrupt was off: it stays silent */
    }
}

static void an_arrival_before_the_interrupt_is_armed_is_found(void **state)
{
    (void)state;
    const uint32_t kinds[] = {0, FERRY_DEVICE_PATIENT, FERRY_DEVICE_LEVEL, FERRY_DEVICE_LEVEL | FERRY_DEVICE_PATIENT};
    for (uint32_t i = 0; i < 4; i++) {
        begin(kinds[i]);
        device.before_arm = one_arrives_while_masked;
        scripted_open(&device, pool, 0, BUDGET);
        receive_numbered(pool, 0, 0, 1);
        end();
    }
}

static void one_arrives_before_sleep(struct scripted *d)
{
    if (d->scratch++ == 0) {
        scripted_arrive(d, 1);
    }
}

static void an_arrival_after_the_interrupt_is_armed_ends_the_sleep(void **state)
{
    (void)state;
    begin(0);
    device.before_wait = one_arrives_before_sleep;
    scripted_open(&device, pool, 0, BUDGET);
    receive_numbered(pool, 0, 0, 1);
    end();
}

static void room_comes_while_masked(struct scripted *d, uint32_t events)
{
    if ((events & FERRY_ARM_TX) && d->scratch++ == 0) {
        scripted_make_room(d, SCRIPTED_ENDLESS);
        require(!d->line);
    }
}

static void room_before_the_interrupt_is_armed_is_found(void **state)
{
    (void)state;
    const uint32_t kinds[] = {0, FERRY_DEVICE_LEVEL};
    for (uint32_t i = 0; i < 2; i++) {
        begin(kinds[i]);
        device.room = 1;
        device.before_arm = room_comes_while_masked;
        scripted_open(&device, pool, 0, BUDGET);
        send_numbered(pool, 0, 100, 3); /* one burst: a second one would wake the poller again */
        assert_true(scripted_sent_reaches(&device, 3));
        assert_int_equal(device.last_sent, 102);
        end();
    }
}

/* ---- the second look at memory ---- */

/* The hook plays the sender, which rests meanwhile: no thread of its own could hit this point each time. */
static void send_without_wake(struct scripted *d, uint32_t events)
{
    if ((events & FERRY_ARM_RX) && d->scratch != 0) {
        uint64_t descriptor = d->scratch;
        d->scratch = 0;
        require(ferry_bridge_send(d->pool, 0, &descriptor, 1) == 1); /* no flag: nobody is to be woken */
    }
}

static void a_frame_sent_before_the_poller_says_that_it_sleeps_is_found(void **state)
{
    (void)state;
    begin(0);
    device.scratch = numbered_frame(pool, 7);
    device.before_arm = send_without_wake;
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(scripted_sent_reaches(&device, 1));
    end();
}

static void send_with_wake(struct scripted *d)
{
    if (d->scratch != 0) {
        uint64_t descriptor = d->scratch;
        d->scratch = 0;
        require(ferry_bridge_send(d->pool, 0, &descriptor, 1) == (1 | FERRY_WAKE_BRIDGE));
        require(ferry_bridge_wake(d->pool, 0) == FERRY_OK);
    }
}

static void a_frame_sent_after_the_poller_says_that_it_sleeps_wakes_it(void **state)
{
    (void)state;
    begin(0);
    device.scratch = numbered_frame(pool, 7);
    device.before_wait = send_with_wake;
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(scripted_sent_reaches(&device, 1));
    end();
}

/* ---- rounds, seen through an inline bridge: one poll is one round ---- */

static void a_round_takes_its_budget_and_no_more(void **state)
{
    (void)state;
    uint64_t batch[256];
    const uint32_t budgets[] = {1, 34, 64, 65, 128, 200}; /* around what a device is handed at a time, 64 */
    for (uint32_t b = 0; b < 6; b++) {
        uint32_t budget = budgets[b];
        pool = pool_of(1024, 1024, 1);
        scripted_init(&device, 0);
        scripted_open(&device, pool, FERRY_INLINE, budget);
        scripted_arrive(&device, 2 * budget + budget / 2);
        for (uint32_t left = 2 * budget + budget / 2; left > 0;) {
            uint32_t expected = left < budget ? left : budget;
            assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, 256, 0), expected);
            give_back(pool, batch, expected);
            left -= expected;
        }
        assert_int_equal(counter_of(pool, 0, FERRY_ROUNDS_FULL), 2);
        end();
    }
}

static void a_round_sends_its_budget_and_no_more(void **state)
{
    (void)state;
    const uint32_t budgets[] = {1, 5, 40};
    for (uint32_t b = 0; b < 3; b++) {
        begin(0);
        scripted_open(&device, pool, 0, budgets[b]);
        send_numbered(pool, 0, 0, CAPACITY);
        assert_true(scripted_sent_reaches(&device, CAPACITY) && scripted_sleeps(&device));
        assert_int_equal(device.most_sent, budgets[b]);
        end();
    }
}

static void an_inline_poll_sends_all_and_reads_only_when_asked_to(void **state)
{
    (void)state;
    uint64_t batch[1];
    begin(FERRY_DEVICE_PATIENT);
    scripted_open(&device, pool, FERRY_INLINE, 5);
    scripted_arrive(&device, 1);
    send_numbered(pool, 0, 0, 12); /* more than a budget: nobody else would send the rest */
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, 0, 0), 0);
    assert_int_equal(device.sent, 12);
    assert_int_equal(device.arrivals, 1);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, 1, 0), 1);
    give_back(pool, batch, 1);
    end();
}

static void drops_count_towards_the_budget(void **state)
{
    (void)state;
    uint64_t all[FRAMES], batch[1];
    begin(0); /* cannot wait: what is not read is lost */
    scripted_open(&device, pool, FERRY_INLINE, BUDGET);
    assert_int_equal(ferry_pool_take(pool, all, FRAMES), FRAMES);
    scripted_arrive(&device, 3 * BUDGET);
    for (uint32_t round = 1; round <= 3; round++) {
        assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, 1, 0), 0);
        assert_int_equal(counter_of(pool, 0, FERRY_RX_NO_FRAME), round * BUDGET);
    }
    assert_int_equal(counter_of(pool, 0, FERRY_ROUNDS_FULL), 3);
    give_back(pool, all, FRAMES);
    end();
}

static void rounds_are_counted_by_kind(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    begin(FERRY_DEVICE_PATIENT);
    scripted_open(&device, pool, FERRY_INLINE, BUDGET);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, 0), 0);
    scripted_arrive(&device, BUDGET + 1);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, 0), BUDGET);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, BUDGET, CAPACITY, 0), 1);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 1, CAPACITY, 0), 0);
    assert_int_equal(counter_of(pool, 0, FERRY_ROUNDS), 4);
    assert_int_equal(counter_of(pool, 0, FERRY_ROUNDS_EMPTY), 2);
    assert_int_equal(counter_of(pool, 0, FERRY_ROUNDS_FULL), 1);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), BUDGET + 1);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_BYTES), (BUDGET + 1) * PAYLOAD_BYTES);
    assert_int_equal(counter_of(pool, 0, FERRY_ARMED), 0); /* nobody waited */
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, 0), 0);
    assert_int_equal(counter_of(pool, 0, FERRY_ARMED), 1);
    assert_int_equal(counter_of(pool, 0, FERRY_SLEPT), 1);
    end();
}

/* ---- all of it, again and again ---- */

static void a_threaded_poller_sleeps_and_wakes_a_thousand_times(void **state)
{
    (void)state;
    begin(FERRY_DEVICE_PATIENT);
    scripted_open(&device, pool, 0, BUDGET);
    uint64_t total = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        scripted_arrive(&device, 1 + i % 3);
        receive_numbered(pool, 0, total, 1 + i % 3);
        total += 1 + i % 3;
    }
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), total);
    assert_true(counter_reaches(pool, 0, FERRY_SLEPT, 1)); /* with nothing left it comes to rest */
    end();
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(an_arrival_before_the_interrupt_is_armed_is_found),
        GUARDED(an_arrival_after_the_interrupt_is_armed_ends_the_sleep),
        GUARDED(room_before_the_interrupt_is_armed_is_found),
        GUARDED(a_frame_sent_before_the_poller_says_that_it_sleeps_is_found),
        GUARDED(a_frame_sent_after_the_poller_says_that_it_sleeps_wakes_it),
        GUARDED(a_round_takes_its_budget_and_no_more),
        GUARDED(a_round_sends_its_budget_and_no_more),
        GUARDED(an_inline_poll_sends_all_and_reads_only_when_asked_to),
        GUARDED(drops_count_towards_the_budget),
        GUARDED(rounds_are_counted_by_kind),
        GUARDED(a_threaded_poller_sleeps_and_wakes_a_thousand_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
