/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrivals.h: when frames arrive at a simulated card, and how long they are. A
 * sequence that depends on its parameters only: times are whole picoseconds,
 * and what is random comes from integers, so that it is the same on every
 * machine and with every compiler. One thread at a time.
 */
#ifndef FERRY_ARRIVALS_H
#define FERRY_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture.h"
#include "frameferry/nic.h"

#define PS_PER_NS UINT64_C(1000)
#define PS_PER_SECOND UINT64_C(1000000000000)

/* Where the sequence ends. */
#define ARRIVALS_END UINT64_MAX

struct arrivals {
    uint32_t kind; /* FERRY_NIC_CONSTANT .. FERRY_NIC_CAPTURE */
    uint64_t bits_per_second; /* offered */
    uint64_t mean_ps;         /* gap between two frames, or in bursts the idle time of a frame: rounded down */
    uint64_t mean_rest;       /* what was lost in rounding, of bits_per_second */
    uint64_t wire_ps;         /* a frame's own time on the wire */
    uint32_t burst;
    uint64_t random;          /* the generator's state */
    uint64_t rest;            /* rounding carried on, of bits_per_second */
    uint64_t left;            /* arrivals after the next one; ARRIVALS_END: without end */
    struct capture capture;
    uint64_t position;        /* in the capture */

    /* The next one. */
    uint64_t ps; /* since the start, or ARRIVALS_END */
    uint32_t bytes;
};

/* Of a valid configuration with its defaults filled in; the capture, if there is one, becomes the sequence's. */
void arrivals_start(struct arrivals *arrivals, const struct ferry_nic_config *config, const struct capture *capture);

/* Goes on to the next one. */
void arrivals_next(struct arrivals *arrivals);

void arrivals_free(struct arrivals *arrivals);

/* How many are still to come; UINT64_MAX: without end. */
static inline uint64_t arrivals_coming(const struct arrivals *a)
{
    return a->left == ARRIVALS_END ? ARRIVALS_END : a->left + (a->ps != ARRIVALS_END);
}

/* How long a frame takes on the wire. */
static inline uint64_t wire_ps(uint32_t bytes, uint32_t line_rate)
{
    return (bytes + (uint64_t)FERRY_NIC_WIRE_BYTES) * 8 * (PS_PER_SECOND / 1000000) / line_rate;
}

#endif
