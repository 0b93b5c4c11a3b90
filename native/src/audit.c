/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.c: where every frame of a pool is. Any thread, whatever the others do.
 *
 * Frames that move during a look are seen in two places, or in none. A frame
 * counts once, where it is seen first, and as leased when it is not seen: so
 * the sum is right at any time, and the parts are when nothing moves.
 */
#include "pool.h"

#include <stdlib.h>

/* Looks at a pool in motion before an audit is content with an estimate. */
#define AUDIT_LOOKS 8

/* A bit for each of 64 frames. */
struct audit_bits {
    uint64_t seen;   /* in this look */
    uint64_t twice;  /* in this look */
    uint64_t always; /* twice, in every look so far */
};

struct audit_context {
    struct audit_bits *bits;
    uint32_t frames;
    uint64_t found; /* frames seen: each counts where it is seen first */
};

static bool audit_visit(void *context, uint32_t index)
{
    struct audit_context *audit = context;
    if (index >= audit->frames) {
        return false;
    }
    struct audit_bits *bits = &audit->bits[index / 64];
    uint64_t bit = UINT64_C(1) << (index % 64);
    audit->found += (bits->seen & bit) == 0;
    bits->twice |= bits->seen & bit;
    bits->seen |= bit;
    return true;
}

/* Walks a ring from a moment's head to a moment's tail. */
static void audit_ring(const struct ring *ring, struct audit_context *context, uint64_t *corrupt)
{
    uint64_t head = load_acquire(&ring->words->head);
    uint64_t filled = ring_filled(ring);
    for (uint64_t i = 0; i < filled; i++) {
        /* Relaxed atomic: a producer may be writing this slot now. */
        uint64_t descriptor = load_relaxed((_Atomic uint64_t *)&ring->slots[(head + i) & (ring->capacity - 1)]);
        *corrupt += audit_visit(context, ferry_frame_index(descriptor)) ? 0 : 1;
    }
}

static void audit_magazines(struct ferry_pool *pool, struct audit_context *context, uint64_t *corrupt)
{
    for (uint32_t i = 0; i < pool->geometry.bridges; i++) {
        magazine_walk(&pool->depot, &pool->bridges[i].area->magazine, audit_visit, context, corrupt);
    }
    for (uint32_t i = 0; i < FERRY_MAGAZINES_MAX; i++) {
        magazine_walk(&pool->depot, &pool->magazines[i].blocks, audit_visit, context, corrupt);
    }
}

/* Looks everywhere once. By blocks: for a pool that does not keep still. Returns whether the depot did. */
static bool audit_look(struct ferry_pool *pool, struct audit_context *context, struct ferry_audit *audit, bool blocks)
{
    uint64_t corrupt = 0, device = 0;
    bool still = false;
    for (uint32_t i = 0; i < (context->frames + 63) / 64; i++) {
        context->bits[i].seen = context->bits[i].twice = 0;
    }
    context->found = 0;
    for (uint32_t i = 0; i < pool->geometry.bridges; i++) {
        audit_ring(&pool->bridges[i].rx, context, &corrupt);
        if (!bridge_loops(&pool->bridges[i])) {
            audit_ring(&pool->bridges[i].tx, context, &corrupt);
        }
        device += load_relaxed(&pool->bridges[i].in_device_count);
    }
    uint64_t queued = context->found;
    audit_magazines(pool, context, &corrupt);
    uint64_t cached = context->found - queued;
    if (blocks) {
        depot_walk_blocks(&pool->depot, audit_visit, context, &corrupt);
    } else {
        still = depot_walk(&pool->depot, audit_visit, context, &corrupt);
    }
    uint64_t left = context->frames - context->found; /* a frame that comes back from a device may be seen, too */
    device = device < left ? device : left;
    *audit = (struct ferry_audit){.frames = context->frames,
                                  .free = context->found - queued - cached,
                                  .cached = cached,
                                  .queued = queued,
                                  .device = device,
                                  .leased = left - device,
                                  .corrupt = corrupt};
    return still;
}

/* Returns how many frames were seen twice in every look. */
static uint64_t audit_duplicated(struct audit_context *context, bool first)
{
    uint64_t duplicated = 0;
    for (uint32_t i = 0; i < (context->frames + 63) / 64; i++) {
        struct audit_bits *bits = &context->bits[i];
        bits->always = first ? bits->twice : bits->always & bits->twice;
        duplicated += (uint64_t)__builtin_popcountll(bits->always);
    }
    return duplicated;
}

/* A frame that was given back twice is seen twice in every look; one that moves, in this or that. */
static void audit_looks(struct ferry_pool *pool, struct audit_context *context, struct ferry_audit *audit)
{
    uint64_t duplicated = 0;
    bool still = false;
    for (uint32_t look = 0; look < AUDIT_LOOKS && !(still && duplicated == 0); look++) {
        still = audit_look(pool, context, audit, false);
        duplicated = audit_duplicated(context, look == 0);
    }
    if (!still) {
        audit_look(pool, context, audit, true);
    }
    audit->duplicated = duplicated;
}

int32_t ferry_pool_audit(ferry_pool *pool, struct ferry_audit *audit)
{
    uint32_t frames = pool->geometry.frames;
    struct audit_context context = {.bits = calloc((frames + 63) / 64, sizeof(struct audit_bits)),
                                    .frames = frames};
    if (context.bits == NULL) {
        return FERRY_ENOMEM;
    }
    pthread_mutex_lock(&pool->lock);
    bool open = pool_is_open(pool);
    if (open) {
        audit_looks(pool, &context, audit);
    }
    pthread_mutex_unlock(&pool->lock);
    free(context.bits);
    return open ? FERRY_OK : FERRY_ECLOSED;
}
