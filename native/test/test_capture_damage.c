/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_capture_damage.c: files that are no captures, cut short, or damaged: each
 * has its error, and nothing of it is kept. Guards that no byte of a file is
 * believed before it is checked; the address sanitizer runs the same.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "devices/capture_file.h"
#include "support_capture.h"
#include "unit.h"

static struct written w;

static void expect_bytes(const void *bytes, size_t n, int32_t error)
{
    struct capture capture = {.count = 77};
    assert_string_equal(ferry_error_name(read_bytes(bytes, n, &capture)), ferry_error_name(error));
    capture_sound(error, &capture);
}

static void expect(int32_t error)
{
    expect_bytes(w.bytes, w.length, error);
}

static void what_is_no_capture_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *bytes;
        size_t n;
    } others[] = {
        {"", 0},
        {"\n", 1},
        {"\xD4\xC3\xB2", 3},
        {"#!/bin/sh\nexit 0\n", 17},
        {"\x1F\x8B\x08\0\0\0\0\0\0\3", 10},          /* gzip */
        {"\x28\xB5\x2F\xFD\x24\0\1\0", 8},           /* zstd */
        {"\xA1\xB2\xCD\x34\0\2\0\4\0\0\0\0", 12},    /* pcap, somebody's own */
        {"\n\r\r\n\nlines of another system\n", 28}, /* pcapng only at first sight */
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        expect_bytes(others[i].bytes, others[i].n, FERRY_ECAPTURE);
    }
}

static void a_capture_without_a_packet_is_refused(void **state)
{
    (void)state;
    pcap_begin(&w, true, 0xA1B2C3D4);
    expect(FERRY_ECAPTURE);
    w.length = w.records = 0;
    section(&w, false);
    expect(FERRY_ECAPTURE);
    interface_begin(&w, 0);
    block_end(&w, 0);
    expect(FERRY_ECAPTURE);
}

static void other_versions_are_refused(void **state)
{
    (void)state;
    const uint8_t pcap[][4] = {{2, 0, 3, 0}, {2, 0, 5, 0}, {3, 0, 4, 0}, {1, 0, 4, 0}};
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(sample_file(&w, 0));
        memcpy(w.bytes + 4, pcap[i], 4);
        expect(FERRY_ECAPTURE);
    }
    const uint8_t pcapng[][4] = {{2, 0, 0, 0}, {0, 0, 0, 0}, {1, 0, 1, 0}, {1, 0, 3, 0}};
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(sample_file(&w, 4));
        memcpy(w.bytes + 12, pcapng[i], 4);
        expect(FERRY_ECAPTURE);
    }
    struct capture capture;
    assert_true(sample_file(&w, 4));
    w.bytes[14] = 2; /* 1.2 was written for 1.0 */
    assert_int_equal(read_bytes(w.bytes, w.length, &capture), FERRY_OK);
    capture_free(&capture);
}

static void system_errors_are_the_system_s(void **state)
{
    (void)state;
    struct capture capture = {.count = 77};
    assert_int_equal(capture_read("/proc/self/none", &capture), FERRY_ESYSTEM - ENOENT);
    assert_int_equal(capture.count, 0);
    assert_int_equal(capture_read("", &capture), FERRY_ESYSTEM - ENOENT);
    assert_int_equal(capture_read("/", &capture), FERRY_ESYSTEM - EISDIR);
    assert_int_equal(capture_read(NULL, &capture), FERRY_EINVAL);
    assert_int_equal(capture_read("/", NULL), FERRY_EINVAL);
}

/* A cut between two records leaves a sound file, any other one an error. */
static void every_cut_of_a_file(void **state)
{
    (void)state;
    for (uint32_t number = 0; sample_file(&w, number); number++) {
        for (size_t n = 0; n <= w.length; n++) {
            struct capture capture;
            int32_t expected = n < 4 ? FERRY_ECAPTURE : FERRY_ETRUNCATED;
            uint32_t packets = 0;
            for (uint32_t i = 0; i < w.records; i++) {
                if (w.ends[i] == n) {
                    packets = w.packets[i];
                    expected = packets == 0 ? FERRY_ECAPTURE : FERRY_OK;
                }
            }
            assert_int_equal(read_bytes(w.bytes, n, &capture), expected);
            capture_sound(expected, &capture);
            assert_int_equal(capture.count, packets);
            capture_free(&capture);
        }
        assert_true(w.packets[w.records - 1] >= 3);
    }
}

/* xorshift64: the same damage in every run. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void flipped_bytes(void **state)
{
    (void)state;
    uint64_t seed = 18, sound = 0, refused = 0;
    for (uint32_t round = 0; round < 20000; round++) {
        struct capture capture;
        assert_true(sample_file(&w, round % 6));
        for (uint64_t flips = 1 + next_random(&seed) % 4; flips > 0; flips--) {
            w.bytes[next_random(&seed) % w.length] ^= (uint8_t)(1 << next_random(&seed) % 8);
        }
        if (round % 8 == 0) { /* a word of extremes */
            memset(w.bytes + next_random(&seed) % (w.length / 4) * 4, round % 16 == 0 ? 0xFF : 0, 4);
        }
        int32_t result = read_bytes(w.bytes, w.length, &capture);
        capture_sound(result, &capture);
        *(result == FERRY_OK ? &sound : &refused) += 1;
        capture_free(&capture);
    }
    assert_true(sound > 1000 && refused > 1000); /* else the flips hit nothing, or everything is refused */
}

/* Writes a word of a sample, in the sample's byte order, and expects the file to be refused. */
static void spoil(uint32_t number, size_t at, uint32_t value)
{
    assert_true(sample_file(&w, number));
    const size_t length = w.length;
    w.big_endian = number % 2 == 1;
    w.length = at;
    put_32(&w, value);
    w.length = length;
    expect(FERRY_ETRUNCATED);
}

static void values_that_cannot_be(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 4; number++) {
        spoil(number, 24 + 4, number < 2 ? 1000000 : 1000000000); /* the fraction is a second */
        spoil(number, 24 + 8, 61);                                /* more kept than there was */
        spoil(number, 24 + 12, 0);
        spoil(number, 24 + 12, CAPTURE_BYTES_MAX + 1);
        spoil(number, 24 + 12, UINT32_MAX);
    }
    for (uint32_t number = 4; number < 6; number++) {
        assert_true(sample_file(&w, number));
        const size_t first = w.ends[0], packet = w.ends[2], simple = w.ends[3], foreign = w.ends[4];
        const size_t last = w.ends[5], section = w.ends[6];
        for (uint32_t bytes = 0; bytes < 28; bytes++) { /* too short for the block, or no multiple of 4 */
            spoil(number, 4, bytes);
            spoil(number, first + 4, bytes);
            spoil(number, packet + 4, bytes);
        }
        spoil(number, foreign + 4, 8);
        spoil(number, foreign + 4, 25);
        spoil(number, foreign + 4, UINT32_MAX - 3);
        spoil(number, simple - 4, 0); /* the length at the end says something else */
        spoil(number, packet + 8, 2); /* an interface that is not there */
        spoil(number, last + 8, UINT32_MAX);
        spoil(number, section + 8, 0);  /* neither byte order */
        spoil(number, packet + 20, 65); /* more kept than the block holds */
        spoil(number, packet + 20, UINT32_MAX);
        spoil(number, packet + 24, 60);
        spoil(number, packet + 24, CAPTURE_BYTES_MAX + 1);
        spoil(number, simple + 8, 0);
        spoil(number, simple + 8, 49); /* the interface keeps 64, the block has room for 44 */
        spoil(number, first + 16 + 12, number == 4 ? 0x00020009 : 0x00090002); /* a resolution of two bytes */
    }
}

static void options_that_cannot_be(void **state)
{
    (void)state;
    const uint16_t cases[][2] = {{9, 0}, {9, 2}, {14, 4}, {14, 0}, {14, 9}, {2, 200}, {9, UINT16_MAX}};
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        w.length = w.records = 0;
        section(&w, i % 2);
        interface_begin(&w, 0);
        put_16(&w, cases[i][0]);
        put_16(&w, cases[i][1]);
        put_payload(&w, 12);
        block_end(&w, 0);
        enhanced_packet(&w, 0, 1, 0, 64);
        expect(FERRY_ETRUNCATED);
    }
}

static void a_simple_packet_needs_an_interface_and_room(void **state)
{
    (void)state;
    w.length = w.records = 0;
    section(&w, false);
    simple_packet(&w, 64, 64);
    expect(FERRY_ETRUNCATED);
    w.length = w.records = 0;
    section(&w, false);
    interface_begin(&w, 0); /* keeps whole packets */
    block_end(&w, 0);
    simple_packet(&w, 64, 65);
    expect(FERRY_ETRUNCATED);
}

/* A length that says the same at both ends, and is none. */
static void a_block_that_is_no_multiple_of_four(void **state)
{
    (void)state;
    w.length = w.records = 0;
    section(&w, false);
    put_32(&w, 0x0BAD);
    put_32(&w, 13);
    put_8(&w, 0);
    put_32(&w, 13);
    interface_begin(&w, 0);
    block_end(&w, 0);
    enhanced_packet(&w, 0, 1, 0, 64);
    expect(FERRY_ETRUNCATED);
}

static void interfaces_without_end(void **state)
{
    (void)state;
    enum { MOST = 65536, SECTION = 28, INTERFACE = 20, PACKET = 32 };
    static uint8_t bytes[SECTION + (MOST + 1) * INTERFACE + PACKET];
    for (uint32_t n = MOST; n <= MOST + 1; n++) {
        struct capture capture;
        w.length = w.records = 0;
        section(&w, false);
        interface_begin(&w, 0);
        block_end(&w, 0);
        enhanced_packet(&w, MOST - 1, 1, 0, 64);
        memcpy(bytes, w.bytes, SECTION);
        for (uint32_t i = 0; i < n; i++) {
            memcpy(bytes + SECTION + i * INTERFACE, w.bytes + SECTION, INTERFACE);
        }
        memcpy(bytes + SECTION + n * INTERFACE, w.bytes + SECTION + INTERFACE, PACKET);
        int32_t expected = n == MOST ? FERRY_OK : FERRY_ETRUNCATED;
        assert_int_equal(read_bytes(bytes, SECTION + n * INTERFACE + PACKET, &capture), expected);
        capture_free(&capture);
    }
}

static void a_span_of_more_than_a_hundred_days_is_damage(void **state)
{
    (void)state;
    struct capture capture;
    const uint32_t day = 86400;
    pcap_begin(&w, false, 0xA1B23C4D);
    pcap_packet(&w, 0, 0, 0, 64);
    pcap_packet(&w, 40 * day, 0, 0, 64);
    pcap_packet(&w, 100 * day, 0, 0, 64);
    assert_int_equal(read_bytes(w.bytes, w.length, &capture), FERRY_OK);
    assert_int_equal(capture.packets[1].gap_ps + capture.packets[2].gap_ps, CAPTURE_SPAN_MAX_PS);
    capture_free(&capture);
    pcap_packet(&w, 100 * day, 1, 0, 64);
    expect(FERRY_ETRUNCATED);
    w.length = w.records = 0;
    section(&w, false);
    interface_begin(&w, 0);
    interface_resolution(&w, 0); /* as far apart as 64 bits of seconds go */
    block_end(&w, 0);
    enhanced_packet(&w, 0, 0, 0, 64);
    enhanced_packet(&w, 0, UINT64_MAX, 0, 64);
    expect(FERRY_ETRUNCATED);
}

static void packets_beyond_the_limit_take_no_memory(void **state)
{
    (void)state;
    struct capture capture = {.packets = NULL, .count = CAPTURE_PACKETS_MAX};
    struct capture_file file = {.capture = &capture};
    assert_int_equal(capture_add(&file, 64, 64, NULL), FERRY_ENOMEM);
    assert_null(capture.packets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_capture_is_refused),
        cmocka_unit_test(a_capture_without_a_packet_is_refused),
        cmocka_unit_test(other_versions_are_refused),
        cmocka_unit_test(system_errors_are_the_system_s),
        cmocka_unit_test(every_cut_of_a_file),
        cmocka_unit_test(flipped_bytes),
        cmocka_unit_test(values_that_cannot_be),
        cmocka_unit_test(options_that_cannot_be),
        cmocka_unit_test(a_simple_packet_needs_an_interface_and_room),
        cmocka_unit_test(a_block_that_is_no_multiple_of_four),
        cmocka_unit_test(interfaces_without_end),
        cmocka_unit_test(a_span_of_more_than_a_hundred_days_is_damage),
        cmocka_unit_test(packets_beyond_the_limit_take_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
