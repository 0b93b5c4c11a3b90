/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poller.h: what the parts of a poller share. Only the thread that drives the
 * device, but for poller_run, which is that thread.
 */
#ifndef FERRY_POLLER_H
#define FERRY_POLLER_H

#include "pool.h"

static inline void poller_count(struct bridge *bridge, enum ferry_counter which, uint64_t n)
{
    count(&bridge->area->counters[which], n);
}

/* Ends the device, by an error of its own or for an answer that is none. Release: after the last frame that it brought was
 * published. */
static inline void poller_fail(struct bridge *bridge, int32_t error)
{
    error = error < 0 ? error : FERRY_EDEVICE; /* a number above 0 would be taken for frames */
    store_release(&bridge->error, error);
    store_release(&bridge->area->error, error); /* for an end that works the mapped ring itself */
}

static inline bool poller_failed(const struct bridge *bridge)
{
    return load_relaxed(&bridge->error) != FERRY_OK;
}

/* After publishing: wakes the other end if it has said that it sleeps. */
static inline void poller_signal(_Atomic uint32_t *word)
{
    fence(); /* what we published, before what we read: see wait_threaded */
    if (load_relaxed(word) != 0) {
        wake_word(word);
    }
}

/* Frames of the next burst of a round that has moved `done`. */
static inline uint32_t poller_burst(const struct bridge *bridge, uint32_t done)
{
    uint32_t left = bridge->budget - done;
    return left < FERRY_BURST ? left : FERRY_BURST;
}

/* Gives back a frame that was taken and not used. */
static inline void poller_return_index(struct bridge *bridge, uint32_t index)
{
    magazine_push(&bridge->pool->depot, &bridge->area->magazine, index);
}

/* Gives back a frame that has carried something. */
static inline void poller_give_index(struct bridge *bridge, uint32_t index)
{
    pool_wipe(bridge->pool, index);
    poller_return_index(bridge, index);
}

/* Gives frames that the driving thread has done with to the poller's magazine. The descriptors are valid. */
void poller_give(struct bridge *bridge, const uint64_t *descriptors, uint32_t n);

/* Empties the magazine into the depot, and wakes whoever starved for that. */
void poller_flush(struct bridge *bridge);

/* rx.c: what the device has goes into the rx ring, at most `budget` frames. */
void poller_receive(struct bridge *bridge);

/* tx.c: what the tx ring holds goes to the device, at most `budget` frames. */
void poller_transmit(struct bridge *bridge);

/* tx.c: after the poller has stopped: offers the device what is queued, drops the rest, takes all frames back. */
void poller_finish(struct bridge *bridge);

/* poller.c */

/* One round: transmit, then receive. */
void poller_round(struct bridge *bridge);

/* Arms for FERRY_ARM_RX and FERRY_ARM_TX as far as that makes sense, looks again, sleeps for at most timeout_ns. */
void poller_rest(struct bridge *bridge, uint32_t events, int64_t timeout_ns);

/* The thread of a threaded bridge. */
void *poller_run(void *bridge);

#endif
