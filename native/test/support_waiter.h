/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_waiter.h: a thread that waits on an end of bridge 0, seen to be asleep
 * before the test goes on. For the test's own thread.
 */
#ifndef FERRY_SUPPORT_WAITER_H
#define FERRY_SUPPORT_WAITER_H

#include "support_device.h"

#define FOR_EVER INT64_MAX

struct waiter {
    uint32_t what;  /* FERRY_RX or FERRY_TX */
    bool polls;     /* in ferry_bridge_poll, of an inline bridge */
    int64_t result; /* of its one call */
    struct scripted *device;
    pthread_t thread;
};

/* Starts it, and lets it fall asleep: on a word of the ring, or, with `is_inline`, in the device. */
void waiter_start(struct waiter *waiter, struct scripted *device, bool is_inline);

/* Returns the result of its call. */
int64_t waiter_join(struct waiter *waiter);

/* Whether it sleeps on the word of its ring, or comes to. */
bool waiter_sleeps(struct waiter *waiter);

#endif
