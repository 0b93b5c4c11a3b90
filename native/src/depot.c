/* SPDX-License-Identifier: Apache-2.0 */
/*
 * depot.c: the stacks of blocks, and the magazines over them. Any thread, but
 * for magazines, which are their owner's.
 *
 * Every number read from the slab is checked before it is followed: another
 * process may one day map it, and a closed slab reads as zeros, which means
 * "no blocks" here.
 */
#include "depot.h"

#define BLOCK_MASK ((UINT64_C(1) << FERRY_STACK_BITS) - 1)
#define TAG_ONE (UINT64_C(1) << FERRY_STACK_BITS)

/* Lost races before a taker gives up: a burst call must be bounded, because it holds up safepoints. */
#define POP_ATTEMPTS 1024

/* Looks for a block before a giver takes the slab for damaged: some tens of milliseconds. */
#define GIVE_ATTEMPTS (1u << 20)

static struct ferry_block *block_at(const struct depot *depot, uint32_t number)
{
    return number >= 1 && number <= depot->block_count ? &depot->blocks[number - 1] : NULL;
}

static uint32_t block_count(const struct ferry_block *block)
{
    uint32_t count = load_relaxed(&block->count);
    return count <= FERRY_BLOCK_FRAMES ? count : 0;
}

/* Returns a block number that the caller now holds, or 0. */
static uint32_t stack_pop(const struct depot *depot, struct ferry_stack *stack)
{
    /* Acquire: shows us next, and after the exchange the count and indices, as the pusher left them. */
    uint64_t head = load_acquire(&stack->head);
    for (uint32_t i = 0; i < POP_ATTEMPTS; i++) {
        uint32_t number = (uint32_t)(head & BLOCK_MASK);
        struct ferry_block *block = block_at(depot, number);
        if (block == NULL) {
            return 0;
        }
        /* May be stale when another thread has taken the block meanwhile; then the tag has moved on and the exchange
         * fails. 40 bits of tag: at a hundred million pops a second it comes round after three hours. */
        uint64_t below = load_relaxed(&block->next) & BLOCK_MASK;
        uint64_t next = (head & ~BLOCK_MASK) + TAG_ONE + below;
        /* Acquire as above; release, so that this head, too, passes on what earlier pushers published below us. */
        if (atomic_compare_exchange_weak_explicit(&stack->head, &head, next, memory_order_acq_rel,
                                                  memory_order_acquire)) {
            return number;
        }
    }
    return 0;
}

/* Puts a block that the caller holds on a stack. Lock-free: it repeats only when another thread has succeeded. */
static void stack_push(const struct depot *depot, struct ferry_stack *stack, uint32_t number)
{
    struct ferry_block *block = block_at(depot, number);
    if (block == NULL) {
        return;
    }
    uint64_t head = load_relaxed(&stack->head);
    uint64_t next;
    do {
        store_relaxed(&block->next, (uint32_t)(head & BLOCK_MASK));
        next = (head & ~BLOCK_MASK) + TAG_ONE + number;
        /* Release: publishes next, count and indices of the block to whoever pops it. */
    } while (!atomic_compare_exchange_weak_explicit(&stack->head, &head, next, memory_order_release,
                                                    memory_order_relaxed));
}

/* Puts a block back where its count says. */
static void block_return(const struct depot *depot, uint32_t number)
{
    struct ferry_block *block = block_at(depot, number);
    if (block == NULL) {
        return;
    }
    uint32_t count = block_count(block);
    struct ferry_stack *stack = count == 0                    ? &depot->words->empty
                                : count == FERRY_BLOCK_FRAMES ? &depot->words->full
                                                              : &depot->words->partial;
    stack_push(depot, stack, number);
}

/* A block with frames in it, or 0. */
static uint32_t block_with_frames(const struct depot *depot)
{
    uint32_t number = stack_pop(depot, &depot->words->partial);
    return number != 0 ? number : stack_pop(depot, &depot->words->full);
}

/* A block with room in it, or 0. */
static uint32_t block_with_room(const struct depot *depot)
{
    uint32_t number = stack_pop(depot, &depot->words->partial);
    return number != 0 ? number : stack_pop(depot, &depot->words->empty);
}

/* Keeps the indices that can be. Returns how many. */
static uint32_t discard_bad(const struct depot *depot, uint32_t *indices, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t index = indices[i];
        indices[kept] = index;
        kept += index < depot->frames ? 1 : 0;
    }
    return kept;
}

/* Moves up to n indices out of a held block, the last given first. An index that cannot be is thrown away. */
static uint32_t block_take(const struct depot *depot, struct ferry_block *block, uint32_t *indices, uint32_t n)
{
    uint32_t count = block_count(block);
    uint32_t taken = n < count ? n : count;
    /* Plain loads, which the compiler makes wide: nobody writes the indices of a block that we hold. */
    const uint32_t *top = (const uint32_t *)block->index + count;
    uint32_t last = depot->frames - 1, bad = 0;
    for (uint32_t i = 0; i < taken; i++) {
        uint32_t index = *--top;
        indices[i] = index;
        bad |= index | (last - index); /* bit 31: beyond 2^31, or beyond the last frame */
    }
    store_relaxed(&block->count, count - taken);
    return bad >> 31 == 0 ? taken : discard_bad(depot, indices, taken);
}

/* Moves up to n indices into a held block. */
static uint32_t block_give(struct ferry_block *block, const uint32_t *indices, uint32_t n)
{
    uint32_t count = block_count(block);
    uint32_t room = FERRY_BLOCK_FRAMES - count;
    uint32_t given = n < room ? n : room;
    for (uint32_t i = 0; i < given; i++) {
        store_relaxed(&block->index[count + i], indices[i]);
    }
    store_relaxed(&block->count, count + given);
    return given;
}

uint32_t depot_blocks(uint32_t frames)
{
    return (frames + FERRY_BLOCK_FRAMES - 1) / FERRY_BLOCK_FRAMES + FERRY_SPARE_BLOCKS;
}

void depot_init(const struct depot *depot)
{
    uint32_t left = depot->frames;
    /* Downwards, so that the lowest frames lie on top and a small working set stays in the first pages. */
    for (uint32_t number = depot->block_count; number >= 1; number--) {
        struct ferry_block *block = &depot->blocks[number - 1];
        uint32_t first = (number - 1) * FERRY_BLOCK_FRAMES;
        uint32_t count = first >= depot->frames ? 0 : left % FERRY_BLOCK_FRAMES;
        if (first < depot->frames && count == 0) {
            count = FERRY_BLOCK_FRAMES;
        }
        for (uint32_t i = 0; i < count; i++) {
            store_relaxed(&block->index[i], first + count - 1 - i);
        }
        store_relaxed(&block->count, count);
        left -= count;
        block_return(depot, number);
    }
}

bool depot_has_frames(const struct depot *depot)
{
    return (load_relaxed(&depot->words->partial.head) & BLOCK_MASK) != 0 ||
           (load_relaxed(&depot->words->full.head) & BLOCK_MASK) != 0;
}

uint32_t depot_take(const struct depot *depot, uint32_t *indices, uint32_t n)
{
    uint32_t taken = 0, barren = 0;
    /* Blocks without frames do not lie on these stacks, unless the slab is damaged; then links may run in a circle. */
    while (taken < n && barren < POP_ATTEMPTS) {
        uint32_t number = block_with_frames(depot);
        if (number == 0) {
            break;
        }
        uint32_t some = block_take(depot, block_at(depot, number), indices + taken, n - taken);
        block_return(depot, number);
        taken += some;
        barren += some == 0;
    }
    return taken;
}

void depot_give(const struct depot *depot, const uint32_t *indices, uint32_t n)
{
    uint32_t given = 0;
    uint32_t attempts = 0;
    while (given < n) {
        uint32_t number = block_with_room(depot);
        uint32_t some = number != 0 ? block_give(block_at(depot, number), indices + given, n - given) : 0;
        block_return(depot, number);
        given += some;
        if (some == 0) {
            /* More than FERRY_SPARE_BLOCKS threads hold a block in mid-call, and one will return it; or the slab is closed,
             * or damaged, and there is nothing to give to any more. */
            if (load_relaxed(&depot->closed) != 0 || ++attempts > GIVE_ATTEMPTS) {
                return;
            }
            pause_spin();
        }
    }
}

static bool block_serves(const struct ferry_block *block, bool room)
{
    return block != NULL && (room ? block_count(block) != FERRY_BLOCK_FRAMES : block_count(block) != 0);
}

/* Makes `loaded` a block with room (or frames) in it: the spare if it will do, else one from the depot. False if there is
 * none, or what the depot had for one is none: then the slab is damaged. */
static bool magazine_exchange(const struct depot *depot, struct ferry_blocks *magazine, bool room)
{
    uint32_t loaded = load_relaxed(&magazine->loaded);
    uint32_t spare = load_relaxed(&magazine->spare);
    bool serves = block_serves(block_at(depot, spare), room);
    uint32_t fresh = serves ? spare : room ? block_with_room(depot) : block_with_frames(depot);
    if (fresh == 0) {
        return false;
    }
    store_relaxed(&magazine->loaded, fresh);
    store_relaxed(&magazine->spare, loaded);
    if (!serves) {
        block_return(depot, spare); /* not before: stopped in between, we would show audits the block in two places */
    }
    return block_serves(block_at(depot, fresh), room);
}

uint32_t magazine_take(const struct depot *depot, struct ferry_blocks *magazine, uint32_t *indices, uint32_t n)
{
    uint32_t taken = 0;
    while (taken < n) {
        struct ferry_block *block = block_at(depot, load_relaxed(&magazine->loaded));
        if (!block_serves(block, false)) {
            if (!magazine_exchange(depot, magazine, false)) {
                break;
            }
            continue;
        }
        taken += block_take(depot, block, indices + taken, n - taken);
    }
    return taken;
}

void magazine_give(const struct depot *depot, struct ferry_blocks *magazine, const uint32_t *indices, uint32_t n)
{
    uint32_t given = 0;
    while (given < n) {
        struct ferry_block *block = block_at(depot, load_relaxed(&magazine->loaded));
        if (!block_serves(block, true)) {
            if (!magazine_exchange(depot, magazine, true)) {
                depot_give(depot, indices + given, n - given);
                return;
            }
            continue;
        }
        given += block_give(block, indices + given, n - given);
    }
}

uint32_t magazine_pop(const struct depot *depot, struct ferry_blocks *magazine)
{
    struct ferry_block *block = block_at(depot, load_relaxed(&magazine->loaded));
    uint32_t count = block != NULL ? block_count(block) : 0;
    uint32_t index = count != 0 ? load_relaxed(&block->index[count - 1]) : depot->frames;
    if (index >= depot->frames) {
        return magazine_take(depot, magazine, &index, 1) == 1 ? index : depot->frames;
    }
    store_relaxed(&block->count, count - 1);
    return index;
}

void magazine_push(const struct depot *depot, struct ferry_blocks *magazine, uint32_t index)
{
    struct ferry_block *block = block_at(depot, load_relaxed(&magazine->loaded));
    uint32_t count = block != NULL ? block_count(block) : FERRY_BLOCK_FRAMES;
    if (count == FERRY_BLOCK_FRAMES) {
        magazine_give(depot, magazine, &index, 1);
        return;
    }
    store_relaxed(&block->index[count], index);
    store_relaxed(&block->count, count + 1);
}

uint32_t magazine_flush(const struct depot *depot, struct ferry_blocks *magazine)
{
    uint32_t numbers[2] = {load_relaxed(&magazine->loaded), load_relaxed(&magazine->spare)};
    uint32_t frames = 0;
    store_relaxed(&magazine->loaded, 0);
    store_relaxed(&magazine->spare, 0);
    for (uint32_t i = 0; i < 2; i++) {
        struct ferry_block *block = block_at(depot, numbers[i]);
        if (block != NULL) {
            frames += block_count(block);
            block_return(depot, numbers[i]);
        }
    }
    return frames;
}

static void block_walk(const struct ferry_block *block, depot_visit visit, void *context, uint64_t *bad)
{
    uint32_t count = load_relaxed(&block->count);
    if (count > FERRY_BLOCK_FRAMES) {
        *bad += 1;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        *bad += visit(context, load_relaxed(&block->index[i])) ? 0 : 1;
    }
}

/* How often blocks were pushed and popped: every time moves one of the tags. */
static uint64_t stack_moves(const struct depot *depot)
{
    return (load_acquire(&depot->words->full.head) >> FERRY_STACK_BITS) +
           (load_acquire(&depot->words->partial.head) >> FERRY_STACK_BITS) +
           (load_acquire(&depot->words->empty.head) >> FERRY_STACK_BITS);
}

bool depot_walk(const struct depot *depot, depot_visit visit, void *context, uint64_t *bad)
{
    struct ferry_stack *stacks[3] = {&depot->words->full, &depot->words->partial, &depot->words->empty};
    uint64_t moves = stack_moves(depot);
    uint32_t steps = 0;
    for (uint32_t s = 0; s < 3; s++) {
        uint32_t number = (uint32_t)(load_acquire(&stacks[s]->head) & BLOCK_MASK);
        struct ferry_block *block;
        /* Steps are bounded: links may run in a circle while blocks move under the walk. */
        while ((block = block_at(depot, number)) != NULL && steps++ < depot->block_count) {
            block_walk(block, visit, context, bad);
            number = load_relaxed(&block->next);
        }
    }
    fence(); /* what was read above is older than the tags that we compare now */
    return moves == stack_moves(depot);
}

void depot_walk_blocks(const struct depot *depot, depot_visit visit, void *context, uint64_t *bad)
{
    for (uint32_t number = 1; number <= depot->block_count; number++) {
        block_walk(block_at(depot, number), visit, context, bad);
    }
}

void magazine_walk(const struct depot *depot, const struct ferry_blocks *magazine, depot_visit visit, void *context,
                   uint64_t *bad)
{
    uint32_t numbers[2] = {load_relaxed(&magazine->loaded), load_relaxed(&magazine->spare)};
    for (uint32_t i = 0; i < 2; i++) {
        struct ferry_block *block = block_at(depot, numbers[i]);
        if (block != NULL) {
            block_walk(block, visit, context, bad);
        }
    }
}
