/* SPDX-License-Identifier: Apache-2.0 */
/*
 * datagrams.c: a UDP bridge from C, driven by this one thread: sends three
 * datagrams to its own socket and receives them, a batch a call, without a copy.
 *
 * cc datagrams.c -lframeferry
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <frameferry/frame.h>
#include <frameferry/frameferry.h>

#define DATAGRAMS 3
#define BATCH 64
#define SECOND INT64_C(1000000000)

/* What a function returned, unless that is an error. */
static int64_t sound(int64_t result)
{
    if (result < 0) {
        fprintf(stderr, "%s: %s\n", ferry_error_name((int32_t)result), ferry_strerror((int32_t)result));
        exit(1);
    }
    return result;
}

/* Frames of this pool with a text each, for that address. */
static void fill(ferry_pool *pool, const struct ferry_geometry *geometry, const struct ferry_address *to,
                 uint64_t *batch)
{
    static const char *const texts[DATAGRAMS] = {"one", "two", "three"};
    sound(ferry_pool_take(pool, batch, DATAGRAMS));
    for (int i = 0; i < DATAGRAMS; i++) {
        ferry_frame_put(&batch[i], (uint32_t)strlen(texts[i]), geometry->stride);
        memcpy(ferry_frame_data(geometry, batch[i]), texts[i], strlen(texts[i]));
        memcpy(ferry_frame_meta(geometry, batch[i]) + FERRY_META_ADDRESS, to, sizeof *to);
        batch[i] |= FERRY_ADDRESSED;
    }
}

int main(void)
{
    const struct ferry_pool_config frames = {.frames = 1024, .frame_size = 2048, .ring_capacity = 256, .bridges = 1};
    const struct ferry_udp_config loopback = {.local = {.family = FERRY_AF_INET, .flow = htonl(INADDR_LOOPBACK)}};
    const struct ferry_bridge_config driven_here = {.flags = FERRY_INLINE, .budget = BATCH};
    struct ferry_geometry geometry;
    struct ferry_address self;
    ferry_pool *pool;
    ferry_device *device;
    uint64_t batch[BATCH];
    sound(ferry_pool_open(&frames, &pool));
    sound(ferry_pool_geometry(pool, &geometry));
    sound(ferry_udp_open(&loopback, &device, &self));
    int32_t bridge = (int32_t)sound(ferry_bridge_open(pool, device, &driven_here));

    fill(pool, &geometry, &self, batch);
    sound(ferry_bridge_send(pool, bridge, batch, DATAGRAMS)); /* the frames are the bridge's now */
    uint32_t n = 0; /* frames in the batch: the next call gives them back */
    for (uint32_t received = 0; received < DATAGRAMS; received += n) {
        n = (uint32_t)sound(ferry_bridge_poll(pool, bridge, batch, n, BATCH, SECOND));
        for (uint32_t i = 0; i < n; i++) {
            printf("%.*s\n", (int)ferry_frame_length(batch[i]), (const char *)ferry_frame_data(&geometry, batch[i]));
        }
    }
    ferry_pool_free(pool); /* closes the bridge, and that the socket */
    return 0;
}
