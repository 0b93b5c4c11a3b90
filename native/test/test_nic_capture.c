/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_nic_capture.c: a simulated card whose frames arrive as those of a capture
 * file once did, driven by the test's thread in virtual time. Guards their
 * sizes and gaps, once and again and again.
 */
#include "unit.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frameferry/nic.h"
#include "support_capture.h"

#define MICROSECOND 1000
#define FRAME_BYTES 2048
#define ARRIVALS 7

/* At 0, 10 and 30 us; the mean gap, 10 us, stands between the last and the first. */
static const uint32_t AT_US[ARRIVALS] = {0, 10, 30, 40, 50, 70, 80};
static const uint32_t BYTES[] = {100, 1514, 60};

static ferry_device *open_card(uint64_t frames)
{
    static struct written file;
    char path[64];
    ferry_device *card;
    pcap_begin(&file, false, 0xA1B23C4D);
    for (uint32_t i = 0; i < 3; i++) {
        pcap_packet(&file, 0, AT_US[i] * MICROSECOND, 0, BYTES[i]);
    }
    int fd = memfd_create("capture", MFD_CLOEXEC);
    assert_int_equal(write(fd, file.bytes, file.length), file.length);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const struct ferry_nic_config config = {
        .virtual_time = 1, .arrivals = FERRY_NIC_CAPTURE, .capture = path, .frames = frames};
    assert_int_equal(ferry_nic_open(&config, &card), FERRY_OK);
    close(fd);
    return card;
}

static uint64_t arrived(ferry_device *card)
{
    struct ferry_nic_statistics s;
    assert_int_equal(ferry_nic_statistics(card, &s), FERRY_OK);
    return s.arrived;
}

static void frames_come_with_the_gaps_of_the_file(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 2; round++) {
        uint64_t frames = round == 0 ? 3 : ARRIVALS; /* a capture is replayed once, unless more are asked for */
        ferry_device *card = open_card(round == 0 ? 0 : ARRIVALS);
        for (uint64_t i = 1, now = 0; i < frames; i++) {
            uint64_t at = AT_US[i] * MICROSECOND;
            assert_int_equal(card->ops->wait(card->self, (int64_t)(at - 1 - now)), 0);
            assert_int_equal(arrived(card), i);
            assert_int_equal(card->ops->wait(card->self, 1), 0);
            assert_int_equal(arrived(card), i + 1);
            now = at;
        }
        assert_int_equal(card->ops->wait(card->self, 1000 * MICROSECOND), 0);
        assert_int_equal(arrived(card), frames);
        card->ops->close(card->self);
    }
}

static void frames_have_the_sizes_of_the_file(void **state)
{
    (void)state;
    static _Alignas(64) uint8_t memory[ARRIVALS][FRAME_BYTES];
    struct ferry_slot slots[ARRIVALS];
    ferry_device *card = open_card(ARRIVALS);
    assert_int_equal(card->ops->wait(card->self, 1000 * MICROSECOND), 0);
    for (uint32_t i = 0; i < ARRIVALS; i++) {
        slots[i] = (struct ferry_slot){
            .data = memory[i] + FERRY_META_BYTES, .meta = memory[i], .capacity = FRAME_BYTES - FERRY_META_BYTES};
    }
    assert_int_equal(card->ops->fill(card->self, slots, ARRIVALS), ARRIVALS);
    for (uint32_t i = 0; i < ARRIVALS; i++) {
        assert_int_equal(slots[i].length, BYTES[i % 3]);
    }
    card->ops->close(card->self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_with_the_gaps_of_the_file),
        cmocka_unit_test(frames_have_the_sizes_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
