/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_device.c: an inline bridge over a device that does what it wants: uses
 * more slots than it was given, fills more bytes than fit, completes frames that
 * it never had, fails. And a caller that sends descriptors with any place in
 * their frames. What the bridge receives names bytes of the pool, and at the end
 * every frame comes back.
 */
#include "fuzz.h"

#define FRAMES 96
#define HELD_MAX FRAMES
#define TOKENS_MAX 4096

struct subject {
    struct input *in;
    ferry_pool *pool;
    struct ferry_geometry geometry;
    struct ferry_device_ops ops;
    ferry_device device;
    int32_t bridge;
    uint32_t held_count;
    uint64_t held[HELD_MAX];
    uint32_t token_count;
    uint64_t tokens[TOKENS_MAX]; /* of frames transmitted and, as far as the device knows, not completed */
    bool closed;
};

/* Mostly up to n, as it should be. */
static int32_t answer(struct subject *s, uint32_t n)
{
    return below(s->in, 16) == 0 ? (int32_t)hostile(s->in) : (int32_t)below(s->in, n + 1);
}

static int32_t fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct subject *s = self;
    int32_t used = answer(s, n);
    for (uint32_t i = 0; i < n; i++) {
        require(slots[i].capacity != 0);
        slots[i].data[0] = slots[i].data[slots[i].capacity - 1] = 1;
        slots[i].meta[FERRY_META_BYTES - 1] = 1;
        slots[i].length = below(s->in, 8) == 0 ? (uint32_t)hostile(s->in) : below(s->in, slots[i].capacity + 1);
        slots[i].dropped = below(s->in, 8) == 0 ? (uint32_t)hostile(s->in) : 0;
    }
    return used;
}

static int32_t transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct subject *s = self;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < slots[i].length; k += 64) {
            sum += slots[i].data[k];
        }
        sum += slots[i].length != 0 ? slots[i].data[slots[i].length - 1] : slots[i].meta[0];
        slots[i].dropped = below(s->in, 8) == 0 ? (uint32_t)hostile(s->in) : 0;
        if (s->token_count < TOKENS_MAX) {
            s->tokens[s->token_count++] = slots[i].token;
        }
    }
    return sum == UINT64_MAX ? 0 : answer(s, n);
}

static int32_t complete(void *self, uint64_t *tokens, uint32_t n)
{
    struct subject *s = self;
    for (uint32_t i = 0; i < n; i++) {
        bool known = s->token_count != 0 && below(s->in, 16) != 0;
        tokens[i] = known ? s->tokens[below(s->in, s->token_count)] : hostile(s->in);
    }
    return answer(s, n);
}

static int32_t arm(void *self, uint32_t events)
{
    struct subject *s = self;
    require((events & ~(uint32_t)(FERRY_ARM_RX | FERRY_ARM_TX)) == 0);
    return below(s->in, 32) == 0 ? (int32_t)hostile(s->in) : FERRY_OK;
}

static int32_t wait(void *self, int64_t timeout_ns)
{
    struct subject *s = self;
    (void)timeout_ns;
    return below(s->in, 32) == 0 ? (int32_t)hostile(s->in) : (int32_t)below(s->in, 4);
}

static void wake(void *self)
{
    (void)self;
}

static uint64_t drops(void *self)
{
    return ((struct subject *)self)->closed ? 0 : hostile(((struct subject *)self)->in);
}

static void close_device(void *self)
{
    struct subject *s = self;
    require(!s->closed);
    s->closed = true;
}

static void hold(struct subject *s, const uint64_t *descriptors, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        require(ferry_frame_valid(descriptors[i], s->geometry.frames, s->geometry.stride));
        s->held[s->held_count++] = descriptors[i];
    }
}

static void poll(struct subject *s)
{
    uint64_t batch[HELD_MAX];
    uint32_t previous = below(s->in, s->held_count + 1), max = HELD_MAX - (s->held_count - previous);
    memcpy(batch, s->held + s->held_count - previous, previous * sizeof *batch);
    int64_t result = ferry_bridge_poll(s->pool, s->bridge, batch, previous, max, below(s->in, 2));
    s->held_count -= previous; /* whatever the outcome: an error can only be the device's own */
    hold(s, batch, result > 0 ? (uint32_t)result : 0);
}

static void take(struct subject *s)
{
    uint64_t batch[HELD_MAX];
    uint32_t n = below(s->in, HELD_MAX - s->held_count + 1);
    hold(s, batch, count_of(ferry_pool_take(s->pool, batch, n)));
}

/* Of frames that are ours, with any place in them, and any flags. */
static void send(struct subject *s)
{
    uint32_t n = below(s->in, s->held_count + 1);
    uint64_t *first = s->held + s->held_count - n;
    bool valid = true;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t place = below(s->in, 4) == 0 ? hostile(s->in) & ~FERRY_INDEX_MASK
                                              : ferry_frame_descriptor(0, 64 + below(s->in, 200), below(s->in, 120));
        first[i] = (first[i] & FERRY_INDEX_MASK) | place;
        valid &= ferry_frame_valid(first[i], s->geometry.frames, s->geometry.stride);
    }
    int64_t result = ferry_bridge_send(s->pool, s->bridge, first, n);
    require(valid || result == FERRY_ECORRUPT);
    uint32_t sent = result > 0 ? (uint32_t)result : 0;
    require(sent <= n);
    memmove(first, first + sent, (n - sent) * sizeof *first);
    s->held_count -= sent;
    for (uint32_t i = 0; i < s->held_count; i++) { /* a sound place again for those that stay */
        s->held[i] = ferry_frame_descriptor(ferry_frame_index(s->held[i]), FERRY_META_BYTES, 0);
    }
}

static void step(struct subject *s)
{
    struct ferry_statistics statistics;
    switch (below(s->in, 8)) {
    case 0:
    case 1:
    case 2: poll(s); break;
    case 3:
    case 4: send(s); break;
    case 5: take(s); break;
    case 6: require(ferry_bridge_statistics(s->pool, s->bridge, &statistics) == FERRY_OK); break;
    default: (void)ferry_bridge_wait(s->pool, s->bridge, below(s->in, 2), 0); break;
    }
}

static int32_t open_bridge(struct subject *s)
{
    s->ops = (struct ferry_device_ops){.abi = FERRY_DEVICE_ABI, .bytes = sizeof s->ops, .fill = fill, .arm = arm,
                                       .wait = wait, .wake = wake, .drops = drops, .close = close_device};
    s->ops.flags = below(s->in, 2 * FERRY_DEVICE_INLINE); /* all but the loop's */
    s->ops.transmit = below(s->in, 4) != 0 ? transmit : NULL;
    s->ops.complete = below(s->in, 2) != 0 ? complete : NULL;
    s->device = (struct ferry_device){&s->ops, s};
    const struct ferry_bridge_config config = {.flags = FERRY_INLINE, .budget = 1 + below(s->in, FERRY_BUDGET_MAX)};
    return ferry_bridge_open(s->pool, &s->device, &config);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct input in = {bytes, n};
    static struct subject s;
    s = (struct subject){.in = &in};
    s.pool = pool_of(1 + below(&in, FRAMES), 1u << below(&in, 7), 1);
    require(ferry_pool_geometry(s.pool, &s.geometry) == FERRY_OK);
    s.bridge = open_bridge(&s);
    if (s.bridge >= 0) {
        while (in.left != 0) {
            step(&s);
        }
        require(ferry_bridge_close(s.pool, s.bridge) == FERRY_OK && s.closed);
        require(ferry_bridge_reclaim(s.pool, s.bridge) == FERRY_OK);
    }
    give_back(s.pool, s.held, s.held_count);
    close_sound(s.pool);
    return 0;
}
