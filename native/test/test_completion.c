/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_completion.c: devices that are done with a frame only later. Until then
 * it is the device's, and an audit says so. Guards that each such frame comes
 * back exactly once: when it completes, or when the bridge closes first; and
 * that a completion which cannot be ends the device instead of the pool's sums.
 */
#include <errno.h>

#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 256
#define CAPACITY 256
#define BUDGET 256

static struct scripted device;
static ferry_pool *pool;

static void begin(void)
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, 0);
    scripted_hold(&device);
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

static uint64_t in_device(void)
{
    struct ferry_audit audit;
    assert_int_equal(ferry_pool_audit(pool, &audit), FERRY_OK);
    return audit.device;
}

static bool device_holds(void *context)
{
    return in_device() == *(const uint64_t *)context;
}

static void assert_device_comes_to_hold(uint64_t frames)
{
    assert_true(eventually(device_holds, &frames));
    assert_true(scripted_sleeps(&device));
    assert_sound(pool, 0);
}

static void frames_are_the_device_s_until_it_completes_them(void **state)
{
    (void)state;
    begin();
    scripted_open(&device, pool, 0, BUDGET);
    send_numbered(pool, 0, 0, 200);
    assert_device_comes_to_hold(200);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), 200);
    scripted_complete(&device, 1);
    assert_device_comes_to_hold(199);
    scripted_complete(&device, 130); /* more than one burst of completions */
    assert_device_comes_to_hold(69);
    scripted_complete(&device, 69);
    assert_device_comes_to_hold(0);
    send_numbered(pool, 0, 200, 200); /* the same frames again */
    assert_device_comes_to_hold(200);
    scripted_complete(&device, 200);
    assert_device_comes_to_hold(0);
    end();
}

static void what_the_device_still_holds_comes_back_when_it_closes(void **state)
{
    (void)state;
    begin();
    scripted_open(&device, pool, 0, BUDGET);
    send_numbered(pool, 0, 0, 100);
    assert_device_comes_to_hold(100);
    device.completable = 10; /* known to the device, not to the poller */
    end();
}

static void a_starving_receiver_gets_frames_as_they_complete(void **state)
{
    (void)state;
    begin();
    device.ops.flags = FERRY_DEVICE_PATIENT;
    scripted_open(&device, pool, 0, BUDGET);
    send_numbered(pool, 0, 0, FRAMES);
    scripted_arrive(&device, 1);
    assert_true(counter_reaches(pool, 0, FERRY_STARVED, 1));
    scripted_complete(&device, 1);
    receive_numbered(pool, 0, 0, 1);
    scripted_complete(&device, FRAMES - 1);
    assert_device_comes_to_hold(0);
    end();
}

/* ---- completions that cannot be: each is tried once something was sent ---- */

static int32_t complete_unheld(void *self, uint64_t *tokens, uint32_t n)
{
    (void)n;
    tokens[0] = FRAMES - 1; /* in range, but never sent */
    return ((struct scripted *)self)->held_count != 0 ? 1 : 0;
}

static int32_t complete_out_of_range(void *self, uint64_t *tokens, uint32_t n)
{
    (void)n;
    tokens[0] = UINT64_MAX;
    return ((struct scripted *)self)->held_count != 0 ? 1 : 0;
}

static int32_t complete_just_out_of_range(void *self, uint64_t *tokens, uint32_t n)
{
    (void)n;
    tokens[0] = FRAMES;
    return ((struct scripted *)self)->held_count != 0 ? 1 : 0;
}

static int32_t complete_twice(void *self, uint64_t *tokens, uint32_t n)
{
    struct scripted *d = self;
    (void)n;
    if (d->held_count == 0) {
        return 0;
    }
    tokens[0] = tokens[1] = d->held[0];
    return 2;
}

static int32_t complete_too_many(void *self, uint64_t *tokens, uint32_t n)
{
    struct scripted *d = self;
    for (uint32_t i = 0; i < n && i < d->held_count; i++) {
        tokens[i] = d->held[i];
    }
    return d->held_count != 0 ? (int32_t)n + 1 : 0;
}

static int32_t complete_with_an_error(void *self, uint64_t *tokens, uint32_t n)
{
    (void)tokens, (void)n;
    return ((struct scripted *)self)->held_count != 0 ? FERRY_ESYSTEM - EIO : 0;
}

static void completions_that_cannot_be_end_the_device(void **state)
{
    (void)state;
    const struct {
        int32_t (*complete)(void *self, uint64_t *tokens, uint32_t n);
        int32_t error;
    } wrong[] = {
        {complete_unheld, FERRY_EDEVICE},       {complete_out_of_range, FERRY_EDEVICE},
        {complete_twice, FERRY_EDEVICE},        {complete_just_out_of_range, FERRY_EDEVICE},
        {complete_too_many, FERRY_EDEVICE},     {complete_with_an_error, FERRY_ESYSTEM - EIO},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        begin();
        device.ops.complete = wrong[i].complete;
        scripted_open(&device, pool, 0, BUDGET);
        send_numbered(pool, 0, 0, 100);
        assert_true(scripted_sent_reaches(&device, 100));
        scripted_complete(&device, 100);
        assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS), wrong[i].error);
        end();
    }
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(frames_are_the_device_s_until_it_completes_them),
        GUARDED(what_the_device_still_holds_comes_back_when_it_closes),
        GUARDED(a_starving_receiver_gets_frames_as_they_complete),
        GUARDED(completions_that_cannot_be_end_the_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
