/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.c: the frame pool on its own, from C: take, write, put a header in front,
 * give back, ask where every frame is. One thread.
 *
 * cc pool.c -lframeferry
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <frameferry/frame.h>
#include <frameferry/frameferry.h>

int main(void)
{
    const struct ferry_pool_config config = {.frames = 4096, .frame_size = 2048, .headroom = 128, .ring_capacity = 1};
    struct ferry_geometry geometry;
    struct ferry_audit audit;
    ferry_pool *pool;
    ferry_magazine *magazine; /* this thread's own: 64 frames change hands at a time */
    uint64_t frame;
    int32_t error = ferry_pool_open(&config, &pool);
    if (error != FERRY_OK) {
        fprintf(stderr, "no pool: %s\n", ferry_strerror(error));
        return 1;
    }
    ferry_pool_geometry(pool, &geometry);
    if (ferry_magazine_open(pool, &magazine) != FERRY_OK || ferry_magazine_take(magazine, &frame, 1) != 1) {
        return 1;
    }
    ferry_frame_put(&frame, 5, geometry.stride);
    memcpy(ferry_frame_data(&geometry, frame), "hello", 5);
    ferry_frame_push(&frame, 4); /* into the headroom: the payload stays where it is */
    memcpy(ferry_frame_data(&geometry, frame), "len=", 4);
    printf("%.*s\n", (int)ferry_frame_length(frame), (const char *)ferry_frame_data(&geometry, frame));

    ferry_magazine_give(magazine, &frame, 1);
    ferry_pool_audit(pool, &audit);
    printf("%" PRIu64 " free, %" PRIu64 " cached, %" PRIu64 " leased\n", audit.free, audit.cached, audit.leased);
    ferry_magazine_close(magazine);
    ferry_pool_free(pool);
    return audit.leased == 0 ? 0 : 1;
}
