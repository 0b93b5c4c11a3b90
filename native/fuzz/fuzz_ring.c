/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_ring.c: one ring, by both kinds of ends, whose words somebody overwrites
 * between the calls. As long as nobody has, what comes out is what went in, in
 * order; afterwards nothing beyond the slots is touched, and no more is said to
 * have moved than was asked for.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "ring_end.h"

#define BURST_MAX 80

static struct ferry_ring words;

struct subject {
    struct ring ring;
    uint64_t pushed; /* numbers 0 .. pushed - 1 went in, as long as nothing is damaged */
    uint64_t popped;
    bool damaged;
};

/* Empties the ring and lets it go on from any index. */
static void restart(struct subject *s, uint64_t index)
{
    words.tail = words.head = index;
    ring_adopt(&s->ring);
    s->pushed = s->popped = 0;
    s->damaged = false;
}

static uint64_t room(const struct subject *s)
{
    return s->ring.capacity - (s->pushed - s->popped);
}

static void went_in(struct subject *s, int32_t result, uint32_t n)
{
    require(result <= (int32_t)n && (result >= 0 || (s->damaged && result == FERRY_ECORRUPT)));
    require(s->damaged || (uint64_t)result == (n < room(s) ? n : room(s)));
    s->pushed += result > 0 ? (uint32_t)result : 0;
}

static void came_out(struct subject *s, int32_t result, const uint64_t *descriptors, uint32_t n)
{
    uint64_t filled = s->pushed - s->popped;
    require(result <= (int32_t)n && (result >= 0 || (s->damaged && result == FERRY_ECORRUPT)));
    require(s->damaged || (uint64_t)result == (n < filled ? n : filled));
    for (int32_t i = 0; !s->damaged && i < result; i++) {
        require(descriptors[i] == s->popped + (uint32_t)i);
    }
    s->popped += result > 0 ? (uint32_t)result : 0;
}

static void push(struct subject *s, uint32_t n)
{
    uint64_t descriptors[BURST_MAX];
    for (uint32_t i = 0; i < n; i++) {
        descriptors[i] = s->pushed + i;
    }
    went_in(s, ring_push(&s->ring, descriptors, n), n);
}

static void pop(struct subject *s, uint32_t n)
{
    uint64_t descriptors[BURST_MAX];
    int32_t result = ring_pop(&s->ring, descriptors, n);
    came_out(s, result, descriptors, n);
}

static void put(struct subject *s, uint32_t n)
{
    struct ring_writer writer = ring_writer_open(&s->ring);
    int32_t result = 1;
    uint32_t done = 0;
    while (done < n && (result = ring_put(&writer, s->pushed + done)) > 0) {
        done++;
    }
    ring_writer_flush(&writer);
    went_in(s, result < 0 && done == 0 ? result : (int32_t)done, n);
}

static void get(struct subject *s, uint32_t n)
{
    uint64_t descriptors[BURST_MAX];
    struct ring_reader reader = ring_reader_open(&s->ring);
    int32_t result = 1;
    uint32_t done = 0;
    while (done < n && (result = ring_get(&reader, &descriptors[done])) > 0) {
        done++;
    }
    ring_reader_flush(&reader);
    came_out(s, result < 0 && done == 0 ? result : (int32_t)done, descriptors, n);
}

static void damage(struct subject *s, struct input *in)
{
    uint64_t value = hostile(in);
    switch (below(in, 6)) {
    case 0: words.tail = value; break;
    case 1: words.head = value; break;
    case 2: words.cached_head = value; break;
    case 3: words.cached_tail = value; break;
    case 4: words.own_tail = value; break;
    default: words.own_head = value; break;
    }
    s->damaged = true;
}

static void step(struct subject *s, struct input *in)
{
    switch (below(in, 8)) {
    case 0:
    case 1: push(s, below(in, BURST_MAX)); break;
    case 2:
    case 3: pop(s, below(in, BURST_MAX)); break;
    case 4: put(s, below(in, BURST_MAX)); break;
    case 5: get(s, below(in, BURST_MAX)); break;
    case 6: damage(s, in); break;
    default: restart(s, hostile(in)); break;
    }
    require(ring_filled(&s->ring) <= s->ring.capacity);
    require(s->damaged || ring_filled(&s->ring) == s->pushed - s->popped);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct input in = {bytes, n};
    uint32_t capacity = 1u << below(&in, 7);
    struct subject s = {.ring = {&words, malloc(capacity * sizeof(uint64_t)), capacity}};
    require(s.ring.slots != NULL);
    restart(&s, hostile(&in));
    while (in.left != 0) {
        step(&s, &in);
    }
    free(s.ring.slots);
    return 0;
}
