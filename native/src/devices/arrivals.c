/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrivals.c: when frames arrive at a simulated card; see arrivals.h for the
 * promise and the threads.
 */
#include "arrivals.h"

__extension__ typedef unsigned __int128 wide;

/* Gaps are kept below, so that no sum of them passes over the end of time. */
#define GAP_MAX (UINT64_C(1) << 62)

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: the mixing function by Stafford. */
static uint64_t uniform(struct arrivals *a)
{
    uint64_t z = a->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/*
 * Exponentially distributed with that mean. Von Neumann's way ("Various techniques used in connection with random
 * digits", 1951): comparing uniform numbers is all it takes, so that no logarithm of some library decides when a frame
 * arrives. A run of descending numbers that has odd length accepts its first one as the fraction; each one of even
 * length adds 1.
 */
static uint64_t exponential(struct arrivals *a, uint64_t mean)
{
    for (uint64_t whole = 0;; whole++) {
        uint64_t first = uniform(a), last = first, length = 1;
        for (uint64_t next; (next = uniform(a)) < last; last = next) {
            length++;
        }
        if (length % 2 == 1) {
            wide gap = (wide)mean * ((wide)whole << 64 | first) >> 64;
            return gap < GAP_MAX ? (uint64_t)gap : GAP_MAX;
        }
    }
}

/* The mean gap, exactly: what rounding leaves over is carried on. */
static uint64_t constant(struct arrivals *a)
{
    a->rest += a->mean_rest;
    bool carry = a->rest >= a->bits_per_second;
    a->rest -= carry ? a->bits_per_second : 0;
    return a->mean_ps + carry;
}

/* The frame's own time, and after the last one of a burst a pause that makes up for the whole burst. */
static uint64_t bursty(struct arrivals *a)
{
    bool last = uniform(a) % a->burst == 0;
    uint64_t pause = (a->mean_ps > a->wire_ps ? a->mean_ps - a->wire_ps : 0) * a->burst;
    return a->wire_ps + (last ? exponential(a, pause) : 0);
}

/* From the capture's last packet back to its first there is no gap to be read: the mean one stands in. */
static uint64_t replayed(struct arrivals *a)
{
    if (++a->position == a->capture.count) {
        a->position = 0;
    }
    const struct capture_packet *packet = &a->capture.packets[a->position];
    a->bytes = packet->bytes;
    return a->position == 0 ? a->mean_ps : packet->gap_ps;
}

void arrivals_next(struct arrivals *a)
{
    if (a->left == 0) {
        a->ps = ARRIVALS_END;
        return;
    }
    a->left -= a->left != ARRIVALS_END;
    uint64_t gap = a->kind == FERRY_NIC_CONSTANT  ? constant(a)
                   : a->kind == FERRY_NIC_POISSON ? exponential(a, a->mean_ps)
                   : a->kind == FERRY_NIC_BURSTY  ? bursty(a)
                                                  : replayed(a);
    a->ps = a->ps < ARRIVALS_END - 1 - gap ? a->ps + gap : ARRIVALS_END - 1;
}

static void start_capture(struct arrivals *a, const struct ferry_nic_config *config, const struct capture *capture)
{
    uint64_t sum = 0; /* at most CAPTURE_SPAN_MAX_PS */
    for (uint64_t i = 0; i < capture->count; i++) {
        sum += capture->packets[i].gap_ps;
    }
    uint64_t wire = wire_ps(capture->packets[capture->count - 1].bytes, config->line_rate);
    a->mean_ps = sum / capture->count > wire ? sum / capture->count : wire;
    a->capture = *capture;
    a->bytes = capture->packets[0].bytes;
    a->left = (config->frames != 0 ? config->frames : capture->count) - 1;
}

void arrivals_start(struct arrivals *a, const struct ferry_nic_config *config, const struct capture *capture)
{
    *a = (struct arrivals){.kind = config->arrivals, .burst = config->burst, .random = config->seed};
    if (a->kind == FERRY_NIC_CAPTURE) {
        start_capture(a, config, capture);
        return;
    }
    uint64_t bits = (config->frame_bytes + (uint64_t)FERRY_NIC_WIRE_BYTES) * 8;
    a->bits_per_second = (uint64_t)config->line_rate * config->load; /* Mb/s and millionths */
    a->mean_ps = bits * PS_PER_SECOND / a->bits_per_second;
    a->mean_rest = bits * PS_PER_SECOND % a->bits_per_second;
    a->wire_ps = wire_ps(config->frame_bytes, config->line_rate);
    a->bytes = config->frame_bytes;
    a->left = config->frames != 0 ? config->frames : ARRIVALS_END;
    arrivals_next(a); /* the first one comes a gap after the start */
}

void arrivals_free(struct arrivals *a)
{
    capture_free(&a->capture);
}
