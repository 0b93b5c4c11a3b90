/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame.h: descriptors and the headroom arithmetic on them, for C: what a
 * frame's owner does with it between taking and giving.
 *
 * A descriptor is a value: any thread, no memory touched. Index and offset lie
 * apart, so that push and pull are one addition and the stride is free. The
 * operations are those of Linux's sk_buff, with the bounds that it leaves to
 * the caller: each returns false, and leaves the descriptor alone, when there
 * is not enough room or data. `stride` is ferry_geometry's.
 */
#ifndef FRAMEFERRY_FRAME_H
#define FRAMEFERRY_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "frameferry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERRY_OFFSET_SHIFT FERRY_INDEX_BITS
#define FERRY_LENGTH_SHIFT (FERRY_INDEX_BITS + FERRY_OFFSET_BITS)
#define FERRY_INDEX_MASK ((UINT64_C(1) << FERRY_INDEX_BITS) - 1)
#define FERRY_OFFSET_MASK ((UINT64_C(1) << FERRY_OFFSET_BITS) - 1)
#define FERRY_LENGTH_MASK ((UINT64_C(1) << FERRY_LENGTH_BITS) - 1)

/* The descriptor of `length` bytes from `offset` in the frame `index`. */
static inline uint64_t ferry_frame_descriptor(uint32_t index, uint32_t offset, uint32_t length)
{
    return (uint64_t)index | (uint64_t)offset << FERRY_OFFSET_SHIFT | (uint64_t)length << FERRY_LENGTH_SHIFT;
}

/* The number of the frame that a descriptor names. */
static inline uint32_t ferry_frame_index(uint64_t descriptor)
{
    return (uint32_t)(descriptor & FERRY_INDEX_MASK);
}

/* Where in its frame the data begins, in bytes. */
static inline uint32_t ferry_frame_offset(uint64_t descriptor)
{
    return (uint32_t)(descriptor >> FERRY_OFFSET_SHIFT & FERRY_OFFSET_MASK);
}

/* How long the data is, in bytes. */
static inline uint32_t ferry_frame_length(uint64_t descriptor)
{
    return (uint32_t)(descriptor >> FERRY_LENGTH_SHIFT & FERRY_LENGTH_MASK);
}

/* Whether the descriptor names bytes inside a frame of this geometry: asked of every descriptor another party wrote.
 * A flag without a meaning makes it invalid: who sets it wants something that this version would not do. */
static inline bool ferry_frame_valid(uint64_t descriptor, uint32_t frames, uint32_t stride)
{
    uint32_t offset = ferry_frame_offset(descriptor);
    return ferry_frame_index(descriptor) < frames && offset >= FERRY_META_BYTES &&
           (uint64_t)offset + ferry_frame_length(descriptor) <= stride && descriptor >> 63 == 0;
}

/* The first byte that a valid descriptor names. */
static inline uint8_t *ferry_frame_data(const struct ferry_geometry *geometry, uint64_t descriptor)
{
    return (uint8_t *)(uintptr_t)geometry->data + (uint64_t)ferry_frame_index(descriptor) * geometry->stride +
           ferry_frame_offset(descriptor);
}

/* The frame's metadata line, FERRY_META_*. */
static inline uint8_t *ferry_frame_meta(const struct ferry_geometry *geometry, uint64_t descriptor)
{
    return (uint8_t *)(uintptr_t)geometry->data + (uint64_t)ferry_frame_index(descriptor) * geometry->stride;
}

/* Bytes before the data that push can take. */
static inline uint32_t ferry_frame_headroom(uint64_t descriptor)
{
    return ferry_frame_offset(descriptor) - FERRY_META_BYTES;
}

/* Bytes after the data that put can take. */
static inline uint32_t ferry_frame_tailroom(uint64_t descriptor, uint32_t stride)
{
    return stride - ferry_frame_offset(descriptor) - ferry_frame_length(descriptor);
}

/* Moves the start of the data n bytes down into the headroom: room for a header. */
static inline bool ferry_frame_push(uint64_t *descriptor, uint32_t n)
{
    if (n > ferry_frame_headroom(*descriptor)) {
        return false;
    }
    *descriptor += ((uint64_t)n << FERRY_LENGTH_SHIFT) - ((uint64_t)n << FERRY_OFFSET_SHIFT);
    return true;
}

/* Moves the start of the data n bytes up: takes a header off. */
static inline bool ferry_frame_pull(uint64_t *descriptor, uint32_t n)
{
    if (n > ferry_frame_length(*descriptor)) {
        return false;
    }
    *descriptor += ((uint64_t)n << FERRY_OFFSET_SHIFT) - ((uint64_t)n << FERRY_LENGTH_SHIFT);
    return true;
}

/* Lengthens the data by n bytes into the tailroom. */
static inline bool ferry_frame_put(uint64_t *descriptor, uint32_t n, uint32_t stride)
{
    if (n > ferry_frame_tailroom(*descriptor, stride)) {
        return false;
    }
    *descriptor += (uint64_t)n << FERRY_LENGTH_SHIFT;
    return true;
}

/* Shortens the data to `length` bytes. */
static inline bool ferry_frame_trim(uint64_t *descriptor, uint32_t length)
{
    if (length > ferry_frame_length(*descriptor)) {
        return false;
    }
    *descriptor -= (uint64_t)(ferry_frame_length(*descriptor) - length) << FERRY_LENGTH_SHIFT;
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
