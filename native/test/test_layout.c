/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_layout.c: the numbers of LAYOUT.md, written out by hand, against the
 * structs of layout.h, and the header page and areas of a pool just opened read
 * back as raw bytes at those numbers. Guards the layout that Java, and tools
 * that map a slab, were built for: a change here is a new layout version.
 */
#include <string.h>

#include "unit.h"

#define PIN(type, member, number) assert_int_equal(offsetof(struct type, member), number)

static uint64_t u64_at(const void *base, size_t offset)
{
    uint64_t value;
    memcpy(&value, (const uint8_t *)base + offset, sizeof value);
    return value;
}

static uint32_t u32_at(const void *base, size_t offset)
{
    uint32_t value;
    memcpy(&value, (const uint8_t *)base + offset, sizeof value);
    return value;
}

static void constants_are_pinned(void **state)
{
    (void)state;
    assert_int_equal(FERRY_LAYOUT_VERSION, 3);
    assert_int_equal(FERRY_PAGE, 4096);
    assert_true(FERRY_FRAMES_MAX == 1048576 && FERRY_FRAME_SIZE_MIN == 64 && FERRY_FRAME_SIZE_MAX == 1048576);
    assert_true(FERRY_HEADROOM_MAX == 65536 && FERRY_RING_CAPACITY_MAX == 1048576 && FERRY_BRIDGES_MAX == 64);
    assert_true(FERRY_MAGAZINES_MAX == 64);
    assert_true(FERRY_BATCH_MAX == 1024 && FERRY_BUDGET_MAX == 4096 && FERRY_BLOCK_FRAMES == 64);
    assert_true(FERRY_INDEX_BITS == 20 && FERRY_OFFSET_BITS == 21 && FERRY_LENGTH_BITS == 21);
    assert_true(FERRY_ADDRESSED == UINT64_C(1) << 62);
    assert_true(FERRY_META_TIMESTAMP == 0 && FERRY_META_TAG == 8 && FERRY_META_ADDRESS == 16 && FERRY_META_BYTES == 64);
    assert_true(FERRY_WAKE_BRIDGE == INT64_C(1) << 32 && FERRY_WAKE_POOL == INT64_C(1) << 33);
    assert_true(FERRY_RX == 0 && FERRY_TX == 1);
    assert_true(FERRY_INLINE == 1 && FERRY_MAPPED_RX == 2 && FERRY_MAPPED_TX == 4);
}

static void shared_structs_are_pinned(void **state)
{
    (void)state;
    PIN(ferry_header, magic, 0), PIN(ferry_header, layout_version, 8), PIN(ferry_header, header_bytes, 12);
    PIN(ferry_header, control_bytes, 16), PIN(ferry_header, data_bytes, 24), PIN(ferry_header, bridge_offset, 32);
    PIN(ferry_header, bridge_bytes, 40), PIN(ferry_header, block_offset, 48), PIN(ferry_header, blocks, 56);
    PIN(ferry_header, frames, 60), PIN(ferry_header, stride, 64), PIN(ferry_header, frame_size, 68);
    PIN(ferry_header, headroom, 72), PIN(ferry_header, ring_capacity, 76), PIN(ferry_header, bridges, 80);
    PIN(ferry_depot, full, 0), PIN(ferry_depot, partial, 128), PIN(ferry_depot, empty, 256);
    PIN(ferry_depot, starved, 384), PIN(ferry_depot, wanted, 392);
    PIN(ferry_block, next, 0), PIN(ferry_block, count, 4), PIN(ferry_block, index, 8);
    PIN(ferry_ring, tail, 0), PIN(ferry_ring, cached_head, 128), PIN(ferry_ring, own_tail, 136);
    PIN(ferry_ring, head, 256), PIN(ferry_ring, cached_tail, 384), PIN(ferry_ring, own_head, 392);
    PIN(ferry_ring, consumer_waits, 512), PIN(ferry_ring, producer_waits, 640);
    PIN(ferry_area, rx, 0), PIN(ferry_area, tx, 1024), PIN(ferry_area, magazine, 2048), PIN(ferry_area, error, 2056),
        PIN(ferry_area, counters, 2176), PIN(ferry_blocks, loaded, 0), PIN(ferry_blocks, spare, 4);
    assert_int_equal(sizeof(struct ferry_header), 88);
    assert_int_equal(sizeof(struct ferry_depot), 512);
    assert_int_equal(sizeof(struct ferry_block), 320);
    assert_int_equal(sizeof(struct ferry_ring), 1024);
    assert_int_equal(sizeof(struct ferry_area), 2432);
}

static void structs_of_calls_are_pinned(void **state)
{
    (void)state;
    PIN(ferry_address, family, 0), PIN(ferry_address, port, 2), PIN(ferry_address, flow, 4);
    PIN(ferry_address, ipv6_high, 8), PIN(ferry_address, ipv6_low, 16), PIN(ferry_address, scope, 24);
    assert_int_equal(sizeof(struct ferry_address), 32);
    PIN(ferry_statistics, counters, 0), PIN(ferry_statistics, receive_buffer, 160);
    PIN(ferry_statistics, rx_queued, 168), PIN(ferry_statistics, tx_queued, 176);
    PIN(ferry_statistics, polling_ns, 184);
    assert_int_equal(sizeof(struct ferry_statistics), 192);
    PIN(ferry_audit, leased, 40), PIN(ferry_audit, duplicated, 48), PIN(ferry_audit, corrupt, 56);
    assert_int_equal(sizeof(struct ferry_audit), 64);
}

static void counters_are_numbered_as_java_reads_them(void **state)
{
    (void)state;
    const int expected[] = {FERRY_RX_FRAMES,    FERRY_RX_BYTES,     FERRY_RX_NO_FRAME, FERRY_RX_RING_FULL,
                            FERRY_RX_OVERSIZE,  FERRY_RX_DEVICE,    FERRY_RX_ERRORS,   FERRY_TX_FRAMES,
                            FERRY_TX_BYTES,     FERRY_TX_DROPPED,   FERRY_ROUNDS,      FERRY_ROUNDS_FULL,
                            FERRY_ROUNDS_EMPTY, FERRY_ARMED,        FERRY_SLEPT,       FERRY_STARVED,
                            FERRY_BLOCKED,      FERRY_INTERRUPTS,   FERRY_ARMED_NS,    FERRY_RESTED_NS};
    for (int i = 0; i < 20; i++) {
        assert_int_equal(expected[i], i);
    }
    assert_int_equal(FERRY_COUNTERS, 20);
}

static struct ferry_geometry geometry_of(ferry_pool *pool)
{
    struct ferry_geometry geometry;
    assert_int_equal(ferry_pool_geometry(pool, &geometry), FERRY_OK);
    return geometry;
}

static void a_new_slab_says_what_it_is(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 3);
    struct ferry_geometry g = geometry_of(pool);
    const void *control = (const void *)(uintptr_t)g.control;
    assert_memory_equal(control, "FRMFERRY", 8);
    assert_int_equal(u32_at(control, 8), 3);
    assert_int_equal(u32_at(control, 12), 4096);
    assert_int_equal(u64_at(control, 16), g.control_bytes);
    assert_int_equal(u64_at(control, 24), g.data_bytes);
    assert_int_equal(u64_at(control, 32), g.bridge_offset);
    assert_int_equal(u64_at(control, 40), 3 * 4096); /* words, rx slots, tx slots: a page each */
    assert_int_equal(u64_at(control, 48), 2 * 4096);
    assert_int_equal(u32_at(control, 56), 2 + 512); /* two blocks hold 100 frames; the rest are spare */
    assert_int_equal(u32_at(control, 60), 100);
    assert_int_equal(u32_at(control, 64), 7 * 64); /* 64 + 64 + 256 bytes are six lines: one more makes it odd */
    assert_int_equal(u32_at(control, 68), 256);
    assert_int_equal(u32_at(control, 72), 64);
    assert_int_equal(u32_at(control, 76), 8);
    assert_int_equal(u32_at(control, 80), 3);
    close_sound(pool);
}

static void the_geometry_leaves_room_for_everything(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 1024, 3);
    struct ferry_geometry g = geometry_of(pool);
    assert_int_equal(g.control % 4096, 0);
    assert_int_equal(g.data, g.control + g.control_bytes);
    assert_int_equal(g.data_bytes % 4096, 0);
    assert_true(g.data_bytes >= (uint64_t)100 * g.stride);
    assert_int_equal(g.rx_slots, 4096);
    assert_int_equal(g.tx_slots, 4096 + 8192);
    assert_int_equal(g.bridge_bytes, 4096 + 2 * 8192);
    assert_true(g.bridge_offset >= 2 * 4096 + 514 * 320 && g.bridge_offset % 4096 == 0);
    assert_int_equal(g.control_bytes, g.bridge_offset + 3 * g.bridge_bytes);
    close_sound(pool);
}

static void the_depot_of_a_new_slab_names_every_frame(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 0);
    struct ferry_geometry g = geometry_of(pool);
    const uint8_t *control = (const uint8_t *)(uintptr_t)g.control;
    assert_int_equal(u64_at(control, 4096 + 0) & 0xFFFFFF, 1);    /* full: block 1 */
    assert_int_equal(u64_at(control, 4096 + 128) & 0xFFFFFF, 2);  /* partial: block 2 */
    assert_int_equal(u64_at(control, 4096 + 256) & 0xFFFFFF, 3);  /* empty: from block 3 on */
    assert_int_equal(u64_at(control, 4096 + 384), 0);             /* nobody starves */
    assert_int_equal(u32_at(control, 2 * 4096 + 4), 64);          /* block 1 holds frames 0 to 63, 0 on top */
    assert_int_equal(u32_at(control, 2 * 4096 + 8 + 63 * 4), 0);
    assert_int_equal(u32_at(control, 2 * 4096 + 8), 63);
    assert_int_equal(u32_at(control, 2 * 4096 + 320 + 4), 36); /* block 2 the other 36 */
    assert_int_equal(u32_at(control, 2 * 4096 + 320 + 8 + 35 * 4), 64);
    assert_int_equal(u32_at(control, 2 * 4096 + 640), 4); /* block 3 lies on block 4 */
    close_sound(pool);
}

static void a_closed_slab_reads_as_zeros(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(100, 8, 1);
    struct ferry_geometry g = geometry_of(pool);
    memset((void *)(uintptr_t)g.data, 0xA5, g.data_bytes);
    assert_sound(pool, 0);
    assert_int_equal(ferry_pool_close(pool), FERRY_OK);
    for (uint64_t offset = 0; offset < g.control_bytes + g.data_bytes; offset += 64) {
        assert_int_equal(u64_at((const void *)(uintptr_t)g.control, offset), 0);
    }
    ferry_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_are_pinned),
        cmocka_unit_test(shared_structs_are_pinned),
        cmocka_unit_test(structs_of_calls_are_pinned),
        cmocka_unit_test(counters_are_numbered_as_java_reads_them),
        cmocka_unit_test(a_new_slab_says_what_it_is),
        cmocka_unit_test(the_geometry_leaves_room_for_everything),
        cmocka_unit_test(the_depot_of_a_new_slab_names_every_frame),
        cmocka_unit_test(a_closed_slab_reads_as_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
