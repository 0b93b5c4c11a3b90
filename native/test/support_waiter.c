/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_waiter.c: see support_waiter.h.
 */
#include "support_waiter.h"

static void *run_waiter(void *context)
{
    struct waiter *waiter = context;
    ferry_pool *pool = waiter->device->pool;
    uint64_t batch[1];
    waiter->result = waiter->polls ? ferry_bridge_poll(pool, 0, batch, 0, 1, FOR_EVER)
                                   : ferry_bridge_wait(pool, 0, waiter->what, FOR_EVER);
    return NULL;
}

static bool word_says_asleep(void *context)
{
    const struct waiter *waiter = context;
    struct ferry_area *area = waiter->device->pool->bridges[0].area;
    return load_relaxed(waiter->what == FERRY_RX ? &area->rx.consumer_waits : &area->tx.producer_waits) != 0;
}

bool waiter_sleeps(struct waiter *waiter)
{
    return eventually(word_says_asleep, waiter);
}

void waiter_start(struct waiter *waiter, struct scripted *device, bool is_inline)
{
    waiter->device = device;
    waiter->thread = start_thread(run_waiter, waiter);
    require(is_inline ? scripted_sleeps(device) : waiter_sleeps(waiter));
}

int64_t waiter_join(struct waiter *waiter)
{
    join_thread(waiter->thread);
    return waiter->result;
}
