/* SPDX-License-Identifier: Apache-2.0 */
/*
 * headers.c: putting a header of 14 bytes in front of a packet and taking it
 * off again. One thread. Both write the header and read its last byte.
 *
 *   headers.move  moves the payload 14 bytes up with memmove to make room, and
 *                 down again
 *   headers.push  moves the start of the data into the headroom and back, with
 *                 the bounds that Frameferry always checks
 *
 * Packets are worked on in turn, 64 of them, so that they stay in the caches as
 * they would in a driver, whatever their size.
 */
#include <string.h>

#include "frameferry/frame.h"
#include "workload.h"

#define HEADER 14 /* Ethernet's */
#define LARGEST 9000
#define HEADROOM 64
#define PACKETS 64

static ferry_pool *pool;
static struct ferry_geometry geometry;
static uint64_t packets[PACKETS];

void open_headers(void)
{
    const struct ferry_pool_config config = {
        .frames = PACKETS, .frame_size = LARGEST + HEADER, .headroom = HEADROOM, .ring_capacity = 1};
    check(ferry_pool_open(&config, &pool) == FERRY_OK, "no pool");
    ferry_pool_geometry(pool, &geometry);
    memset((void *)(uintptr_t)geometry.data, 1, geometry.data_bytes);
    check(ferry_pool_take(pool, packets, PACKETS) == PACKETS, "no frames");
}

static void write_header(uint8_t *data, uint64_t number)
{
    uint64_t bytes = (number & 0xff) * UINT64_C(0x0101010101010101);
    memcpy(data, &bytes, sizeof bytes);
    memcpy(data + HEADER - sizeof bytes, &bytes, sizeof bytes); /* two words that overlap are 14 bytes */
}

static void move(struct side *side)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < side->operations; i++) {
        uint8_t *data = ferry_frame_data(&geometry, packets[i % PACKETS]);
        memmove(data + HEADER, data, side->workload->bytes);
        write_header(data, i);
        sum += data[HEADER - 1] - (uint8_t)i;
        memmove(data, data + HEADER, side->workload->bytes);
    }
    side->sum = sum;
}

static void push(struct side *side)
{
    const struct ferry_geometry g = geometry; /* a copy that no store can change */
    uint64_t sum = 0;
    for (uint64_t i = 0; i < PACKETS; i++) {
        check(ferry_frame_trim(&packets[i], 0) && ferry_frame_put(&packets[i], side->workload->bytes, g.stride),
              "a packet does not fit");
    }
    for (uint64_t i = 0; i < side->operations; i++) {
        uint64_t packet = packets[i % PACKETS];
        check(ferry_frame_push(&packet, HEADER), "no headroom");
        uint8_t *data = ferry_frame_data(&g, packet);
        write_header(data, i);
        sum += data[HEADER - 1] - (uint8_t)i;
        check(ferry_frame_pull(&packet, HEADER), "no header");
        packets[i % PACKETS] = packet;
    }
    side->sum = sum;
}

#define SIZE(n) {.name = "headers.move", .bytes = n, .consume = move}, {.name = "headers.push", .bytes = n, .consume = push}

struct workload header_workloads[] = {SIZE(64), SIZE(256), SIZE(512), SIZE(1500), SIZE(4096), SIZE(9000), {.name = NULL}};
