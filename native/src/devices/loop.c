/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.c: the device that is none. Its flag tells the bridge to make one ring
 * of its two; nobody drives it, so all but two of its functions are only there
 * because a device has them. Without state: one serves every bridge.
 */
#include "frameferry/device.h"

static int32_t no_slots(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self;
    (void)slots;
    (void)n;
    return 0;
}

static int32_t no_events(void *self, uint32_t events)
{
    (void)self;
    (void)events;
    return FERRY_OK;
}

static int32_t no_wait(void *self, int64_t timeout_ns)
{
    (void)self;
    (void)timeout_ns;
    return 0;
}

static void nothing(void *self)
{
    (void)self;
}

static const struct ferry_device_ops OPS = {
    .abi = FERRY_DEVICE_ABI,
    .bytes = sizeof(struct ferry_device_ops),
    .flags = FERRY_DEVICE_LOOP | FERRY_DEVICE_PATIENT,
    .fill = no_slots,
    .arm = no_events,
    .wait = no_wait,
    .wake = nothing,
    .close = nothing,
};

ferry_device *ferry_loop_device(void)
{
    static struct ferry_device device = {.ops = &OPS, .self = 0};
    return &device;
}
