/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.h: a fuzzer's bytes as numbers. Each target reads a small program from
 * them: what to do next, with which values. Numbers that are not there any more
 * are 0, so every input is a program. One thread.
 */
#ifndef FERRY_FUZZ_H
#define FERRY_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "support_pool.h"

/* What libFuzzer calls with each input. It ends the process by itself when memory is misused; require() does when a
 * result is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct input {
    const uint8_t *at;
    size_t left;
};

/* The next bytes, 1 to 8 of them, as a number. */
static inline uint64_t number(struct input *in, uint32_t bytes)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < bytes && in->left != 0; i++, in->left--) {
        value |= (uint64_t)*in->at++ << (8 * i);
    }
    return value;
}

/* A number below `limit`, from as few bytes as that takes. */
static inline uint32_t below(struct input *in, uint32_t limit)
{
    return (uint32_t)(number(in, limit <= 1 << 8 ? 1 : limit <= 1 << 16 ? 2 : 4) % limit);
}

/* A number as damage has it: small, just below 2^64, around a power of two, or anything. */
static inline uint64_t hostile(struct input *in)
{
    switch (below(in, 4)) {
    case 0: return number(in, 1);
    case 1: return 0 - number(in, 1);
    case 2: return (UINT64_C(1) << below(in, 64)) + number(in, 1) - 128;
    default: return number(in, 8);
    }
}

#endif
