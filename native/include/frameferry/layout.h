/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout.h: the words of a slab, as LAYOUT.md describes them.
 *
 * For C code inside the library and for tools that map a slab of their own. No
 * pointers: offsets are from the start of the control segment. Who writes a
 * word, and what publishes it, stands in LAYOUT.md and beside each word here.
 */
#ifndef FRAMEFERRY_LAYOUT_H
#define FRAMEFERRY_LAYOUT_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "frameferry.h"

#ifdef __cplusplus
#include <atomic>
#define FERRY_ATOMIC(type) std::atomic<type>
#else
#include <stdalign.h>
#include <stdatomic.h>
#define FERRY_ATOMIC(type) _Atomic(type)
#endif

#define FERRY_LINE 64
#define FERRY_PAIR 128 /* two lines: adjacent-line prefetchers fetch pairs */
#define FERRY_PAGE 4096

#define FERRY_MAGIC UINT64_C(0x59525245464D5246) /* the bytes "FRMFERRY", little-endian */

/* Frames in one block of the depot. */
#define FERRY_BLOCK_FRAMES 64

/* The first page. Written once, before the pool is handed out; a closed slab reads as zeros. */
struct ferry_header {
    uint64_t magic;
    uint32_t layout_version;
    uint32_t header_bytes; /* FERRY_PAGE */
    uint64_t control_bytes;
    uint64_t data_bytes;
    uint64_t bridge_offset;
    uint64_t bridge_bytes;
    uint64_t block_offset;
    uint32_t blocks;
    uint32_t frames;
    uint32_t stride;
    uint32_t frame_size;
    uint32_t headroom;
    uint32_t ring_capacity;
    uint32_t bridges;
};

#define FERRY_STACK_BITS 24

/* A tagged stack: block number in bits 0-23 (0: empty), tag in 24-63. Any thread, compare and set. */
struct ferry_stack {
    alignas(FERRY_PAIR) FERRY_ATOMIC(uint64_t) head;
};

/* The pool's words, at FERRY_PAGE. */
struct ferry_depot {
    struct ferry_stack full;    /* blocks of 64 frames */
    struct ferry_stack partial; /* blocks of 1 to 63 */
    struct ferry_stack empty;   /* blocks of none */
    /* One bit a bridge whose poller sleeps until frames come back. Set by pollers, cleared by whoever wakes them. */
    alignas(FERRY_PAIR) FERRY_ATOMIC(uint64_t) starved;
    /* Not 0: a taker found nothing, so magazines should give back what they hold. */
    FERRY_ATOMIC(uint32_t) wanted;
};

/* A block of the depot. Held by one thread at a time, except for next, which a stale popper may read. */
struct ferry_block {
    alignas(FERRY_LINE) FERRY_ATOMIC(uint32_t) next; /* block number below this one in its stack */
    FERRY_ATOMIC(uint32_t) count;                    /* relaxed: written by the holder, read by audits */
    FERRY_ATOMIC(uint32_t) index[FERRY_BLOCK_FRAMES];
};

/* One ring's words. Each end writes only its own lines. */
struct ferry_ring {
    alignas(FERRY_PAIR) FERRY_ATOMIC(uint64_t) tail; /* producer: release, publishes the slots before it */
    alignas(FERRY_PAIR) uint64_t cached_head;        /* producer only */
    uint64_t own_tail;                               /* likewise: tail again, see ring.h */
    alignas(FERRY_PAIR) FERRY_ATOMIC(uint64_t) head; /* consumer: release, gives the slots before it back */
    alignas(FERRY_PAIR) uint64_t cached_tail;        /* consumer only */
    uint64_t own_head;                               /* likewise */
    alignas(FERRY_PAIR) FERRY_ATOMIC(uint32_t) consumer_waits;
    alignas(FERRY_PAIR) FERRY_ATOMIC(uint32_t) producer_waits;
    alignas(FERRY_PAIR) uint8_t reserved[256];
};

/* What a magazine caches: two block numbers, 0 for none. Its owner writes; audits read. */
struct ferry_blocks {
    FERRY_ATOMIC(uint32_t) loaded;
    FERRY_ATOMIC(uint32_t) spare;
};

/* One bridge: two rings, the poller's magazine, the counters. The slots of both rings follow at FERRY_PAGE. */
struct ferry_area {
    struct ferry_ring rx;
    struct ferry_ring tx;
    alignas(FERRY_PAIR) struct ferry_blocks magazine;
    FERRY_ATOMIC(int32_t) error; /* what ended the device, or 0; poller: release, after the last frame was published */
    /* Relaxed, one writer: who drives the device. */
    alignas(FERRY_PAIR) FERRY_ATOMIC(uint64_t) counters[FERRY_COUNTERS];
};

#define FERRY_AT(type, member, offset) \
    static_assert(offsetof(struct type, member) == (offset), #type "." #member " has moved")
#define FERRY_SIZE(type, bytes) static_assert(sizeof(struct type) == (bytes), #type " has changed size")

FERRY_AT(ferry_header, magic, 0);
FERRY_AT(ferry_header, layout_version, 8);
FERRY_AT(ferry_header, header_bytes, 12);
FERRY_AT(ferry_header, control_bytes, 16);
FERRY_AT(ferry_header, data_bytes, 24);
FERRY_AT(ferry_header, bridge_offset, 32);
FERRY_AT(ferry_header, bridge_bytes, 40);
FERRY_AT(ferry_header, block_offset, 48);
FERRY_AT(ferry_header, blocks, 56);
FERRY_AT(ferry_header, frames, 60);
FERRY_AT(ferry_header, stride, 64);
FERRY_AT(ferry_header, frame_size, 68);
FERRY_AT(ferry_header, headroom, 72);
FERRY_AT(ferry_header, ring_capacity, 76);
FERRY_AT(ferry_header, bridges, 80);
FERRY_SIZE(ferry_header, 88);
FERRY_AT(ferry_depot, full, 0);
FERRY_AT(ferry_depot, partial, 128);
FERRY_AT(ferry_depot, empty, 256);
FERRY_AT(ferry_depot, starved, 384);
FERRY_AT(ferry_depot, wanted, 392);
FERRY_SIZE(ferry_depot, 512);
FERRY_AT(ferry_block, next, 0);
FERRY_AT(ferry_block, count, 4);
FERRY_AT(ferry_block, index, 8);
FERRY_SIZE(ferry_block, 320);
FERRY_AT(ferry_ring, tail, FERRY_RING_TAIL);
FERRY_AT(ferry_ring, cached_head, FERRY_RING_CACHED_HEAD);
FERRY_AT(ferry_ring, own_tail, 136);
FERRY_AT(ferry_ring, head, FERRY_RING_HEAD);
FERRY_AT(ferry_ring, cached_tail, FERRY_RING_CACHED_TAIL);
FERRY_AT(ferry_ring, own_head, 392);
FERRY_AT(ferry_ring, consumer_waits, FERRY_RING_CONSUMER_WAITS);
FERRY_AT(ferry_ring, producer_waits, FERRY_RING_PRODUCER_WAITS);
FERRY_SIZE(ferry_ring, FERRY_RING_BYTES);
FERRY_AT(ferry_blocks, loaded, 0);
FERRY_AT(ferry_blocks, spare, 4);
FERRY_AT(ferry_area, rx, 0);
FERRY_AT(ferry_area, tx, 1024);
FERRY_AT(ferry_area, magazine, 2048);
FERRY_AT(ferry_area, error, FERRY_BRIDGE_ERROR);
FERRY_AT(ferry_area, counters, 2176);
FERRY_SIZE(ferry_area, 2432);
FERRY_SIZE(ferry_address, 32);
FERRY_AT(ferry_address, family, 0);
FERRY_AT(ferry_address, port, 2);
FERRY_AT(ferry_address, flow, 4);
FERRY_AT(ferry_address, ipv6_high, 8);
FERRY_AT(ferry_address, ipv6_low, 16);
FERRY_AT(ferry_address, scope, 24);
static_assert(FERRY_COUNTERS == 20, "ferry_statistics.counters has another length");
FERRY_SIZE(ferry_statistics, 192);
static_assert(FERRY_INDEX_BITS + FERRY_OFFSET_BITS + FERRY_LENGTH_BITS + 2 == 64, "a descriptor is 64 bits");

#undef FERRY_AT
#undef FERRY_SIZE
#undef FERRY_ATOMIC

#endif
