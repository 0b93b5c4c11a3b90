/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crossing.c: a ring of descriptors, and the functions that put some in: the
 * same ones behind JNI, FFM, JNA and JNR. One thread produces, one consumes.
 */
#include "crossing.h"

#include <stdlib.h>
#include <string.h>

#define FRAMES_BYTES ((size_t)CROSSING_FRAMES * CROSSING_STRIDE)
#define SMALLEST 64

struct crossing *crossing_open(uint32_t capacity)
{
    if (capacity < SMALLEST || (capacity & (capacity - 1)) != 0) {
        return NULL;
    }
    struct crossing *crossing = malloc(sizeof *crossing);
    size_t bytes = CROSSING_SLOTS + capacity * sizeof(uint64_t);
    uint8_t *words = aligned_alloc(FERRY_PAGE, (bytes + FERRY_PAGE - 1) / FERRY_PAGE * FERRY_PAGE);
    uint8_t *frames = aligned_alloc(FERRY_LINE, FRAMES_BYTES);
    if (crossing == NULL || words == NULL || frames == NULL) {
        free(crossing);
        free(words);
        free(frames);
        return NULL;
    }
    memset(words, 0, bytes);
    memset(frames, 0, FRAMES_BYTES);
    uint64_t *slots = (uint64_t *)(void *)(words + CROSSING_SLOTS);
    *crossing = (struct crossing){{(struct ferry_ring *)(void *)words, slots, capacity}, frames};
    return crossing;
}

void crossing_close(struct crossing *crossing)
{
    free(crossing->ring.words);
    free(crossing->frames);
    free(crossing);
}

int64_t crossing_words(const struct crossing *crossing)
{
    return (int64_t)(intptr_t)crossing->ring.words;
}

int64_t crossing_frames(const struct crossing *crossing)
{
    return (int64_t)(intptr_t)crossing->frames;
}

int64_t crossing_count(const struct crossing *crossing)
{
    return (int64_t)load_relaxed(&crossing->ring.words->tail);
}

void crossing_empty(void)
{
}

int64_t crossing_enqueue(struct crossing *crossing, const uint64_t *descriptors, int32_t n)
{
    const struct ring *ring = &crossing->ring;
    int32_t pushed = ring_push(ring, descriptors, (uint32_t)n);
    if (pushed < n) { /* what a consumer would do, once in a ring */
        ring_release(ring, (uint32_t)ring_filled(ring));
        pushed += ring_push(ring, descriptors + pushed, (uint32_t)(n - pushed));
    }
    return pushed;
}

int64_t crossing_enqueue_written(struct crossing *crossing, const uint64_t *descriptors, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        uint64_t descriptor = descriptors[i];
        uint64_t *words =
            (uint64_t *)(void *)(crossing->frames + (descriptor & (CROSSING_FRAMES - 1)) * CROSSING_STRIDE);
        for (uint32_t word = 0; word < CROSSING_PAYLOAD / sizeof(uint64_t); word++) {
            words[word] = descriptor + word;
        }
    }
    return crossing_enqueue(crossing, descriptors, n);
}

int64_t crossing_push(struct crossing *crossing, const uint64_t *descriptors, int32_t n)
{
    return ring_push(&crossing->ring, descriptors, (uint32_t)n);
}

int64_t crossing_pop(struct crossing *crossing, uint64_t *descriptors, int32_t n)
{
    return ring_pop(&crossing->ring, descriptors, (uint32_t)n);
}
