/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_times.c: what a poller tells of its time: asleep with the receive
 * interrupt on, asleep with it off, polling, and how often an event ended a
 * sleep. The device has a clock of its own, which only the tests move, so that
 * the times are exact. Guards that each nanosecond is counted once, also while
 * it passes, and that no time ever goes back.
 */
#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 128
#define CAPACITY 64
#define BUDGET 32
#define START 1000000 /* a clock need not begin at 0 */

static struct scripted device;
static ferry_pool *pool;
static _Atomic uint64_t clock_ns;
static void (*in_a_reader)(void); /* called once, where a thread that reads statistics reads the clock */
static pthread_t test_thread;

static void pass(uint64_t ns)
{
    atomic_fetch_add(&clock_ns, ns);
}

static uint64_t device_clock(void *self)
{
    (void)self;
    if (pthread_equal(pthread_self(), test_thread) && in_a_reader != NULL) {
        void (*hook)(void) = in_a_reader;
        in_a_reader = NULL;
        hook();
    }
    return atomic_load(&clock_ns);
}

static void begin(uint32_t device_flags)
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, device_flags);
    device.ops.now = device_clock;
    in_a_reader = NULL;
    test_thread = pthread_self();
    atomic_store(&clock_ns, START);
}

static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
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

static struct ferry_statistics statistics(void)
{
    struct ferry_statistics s;
    assert_int_equal(ferry_bridge_statistics(pool, 0, &s), FERRY_OK);
    return s;
}

static void assert_times(uint64_t armed, uint64_t rested, uint64_t polling)
{
    struct ferry_statistics s = statistics();
    assert_int_equal(s.counters[FERRY_ARMED_NS], armed);
    assert_int_equal(s.counters[FERRY_RESTED_NS], rested);
    assert_int_equal(s.polling_ns, polling);
}

/* One arrival ends the sleep that the poller is in, and it sleeps again. */
static void arrive_and_sleep_again(uint64_t number)
{
    scripted_arrive(&device, 1);
    receive_numbered(pool, 0, number, 1);
    assert_true(scripted_sleeps(&device));
}

static void arming_takes_time(struct scripted *d, uint32_t events)
{
    (void)d;
    pass(events != 0 ? 3 : 2);
}

/* ---- where the time goes ---- */

static void time_asleep_counts_while_it_passes(void **state)
{
    (void)state;
    begin(0);
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(scripted_sleeps(&device));
    assert_times(0, 0, 0);
    pass(70);
    assert_times(70, 0, 0); /* still asleep */
    arrive_and_sleep_again(0);
    assert_times(70, 0, 0);
    pass(5);
    assert_times(75, 0, 0);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    pass(1000);
    assert_times(75, 0, 0); /* a closed bridge tells what it told last */
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
    scripted_destroy(&device);
}

static void what_is_not_sleep_is_polling(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    begin(0);
    device.before_arm = arming_takes_time;
    scripted_open(&device, pool, FERRY_INLINE, BUDGET);
    assert_times(0, 0, 0);
    pass(11);
    assert_times(0, 0, 11);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, 0), 0); /* may not wait, so does not arm */
    assert_times(0, 0, 11);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, 1), 0);
    assert_times(0, 0, 16);
    end();
}

static void moments_pass(struct scripted *d)
{
    if (d->scratch++ == 0) {
        pass(40);
    }
}

static void letting_arrivals_gather_is_rest(void **state)
{
    (void)state;
    begin(0);
    device.moderation_ns = 1000;
    device.arrivals = 1;
    device.before_wait = moments_pass; /* the first sleep is the moderated one */
    scripted_open(&device, pool, 0, BUDGET);
    receive_numbered(pool, 0, 0, 1);
    assert_true(counter_reaches(pool, 0, FERRY_SLEPT, 1));
    assert_true(scripted_sleeps(&device));
    assert_times(0, 40, 0);
    pass(9);
    assert_times(9, 40, 0);
    end();
}

static void a_starved_poller_rests(void **state)
{
    (void)state;
    uint64_t all[FRAMES];
    begin(FERRY_DEVICE_PATIENT);
    assert_int_equal(ferry_pool_take(pool, all, FRAMES), FRAMES);
    device.arrivals = 1;
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(counter_reaches(pool, 0, FERRY_STARVED, 1));
    assert_true(scripted_sleeps(&device));
    pass(30);
    assert_times(0, 30, 0);
    give_back(pool, all, FRAMES);
    receive_numbered(pool, 0, 0, 1);
    assert_true(scripted_sleeps(&device));
    pass(4);
    assert_times(4, 30, 0);
    end();
}

/* ---- what ended a sleep ---- */

static void an_event_is_an_interrupt_and_a_wake_is_none(void **state)
{
    (void)state;
    begin(0);
    scripted_open(&device, pool, 0, BUDGET);
    for (uint64_t i = 0; i < 3; i++) {
        assert_true(scripted_sleeps(&device));
        arrive_and_sleep_again(i);
        assert_int_equal(counter_of(pool, 0, FERRY_INTERRUPTS), i + 1);
    }
    send_numbered(pool, 0, 0, 1);
    assert_true(scripted_sent_reaches(&device, 1));
    assert_true(counter_reaches(pool, 0, FERRY_SLEPT, 5));
    assert_int_equal(counter_of(pool, 0, FERRY_INTERRUPTS), 3);
    end();
}

/* ---- while the poller falls asleep and wakes ---- */

/* Polls for 5 ns: the interrupt goes off and on. */
static void wakes_and_sleeps_again(void)
{
    pass(100);
    arrive_and_sleep_again(0);
    pass(7);
}

static void a_sleep_that_ends_while_it_is_read_counts_once(void **state)
{
    (void)state;
    begin(0);
    device.before_arm = arming_takes_time;
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(scripted_sleeps(&device));
    pass(50);
    assert_times(50, 0, 3);
    in_a_reader = wakes_and_sleeps_again;
    assert_times(157, 0, 8);
    end();
}

static _Atomic bool done;

/* Reads as fast as it can. No time is ever less than it was. */
static void *read_on(void *context)
{
    struct ferry_statistics before = {0}, s;
    while (!atomic_load(&done)) {
        require(ferry_bridge_statistics(context, 0, &s) == FERRY_OK);
        require(s.counters[FERRY_ARMED_NS] >= before.counters[FERRY_ARMED_NS]);
        require(s.counters[FERRY_RESTED_NS] >= before.counters[FERRY_RESTED_NS]);
        require(s.polling_ns >= before.polling_ns);
        require(s.polling_ns < PATIENCE_NS * UINT64_C(100)); /* nor did one run below 0 */
        before = s;
    }
    return NULL;
}

static void no_time_goes_back(void **state)
{
    (void)state;
    begin(0);
    device.ops.now = NULL; /* the system's clock */
    device.moderation_ns = 1000;
    scripted_open(&device, pool, 0, BUDGET);
    atomic_store(&done, false);
    pthread_t reader = start_thread(read_on, pool);
    for (uint64_t i = 0; i < 5000; i++) {
        scripted_arrive(&device, 1);
        receive_numbered(pool, 0, i, 1);
    }
    atomic_store(&done, true);
    join_thread(reader);
    assert_true(counter_of(pool, 0, FERRY_INTERRUPTS) <= counter_of(pool, 0, FERRY_SLEPT));
    end();
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(time_asleep_counts_while_it_passes),
        GUARDED(what_is_not_sleep_is_polling),
        GUARDED(letting_arrivals_gather_is_rest),
        GUARDED(a_starved_poller_rests),
        GUARDED(an_event_is_an_interrupt_and_a_wake_is_none),
        GUARDED(a_sleep_that_ends_while_it_is_read_counts_once),
        GUARDED(no_time_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
