/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_metronome.c: loads the device's library as Java does, and drives it: beats
 * come in order, a frame sets their time, one that is none is refused, and every
 * frame is back in the pool at the end. Copy it with the device.
 *
 * test_metronome LIBRARY
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <frameferry/device.h>
#include <frameferry/frame.h>

#define BEATS 100
#define BATCH 16
#define PATIENCE_NS INT64_C(1000000000)

static ferry_pool *pool;
static struct ferry_geometry geometry;

/* An assert that stays whatever the build. */
static void require(int truth, const char *what)
{
    if (!truth) {
        fprintf(stderr, "not so: %s\n", what);
        exit(1);
    }
}

#define REQUIRE(condition) require((condition) ? 1 : 0, #condition)

static void send_number(int32_t bridge, uint64_t number, uint32_t length)
{
    uint64_t frame;
    REQUIRE((ferry_pool_take(pool, &frame, 1) & UINT32_MAX) == 1);
    REQUIRE(ferry_frame_put(&frame, length, geometry.stride));
    memcpy(ferry_frame_data(&geometry, frame), &number, length);
    REQUIRE((ferry_bridge_send(pool, bridge, &frame, 1) & UINT32_MAX) == 1);
}

static void receive_beats(int32_t bridge)
{
    uint64_t batch[BATCH], next = 0;
    uint32_t n = 0;
    while (next < BEATS) {
        int64_t result = ferry_bridge_poll(pool, bridge, batch, n, BATCH, PATIENCE_NS);
        REQUIRE(result >= 0);
        n = (uint32_t)result;
        for (uint32_t i = 0; i < n; i++) {
            uint64_t number;
            memcpy(&number, ferry_frame_data(&geometry, batch[i]), sizeof number);
            REQUIRE(number == next++);
        }
    }
    REQUIRE(ferry_pool_give(pool, batch, n) >= 0);
}

int main(int argc, char **argv)
{
    const struct ferry_pool_config config = {.frames = 64, .frame_size = 64, .ring_capacity = 64, .bridges = 1};
    const struct ferry_bridge_config driven = {.flags = FERRY_INLINE, .budget = BATCH};
    struct ferry_statistics statistics;
    struct ferry_audit audit;
    ferry_device device;
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    require(library != NULL, argc == 2 ? dlerror() : "test_metronome LIBRARY");
    const struct ferry_device_ops *metronome = dlsym(library, "metronome");
    REQUIRE(metronome != NULL);
    REQUIRE(ferry_device_open(metronome, "often", &device) == FERRY_EINVAL);
    REQUIRE(ferry_device_open(metronome, "1000000000", &device) == FERRY_OK);
    REQUIRE(ferry_pool_open(&config, &pool) == FERRY_OK && ferry_pool_geometry(pool, &geometry) == FERRY_OK);
    int32_t bridge = ferry_bridge_open(pool, &device, &driven);
    REQUIRE(bridge >= 0);

    send_number(bridge, 1000, 8); /* a beat every microsecond */
    send_number(bridge, 1000, 4); /* no time */
    receive_beats(bridge);

    REQUIRE(ferry_bridge_statistics(pool, bridge, &statistics) == FERRY_OK);
    REQUIRE(statistics.counters[FERRY_TX_FRAMES] == 1 && statistics.counters[FERRY_TX_DROPPED] == 1);
    REQUIRE(ferry_bridge_close(pool, bridge) == FERRY_OK && ferry_bridge_reclaim(pool, bridge) == FERRY_OK);
    REQUIRE(ferry_pool_audit(pool, &audit) == FERRY_OK && audit.free == audit.frames);
    ferry_pool_free(pool);
    dlclose(library);
    printf("%d beats, %" PRIu64 " frames all free\n", BEATS, audit.frames);
    return 0;
}
