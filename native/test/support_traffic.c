/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_traffic.c: see support_traffic.h.
 */
#include "support_traffic.h"

static uint64_t checksum(uint64_t number)
{
    return (number + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

void payload_write(uint8_t *data, uint64_t number)
{
    const uint64_t payload[2] = {number, checksum(number)};
    memcpy(data, payload, PAYLOAD_BYTES);
}

uint64_t payload_read(const uint8_t *data)
{
    uint64_t payload[2];
    memcpy(payload, data, PAYLOAD_BYTES);
    require(payload[1] == checksum(payload[0]));
    return payload[0];
}

uint64_t frame_number(ferry_pool *pool, uint64_t descriptor)
{
    require(ferry_frame_valid(descriptor, pool->geometry.frames, pool->geometry.stride));
    require(ferry_frame_length(descriptor) >= PAYLOAD_BYTES);
    return payload_read(data_of(pool, descriptor));
}

struct wanted_frame {
    ferry_pool *pool;
    uint64_t descriptor;
};

static bool take_one(void *context)
{
    struct wanted_frame *wanted = context;
    return count_of(ferry_pool_take(wanted->pool, &wanted->descriptor, 1)) == 1;
}

uint64_t numbered_frame(ferry_pool *pool, uint64_t number)
{
    struct wanted_frame wanted = {pool, 0};
    require(eventually(take_one, &wanted)); /* a poller on its way to sleep may hold the last ones for a moment */
    uint64_t descriptor = wanted.descriptor;
    require(ferry_frame_put(&descriptor, PAYLOAD_BYTES, pool->geometry.stride));
    payload_write(data_of(pool, descriptor), number);
    return descriptor;
}

uint32_t settle(ferry_pool *pool, int32_t bridge, int64_t result)
{
    uint32_t count = count_of(result);
    if (result & FERRY_WAKE_BRIDGE) {
        ferry_bridge_wake(pool, bridge);
    }
    if (result & FERRY_WAKE_POOL) {
        ferry_pool_wake(pool);
    }
    return count;
}

void await(ferry_pool *pool, int32_t bridge, uint32_t what)
{
    int64_t start = now_ns();
    require(ferry_bridge_wait(pool, bridge, what, PATIENCE_NS) == 1);
    require(now_ns() - start < PATIENCE_NS); /* else it only looked again because its time was up: a lost wake-up */
}

void send_numbered(ferry_pool *pool, int32_t bridge, uint64_t first, uint32_t n)
{
    uint64_t batch[FERRY_BATCH_MAX];
    for (uint32_t i = 0; i < n; i++) {
        batch[i] = numbered_frame(pool, first + i);
    }
    require(settle(pool, bridge, ferry_bridge_send(pool, bridge, batch, n)) == n);
}

void receive_numbered(ferry_pool *pool, int32_t bridge, uint64_t first, uint32_t n)
{
    uint64_t batch[FERRY_BURST];
    uint32_t previous = 0;
    for (uint32_t done = 0; done < n;) {
        uint32_t max = n - done < FERRY_BURST ? n - done : FERRY_BURST;
        previous = settle(pool, bridge, ferry_bridge_receive(pool, bridge, batch, previous, max));
        for (uint32_t i = 0; i < previous; i++) {
            require(frame_number(pool, batch[i]) == first + done++);
        }
        /* Only with empty hands: the poller may be waiting for the very frames of the last batch. */
        if (previous == 0) {
            await(pool, bridge, FERRY_RX);
        }
    }
    give_back(pool, batch, previous);
}
