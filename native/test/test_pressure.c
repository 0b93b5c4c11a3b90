/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_pressure.c: what a poller does when there is no free frame, no room in
 * the rx ring, or a frame too long. A source that can wait is left alone until
 * a frame or room comes back, and that wakes the poller; one that cannot is read
 * and its newest frames are dropped, each counted under its cause. Guards that
 * nothing is lost uncounted and that nobody starves beside free frames.
 */
#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 256
#define CAPACITY 4
#define BUDGET 64

static struct scripted device, other;
static ferry_pool *pool;
static uint64_t taken[FRAMES];

/* `spared` frames stay in the pool; the test holds the others. */
static void begin(uint32_t device_flags, uint32_t spared)
{
    pool = pool_of(FRAMES, CAPACITY, 2);
    scripted_init(&device, device_flags);
    assert_int_equal(ferry_pool_take(pool, taken, FRAMES - spared), FRAMES - spared);
}

static void give_taken(uint32_t from, uint32_t n)
{
    give_back(pool, taken + from, n);
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

/* ---- no free frame ---- */

static void a_patient_source_waits_for_a_frame_that_is_given_back(void **state)
{
    (void)state;
    begin(FERRY_DEVICE_PATIENT, 0);
    scripted_open(&device, pool, 0, BUDGET);
    scripted_arrive(&device, 3);
    assert_true(counter_reaches(pool, 0, FERRY_STARVED, 1));
    assert_true(scripted_sleeps(&device));
    assert_int_equal(device.last_armed, 0); /* what it cannot read must not wake it */
    assert_int_equal(device.arrivals, 3);
    assert_int_equal(ferry_pool_give(pool, taken, 1), 1 | FERRY_WAKE_POOL);
    assert_int_equal(ferry_pool_wake(pool), FERRY_OK);
    receive_numbered(pool, 0, 0, 3); /* through that one frame */
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 3);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_NO_FRAME), 0);
    give_taken(1, FRAMES - 1);
    end();
}

static void give_once_starved(struct scripted *d, uint32_t events)
{
    if (events == 0 && d->scratch++ == 0) {
        require(ferry_pool_give(d->pool, taken, 1) == 1); /* no flag: nobody is to be woken */
    }
}

static void a_frame_given_before_the_poller_says_that_it_starves_is_found(void **state)
{
    (void)state;
    begin(FERRY_DEVICE_PATIENT, 0);
    device.before_arm = give_once_starved;
    scripted_arrive(&device, 1); /* before it opens: the first round starves */
    scripted_open(&device, pool, 0, BUDGET);
    receive_numbered(pool, 0, 0, 1);
    give_taken(1, FRAMES - 1);
    end();
}

static void an_impatient_source_is_read_and_dropped(void **state)
{
    (void)state;
    begin(0, 0);
    scripted_open(&device, pool, 0, BUDGET);
    scripted_arrive(&device, 1000);
    assert_true(counter_reaches(pool, 0, FERRY_RX_NO_FRAME, 1000) && scripted_sleeps(&device));
    give_taken(0, FRAMES);
    scripted_arrive(&device, 2);
    receive_numbered(pool, 0, 1000, 2);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_NO_FRAME), 1000);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 2);
    assert_int_equal(counter_of(pool, 0, FERRY_STARVED), 0);
    end();
}

/* Nobody would hear it starve others while it deals with what it received. */
static void an_inline_bridge_keeps_no_frames_between_polls(void **state)
{
    (void)state;
    uint64_t batch[FRAMES];
    begin(0, 64);
    scripted_open(&device, pool, FERRY_INLINE, BUDGET);
    scripted_arrive(&device, 1);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, 1, 0), 1);
    assert_int_equal(ferry_pool_take(pool, batch + 1, 63), 63);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 64, 1, 0), 0);
    assert_int_equal(ferry_pool_take(pool, batch, 64), 64);
    give_back(pool, batch, 64);
    give_taken(0, FRAMES - 64);
    end();
}

/* A poller that never rests must not sit on frames that another starves for. */
static void a_busy_bridge_feeds_a_starving_one(void **state)
{
    (void)state;
    begin(0, CAPACITY);
    device.arrivals = SCRIPTED_ENDLESS; /* its ring will be full for ever, and it drops for ever */
    assert_int_equal(scripted_open(&device, pool, 0, BUDGET), 0);
    assert_true(counter_reaches(pool, 0, FERRY_RX_RING_FULL, 1));
    scripted_init(&other, FERRY_DEVICE_PATIENT);
    assert_int_equal(scripted_open(&other, pool, 0, BUDGET), 1);
    scripted_arrive(&other, 3);
    assert_true(counter_reaches(pool, 1, FERRY_STARVED, 1));
    store_relaxed(&pool->depot.words->wanted, 0); /* as if a third bridge had answered, and had nothing */
    taken[0] = ferry_frame_descriptor(ferry_frame_index(taken[0]), FERRY_META_BYTES, PAYLOAD_BYTES);
    assert_int_equal(ferry_bridge_send(pool, 0, taken, 1), 1); /* sent, it comes to the busy one's magazine */
    receive_numbered(pool, 1, 0, 3);
    assert_int_equal(ferry_bridge_close(pool, 1), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 1), FERRY_OK);
    scripted_destroy(&other);
    give_taken(1, FRAMES - CAPACITY - 1);
    end();
}

/* The last batch of a closed bridge feeds another bridge, too. */
static void frames_given_back_to_a_closed_bridge_wake_a_starving_one(void **state)
{
    (void)state;
    begin(FERRY_DEVICE_PATIENT, 0);
    scripted_open(&device, pool, 0, BUDGET);
    scripted_init(&other, 0);
    assert_int_equal(scripted_open(&other, pool, FERRY_INLINE, BUDGET), 1);
    assert_int_equal(ferry_bridge_close(pool, 1), FERRY_OK);
    for (uint32_t way = 0; way < 2; way++) {
        scripted_arrive(&device, 1);
        assert_true(counter_reaches(pool, 0, FERRY_STARVED, way + 1));
        int64_t result = way == 0 ? ferry_bridge_receive(pool, 1, taken, 1, 1) : ferry_bridge_poll(pool, 1, taken, 1, 1, 0);
        if (result > 0) {
            settle(pool, 1, result);
            result = ferry_bridge_receive(pool, 1, taken, 0, 1);
        }
        assert_int_equal(result, FERRY_ECLOSED);
        await(pool, 0, FERRY_RX);
        assert_int_equal(count_of(ferry_bridge_receive(pool, 0, taken, 0, 1)), 1); /* it may starve again by now */
    }
    assert_int_equal(ferry_bridge_reclaim(pool, 1), FERRY_OK);
    scripted_destroy(&other);
    give_taken(0, FRAMES);
    end();
}

/* ---- no room in the rx ring ---- */

static void a_patient_source_waits_for_room(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    begin(FERRY_DEVICE_PATIENT, FRAMES);
    scripted_open(&device, pool, 0, BUDGET);
    scripted_arrive(&device, 3 * CAPACITY);
    assert_true(counter_reaches(pool, 0, FERRY_BLOCKED, 1));
    assert_true(scripted_sleeps(&device));
    assert_int_equal(device.last_armed, 0);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, 1), 1 | FERRY_WAKE_BRIDGE);
    assert_int_equal(frame_number(pool, batch[0]), 0);
    give_back(pool, batch, 1);
    ferry_bridge_wake(pool, 0);
    receive_numbered(pool, 0, 1, 3 * CAPACITY - 1);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_RING_FULL), 0);
    end();
}

static void receive_once_blocked(struct scripted *d, uint32_t events)
{
    if (events == 0 && d->scratch++ == 0) {
        require(ferry_bridge_receive(d->pool, 0, taken, 0, CAPACITY) == CAPACITY); /* no flag: nobody sleeps yet */
    }
}

static void room_made_before_the_poller_says_that_it_is_blocked_is_found(void **state)
{
    (void)state;
    begin(FERRY_DEVICE_PATIENT, FRAMES);
    device.before_arm = receive_once_blocked;
    scripted_arrive(&device, CAPACITY + 1); /* before it opens: the first round fills the ring */
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(counter_reaches(pool, 0, FERRY_RX_FRAMES, CAPACITY + 1)); /* until then the hook is the receiver */
    receive_numbered(pool, 0, CAPACITY, 1);
    give_taken(0, CAPACITY);
    end();
}

static void an_impatient_source_drops_the_newest_when_the_ring_is_full(void **state)
{
    (void)state;
    begin(0, FRAMES);
    scripted_open(&device, pool, 0, BUDGET);
    scripted_arrive(&device, CAPACITY + 100);
    assert_true(counter_reaches(pool, 0, FERRY_RX_RING_FULL, 100) && scripted_sleeps(&device));
    receive_numbered(pool, 0, 0, CAPACITY);
    scripted_arrive(&device, 1);
    receive_numbered(pool, 0, CAPACITY + 100, 1);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_RING_FULL), 100);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), CAPACITY + 1);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_NO_FRAME), 0);
    end();
}

/* ---- refused by the device ---- */

static void what_the_device_marks_is_dropped_and_counted_as_marked(void **state)
{
    (void)state;
    const uint32_t causes[] = {FERRY_RX_OVERSIZE, FERRY_RX_ERRORS, FERRY_RX_DEVICE};
    for (uint32_t i = 0; i < 3; i++) {
        begin(FERRY_DEVICE_PATIENT, FRAMES);
        device.marked = causes[i];
        scripted_arrive(&device, 70);
        scripted_open(&device, pool, 0, BUDGET);
        assert_true(counter_reaches(pool, 0, causes[i], 70));
        scripted_mark(&device, 0);
        scripted_arrive(&device, 1);
        receive_numbered(pool, 0, 70, 1);
        assert_int_equal(counter_of(pool, 0, causes[i]), 70);
        assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 1);
        end();
    }
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(a_patient_source_waits_for_a_frame_that_is_given_back),
        GUARDED(a_frame_given_before_the_poller_says_that_it_starves_is_found),
        GUARDED(an_impatient_source_is_read_and_dropped),
        GUARDED(an_inline_bridge_keeps_no_frames_between_polls),
        GUARDED(a_busy_bridge_feeds_a_starving_one),
        GUARDED(frames_given_back_to_a_closed_bridge_wake_a_starving_one),
        GUARDED(a_patient_source_waits_for_room),
        GUARDED(room_made_before_the_poller_says_that_it_is_blocked_is_found),
        GUARDED(an_impatient_source_drops_the_newest_when_the_ring_is_full),
        GUARDED(what_the_device_marks_is_dropped_and_counted_as_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
