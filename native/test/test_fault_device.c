/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fault_device.c: a device any of whose calls fails: with every errno, the
 * first time and later, in the middle of traffic both ways, driven by a poller
 * and inline. Guards that the error ends the bridge by its own name at both
 * ends, after what had come before it, that each frame sent is counted as taken
 * or as dropped, and that the number can be used again at once.
 */
#include <errno.h>
#include <sched.h>

#include "support_device.h"
#include "support_system.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 256
#define CAPACITY 32
#define BUDGET 8
#define ARRIVALS 3   /* in one turn: a part of a burst */
#define TURNS 1000   /* more than any failure here has to wait for */

enum step { FILL, TRANSMIT, COMPLETE, ARM, WAIT, STEPS };

/* The call number `after` of that step fails, and each one after it. Written before the bridge opens. */
static struct {
    enum step step;
    uint32_t after;
    int32_t error;
} fault;

static struct ferry_device_ops sound; /* what the device does as long as it works */
static _Atomic uint64_t waits;        /* times the driver has come to rest */
static struct scripted device;
static ferry_pool *pool;

static bool fails(enum step step)
{
    if (step != fault.step) {
        return false;
    }
    fault.after -= fault.after != 0;
    return fault.after == 0;
}

/* A failing device leaves nothing in the slots and frames as it was. */
static int32_t fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    if (!fails(FILL)) {
        return sound.fill(self, slots, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        memset(slots[i].data, 0xFF, slots[i].capacity);
        slots[i] = (struct ferry_slot){.token = UINT64_MAX, .capacity = UINT32_MAX, .length = UINT32_MAX};
    }
    return fault.error;
}

static int32_t transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    if (!fails(TRANSMIT)) {
        return sound.transmit(self, slots, n);
    }
    memset(slots, 0xFF, n * sizeof slots[0]);
    return fault.error;
}

static int32_t complete(void *self, uint64_t *tokens, uint32_t n)
{
    if (!fails(COMPLETE)) {
        return sound.complete(self, tokens, n);
    }
    memset(tokens, 0xFF, n * sizeof tokens[0]);
    return fault.error;
}

static int32_t arm(void *self, uint32_t events)
{
    return fails(ARM) ? fault.error : sound.arm(self, events);
}

static int32_t wait_event(void *self, int64_t timeout_ns)
{
    waits++;
    return fails(WAIT) ? fault.error : sound.wait(self, timeout_ns);
}

static void open_bridge(bool is_inline, bool patient)
{
    scripted_init(&device, patient ? FERRY_DEVICE_PATIENT : 0);
    scripted_hold(&device);
    device.completable = SCRIPTED_HELD_MAX;
    sound = device.ops;
    device.ops.fill = fill;
    device.ops.transmit = transmit;
    device.ops.complete = complete;
    device.ops.arm = arm;
    device.ops.wait = wait_event;
    assert_int_equal(scripted_open(&device, pool, is_inline ? FERRY_INLINE : 0, BUDGET), 0);
}

/* Sends a frame if there is room. Returns the error, or 0. */
static int64_t send_one(uint64_t *sent)
{
    uint64_t frame = numbered_frame(pool, *sent);
    int64_t result = ferry_bridge_send(pool, 0, &frame, 1);
    if (result <= 0) {
        give_back(pool, &frame, 1);
        return result;
    }
    *sent += settle(pool, 0, result);
    return 0;
}

/* Receives what has come, in order. Returns the error, or 0. */
static int64_t receive_some(bool is_inline, int64_t timeout_ns, uint64_t *received)
{
    uint64_t batch[BUDGET];
    int64_t result = is_inline ? ferry_bridge_poll(pool, 0, batch, 0, BUDGET, timeout_ns)
                               : ferry_bridge_receive(pool, 0, batch, 0, BUDGET);
    if (result < 0) {
        return result;
    }
    uint32_t n = settle(pool, 0, result);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(frame_number(pool, batch[i]), (*received)++);
    }
    give_back(pool, batch, n);
    return 0;
}

/* Until the poller has rested once more, or its device has failed. */
static int64_t let_rest(uint64_t rested)
{
    int64_t error = 0;
    while (waits == rested && error == 0) {
        sched_yield();
        error = ferry_bridge_send(pool, 0, NULL, 0);
    }
    return error;
}

/* Frames both ways, until the device has failed. Each turn reaches each step of the driver at least once. */
static void run_into_it(bool is_inline, uint64_t *sent, uint64_t *received)
{
    int64_t error = 0;
    uint64_t arrived = 0;
    for (uint32_t turn = 0; turn < TURNS && error == 0; turn++) {
        uint64_t rested = waits;
        scripted_arrive(&device, ARRIVALS);
        arrived += ARRIVALS;
        error = send_one(sent);
        while (error == 0 && *received < arrived) {
            error = receive_some(is_inline, 0, received);
            if (error == 0 && !is_inline && *received < arrived) {
                int32_t woken = ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS);
                require(woken != 0); /* frames, or the error, which the next look finds */
            }
        }
        if (error == 0) { /* nothing is there: it arms and sleeps */
            error = is_inline ? receive_some(true, 1, received) : let_rest(rested);
        }
    }
    assert_int_equal(error, fault.error);
}

static void assert_told(bool is_inline, uint64_t *received)
{
    uint64_t batch[1];
    for (uint32_t i = 0; i < 2; i++) {
        int64_t result;
        while ((result = receive_some(is_inline, 0, received)) == 0) {} /* what came before it */
        assert_int_equal(result, fault.error);
        assert_int_equal(ferry_bridge_send(pool, 0, batch, 0), fault.error);
        assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS), fault.error);
    }
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), *received);
}

static void fail_once(bool is_inline, bool patient)
{
    uint64_t sent = 0, received = 0;
    open_bridge(is_inline, patient);
    run_into_it(is_inline, &sent, &received);
    assert_told(is_inline, &received);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(receive_some(false, 0, &received), fault.error); /* closing has not hidden it */
    assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES) + counter_of(pool, 0, FERRY_TX_DROPPED), sent);
    assert_int_equal(scripted_sent(&device), counter_of(pool, 0, FERRY_TX_FRAMES));
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    assert_sound(pool, 0);
    scripted_destroy(&device);
}

static void every_error_of_every_call_ends_the_bridge(void **state)
{
    (void)state;
    const uint32_t points[] = {1, 2, 7};
    pool = pool_of(FRAMES, CAPACITY, 1);
    for (uint32_t step = 0; step < STEPS; step++) {
        for (const int *error = SYSTEM_ERRORS; *error != 0; error++) {
            for (uint32_t i = 0; i < 12; i++) {
                fault.step = step;
                fault.after = points[i / 4];
                fault.error = FERRY_ESYSTEM - *error;
                fail_once(i % 2 != 0, i / 2 % 2 != 0);
            }
        }
    }
    close_sound(pool);
    pool = NULL;
}

/* A device may speak of an error that is none of the system's. */
static void an_error_without_a_name_ends_the_bridge_as_well(void **state)
{
    (void)state;
    const int32_t errors[] = {FERRY_ENOMEM, FERRY_ECORRUPT, -999, INT32_MIN};
    pool = pool_of(FRAMES, CAPACITY, 1);
    for (uint32_t i = 0; i < 4; i++) {
        fault.step = FILL;
        fault.after = 2;
        fault.error = errors[i];
        fail_once(i % 2 != 0, true);
        assert_true(ferry_error_name(errors[i])[0] != '\0' && ferry_strerror(errors[i])[0] != '\0');
    }
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

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(every_error_of_every_call_ends_the_bridge),
        GUARDED(an_error_without_a_name_ends_the_bridge_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
