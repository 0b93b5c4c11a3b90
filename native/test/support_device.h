/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_device.h: a device made for tests. A test scripts what arrives, what
 * the sink takes and when it completes, and steps in through hooks at the very
 * points where races are. Its functions are for any thread; hooks run in the
 * thread that drives the device.
 *
 * Its interrupt is edge-triggered, as a NIC's: an event raises it only while
 * it is enabled, and what came before stays silent. That is what makes a poller
 * look a second time. With FERRY_DEVICE_LEVEL it reports what is there instead.
 */
#ifndef FERRY_SUPPORT_DEVICE_H
#define FERRY_SUPPORT_DEVICE_H

#include "support_pool.h"

#define SCRIPTED_HELD_MAX 4096
#define SCRIPTED_ENDLESS UINT64_MAX

struct scripted {
    struct ferry_device_ops ops; /* a test may replace entries before it opens the bridge */
    ferry_device device;
    pthread_mutex_t lock;
    pthread_cond_t changed;

    /* The source. */
    uint64_t arrivals;   /* there, not read yet */
    uint64_t sequence;   /* of the next one read */
    uint32_t length;     /* bytes of each: at least PAYLOAD_BYTES, which number it */
    uint32_t marked;     /* the enum ferry_counter that each is marked with, 0 for none */
    int32_t fill_error;  /* returned once nothing is left to read */

    /* The sink. */
    uint64_t room;       /* frames it takes before it is congested; SCRIPTED_ENDLESS for no end */
    uint64_t sent;       /* frames it has taken */
    uint64_t last_sent;  /* the first eight bytes of the last one */
    uint64_t held[SCRIPTED_HELD_MAX]; /* tokens not completed, oldest first; used if ops.complete is set */
    uint32_t held_count;
    uint32_t completable; /* how many of them complete() may hand out */

    /* The interrupt. */
    uint32_t armed;
    bool line;  /* raised, because something happened while armed */
    bool woken; /* by wake(), not yet seen by wait() */

    /* Seen so far. */
    uint64_t waits;
    uint64_t sent_before_fill; /* a round transmits, then fills: frames of the present one */
    uint64_t most_sent;        /* ... and of the largest */
    uint32_t last_armed; /* what wait() was last entered with */
    bool asleep;         /* in wait() now */
    bool closed;

    /* Hooks, called without the lock: as arm() begins, before it takes effect (with 0, too); and as wait() begins. */
    void (*before_arm)(struct scripted *device, uint32_t events);
    void (*before_wait)(struct scripted *device);
    uint32_t moderation_ns; /* for scripted_open */
    ferry_pool *pool; /* for hooks */
    uint64_t scratch; /* for hooks */
};

/* A device with ops.flags = flags, nothing there, and an endless sink. */
void scripted_init(struct scripted *device, uint32_t flags);
void scripted_destroy(struct scripted *device);

/* Frames complete later, when scripted_complete says so. Before the bridge is opened. */
void scripted_hold(struct scripted *device);

void scripted_arrive(struct scripted *device, uint64_t n);
void scripted_make_room(struct scripted *device, uint64_t n);

/* In silence: no event is raised. */
void scripted_set_room(struct scripted *device, uint64_t room);
void scripted_mark(struct scripted *device, uint32_t cause);

/* n more held frames may be completed; ends wait(), as the interrupt of a completion does. */
void scripted_complete(struct scripted *device, uint32_t n);

/* From the next empty read on, fill() returns this error. */
void scripted_fail(struct scripted *device, int32_t error);

uint64_t scripted_sent(struct scripted *device);

/* Waits until the sink has taken n frames in all. */
bool scripted_sent_reaches(struct scripted *device, uint64_t n);

/* Waits until the driving thread sleeps in wait() with nothing to wake it. */
bool scripted_sleeps(struct scripted *device);

/* Opens a bridge over the device, which must succeed. */
int32_t scripted_open(struct scripted *device, ferry_pool *pool, uint32_t flags, uint32_t budget);

#endif
