/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.h: what the drivers of driver.c share: what was asked for, what came of
 * it, and what is done with a packet. The main thread, unless a function says
 * otherwise.
 */
#ifndef FERRY_DRIVER_RUN_H
#define FERRY_DRIVER_RUN_H

#include "../support.h"
#include "frameferry/device.h"
#include "frameferry/nic.h"

#define BUDGET 64 /* of a round */
#define MODERATION_NS 50000
#define BATCH 32  /* packets that the consumer takes at a time */
#define DEPTHS 1000
#define DEPTH_NS 10000 /* between two of them */

/* Cycles that virtual time charges. */
struct costs {
    uint64_t hz;
    uint64_t interrupt; /* entry, return, and masking it in between */
    uint64_t look;      /* asking the card for frames */
    uint64_t frame;     /* processing one packet */
    uint64_t lock;      /* one locked operation on the list, when nobody else wants the lock */
    uint64_t malloc;    /* one malloc, one free */
    uint64_t crossing;  /* a call of the consumer into the driver, from a language where that costs something */
};

struct depth {
    uint64_t ns;
    uint64_t frames;
};

struct run {
    /* Asked for. */
    const char *driver;
    struct ferry_nic_config nic;
    struct costs costs;
    uint32_t moderation_ns; /* of a driver that has a bridge */
    bool depths_wanted;

    /* Came of it. */
    struct ferry_nic_statistics card; /* as it was when all that arrived had been taken out of it */
    struct ferry_statistics bridge;   /* of drivers that have one */
    uint64_t delivered;
    uint64_t list_dropped; /* the list had no room */
    uint64_t expected;     /* the number that the next packet has at least */
    uint64_t sum;          /* of all bytes that packets were read for */
    uint32_t depths;
    struct depth depth[DEPTHS];
};

/* The card that was asked for; frame_cycles: what the driver itself has to do for each packet it takes out of the card. */
ferry_device *open_card(const struct run *run, uint64_t frame_cycles);

/* Whether everything has arrived and left the card, whose counters go to run->card. */
bool all_taken(struct run *run, const ferry_device *card);

/* What will not be delivered, as far as it is known. */
static inline uint64_t lost(const struct run *run)
{
    return run->card.dropped + run->card.stalled + run->list_dropped + run->bridge.counters[FERRY_RX_OVERSIZE];
}

/* A packet's way ends here: its bytes are read, and its number must be higher than that of the one before. One thread at a
 * time. */
void process_packet(struct run *run, const uint8_t *data, uint32_t length);

/* Notes how many frames wait now, if that is wanted and due. */
void note_depth(struct run *run, uint64_t ns, uint64_t frames);

/* The drivers. Each runs until all that arrives has come to its end. */
void run_interrupt(struct run *run);
void run_napi(struct run *run, uint32_t batch);
void run_optimised(struct run *run);
void run_failing(struct run *run);
void run_failing_virtual(struct run *run);

#endif
