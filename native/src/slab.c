/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slab.c: the one mapping that holds control words and frames. Called while no
 * other thread uses the pool, but for slab_zero, which is made for late ones.
 */
#include <errno.h>
#include <sys/mman.h>

#include "pool.h"

#define HUGE_PAGE ((size_t)2 << 20)

static void *map_anonymous(void *at, size_t bytes, int flags)
{
    return mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void slab_header(struct ferry_pool *pool)
{
    const struct ferry_geometry *g = &pool->geometry;
    *(struct ferry_header *)pool->control = (struct ferry_header){
        .magic = FERRY_MAGIC,
        .layout_version = FERRY_LAYOUT_VERSION,
        .header_bytes = FERRY_PAGE,
        .control_bytes = g->control_bytes,
        .data_bytes = g->data_bytes,
        .bridge_offset = g->bridge_offset,
        .bridge_bytes = g->bridge_bytes,
        .block_offset = 2 * FERRY_PAGE,
        .blocks = pool->depot.block_count,
        .frames = g->frames,
        .stride = g->stride,
        .frame_size = g->frame_size,
        .headroom = g->headroom,
        .ring_capacity = g->ring_capacity,
        .bridges = g->bridges,
    };
}

int32_t slab_map(struct ferry_pool *pool, bool huge_pages)
{
    struct ferry_geometry *g = &pool->geometry;
    /* Huge pages need both the address and the start of the data on their boundary. */
    size_t align = huge_pages ? HUGE_PAGE : FERRY_PAGE;
    g->control_bytes = (g->control_bytes + align - 1) & ~(uint64_t)(align - 1);
    pool->mapping_bytes = g->control_bytes + g->data_bytes + (huge_pages ? HUGE_PAGE : 0);
    pool->mapping = map_anonymous(NULL, pool->mapping_bytes, 0);
    if (pool->mapping == MAP_FAILED) {
        pool->mapping = NULL;
        return errno == ENOMEM ? FERRY_ENOMEM : FERRY_ESYSTEM - errno;
    }
    pool->control = (uint8_t *)(((uintptr_t)pool->mapping + align - 1) & ~(uintptr_t)(align - 1));
    pool->data = pool->control + g->control_bytes;
    g->control = (uintptr_t)pool->control;
    g->data = (uintptr_t)pool->data;
    /* Both are wishes: a kernel without them still works. A forked child has no use for the slab, and copy-on-write
     * would make the parent pay for it. */
    madvise(pool->mapping, pool->mapping_bytes, MADV_DONTFORK);
    if (huge_pages) {
        madvise(pool->data, g->data_bytes, MADV_HUGEPAGE);
    }
    pool->depot.words = (struct ferry_depot *)(pool->control + FERRY_PAGE);
    pool->depot.blocks = (struct ferry_block *)(pool->control + 2 * FERRY_PAGE);
    slab_header(pool);
    return FERRY_OK;
}

void slab_zero(struct ferry_pool *pool)
{
    /* Frees the memory and keeps the addresses: late loads read zeros, late stores go nowhere. If the kernel refuses,
     * the old pages stay, which is as safe. */
    map_anonymous(pool->mapping, pool->mapping_bytes, MAP_FIXED | MAP_NORESERVE);
}

void slab_unmap(struct ferry_pool *pool)
{
    if (pool->mapping != NULL) {
        munmap(pool->mapping, pool->mapping_bytes);
    }
}
