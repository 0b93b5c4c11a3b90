/* SPDX-License-Identifier: Apache-2.0 */
/*
 * napi.c: Frameferry's poller, in the two ways that the comparison needs.
 *
 *   napi       inline, one thread: the packets of a round are processed before
 *              the next one, as in a kernel's softirq. Both clocks.
 *   optimised  a poller thread, and a consumer in the main thread that takes
 *              batches of 32. Real time; in virtual time it is napi with those
 *              batches, on one processor.
 */
#include <string.h>

#include "frameferry/frame.h"
#include "run.h"

#define FRAMES 4096
#define RING 1024
#define PATIENCE_NS 1000000

struct ends {
    ferry_pool *pool;
    struct ferry_geometry geometry;
    ferry_device *card; /* the bridge's */
    int32_t bridge;
};

static struct ends open_ends(struct run *run, uint32_t flags)
{
    uint32_t bytes = run->nic.frame_bytes > 2048 ? run->nic.frame_bytes : 2048;
    const struct ferry_pool_config config = {.frames = FRAMES, .frame_size = bytes, .ring_capacity = RING, .bridges = 1};
    const struct ferry_bridge_config bridge = {.flags = flags, .budget = BUDGET, .moderation_ns = run->moderation_ns};
    struct ends ends;
    check(ferry_pool_open(&config, &ends.pool) == FERRY_OK, "no pool");
    ferry_pool_geometry(ends.pool, &ends.geometry);
    /* Memory is slow the first time that it is touched, which would be the poller's fault in the first milliseconds. */
    memset((void *)(uintptr_t)ends.geometry.data, 0, ends.geometry.data_bytes);
    ends.card = open_card(run, run->costs.frame);
    ends.bridge = ferry_bridge_open(ends.pool, ends.card, &bridge);
    check(ends.bridge >= 0, "no bridge");
    return ends;
}

static void process_batch(struct run *run, const struct ends *ends, const uint64_t *batch, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        process_packet(run, ferry_frame_data(&ends->geometry, batch[i]), ferry_frame_length(batch[i]));
    }
}

/* Whether the consumer has all that it will get. In the consumer's thread, while the poller may still count: what is lost
 * it counts after what arrived, so that they are equal at the end only. */
static bool finished(struct run *run, const struct ends *ends)
{
    if (!all_taken(run, ends->card)) {
        return false;
    }
    check(ferry_bridge_statistics(ends->pool, ends->bridge, &run->bridge) == FERRY_OK, "no statistics");
    return run->card.arrived == run->delivered + lost(run);
}

/* Every frame that the pool has is free again. */
static void close_ends(struct run *run, const struct ends *ends)
{
    struct ferry_audit audit;
    check(ferry_bridge_statistics(ends->pool, ends->bridge, &run->bridge) == FERRY_OK, "no statistics");
    check(ferry_bridge_close(ends->pool, ends->bridge) == FERRY_OK, "the bridge was not closed");
    check(ferry_pool_audit(ends->pool, &audit) == FERRY_OK, "no audit");
    check(audit.leased == 0 && audit.queued == 0 && audit.duplicated == 0 && audit.corrupt == 0, "frames are lost");
    ferry_pool_free(ends->pool);
}

void run_napi(struct run *run, uint32_t max)
{
    uint64_t batch[BUDGET];
    struct ends ends = open_ends(run, FERRY_INLINE);
    uint32_t n = 0;
    while (n != 0 || !finished(run, &ends)) {
        int64_t result = ferry_bridge_poll(ends.pool, ends.bridge, batch, n, max, PATIENCE_NS);
        check(result >= 0, "the bridge failed");
        n = (uint32_t)result;
        process_batch(run, &ends, batch, n);
        if (run->costs.crossing != 0) {
            check(ferry_bridge_nic_spend(ends.pool, ends.bridge, run->costs.crossing) == FERRY_OK, "no card");
        }
        note_depth(run, run->card.now, run->card.queued + n);
        all_taken(run, ends.card);
    }
    close_ends(run, &ends);
}

/* A call that hands frames back may find that a sleeper must be woken. */
static uint32_t received(const struct ends *ends, int64_t result)
{
    check(result >= 0, "the bridge failed");
    if (result & FERRY_WAKE_BRIDGE) {
        ferry_bridge_wake(ends->pool, ends->bridge);
    }
    if (result & FERRY_WAKE_POOL) {
        ferry_pool_wake(ends->pool);
    }
    return (uint32_t)result;
}

void run_optimised(struct run *run)
{
    uint64_t batch[BATCH];
    pin_thread(0); /* the poller's thread begins where this one is */
    struct ends ends = open_ends(run, 0);
    pin_thread(1);
    uint32_t n = 0;
    while (n != 0 || !finished(run, &ends)) {
        n = received(&ends, ferry_bridge_receive(ends.pool, ends.bridge, batch, n, BATCH));
        process_batch(run, &ends, batch, n);
        if (run->depths_wanted && all_taken(run, ends.card) == false) {
            note_depth(run, run->card.now, run->card.queued + run->card.received - run->delivered);
        }
        if (n == 0) {
            pause_spin();
        }
    }
    close_ends(run, &ends);
}
