/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_frame.c: descriptors. Any 64 bits are valid or not, and a valid one names
 * bytes inside its frame and stays so, whatever is pushed, pulled, put and
 * trimmed; a model of two numbers says what each must do.
 */
#include "frameferry/frame.h"
#include "fuzz.h"

/* Where the data lies in its frame. */
struct window {
    uint64_t offset, length;
};

static void step(uint64_t *descriptor, struct window *w, struct input *in, uint32_t stride)
{
    uint32_t n = (uint32_t)hostile(in), what = below(in, 4);
    bool fits;
    struct window after = *w;
    switch (what) {
    case 0:
        fits = n <= w->offset - FERRY_META_BYTES;
        after = (struct window){w->offset - n, w->length + n};
        require(ferry_frame_push(descriptor, n) == fits);
        break;
    case 1:
        fits = n <= w->length;
        after = (struct window){w->offset + n, w->length - n};
        require(ferry_frame_pull(descriptor, n) == fits);
        break;
    case 2:
        fits = n <= stride - w->offset - w->length;
        after.length += n;
        require(ferry_frame_put(descriptor, n, stride) == fits);
        break;
    default:
        fits = n <= w->length;
        after.length = n;
        require(ferry_frame_trim(descriptor, n) == fits);
        break;
    }
    *w = fits ? after : *w;
}

static void check(uint64_t descriptor, const struct window *w, uint64_t rest, uint32_t frames, uint32_t stride)
{
    require(ferry_frame_valid(descriptor, frames, stride));
    require(ferry_frame_offset(descriptor) == w->offset && ferry_frame_length(descriptor) == w->length);
    require((descriptor & (FERRY_ADDRESSED | FERRY_INDEX_MASK)) == rest);
    require(w->offset >= FERRY_META_BYTES && w->offset + w->length <= stride);
    require(ferry_frame_headroom(descriptor) == w->offset - FERRY_META_BYTES);
    require(ferry_frame_tailroom(descriptor, stride) == stride - w->offset - w->length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct input in = {bytes, n};
    uint32_t frames = 1 + below(&in, FERRY_FRAMES_MAX), lines = 3 + below(&in, 1 << 14);
    uint32_t stride = lines * FERRY_LINE;
    uint64_t descriptor = hostile(&in);
    if (!ferry_frame_valid(descriptor, frames, stride)) {
        uint32_t offset = FERRY_META_BYTES + below(&in, stride - FERRY_META_BYTES);
        descriptor = ferry_frame_descriptor(below(&in, frames), offset, below(&in, stride - offset + 1));
    }
    struct window w = {ferry_frame_offset(descriptor), ferry_frame_length(descriptor)};
    uint64_t rest = descriptor & (FERRY_ADDRESSED | FERRY_INDEX_MASK);
    check(descriptor, &w, rest, frames, stride);
    while (in.left != 0) {
        step(&descriptor, &w, &in, stride);
        check(descriptor, &w, rest, frames, stride);
    }
    return 0;
}
