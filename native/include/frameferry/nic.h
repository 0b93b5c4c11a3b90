/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nic.h: a simulated network card, a device like any other: for benchmarks and
 * tests that need more frames, fewer surprises or another processor than the
 * machine has.
 *
 * Frames arrive at the rate and in the manner of the configuration, and wait in
 * a receive FIFO of limited depth; what arrives while it is full is dropped and
 * counted. While it holds a frame and the interrupt is armed, the interrupt
 * line is raised; taking an interrupt costs the driver what the configuration
 * says. What is sent leaves at the rate of the line, and is complete when it
 * has left.
 *
 * Two clocks. In real time nothing paces the card: what arrived is computed
 * from the clock whenever the driver looks. When the system has kept the driver
 * off its processor, what is lost for that is counted apart. In virtual time
 * the card has a clock of its own, which only the work that is charged to it
 * moves, and sleeping: a simulation of discrete events with the same result, to
 * the frame, on every machine. It runs in the thread of an inline bridge.
 *
 * Received frames carry their number and the time of arrival, ns of the card's
 * clock, as two 64-bit words in the host's byte order; then the number's low
 * byte to the end.
 */
#ifndef FRAMEFERRY_NIC_H
#define FRAMEFERRY_NIC_H

#include "frameferry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERRY_NIC_FRAME_MIN 64      /* bytes, checksum included, as Ethernet counts */
#define FERRY_NIC_FRAME_MAX 9018    /* a jumbo frame */
#define FERRY_NIC_FIFO_MAX 65536    /* frames */
#define FERRY_NIC_LINE_RATE_MAX 400000 /* Mb/s */
#define FERRY_NIC_LOAD_MAX 1000000  /* millionths of the line rate */
#define FERRY_NIC_BURST_MAX 65536   /* frames */
#define FERRY_NIC_SPEND_MAX 1000000000 /* cycles at a time, for a call to come back soon */
#define FERRY_NIC_WIRE_BYTES 20     /* preamble and gap, which every frame takes on the wire besides its own bytes */

/* How frames arrive. */
#define FERRY_NIC_CONSTANT 0 /* with equal gaps */
#define FERRY_NIC_POISSON 1  /* with gaps distributed exponentially, as of many links in one: closer than one line's, too */
#define FERRY_NIC_BURSTY 2   /* back to back in bursts of random length, with gaps distributed exponentially */
#define FERRY_NIC_CAPTURE 3  /* with the sizes and gaps of a capture file, again and again */

struct ferry_nic_config {
    const char *capture;       /* the file's path, pcap or pcapng, if arrivals is FERRY_NIC_CAPTURE */
    uint64_t frames;           /* arrivals in all; 0: without end, of a capture: once */
    uint64_t seed;             /* of what is random */
    uint64_t processor_hz;     /* what the cycles below are of; 0: 1.2 GHz, 1 MHz .. 100 GHz */
    uint32_t line_rate;        /* Mb/s; 0: 1000 */
    uint32_t load;             /* offered, in millionths of the line rate; 0: all of it. Not for a capture */
    uint32_t frame_bytes;      /* of each, FERRY_NIC_FRAME_MIN .. FERRY_NIC_FRAME_MAX; 0: 64. Not for a capture */
    uint32_t arrivals;         /* FERRY_NIC_CONSTANT .. FERRY_NIC_CAPTURE */
    uint32_t burst;            /* FERRY_NIC_BURSTY: the mean length of a burst; 0: 32 */
    uint32_t rx_fifo;          /* frames; 0: 512 */
    uint32_t tx_fifo;          /* frames; 0: 512 */
    uint32_t virtual_time;     /* 1: virtual time, 0: real time */
    uint32_t interrupt_cycles; /* of taking an interrupt, entry to return */
    /* Charged in virtual time only. In real time these things cost what they cost. */
    uint32_t look_cycles;      /* of asking the card for frames, whether there are any or not */
    uint32_t frame_cycles;     /* of each frame received */
    uint32_t arm_cycles;       /* of arming the interrupt, or disarming it */
};

/* arrived = received + dropped + stalled + queued, at every moment for the driving thread. */
struct ferry_nic_statistics {
    uint64_t arrived;
    uint64_t arrived_bytes;
    uint64_t coming;        /* arrivals still to come; 0: arrived is final, to any thread. UINT64_MAX: without end */
    uint64_t received;      /* taken out of the FIFO by the driver */
    uint64_t dropped;       /* the FIFO was full */
    uint64_t stalled;       /* the FIFO was full, when the system had kept the driver off its processor. Real time only */
    uint64_t queued;        /* in the FIFO now, as of the driver's last look */
    uint64_t transmitted;   /* frames that have left */
    uint64_t transmitting;  /* frames in the tx FIFO */
    uint64_t interrupts;    /* taken */
    uint64_t looks;         /* the driver asked for frames */
    uint64_t stalls;        /* times that the system kept the driver off its processor so long that frames were lost */
    uint64_t longest_stall; /* ns */
    uint64_t now;           /* ns since the card was opened, by its clock, as of the driver's last look */
    uint64_t idle;          /* ns of them that the driver slept */
};

/*
 * Ordinary, any thread. Makes a card, stored in *device for the bridge that
 * takes it, with its clock at 0. FERRY_EINVAL for a value out of range;
 * FERRY_ECAPTURE, FERRY_ETRUNCATED or a system error for the capture file;
 * FERRY_ENOMEM.
 */
FERRY_API int32_t ferry_nic_open(const struct ferry_nic_config *config, ferry_device **device);

/*
 * Ordinary, any thread, until the device is closed. Stores what a card has seen
 * in *statistics. FERRY_EINVAL if it is no simulated card.
 */
FERRY_API int32_t ferry_nic_statistics(const ferry_device *device, struct ferry_nic_statistics *statistics);

/*
 * Ordinary, the driving thread. Has its processor work for so many cycles of
 * processor_hz: in virtual time the clock moves on, in real time the call takes
 * as long. FERRY_EINVAL if it is no simulated card, or for more than
 * FERRY_NIC_SPEND_MAX cycles.
 */
FERRY_API int32_t ferry_nic_spend(ferry_device *device, uint64_t cycles);

/*
 * Ordinary, any thread. Stores what the card that an open bridge drives has
 * seen in *statistics. FERRY_EINVAL if that is no simulated card, FERRY_ECLOSED when the
 * bridge is closed.
 */
FERRY_API int32_t ferry_bridge_nic_statistics(ferry_pool *pool, int32_t bridge, struct ferry_nic_statistics *statistics);

/*
 * Ordinary, the thread of an inline bridge. Has its processor work, as
 * ferry_nic_spend does, for the card that the bridge drives. FERRY_EINVAL for a
 * threaded one.
 */
FERRY_API int32_t ferry_bridge_nic_spend(ferry_pool *pool, int32_t bridge, uint64_t cycles);

#ifdef __cplusplus
}
#endif

#endif
