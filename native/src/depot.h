/* SPDX-License-Identifier: Apache-2.0 */
/*
 * depot.h: where free frames are: one depot any thread may use, and magazines
 * that each belong to one poller or one other thread.
 *
 * The depot is three tagged lock-free stacks (Treiber, 1986) of blocks of 64
 * frame indices: full, partial and empty. Whoever needs frames or room for
 * frames holds a block for a moment: one compare-and-set moves 64 frames, last
 * in first out, so the frame handed out is the one most likely in a cache. A
 * magazine (Bonwick and Adams, 2001) keeps two blocks between calls.
 *
 * Who takes from partial first never makes more partial blocks than there are
 * holders, so with FERRY_SPARE_BLOCKS beyond those that the frames fill, an
 * empty block is always found, unless more threads than that are stopped in
 * the middle of a call.
 */
#ifndef FERRY_DEPOT_H
#define FERRY_DEPOT_H

#include <stdbool.h>

#include "atomics.h"
#include "frameferry/layout.h"

/* Blocks beyond frames / 64: two for each magazine, the rest for threads in the middle of a call. */
#define FERRY_SPARE_BLOCKS (2 * FERRY_BRIDGES_MAX + 2 * FERRY_MAGAZINES_MAX + 256)

/* What one process knows of a depot. Read-only after depot_init, but for `closed`. */
struct depot {
    struct ferry_depot *words;
    struct ferry_block *blocks; /* block number b lies at blocks[b - 1] */
    uint32_t block_count;
    uint32_t frames;
    _Atomic uint32_t closed; /* set before the slab is zeroed: its blocks may be gone, and a giver must not wait for one */
};

/* Blocks that a pool of so many frames needs. */
uint32_t depot_blocks(uint32_t frames);

/* Before any other thread sees the slab: every frame free, lowest index on top. */
void depot_init(const struct depot *depot);

/* Any thread. Takes up to n frame indices. Returns how many: fewer when the depot is empty or contention is extreme. */
uint32_t depot_take(const struct depot *depot, uint32_t *indices, uint32_t n);

/* Any thread. Gives n frames back. Always gives all, unless the depot is closed or damaged. */
void depot_give(const struct depot *depot, const uint32_t *indices, uint32_t n);

/* The magazine's owner. As depot_take and depot_give, mostly without touching the depot. */
uint32_t magazine_take(const struct depot *depot, struct ferry_blocks *magazine, uint32_t *indices, uint32_t n);
void magazine_give(const struct depot *depot, struct ferry_blocks *magazine, const uint32_t *indices, uint32_t n);

/* As the two above for one frame, which stays in registers. magazine_pop returns depot->frames when there is none. */
uint32_t magazine_pop(const struct depot *depot, struct ferry_blocks *magazine);
void magazine_push(const struct depot *depot, struct ferry_blocks *magazine, uint32_t index);

/* The magazine's owner. Gives everything it holds to the depot. Returns how many frames. */
uint32_t magazine_flush(const struct depot *depot, struct ferry_blocks *magazine);

/* Any thread. Whether the depot has frames: a moment's answer. */
bool depot_has_frames(const struct depot *depot);

/* Called with each frame found; says whether the index was in range. */
typedef bool (*depot_visit)(void *context, uint32_t index);

/*
 * Any thread. Visits the frames in the depot; *bad counts what cannot be. Returns
 * whether the stacks kept still meanwhile: if not, blocks may have moved from under
 * the walk, which then finds as many frames as it likes, and some of them twice.
 */
bool depot_walk(const struct depot *depot, depot_visit visit, void *context, uint64_t *bad);

/*
 * Any thread. Visits the frames of every block, wherever that is: in the depot, in
 * a magazine, or lost. Misses, or finds twice, only frames that move meanwhile.
 */
void depot_walk_blocks(const struct depot *depot, depot_visit visit, void *context, uint64_t *bad);

/* Any thread. Visits the frames in a magazine. */
void magazine_walk(const struct depot *depot, const struct ferry_blocks *magazine, depot_visit visit, void *context,
                   uint64_t *bad);

#endif
