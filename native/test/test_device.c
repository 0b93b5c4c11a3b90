/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_device.c: what a bridge makes of its device: frames that complete
 * later, a sink that takes a part, errors, and devices that break the contract
 * of device.h: too many frames, too many bytes, frames it was never given,
 * slots written over. Guards that none of it loses a frame or is followed out
 * of the slab, and that both ends learn why the device ended.
 */
#include <errno.h>

#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 256
#define CAPACITY 128
#define BUDGET 64

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

static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

/* Both ends are told, again and again, and nobody hangs. */
static void assert_ended_by(int32_t error)
{
    uint64_t batch[1];
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS), error);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, 1), error);
        assert_int_equal(ferry_bridge_send(pool, 0, batch, 0), error);
        assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, 0), error);
    }
}

/* ---- addresses ---- */

static uint16_t seen_family;

static int32_t note_family(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self;
    seen_family = ((struct ferry_address *)(slots[0].meta + FERRY_META_ADDRESS))->family;
    return (int32_t)n;
}

static void only_a_device_that_tells_who_sent_a_frame_gives_it_a_peer(void **state)
{
    (void)state;
    for (uint32_t flags = 0; flags <= FERRY_DEVICE_ADDRESSES; flags += FERRY_DEVICE_ADDRESSES) {
        uint64_t frame;
        begin(flags);
        device.ops.transmit = note_family;
        device.arrivals = 1;
        scripted_open(&device, pool, FERRY_INLINE, BUDGET);
        assert_int_equal(ferry_bridge_poll(pool, 0, &frame, 0, 1, 0), 1);
        assert_int_equal(frame >> 62, flags != 0 ? 1 : 0);
        uint8_t *address = pool_frame(pool, ferry_frame_index(frame)) + FERRY_META_ADDRESS;
        ((struct ferry_address *)address)->family = FERRY_AF_INET;
        settle(pool, 0, ferry_bridge_send(pool, 0, &frame, 1));
        assert_int_equal(ferry_bridge_poll(pool, 0, &frame, 0, 1, 0), 0);
        assert_int_equal(seen_family, flags != 0 ? FERRY_AF_INET : FERRY_AF_NONE);
        end();
    }
}

/* ---- errors ---- */

static void an_error_reaches_the_receiver_after_the_frames_before_it(void **state)
{
    (void)state;
    begin(FERRY_DEVICE_PATIENT);
    device.fill_error = FERRY_ESYSTEM - EIO;
    device.arrivals = 70;
    scripted_open(&device, pool, 0, BUDGET);
    receive_numbered(pool, 0, 0, 70);
    assert_ended_by(FERRY_ESYSTEM - EIO);
    end();
}

static int32_t failing_transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self, (void)slots, (void)n;
    return FERRY_ESYSTEM - EPIPE;
}

static int32_t failing_arm(void *self, uint32_t events)
{
    (void)self, (void)events;
    return FERRY_ESYSTEM - ENODEV;
}

static int32_t failing_wait(void *self, int64_t timeout_ns)
{
    (void)self, (void)timeout_ns;
    return FERRY_ESYSTEM - ENXIO;
}

static void an_error_of_any_call_ends_the_device(void **state)
{
    (void)state;
    begin(0);
    device.ops.transmit = failing_transmit;
    scripted_open(&device, pool, 0, BUDGET);
    send_numbered(pool, 0, 0, 3);
    assert_ended_by(FERRY_ESYSTEM - EPIPE);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), 0);
    end(); /* the three were still queued: they come back */

    begin(0);
    device.ops.arm = failing_arm;
    scripted_open(&device, pool, 0, BUDGET);
    assert_ended_by(FERRY_ESYSTEM - ENODEV);
    end();

    begin(0);
    device.ops.wait = failing_wait;
    scripted_open(&device, pool, 0, BUDGET);
    assert_ended_by(FERRY_ESYSTEM - ENXIO);
    end();
}

/* ---- broken contracts ---- */

static int32_t event_unknown(void *self, int64_t timeout_ns)
{
    (void)self, (void)timeout_ns;
    return 4;
}

static void an_event_that_there_is_not_ends_the_device(void **state)
{
    (void)state;
    begin(0);
    device.ops.wait = event_unknown;
    scripted_open(&device, pool, 0, BUDGET);
    assert_ended_by(FERRY_EDEVICE);
    end();
}

static int32_t armed_with_eleven(void *self, uint32_t events)
{
    (void)self, (void)events;
    return 11;
}

/* The receiver must not take the number for a count of frames. */
static void an_arm_that_answers_with_a_number_ends_the_device(void **state)
{
    (void)state;
    begin(0);
    device.ops.arm = armed_with_eleven;
    scripted_open(&device, pool, 0, BUDGET);
    assert_ended_by(FERRY_EDEVICE);
    end();
}

static int32_t one_too_many(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self, (void)slots;
    return (int32_t)n + 1;
}

static void more_frames_than_given_end_the_device(void **state)
{
    (void)state;
    const uint32_t kinds[] = {0, FERRY_DEVICE_PATIENT};
    for (uint32_t i = 0; i < 2; i++) {
        begin(kinds[i]);
        device.ops.fill = one_too_many;
        scripted_open(&device, pool, 0, BUDGET);
        assert_ended_by(FERRY_EDEVICE);
        end();
    }
    begin(0); /* and where there is no frame, so that what it reads is dropped */
    uint64_t taken[FRAMES];
    assert_int_equal(ferry_pool_take(pool, taken, FRAMES), FRAMES);
    device.ops.fill = one_too_many;
    scripted_open(&device, pool, 0, BUDGET);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS), FERRY_EDEVICE);
    give_back(pool, taken, FRAMES);
    assert_ended_by(FERRY_EDEVICE);
    end();

    begin(0);
    device.ops.transmit = one_too_many;
    scripted_open(&device, pool, 0, BUDGET);
    send_numbered(pool, 0, 0, 3);
    assert_ended_by(FERRY_EDEVICE);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_DROPPED), 3);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
    scripted_destroy(&device);
}

/* Three arrivals: one too long, one marked with a cause that there is none of, one in order. */
static int32_t nonsense_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct scripted *d = self;
    if (d->scratch++ != 0 || n < 3) {
        return 0;
    }
    slots[0].length = slots[0].capacity + 1;
    slots[1].dropped = 1000;
    payload_write(slots[2].data, 0);
    slots[2].length = PAYLOAD_BYTES;
    return 3;
}

/* One arrival that claims more room than it was given. */
static int32_t greedy_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct scripted *d = self;
    (void)n;
    slots[0].capacity = UINT32_MAX;
    slots[0].length = 1 << 20;
    slots[0].token = UINT64_MAX;
    return d->scratch++ == 0 ? 1 : 0;
}

static void slots_filled_wrongly_are_dropped_as_errors(void **state)
{
    (void)state;
    begin(0);
    device.ops.fill = nonsense_fill;
    scripted_open(&device, pool, 0, BUDGET);
    receive_numbered(pool, 0, 0, 1);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_ERRORS), 2);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 1);
    end();
    begin(0);
    device.ops.fill = greedy_fill;
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(counter_reaches(pool, 0, FERRY_RX_ERRORS, 1));
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 0);
    end();
}

/* Takes all, refuses every other one, and leaves nothing in the slots as it was. */
static int32_t scribbling_transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct scripted *d = self;
    for (uint32_t i = 0; i < n; i++) {
        slots[i] = (struct ferry_slot){.token = UINT64_MAX - i, .length = 1, .dropped = (uint32_t)d->scratch++ % 2};
    }
    return (int32_t)n;
}

static void frames_a_device_refuses_are_dropped_and_counted(void **state)
{
    (void)state;
    begin(0);
    device.ops.transmit = scribbling_transmit;
    scripted_open(&device, pool, 0, BUDGET);
    send_numbered(pool, 0, 0, 10);
    assert_true(counter_reaches(pool, 0, FERRY_TX_DROPPED, 5));
    assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), 5);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_BYTES), 5 * PAYLOAD_BYTES);
    end();
}

static void a_device_that_sends_nothing_drops_what_is_sent(void **state)
{
    (void)state;
    begin(0);
    device.ops.transmit = NULL;
    scripted_open(&device, pool, 0, BUDGET);
    send_numbered(pool, 0, 0, 100);
    assert_true(counter_reaches(pool, 0, FERRY_TX_DROPPED, 100));
    assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), 0);
    end();
}

/* ---- a sink that takes a part ---- */

static void a_congested_sink_resumes_where_it_stopped(void **state)
{
    (void)state;
    begin(0);
    device.room = 5;
    scripted_open(&device, pool, 0, BUDGET);
    send_numbered(pool, 0, 0, 20);
    assert_true(scripted_sent_reaches(&device, 5) && scripted_sleeps(&device));
    assert_int_equal(device.last_armed, FERRY_ARM_RX | FERRY_ARM_TX);
    assert_int_equal(device.last_sent, 4);
    scripted_make_room(&device, 10);
    assert_true(scripted_sent_reaches(&device, 15) && scripted_sleeps(&device));
    assert_int_equal(device.last_sent, 14);
    scripted_arrive(&device, 1); /* receiving goes on meanwhile */
    receive_numbered(pool, 0, 0, 1);
    scripted_make_room(&device, SCRIPTED_ENDLESS);
    assert_true(scripted_sent_reaches(&device, 20) && scripted_sleeps(&device));
    assert_int_equal(device.last_sent, 19);
    assert_int_equal(device.last_armed, FERRY_ARM_RX);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), 20);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_BYTES), 20 * PAYLOAD_BYTES);
    end();
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(only_a_device_that_tells_who_sent_a_frame_gives_it_a_peer),
        GUARDED(an_error_reaches_the_receiver_after_the_frames_before_it),
        GUARDED(an_error_of_any_call_ends_the_device),
        GUARDED(an_event_that_there_is_not_ends_the_device),
        GUARDED(an_arm_that_answers_with_a_number_ends_the_device),
        GUARDED(more_frames_than_given_end_the_device),
        GUARDED(slots_filled_wrongly_are_dropped_as_errors),
        GUARDED(frames_a_device_refuses_are_dropped_and_counted),
        GUARDED(a_device_that_sends_nothing_drops_what_is_sent),
        GUARDED(a_congested_sink_resumes_where_it_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
