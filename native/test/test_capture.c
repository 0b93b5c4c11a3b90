/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_capture.c: sound captures, written byte by byte: pcap and pcapng, either
 * byte order, every kind of packet, every clock. Guards that gaps and sizes are
 * those of the file, to the picosecond. Files that are not sound:
 * test_capture_damage.c; those of other people's tools: test_capture_tools.c.
 */
#include <stdio.h>
#include <unistd.h>

#include "support_capture.h"
#include "unit.h"

#define SECOND UINT64_C(1000000000000)

static struct written w;

/* The file's packets, gap and size in turn. */
static void expect(const uint64_t *pairs, uint64_t count)
{
    struct capture capture;
    assert_int_equal(read_bytes(w.bytes, w.length, &capture), FERRY_OK);
    assert_int_equal(capture.count, count);
    for (uint64_t i = 0; i < count; i++) {
        assert_int_equal(capture.packets[i].gap_ps, pairs[2 * i]);
        assert_int_equal(capture.packets[i].bytes, pairs[2 * i + 1]);
    }
    capture_free(&capture);
    assert_null(capture.packets);
    capture_free(&capture);
}

#define EXPECT(...) \
    expect((const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / (2 * sizeof(uint64_t)))

#define EACH_ORDER(big_endian) for (int big_endian = 0; big_endian < 2; big_endian++)

static void begin_pcapng(bool big_endian)
{
    w.length = w.records = 0;
    section(&w, big_endian);
}

static void plain_interface(uint32_t limit)
{
    interface_begin(&w, limit);
    block_end(&w, 0);
}

static void pcap_in_microseconds(void **state)
{
    (void)state;
    EACH_ORDER(big_endian) {
        pcap_begin(&w, big_endian, 0xA1B2C3D4);
        pcap_packet(&w, 1700000000, 999999, 60, 60);
        pcap_packet(&w, 1700000001, 1, 96, 1514);
        pcap_packet(&w, 1700000003, 0, 3000, 9000);
        pcap_packet(&w, 1700000003, 0, 0, 1);
        EXPECT(0, 60, 2 * SECOND / 1000000, 1514, 2 * SECOND - SECOND / 1000000, 9000, 0, 1);
    }
}

static void pcap_in_nanoseconds(void **state)
{
    (void)state;
    EACH_ORDER(big_endian) {
        pcap_begin(&w, big_endian, 0xA1B23C4D);
        pcap_packet(&w, UINT32_MAX - 1, 999999999, 64, 64);
        pcap_packet(&w, UINT32_MAX, 0, 64, 64); /* the year 2106: the seconds have no sign */
        pcap_packet(&w, UINT32_MAX, 672, 64, 65);
        EXPECT(0, 64, 1000, 64, 672000, 65);
    }
}

static void time_that_runs_backwards_is_a_gap_of_nothing_and_goes_on_from_there(void **state)
{
    (void)state;
    pcap_begin(&w, false, 0xA1B23C4D);
    pcap_packet(&w, 3600, 0, 64, 64);
    pcap_packet(&w, 10, 0, 64, 64); /* the clock was set */
    pcap_packet(&w, 10, 700, 64, 64);
    pcap_packet(&w, 10, 1400, 64, 64);
    EXPECT(0, 64, 0, 64, 700000, 64, 700000, 64);
}

static void enhanced_and_obsolete_packets_of_several_interfaces(void **state)
{
    (void)state;
    EACH_ORDER(big_endian) {
        begin_pcapng(big_endian);
        plain_interface(0);
        interface_begin(&w, 96);
        interface_resolution(&w, 9);
        block_end(&w, 0);
        enhanced_packet(&w, 0, UINT64_C(1700000000000000), 60, 60);
        enhanced_packet(&w, 1, UINT64_C(1700000000000000100), 96, 1500);
        obsolete_packet(&w, 1, UINT64_C(1700000000000000350), 1, 61);
        obsolete_packet(&w, 0, UINT64_C(1700000000000001), 2, 62);
        EXPECT(0, 60, 100000, 1500, 250000, 61, 650000, 62);
    }
}

static void a_simple_packet_has_no_time_and_as_many_bytes_as_the_first_interface_keeps(void **state)
{
    (void)state;
    EACH_ORDER(big_endian) {
        begin_pcapng(big_endian);
        plain_interface(16);
        plain_interface(0);
        simple_packet(&w, 16, 1500);
        enhanced_packet(&w, 0, 1000, 16, 64);
        simple_packet(&w, 7, 7);
        enhanced_packet(&w, 0, 1003, 16, 65);
        EXPECT(0, 1500, 0, 64, 0, 7, 3000000, 65);
    }
}

static void a_section_sets_the_byte_order_and_forgets_the_interfaces(void **state)
{
    (void)state;
    struct capture capture;
    EACH_ORDER(big_endian) {
        begin_pcapng(big_endian);
        interface_begin(&w, 0);
        interface_resolution(&w, 9);
        block_end(&w, 0);
        enhanced_packet(&w, 0, 1000000, 8, 64);
        section(&w, !big_endian);
        plain_interface(0);
        enhanced_packet(&w, 0, 1500, 8, 64); /* in microseconds now, on the same time scale */
        EXPECT(0, 64, UINT64_C(500000000), 64);
        section(&w, big_endian);
        enhanced_packet(&w, 0, 1500, 8, 64); /* its interface is in the section before */
        assert_int_equal(read_bytes(w.bytes, w.length, &capture), FERRY_ETRUNCATED);
    }
}

/* The gap between two times of an interface with this resolution. */
static void expect_gap(uint8_t resolution, uint64_t first, uint64_t second, uint64_t gap_ps)
{
    begin_pcapng(false);
    interface_begin(&w, 0);
    interface_resolution(&w, resolution);
    block_end(&w, 0);
    enhanced_packet(&w, 0, first, 0, 64);
    enhanced_packet(&w, 0, second, 0, 64);
    EXPECT(0, 64, gap_ps, 64);
}

static void a_tick_may_be_any_power_of_ten(void **state)
{
    (void)state;
    expect_gap(0, 1700000000, 1700000003, 3 * SECOND);
    expect_gap(3, 1, 3, 2 * SECOND / 1000);
    expect_gap(6, 0, 1, SECOND / 1000000);
    expect_gap(12, UINT64_MAX - 1, UINT64_MAX, 1);
    expect_gap(13, 10, 35, 2);
    expect_gap(15, 999, 2000, 2);
    expect_gap(19, 0, UINT64_MAX, UINT64_C(1844674407370));
    expect_gap(31, 0, UINT64_MAX, 1);
    expect_gap(32, 0, UINT64_MAX, 0);
    expect_gap(127, 0, UINT64_MAX, 0);
}

static void a_tick_may_be_any_power_of_two(void **state)
{
    (void)state;
    expect_gap(0x80, 1700000000, 1700000003, 3 * SECOND);
    expect_gap(0x80 | 1, 0, 1, SECOND / 2);
    expect_gap(0x80 | 12, 4096, 4097, UINT64_C(244140625));
    expect_gap(0x80 | 32, 0, UINT32_MAX, UINT64_C(999999999767));
    expect_gap(0x80 | 64, 0, UINT64_MAX, SECOND - 1);
    expect_gap(0x80 | 103, 0, UINT64_MAX, 1);
    expect_gap(0x80 | 104, 0, UINT64_MAX, 0);
    expect_gap(0x80 | 127, 0, UINT64_MAX, 0);
}

static void an_offset_moves_the_packets_of_its_interface(void **state)
{
    (void)state;
    const int64_t offsets[] = {0, -5, 1700000000, INT64_MAX, INT64_MIN};
    EACH_ORDER(big_endian) {
        for (uint32_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
            begin_pcapng(big_endian);
            for (int64_t more = 0; more < 2; more++) { /* the second interface a second ahead, or none at the end */
                interface_begin(&w, 0);
                interface_resolution(&w, 9);
                interface_offset(&w, offsets[i] == INT64_MAX ? INT64_MAX - 1 + more : offsets[i] + more);
                block_end(&w, 0);
            }
            enhanced_packet(&w, 0, 500, 0, 64);
            enhanced_packet(&w, 1, 503, 0, 64);
            EXPECT(0, 64, SECOND + 3000, 64);
        }
    }
}

static void unknown_blocks_and_options_are_passed_over(void **state)
{
    (void)state;
    begin_pcapng(true);
    block_begin(&w, 5); /* statistics, before any interface */
    put_payload(&w, 40);
    block_end(&w, 0);
    interface_begin(&w, 0);
    put_16(&w, 3); /* a comment longer than any value that counts */
    put_16(&w, 17);
    put_payload(&w, 20);
    interface_resolution(&w, 9);
    put_32(&w, 0); /* end of options; what follows is none */
    interface_resolution(&w, 0);
    block_end(&w, 0);
    enhanced_packet(&w, 0, 1, 0, 64);
    block_begin(&w, 0x80000BAD);
    block_end(&w, 0);
    block_begin(&w, 6); /* a packet with options of its own */
    put_32(&w, 0);
    put_64(&w, 3);
    put_32(&w, 5);
    put_32(&w, 64);
    put_payload(&w, 8);
    put_64(&w, 0x0002000400000001);
    block_end(&w, 1);
    EXPECT(0, 64, 2000, 64);
}

static void more_packets_than_the_first_allocation_holds(void **state)
{
    (void)state;
    enum { PACKETS = 5000 };
    static uint8_t bytes[24 + 16 * PACKETS];
    struct capture capture;
    pcap_begin(&w, false, 0xA1B23C4D);
    memcpy(bytes, w.bytes, w.length);
    for (uint32_t i = 0; i < PACKETS; i++) {
        w.length = w.records = 0;
        pcap_packet(&w, i, i, 0, i + 1);
        memcpy(bytes + 24 + 16 * i, w.bytes, w.length);
    }
    assert_int_equal(read_bytes(bytes, sizeof bytes, &capture), FERRY_OK);
    assert_int_equal(capture.count, PACKETS);
    for (uint32_t i = 0; i < PACKETS; i++) {
        assert_int_equal(capture.packets[i].gap_ps, i == 0 ? 0 : SECOND + 1000);
        assert_int_equal(capture.packets[i].bytes, i + 1);
    }
    capture_free(&capture);
}

static void a_pipe_will_do(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    struct capture capture;
    assert_true(sample_file(&w, 4));
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], w.bytes, w.length), w.length); /* less than a pipe holds */
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    close(ends[1]);
    assert_int_equal(capture_read(path, &capture), FERRY_OK);
    assert_int_equal(capture.count, w.packets[w.records - 1]);
    capture_free(&capture);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcap_in_microseconds),
        cmocka_unit_test(pcap_in_nanoseconds),
        cmocka_unit_test(time_that_runs_backwards_is_a_gap_of_nothing_and_goes_on_from_there),
        cmocka_unit_test(enhanced_and_obsolete_packets_of_several_interfaces),
        cmocka_unit_test(a_simple_packet_has_no_time_and_as_many_bytes_as_the_first_interface_keeps),
        cmocka_unit_test(a_section_sets_the_byte_order_and_forgets_the_interfaces),
        cmocka_unit_test(a_tick_may_be_any_power_of_ten),
        cmocka_unit_test(a_tick_may_be_any_power_of_two),
        cmocka_unit_test(an_offset_moves_the_packets_of_its_interface),
        cmocka_unit_test(unknown_blocks_and_options_are_passed_over),
        cmocka_unit_test(more_packets_than_the_first_allocation_holds),
        cmocka_unit_test(a_pipe_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
