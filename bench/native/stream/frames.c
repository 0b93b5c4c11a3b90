/* SPDX-License-Identifier: Apache-2.0 */
/* frames.c: the frames that are streamed, written by one thread and read by the other. */
#include "frameferry/frame.h"
#include "../support.h"
#include "stream.h"

void take_frames(struct side *side, uint64_t *items, uint32_t n)
{
    uint32_t taken = 0;
    while (taken < n) {
        int64_t result = ferry_magazine_take(side->magazine, items + taken, n - taken);
        check(result >= 0, "the pool is closed");
        taken += (uint32_t)result;
        if (taken < n) {
            pause_processor(side->pauses); /* the other thread has them */
        }
    }
}

void write_frames(const struct side *side, const uint64_t *items, uint32_t n, uint64_t number)
{
    for (uint32_t i = 0; i < n; i++) {
        uint64_t *words = (uint64_t *)(void *)ferry_frame_data(side->geometry, items[i]);
        for (uint32_t w = 0; w < side->payload / sizeof *words; w++) {
            words[w] = number + i;
        }
    }
}

uint64_t read_frames(const struct side *side, const uint64_t *items, uint32_t n, uint64_t number)
{
    uint64_t wrong = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t *words = (const uint64_t *)(const void *)ferry_frame_data(side->geometry, items[i]);
        for (uint32_t w = 0; w < side->payload / sizeof *words; w++) {
            wrong |= words[w] ^ (number + i);
        }
    }
    return wrong;
}

void give_frames(struct side *side, const uint64_t *items, uint32_t n)
{
    check((uint32_t)ferry_magazine_give(side->magazine, items, n) == n, "a frame was not given");
}
