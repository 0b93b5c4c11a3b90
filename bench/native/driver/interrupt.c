/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interrupt.c: an interrupt for each packet, which is processed in the handler:
 * the baseline of the chapter's comparison with NAPI. No queue, no lock, no
 * allocation: the interrupt is all that is different. One thread.
 */
#include "run.h"

void run_interrupt(struct run *run)
{
    static _Alignas(64) uint8_t frame[FERRY_META_BYTES + FERRY_NIC_FRAME_MAX];
    ferry_device *card = open_card(run, run->costs.frame);
    const struct ferry_device_ops *ops = card->ops;
    check(ops->arm(card->self, FERRY_ARM_RX) == FERRY_OK, "the card was not armed");
    while (!all_taken(run, card)) {
        if (!(ops->wait(card->self, 1000000) & FERRY_ARM_RX)) {
            continue; /* the last one has arrived before, and was lost */
        }
        struct ferry_slot slot = {
            .data = frame + FERRY_META_BYTES, .meta = frame, .capacity = sizeof frame - FERRY_META_BYTES};
        if (ops->fill(card->self, &slot, 1) == 1 && slot.dropped == 0) {
            process_packet(run, slot.data, slot.length);
        }
        note_depth(run, run->card.now, run->card.queued);
    }
    ops->close(card->self);
}
