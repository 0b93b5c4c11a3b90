/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.h: what a process keeps privately about a pool and its bridges.
 *
 * Geometry, devices and states live here and not in the slab, so that nobody
 * who can write the slab can move them. The struct outlives every call: it is
 * freed by ferry_pool_free only, which is why a late caller is safe.
 */
#ifndef FERRY_POOL_H
#define FERRY_POOL_H

#include <pthread.h>
#include <stdbool.h>

#include "depot.h"
#include "frameferry/device.h"
#include "frameferry/frame.h"
#include "ring.h"

/* Frames that a device is handed at a time. */
#define FERRY_BURST 64

enum bridge_state {
    BRIDGE_FREE,    /* the number may be given out */
    BRIDGE_OPEN,    /* the device runs */
    BRIDGE_CLOSING, /* no new user may enter; the poller is being joined */
    BRIDGE_CLOSED,  /* no device any more; the rx ring can still be drained */
};

/* In a word of bridge.slept: the driving thread sleeps now; it is just falling asleep or waking. */
#define SLEPT_ASLEEP (UINT64_C(1) << 63)
#define SLEPT_EDGE UINT64_MAX

/* What the last round of a poller met. */
struct round {
    uint32_t received;
    uint32_t sent;
    bool starved;   /* no frame to receive into, and the source can wait */
    bool blocked;   /* no room in the rx ring, and the source can wait */
    bool congested; /* the device took fewer frames than the tx ring held */
};

struct bridge {
    struct ferry_pool *pool;
    uint32_t number;
    _Atomic uint32_t state;          /* enum bridge_state; release, publishes the fields below */
    _Atomic uint32_t users;          /* calls inside that may touch the device, the poller's not counted */
    _Atomic uint32_t stop;           /* tells the poller to end */
    _Atomic int32_t error;           /* what ended the device, or 0; release, after the last frame was published */
    _Atomic uint32_t interrupted[2]; /* by FERRY_RX and FERRY_TX: the next or present wait ends */
    uint32_t flags;
    uint32_t budget;
    uint32_t spin_ns;
    uint32_t moderation_ns;
    struct ferry_area *area;
    struct ring rx;
    struct ring tx;     /* of a loop: rx */
    struct ring own_tx; /* what tx is otherwise */
    ferry_device device;
    pthread_t thread;
    struct ferry_statistics last; /* as of close */
    uint64_t opened_ns;           /* by the device's clock */
    uint64_t opened_tail;         /* of tx; a loop counts what has come since */
    /* Time asleep, with the receive interrupt on and off. In one word each, so that nobody reads half of a change: ns
     * in all; or, while it sleeps, SLEPT_ASLEEP and what is to be taken off the clock to get them; or SLEPT_EDGE. */
    _Atomic uint64_t slept[2];

    /* From here on: only the thread that drives the device. */
    struct round round;
    uint32_t expected; /* arrivals to prepare frames for */
    uint32_t indices[FERRY_BURST];
    uint32_t lengths[FERRY_BURST]; /* of frames to send */
    struct ferry_slot slots[FERRY_BURST];
    uint64_t tokens[FERRY_BURST];
    uint8_t *scratch;           /* where arrivals go that must be dropped; null if the source can wait */
    uint64_t *in_device;        /* one bit a frame; null if the device completes at once */
    _Atomic uint64_t in_device_count;
};

/* The magazine of a thread that is no poller: a handle of the API. */
struct ferry_magazine {
    struct ferry_pool *pool;
    _Atomic uint32_t open; /* under the pool's lock, but for its owner's look */
    struct ferry_blocks blocks;
    uint8_t apart[FERRY_PAIR - 24]; /* so that no two owners share a line */
};

enum pool_state { POOL_OPEN = 1, POOL_CLOSED = 2 };

struct ferry_pool {
    _Atomic uint32_t state;
    struct ferry_geometry geometry;
    uint8_t *control;
    uint8_t *data;
    void *mapping; /* what to unmap: control and data lie in it */
    size_t mapping_bytes;
    struct depot depot;
    bool zero; /* frames are wiped when they come back */
    pthread_mutex_t lock; /* guards opening, closing, reclaiming and auditing; never taken by burst functions */
    struct bridge bridges[FERRY_BRIDGES_MAX];
    struct ferry_magazine magazines[FERRY_MAGAZINES_MAX];
};

/* Whether what is sent is received: tx is rx, and nobody drives the device. Until the number is
 * opened anew. */
static inline bool bridge_loops(const struct bridge *bridge)
{
    return bridge->tx.words == bridge->rx.words;
}

static inline bool pool_is_open(struct ferry_pool *pool)
{
    return load_acquire(&pool->state) == POOL_OPEN;
}

/* The frame's first byte: its metadata line. The index must be in range. */
static inline uint8_t *pool_frame(const struct ferry_pool *pool, uint32_t index)
{
    return pool->data + (uint64_t)index * pool->geometry.stride;
}

/* Before a frame that may have carried something goes where it can be taken from. The index must be in range. */
static inline void pool_wipe(const struct ferry_pool *pool, uint32_t index)
{
    if (pool->zero) {
        memset(pool_frame(pool, index), 0, pool->geometry.stride);
    }
}

/* Descriptors of frames just taken. */
static inline void pool_describe(const struct ferry_pool *pool, const uint32_t *indices, uint64_t *descriptors,
                                 uint32_t n)
{
    /* Not FERRY_ADDRESSED: it must not be sent to whom its last user had sent it. That is said here and not in the
     * frame, which would cost a taker the first touch of memory that it may not want yet. */
    uint64_t empty = ferry_frame_descriptor(0, FERRY_META_BYTES + pool->geometry.headroom, 0);
    for (uint32_t i = 0; i < n; i++) {
        descriptors[i] = empty | indices[i];
    }
}

/* Whether all of them name frames of this pool. Without a branch a frame, so that the compiler can do several at once. */
static inline bool pool_knows(const struct ferry_pool *pool, const uint64_t *descriptors, uint32_t n)
{
    uint32_t last = pool->geometry.frames - 1, beyond = 0;
    for (uint32_t i = 0; i < n; i++) {
        beyond |= last - ferry_frame_index(descriptors[i]); /* bit 31 if that is negative: an index has 20 bits */
    }
    return beyond >> 31 == 0;
}

/* Indices of frames to be given, which are wiped if the pool does that. False, and none is wiped, unless all of them name
 * frames of this pool. */
static inline bool pool_take_back(const struct ferry_pool *pool, const uint64_t *descriptors, uint32_t *indices,
                                  uint32_t n)
{
    uint32_t last = pool->geometry.frames - 1, beyond = 0;
    for (uint32_t i = 0; i < n; i++) {
        indices[i] = ferry_frame_index(descriptors[i]);
        beyond |= last - indices[i]; /* as in pool_knows */
    }
    if (beyond >> 31 != 0) {
        return false;
    }
    for (uint32_t i = 0; pool->zero && i < n; i++) {
        pool_wipe(pool, indices[i]);
    }
    return true;
}

/* Whether a poller sleeps for want of a frame. Call after giving some back. */
static inline bool pool_is_starved(const struct ferry_pool *pool)
{
    /* The frames are in the depot before we look for the sleeper; the sleeper says so before it looks at the depot
     * again. Without the two fences both looks can miss, and it sleeps beside a full depot. */
    fence();
    return load_relaxed(&pool->depot.words->starved) != 0;
}

/* Any thread. Burst: gives the frames of valid descriptors back. */
void pool_give(struct ferry_pool *pool, const uint64_t *descriptors, uint32_t n);

/* slab.c: maps, zeroes and unmaps. Return FERRY_OK or an error. */
int32_t slab_map(struct ferry_pool *pool, bool huge_pages);
void slab_zero(struct ferry_pool *pool);
void slab_unmap(struct ferry_pool *pool);

/* device.c */

/* Any thread. FERRY_OK; or FERRY_EINVAL, FERRY_EABI or FERRY_EDEVICE for a table of which nothing may be called. */
int32_t device_check(const struct ferry_device_ops *ops);

/* bridge.c */

/* Any thread. ns of the device's clock. */
uint64_t bridge_now(const struct bridge *bridge);

/* The bridge of that number, or null. */
struct bridge *bridge_at(struct ferry_pool *pool, int32_t number);

/* Holds the device open during an ordinary call. False when the bridge is not open. */
bool bridge_enter(struct bridge *bridge);
void bridge_leave(struct bridge *bridge);

/* wait.c */

/* Wakes whoever sleeps on one of the ring's words. */
void wake_word(_Atomic uint32_t *word);

/* The thread of an inline bridge, which drives the device itself and so sleeps in it. What woke it is for the next round
 * to find. */
void wait_inline(struct bridge *bridge, uint32_t what, int64_t timeout_ns);

#endif
