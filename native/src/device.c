/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.c: whether a device's table is one, and devices made of a table. Any
 * thread.
 *
 * The table is somebody else's: compiled with another version of device.h, or
 * none at all, when the wrong symbol was named. So its first two words are
 * compared before anything else of it is read, and everything else before any
 * function of it is called.
 */
#include "pool.h"

#define FLAGS_KNOWN (2 * FERRY_DEVICE_LOOP - 1)

int32_t device_check(const struct ferry_device_ops *ops)
{
    if (ops == NULL) {
        return FERRY_EINVAL;
    }
    if (ops->abi != FERRY_DEVICE_ABI || ops->bytes != sizeof *ops) {
        return FERRY_EABI;
    }
    bool whole = ops->fill != NULL && ops->arm != NULL && ops->wait != NULL && ops->wake != NULL && ops->close != NULL;
    return whole && (ops->flags & ~(uint32_t)FLAGS_KNOWN) == 0 && ops->reserved == 0 ? FERRY_OK : FERRY_EDEVICE;
}

int32_t ferry_device_open(const struct ferry_device_ops *ops, const char *config, ferry_device *device)
{
    int32_t error = config == NULL || device == NULL ? FERRY_EINVAL : device_check(ops);
    if (error != FERRY_OK) {
        return error;
    }
    if (ops->open == NULL || ops->flags & FERRY_DEVICE_LOOP) {
        return FERRY_EDEVICE; /* a loop that the two languages do not both know of would hold frames for ever */
    }
    void *self = NULL;
    error = ops->open(config, &self);
    if (error == FERRY_OK) {
        *device = (ferry_device){ops, self};
    }
    return error <= 0 ? error : FERRY_EDEVICE; /* a number above 0 would be taken for a bridge's */
}
