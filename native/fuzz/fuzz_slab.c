/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_slab.c: a pool, from any configuration, whose control words somebody
 * overwrites between the calls: header, depot, blocks, magazines, rings. Until
 * then every frame is in one place. Afterwards the library hands out no frame that
 * is not the pool's, touches nothing outside, comes back from every call, and
 * closes.
 */
#include "fuzz.h"

#define HELD_MAX 256
#define BURST_MAX 70
#define SMALL_BYTES (UINT64_C(1) << 24)

struct subject {
    ferry_pool *pool;
    struct ferry_geometry geometry;
    ferry_magazine *magazine; /* or null */
    int32_t loop;             /* a bridge, or an error */
    bool damaged;
    uint32_t held_count;
    uint64_t held[HELD_MAX];
};

/* Any configuration at all, or one that is small and right. */
static struct ferry_pool_config configuration(struct input *in)
{
    if (below(in, 8) == 0) {
        return (struct ferry_pool_config){.frames = (uint32_t)hostile(in),
                                          .frame_size = (uint32_t)hostile(in),
                                          .headroom = (uint32_t)hostile(in),
                                          .ring_capacity = (uint32_t)hostile(in),
                                          .bridges = (uint32_t)hostile(in),
                                          .huge_pages = (uint32_t)hostile(in),
                                          .zero = (uint32_t)hostile(in)};
    }
    return (struct ferry_pool_config){.frames = 1 + below(in, HELD_MAX - 1),
                                      .frame_size = 64 + below(in, 256),
                                      .headroom = 64 * below(in, 3),
                                      .ring_capacity = 1u << below(in, 7),
                                      .bridges = below(in, 3),
                                      .zero = below(in, 2)};
}

static uint32_t some(struct input *in, uint32_t most)
{
    uint32_t n = below(in, BURST_MAX);
    return n < most ? n : most;
}

/* What came out of the pool, up to `n`, is the caller's now. */
static void hold(struct subject *s, const uint64_t *descriptors, int64_t result, uint32_t n)
{
    uint32_t count = count_of(result & UINT32_MAX);
    require(count <= n);
    for (uint32_t i = 0; i < count; i++) {
        bool valid = ferry_frame_valid(descriptors[i], s->geometry.frames, s->geometry.stride);
        require(valid || s->damaged);
        if (valid) {
            *(volatile uint8_t *)ferry_frame_data(&s->geometry, descriptors[i] & FERRY_INDEX_MASK) = 1;
            s->held[s->held_count++] = descriptors[i];
        }
    }
}

static void take(struct subject *s, struct input *in)
{
    uint64_t descriptors[BURST_MAX];
    bool from_magazine = below(in, 2) != 0 && s->magazine != NULL;
    uint32_t n = some(in, HELD_MAX - s->held_count);
    int64_t result = from_magazine ? ferry_magazine_take(s->magazine, descriptors, n)
                                   : ferry_pool_take(s->pool, descriptors, n);
    require(result >= 0);
    for (uint32_t i = 0; i < (uint32_t)result; i++) { /* whatever the slab says, only frames of this pool are free */
        require(ferry_frame_valid(descriptors[i], s->geometry.frames, s->geometry.stride));
    }
    hold(s, descriptors, result, n);
}

static void give(struct subject *s, struct input *in)
{
    bool to_magazine = below(in, 2) != 0 && s->magazine != NULL;
    uint32_t n = some(in, s->held_count);
    const uint64_t *descriptors = s->held + s->held_count - n;
    int64_t result = to_magazine ? ferry_magazine_give(s->magazine, descriptors, n)
                                 : ferry_pool_give(s->pool, descriptors, n);
    require((uint32_t)result == n);
    s->held_count -= n;
}

static void send(struct subject *s, struct input *in)
{
    uint32_t n = some(in, s->held_count);
    int64_t result = ferry_bridge_send(s->pool, s->loop, s->held + s->held_count - n, n);
    if (result < 0) {
        require(s->loop < 0 || s->damaged);
        return;
    }
    uint32_t sent = (uint32_t)result;
    require(sent <= n);
    uint64_t *first = s->held + s->held_count - n;
    memmove(first, first + sent, (n - sent) * sizeof *first);
    s->held_count -= sent;
}

static void receive(struct subject *s, struct input *in)
{
    uint64_t descriptors[BURST_MAX];
    uint32_t n = some(in, HELD_MAX - s->held_count);
    int64_t result = ferry_bridge_receive(s->pool, s->loop, descriptors, 0, n);
    if (result >= 0) {
        hold(s, descriptors, result, n);
    }
}

/* One word somewhere in the control segment: any value, or that of another word. */
static void damage(struct subject *s, struct input *in)
{
    uint64_t *words = (uint64_t *)(uintptr_t)s->geometry.control;
    const uint64_t regions[] = {0, FERRY_PAGE, 2 * FERRY_PAGE, s->geometry.bridge_offset};
    uint64_t start = regions[below(in, 4)] / sizeof *words;
    uint64_t end = s->geometry.control_bytes / sizeof *words;
    uint64_t from = s->geometry.bridge_offset < s->geometry.control_bytes ? start : 0;
    uint64_t at = from + number(in, 2) % (end - from);
    words[at] = below(in, 2) != 0 ? hostile(in) : words[number(in, 2) % end];
    s->damaged = true;
}

static void look(struct subject *s)
{
    struct ferry_audit audit;
    struct ferry_statistics statistics;
    require(ferry_pool_audit(s->pool, &audit) == FERRY_OK);
    require(audit.frames == s->geometry.frames);
    if (s->loop >= 0) {
        require(ferry_bridge_statistics(s->pool, s->loop, &statistics) == FERRY_OK);
    }
    if (!s->damaged) {
        assert_sound(s->pool, s->held_count);
    }
}

static void reopen(struct subject *s)
{
    if (s->loop >= 0) {
        require(ferry_bridge_close(s->pool, s->loop) == FERRY_OK);
        require(ferry_bridge_reclaim(s->pool, s->loop) == FERRY_OK);
    }
    const struct ferry_bridge_config config = {.budget = 64};
    s->loop = ferry_bridge_open(s->pool, ferry_loop_device(), &config);
    require(s->loop >= 0 || s->geometry.bridges == 0);
}

static void step(struct subject *s, struct input *in)
{
    switch (below(in, 10)) {
    case 0:
    case 1: take(s, in); break;
    case 2:
    case 3: give(s, in); break;
    case 4: send(s, in); break;
    case 5: receive(s, in); break;
    case 6: look(s); break;
    case 7: reopen(s); break;
    case 8: require(s->magazine == NULL || ferry_magazine_flush(s->magazine) >= 0); break;
    default: damage(s, in); break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct input in = {bytes, n};
    struct ferry_pool_config config = configuration(&in);
    struct subject s = {.loop = FERRY_ECLOSED};
    int32_t error = ferry_pool_open(&config, &s.pool);
    if (error != FERRY_OK) {
        require(error < 0 && ferry_strerror(error) != NULL);
        return 0;
    }
    require(ferry_pool_geometry(s.pool, &s.geometry) == FERRY_OK);
    if (s.geometry.control_bytes + s.geometry.data_bytes <= SMALL_BYTES) {
        reopen(&s);
        require(ferry_magazine_open(s.pool, &s.magazine) == FERRY_OK);
        while (in.left != 0) {
            step(&s, &in);
        }
        look(&s);
    }
    require(ferry_pool_close(s.pool) == FERRY_OK);
    ferry_pool_free(s.pool);
    return 0;
}
