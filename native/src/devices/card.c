/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card.c: a simulated card's frames: in from its FIFO, out at the rate of its
 * line. Only the thread that drives the card, but for card_drops.
 *
 * The source is patient: what is not read waits in the FIFO, which drops and
 * counts what does not fit.
 */
#include <string.h>

#include "card.h"

/* The words that begin a frame: its number, and when it arrived. */
#define STAMP_BYTES 16

/* What a real card's DMA would have put there. */
static void write_frame(const struct card *card, struct ferry_slot *slot, const struct card_arrival *arrival)
{
    const uint64_t stamp[2] = {arrival->number, arrival->ps / PS_PER_NS};
    uint32_t stamped = arrival->bytes < STAMP_BYTES ? arrival->bytes : STAMP_BYTES;
    memcpy(slot->data, stamp, stamped);
    memset(slot->data + stamped, (uint8_t)arrival->number, arrival->bytes - stamped);
    *(int64_t *)(slot->meta + FERRY_META_TIMESTAMP) = card->epoch_ns + (int64_t)stamp[1];
    slot->length = arrival->bytes;
}

static int32_t card_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct card *card = self;
    if (card->virtual_time) {
        card_spend(card, card->look_ps);
    }
    card_look(card);
    n = n < card->rx_count ? n : card->rx_count;
    for (uint32_t i = 0; i < n; i++) {
        const struct card_arrival *arrival = &card->rx[card->rx_first];
        if (arrival->bytes > slots[i].capacity) {
            slots[i].dropped = FERRY_RX_OVERSIZE;
        } else {
            write_frame(card, &slots[i], arrival);
        }
        card->rx_first = card->rx_first + 1 == card->rx_depth ? 0 : card->rx_first + 1;
    }
    card->rx_count -= n;
    count(&card->counters.looks, 1);
    count(&card->counters.received, n);
    store_relaxed(&card->counters.queued, card->rx_count);
    if (card->virtual_time) {
        card_spend(card, n * card->frame_ps);
    }
    return (int32_t)n;
}

/* Every frame that there is room for, behind what is on its way. */
static int32_t card_transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct card *card = self;
    card_look(card);
    n = n < card->tx_depth - card->tx_count ? n : card->tx_depth - card->tx_count;
    for (uint32_t i = 0; i < n; i++) {
        card->line_ps = card->line_ps > card->now_ps ? card->line_ps : card->now_ps;
        card->line_ps += wire_ps(slots[i].length, card->line_rate);
        uint32_t last = (card->tx_first + card->tx_count++) % card->tx_depth;
        card->tx[last] = (struct card_departure){slots[i].token, card->line_ps};
    }
    store_relaxed(&card->counters.transmitting, card->tx_count);
    return (int32_t)n;
}

static int32_t card_complete(void *self, uint64_t *tokens, uint32_t n)
{
    struct card *card = self;
    uint32_t done = 0;
    if (card->tx_count == 0) {
        return 0;
    }
    card_look(card);
    while (done < n && card->tx_count != 0 && card->tx[card->tx_first].ps <= card->now_ps) {
        tokens[done++] = card->tx[card->tx_first].token;
        card->tx_first = (card->tx_first + 1) % card->tx_depth;
        card->tx_count--;
    }
    count(&card->counters.transmitted, done);
    store_relaxed(&card->counters.transmitting, card->tx_count);
    return (int32_t)done;
}

static uint64_t card_drops(void *self)
{
    const struct card *card = self;
    return load_relaxed(&card->counters.dropped) + load_relaxed(&card->counters.stalled);
}

#define CARD_OPS(more_flags) \
    { \
        .abi = FERRY_DEVICE_ABI, .bytes = sizeof(struct ferry_device_ops), .flags = FERRY_DEVICE_PATIENT | (more_flags), \
        .fill = card_fill, .transmit = card_transmit, .complete = card_complete, .arm = card_arm, .wait = card_wait, \
        .wake = card_wake, .now = card_now, .drops = card_drops, .close = card_free, \
    }

const struct ferry_device_ops card_ops = CARD_OPS(0);
const struct ferry_device_ops card_virtual_ops = CARD_OPS(FERRY_DEVICE_INLINE);
