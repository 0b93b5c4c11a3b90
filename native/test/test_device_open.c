/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_device_open.c: devices made of somebody else's table. Guards that a table
 * of another version, of another size or with holes is refused before anything in
 * it is called, and that what the author's open() says is passed on or refused.
 */
#include <errno.h>

#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

static struct scripted device;
static int32_t answer; /* of the author's open() */
static const char *heard;

static int32_t author_open(const char *config, void **self)
{
    heard = config;
    *self = &device;
    return answer;
}

static int set_up(void **state)
{
    (void)state;
    scripted_init(&device, 0);
    device.ops.open = author_open;
    answer = FERRY_OK;
    heard = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    device.closed = true;
    scripted_destroy(&device);
    return 0;
}

static void what_is_opened_carries_frames(void **state)
{
    (void)state;
    const struct ferry_bridge_config config = {.budget = 64};
    ferry_pool *pool = pool_of(64, 64, 1);
    ferry_device made;
    assert_int_equal(ferry_device_open(&device.ops, "eth0", &made), FERRY_OK);
    assert_string_equal(heard, "eth0");
    assert_int_equal(ferry_bridge_open(pool, &made, &config), 0);
    made = (ferry_device){NULL, NULL}; /* the bridge has its own */
    scripted_arrive(&device, 10);
    receive_numbered(pool, 0, 0, 10);
    send_numbered(pool, 0, 0, 10);
    assert_true(scripted_sent_reaches(&device, 10));
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_true(device.closed);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
}

/* And its open() was not called. */
static void assert_refused(int32_t error)
{
    ferry_device made;
    assert_int_equal(ferry_device_open(&device.ops, "", &made), error);
    assert_null(heard);
    tear_down(NULL);
    set_up(NULL);
}

static void a_table_of_another_version_or_size_is_refused(void **state)
{
    (void)state;
    device.ops.abi = FERRY_DEVICE_ABI - 1, assert_refused(FERRY_EABI);
    device.ops.abi = FERRY_DEVICE_ABI + 1, assert_refused(FERRY_EABI);
    device.ops.abi = 0, assert_refused(FERRY_EABI);
    device.ops.bytes -= sizeof(void *), assert_refused(FERRY_EABI);
    device.ops.bytes += sizeof(void *), assert_refused(FERRY_EABI);
    device.ops.bytes = 0, assert_refused(FERRY_EABI);
}

static void a_table_with_holes_is_refused(void **state)
{
    (void)state;
    device.ops.open = NULL, assert_refused(FERRY_EDEVICE);
    device.ops.fill = NULL, assert_refused(FERRY_EDEVICE);
    device.ops.arm = NULL, assert_refused(FERRY_EDEVICE);
    device.ops.wait = NULL, assert_refused(FERRY_EDEVICE);
    device.ops.wake = NULL, assert_refused(FERRY_EDEVICE);
    device.ops.close = NULL, assert_refused(FERRY_EDEVICE);
    device.ops.reserved = 1, assert_refused(FERRY_EDEVICE);
    device.ops.flags = FERRY_DEVICE_LOOP, assert_refused(FERRY_EDEVICE);
    for (uint32_t flag = 2 * FERRY_DEVICE_LOOP; flag != 0; flag <<= 1) {
        device.ops.flags = flag, assert_refused(FERRY_EDEVICE);
    }
}

static void what_the_author_says_is_passed_on(void **state)
{
    (void)state;
    const int32_t errors[] = {FERRY_EINVAL, FERRY_ENOMEM, FERRY_ESYSTEM - EBUSY, INT32_MIN};
    ferry_device made;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        answer = errors[i];
        assert_int_equal(ferry_device_open(&device.ops, "", &made), errors[i]);
    }
    answer = 1;
    assert_int_equal(ferry_device_open(&device.ops, "", &made), FERRY_EDEVICE);
}

static void nothing_is_refused(void **state)
{
    (void)state;
    ferry_device made;
    assert_int_equal(ferry_device_open(NULL, "", &made), FERRY_EINVAL);
    assert_int_equal(ferry_device_open(&device.ops, NULL, &made), FERRY_EINVAL);
    assert_int_equal(ferry_device_open(&device.ops, "", NULL), FERRY_EINVAL);
    assert_null(heard);
}

#define GUARDED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(what_is_opened_carries_frames),
        GUARDED(a_table_of_another_version_or_size_is_refused),
        GUARDED(a_table_with_holes_is_refused),
        GUARDED(what_the_author_says_is_passed_on),
        GUARDED(nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
