/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card.h: the state of a simulated network card, shared by the part that opens
 * it (card_open.c), its clock and interrupt (card_clock.c) and the part that
 * carries frames (card.c). frameferry/nic.h says what it does. One thread at a
 * time drives it; wake, drops and the statistics are for any thread.
 */
#ifndef FERRY_CARD_H
#define FERRY_CARD_H

#include <pthread.h>

#include "../atomics.h"
#include "arrivals.h"
#include "frameferry/device.h"
#include "frameferry/nic.h"

/* A frame in the receive FIFO. */
struct card_arrival {
    uint64_t ps;
    uint64_t number;
    uint32_t bytes;
};

/* A frame on its way out. */
struct card_departure {
    uint64_t token;
    uint64_t ps; /* when its last bit has left */
};

/* The driver's processor time, looked at now and then: what the clock went on more than that and its own sleep, the
 * system kept it waiting. */
struct card_witness {
    pthread_t thread;
    bool seen;
    int64_t processor_ns;
    uint64_t ps;       /* when that was */
    uint64_t slept_ps; /* by the driver's own wish, since */
};

/* Written by the driving thread, read by any. In the order of struct ferry_nic_statistics. */
struct card_counters {
    _Atomic uint64_t arrived, arrived_bytes, coming, received, dropped, stalled, queued, transmitted, transmitting,
        interrupts, looks, stalls, longest_stall, now, idle;
};

struct card {
    ferry_device device;
    struct card_counters counters;
    int event; /* eventfd: wakes wait() */
    _Atomic uint32_t woken;
    _Atomic uint64_t virtual_ns; /* now_ps, for those who ask from another thread */

    /* From here on: only the thread that drives the card. */
    struct arrivals arrivals;
    struct card_arrival *rx;
    struct card_departure *tx;
    uint32_t rx_depth, rx_first, rx_count;
    uint32_t tx_depth, tx_first, tx_count;
    uint32_t line_rate;
    uint32_t armed;
    uint64_t line_ps; /* the line is taken until then by what is on its way out */

    bool virtual_time;
    uint64_t now_ps;  /* as of the last look */
    uint64_t idle_ps;
    int64_t start_ns; /* real time: CLOCK_MONOTONIC at 0 */
    int64_t epoch_ns; /* added to arrivals for the timestamps of frames */
    struct card_witness witness;

    uint64_t hz;
    uint64_t interrupt_ps, look_ps, frame_ps, arm_ps;
};

extern const struct ferry_device_ops card_ops, card_virtual_ops;

/* card_clock.c */

/* Looks at the clock, and takes what has arrived since the last look into the FIFO. */
void card_look(struct card *card);

/* Has the driver's processor work for so long: virtual time goes on by it, real time passes. */
void card_spend(struct card *card, uint64_t ps);

int32_t card_arm(void *self, uint32_t events);
int32_t card_wait(void *self, int64_t timeout_ns);
void card_wake(void *self);
uint64_t card_now(void *self);

static inline uint64_t card_cycles(const struct card *card, uint64_t cycles)
{
    uint64_t whole = cycles / card->hz, part = cycles % card->hz;
    /* A part is less than a second: in double steps, so that no product passes 64 bits. */
    return whole * PS_PER_SECOND + (uint64_t)((__extension__ (unsigned __int128)part * PS_PER_SECOND) / card->hz);
}

/* card_open.c: frees everything. */
void card_free(void *self);

#endif
