/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card_open.c: making a simulated card, reading its counters, charging work to
 * it. Any thread, but for ferry_nic_spend and ferry_bridge_nic_spend, which are
 * for the thread that drives the card.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "../pool.h"
#include "card.h"

#define DEFAULT_HZ UINT64_C(1200000000)
#define DEFAULT_FIFO 512

static bool within(uint64_t value, uint64_t least, uint64_t most)
{
    return value >= least && value <= most;
}

static bool valid(const struct ferry_nic_config *c)
{
    bool replays = c->arrivals == FERRY_NIC_CAPTURE;
    return within(c->line_rate, 1, FERRY_NIC_LINE_RATE_MAX) && within(c->load, 1, FERRY_NIC_LOAD_MAX) &&
           within(c->frame_bytes, FERRY_NIC_FRAME_MIN, FERRY_NIC_FRAME_MAX) && c->arrivals <= FERRY_NIC_CAPTURE &&
           within(c->burst, 1, FERRY_NIC_BURST_MAX) && within(c->rx_fifo, 1, FERRY_NIC_FIFO_MAX) &&
           within(c->tx_fifo, 1, FERRY_NIC_FIFO_MAX) && c->virtual_time <= 1 &&
           within(c->processor_hz, 1000000, UINT64_C(100000000000)) && replays == (c->capture != NULL);
}

static struct ferry_nic_config with_defaults(const struct ferry_nic_config *config)
{
    struct ferry_nic_config c = *config;
    c.processor_hz = c.processor_hz != 0 ? c.processor_hz : DEFAULT_HZ;
    c.line_rate = c.line_rate != 0 ? c.line_rate : 1000;
    c.load = c.load != 0 ? c.load : FERRY_NIC_LOAD_MAX;
    c.frame_bytes = c.frame_bytes != 0 ? c.frame_bytes : FERRY_NIC_FRAME_MIN;
    c.burst = c.burst != 0 ? c.burst : 32;
    c.rx_fifo = c.rx_fifo != 0 ? c.rx_fifo : DEFAULT_FIFO;
    c.tx_fifo = c.tx_fifo != 0 ? c.tx_fifo : DEFAULT_FIFO;
    return c;
}

void card_free(void *self)
{
    struct card *card = self;
    if (card->event >= 0) {
        close(card->event);
    }
    arrivals_free(&card->arrivals);
    free(card->rx);
    free(card->tx);
    free(card);
}

static int64_t now_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* A card that is all there but for its arrivals; null when there is no memory. */
static struct card *make(const struct ferry_nic_config *c)
{
    struct card *card = calloc(1, sizeof *card);
    if (card == NULL) {
        return NULL;
    }
    card->device = (ferry_device){c->virtual_time ? &card_virtual_ops : &card_ops, card};
    card->event = -1;
    card->rx_depth = c->rx_fifo;
    card->tx_depth = c->tx_fifo;
    card->line_rate = c->line_rate;
    card->virtual_time = c->virtual_time;
    card->hz = c->processor_hz;
    card->interrupt_ps = card_cycles(card, c->interrupt_cycles);
    card->look_ps = card_cycles(card, c->look_cycles);
    card->frame_ps = card_cycles(card, c->frame_cycles);
    card->arm_ps = card_cycles(card, c->arm_cycles);
    card->rx = calloc(card->rx_depth, sizeof *card->rx);
    card->tx = calloc(card->tx_depth, sizeof *card->tx);
    if (card->rx == NULL || card->tx == NULL) {
        card_free(card);
        return NULL;
    }
    return card;
}

int32_t ferry_nic_open(const struct ferry_nic_config *config, ferry_device **device)
{
    struct capture capture = {0};
    if (config == NULL || device == NULL) {
        return FERRY_EINVAL;
    }
    struct ferry_nic_config c = with_defaults(config);
    int32_t error = valid(&c) ? FERRY_OK : FERRY_EINVAL;
    if (error == FERRY_OK && c.capture != NULL) {
        error = capture_read(c.capture, &capture);
    }
    if (error != FERRY_OK) {
        return error;
    }
    struct card *card = make(&c);
    if (card == NULL) {
        capture_free(&capture);
        return FERRY_ENOMEM;
    }
    arrivals_start(&card->arrivals, &c, &capture);
    store_relaxed(&card->counters.coming, arrivals_coming(&card->arrivals));
    card->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (card->event < 0) {
        error = FERRY_ESYSTEM - errno;
        card_free(card);
        return error;
    }
    if (!card->virtual_time) {
        card->epoch_ns = now_ns(CLOCK_REALTIME);
        card->start_ns = now_ns(CLOCK_MONOTONIC);
    }
    *device = &card->device;
    return FERRY_OK;
}

/* The card behind a device, or null. */
static struct card *card_of(const ferry_device *device)
{
    bool simulated = device != NULL && (device->ops == &card_ops || device->ops == &card_virtual_ops);
    return simulated ? device->self : NULL;
}

int32_t ferry_nic_statistics(const ferry_device *device, struct ferry_nic_statistics *s)
{
    const struct card *card = card_of(device);
    if (card == NULL || s == NULL) {
        return FERRY_EINVAL;
    }
    const struct card_counters *c = &card->counters;
    uint64_t coming = load_acquire(&c->coming); /* before arrived: what has come in between may be in it, not missing */
    *s = (struct ferry_nic_statistics){
        .arrived = load_relaxed(&c->arrived),
        .arrived_bytes = load_relaxed(&c->arrived_bytes),
        .coming = coming,
        .received = load_relaxed(&c->received),
        .dropped = load_relaxed(&c->dropped),
        .stalled = load_relaxed(&c->stalled),
        .queued = load_relaxed(&c->queued),
        .transmitted = load_relaxed(&c->transmitted),
        .transmitting = load_relaxed(&c->transmitting),
        .interrupts = load_relaxed(&c->interrupts),
        .looks = load_relaxed(&c->looks),
        .stalls = load_relaxed(&c->stalls),
        .longest_stall = load_relaxed(&c->longest_stall),
        .now = load_relaxed(&c->now),
        .idle = load_relaxed(&c->idle),
    };
    return FERRY_OK;
}

int32_t ferry_nic_spend(ferry_device *device, uint64_t cycles)
{
    struct card *card = card_of(device);
    if (card == NULL || cycles > FERRY_NIC_SPEND_MAX) {
        return FERRY_EINVAL;
    }
    card_spend(card, card_cycles(card, cycles));
    return FERRY_OK;
}

int32_t ferry_bridge_nic_statistics(ferry_pool *pool, int32_t number, struct ferry_nic_statistics *statistics)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (bridge == NULL) {
        return FERRY_EINVAL;
    }
    if (!bridge_enter(bridge)) {
        return FERRY_ECLOSED;
    }
    int32_t error = ferry_nic_statistics(&bridge->device, statistics);
    bridge_leave(bridge);
    return error;
}

int32_t ferry_bridge_nic_spend(ferry_pool *pool, int32_t number, uint64_t cycles)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (bridge == NULL || !(bridge->flags & FERRY_INLINE)) {
        return FERRY_EINVAL;
    }
    if (!bridge_enter(bridge)) {
        return FERRY_ECLOSED;
    }
    int32_t error = ferry_nic_spend(&bridge->device, cycles);
    bridge_leave(bridge);
    return error;
}
