/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_capture.c: see support_capture.h. One thread at a time.
 */
#include "support_capture.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support_pool.h"

void put_8(struct written *w, uint8_t value)
{
    require(w->length < FILE_BYTES_MAX);
    w->bytes[w->length++] = value;
}

static void put(struct written *w, uint64_t value, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        put_8(w, (uint8_t)(value >> 8 * (w->big_endian ? n - 1 - i : i)));
    }
}

void put_16(struct written *w, uint16_t value)
{
    put(w, value, 2);
}

void put_32(struct written *w, uint32_t value)
{
    put(w, value, 4);
}

void put_64(struct written *w, uint64_t value)
{
    put(w, value, 8);
}

/* Bytes that look like lengths and block types, so that a reader that loses its place is led astray. */
void put_payload(struct written *w, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        put_8(w, (uint8_t)(i % 4 == 0 ? 6 : 0));
    }
}

void end_record(struct written *w, uint32_t packets)
{
    require(w->records < RECORDS_MAX);
    w->ends[w->records] = w->length;
    w->packets[w->records] = packets + (w->records == 0 ? 0 : w->packets[w->records - 1]);
    w->records++;
}

static void empty(struct written *w, bool big_endian)
{
    w->big_endian = big_endian;
    w->length = 0;
    w->records = 0;
}

/* ---- classic pcap -------------------------------------------------------- */

void pcap_begin(struct written *w, bool big_endian, uint32_t magic)
{
    empty(w, big_endian);
    put_32(w, magic);
    put_16(w, 2);
    put_16(w, 4);
    put_64(w, 0);
    put_32(w, 262144);
    put_32(w, 1); /* Ethernet */
    end_record(w, 0);
}

void pcap_packet(struct written *w, uint32_t seconds, uint32_t fraction, uint32_t captured, uint32_t bytes)
{
    put_32(w, seconds);
    put_32(w, fraction);
    put_32(w, captured);
    put_32(w, bytes);
    put_payload(w, captured);
    end_record(w, 1);
}

/* ---- pcapng -------------------------------------------------------------- */

void block_begin(struct written *w, uint32_t type)
{
    w->block = w->length;
    put_32(w, type);
    put_32(w, 0);
}

void block_end(struct written *w, uint32_t packets)
{
    while ((w->length - w->block) % 4 != 0) {
        put_8(w, 0);
    }
    const size_t end = w->length + 4;
    w->length = w->block + 4;
    put_32(w, (uint32_t)(end - w->block));
    w->length = end - 4;
    put_32(w, (uint32_t)(end - w->block));
    end_record(w, packets);
}

void section(struct written *w, bool big_endian)
{
    w->big_endian = big_endian;
    block_begin(w, 0x0A0D0D0A);
    put_32(w, 0x1A2B3C4D);
    put_16(w, 1);
    put_16(w, 0);
    put_64(w, UINT64_MAX);
    block_end(w, 0);
}

void interface_begin(struct written *w, uint32_t limit)
{
    block_begin(w, 1);
    put_16(w, 1); /* Ethernet */
    put_16(w, 0);
    put_32(w, limit);
}

void interface_resolution(struct written *w, uint8_t resolution)
{
    put_16(w, 9);
    put_16(w, 1);
    put_8(w, resolution);
    put_8(w, 0xFF); /* padding may be anything */
    put_16(w, 0xFFFF);
}

void interface_offset(struct written *w, int64_t seconds)
{
    put_16(w, 14);
    put_16(w, 8);
    put_64(w, (uint64_t)seconds);
}

static void packet_rest(struct written *w, uint64_t ticks, uint32_t captured, uint32_t bytes)
{
    put_32(w, (uint32_t)(ticks >> 32));
    put_32(w, (uint32_t)ticks);
    put_32(w, captured);
    put_32(w, bytes);
    put_payload(w, captured);
    block_end(w, 1);
}

void enhanced_packet(struct written *w, uint32_t interface, uint64_t ticks, uint32_t captured, uint32_t bytes)
{
    block_begin(w, 6);
    put_32(w, interface);
    packet_rest(w, ticks, captured, bytes);
}

void obsolete_packet(struct written *w, uint16_t interface, uint64_t ticks, uint32_t captured, uint32_t bytes)
{
    block_begin(w, 2);
    put_16(w, interface);
    put_16(w, 7); /* drops */
    packet_rest(w, ticks, captured, bytes);
}

void simple_packet(struct written *w, uint32_t captured, uint32_t bytes)
{
    block_begin(w, 3);
    put_32(w, bytes);
    put_payload(w, captured);
    block_end(w, 1);
}

/* ---- whole files --------------------------------------------------------- */

static void sample_pcapng(struct written *w, bool big_endian)
{
    empty(w, big_endian);
    section(w, big_endian);
    interface_begin(w, 64);
    put_16(w, 2); /* a name of five bytes, with its padding */
    put_16(w, 5);
    put_payload(w, 8);
    interface_resolution(w, 9);
    interface_offset(w, -3);
    put_32(w, 0); /* end of options */
    block_end(w, 0);
    interface_begin(w, 0);
    interface_resolution(w, 0x80 | 20);
    block_end(w, 0);
    enhanced_packet(w, 0, 1000000000, 61, 1500);
    simple_packet(w, 42, 42);
    block_begin(w, 0x0BAD); /* somebody's own */
    put_payload(w, 11);
    block_end(w, 0);
    obsolete_packet(w, 1, 5 << 20, 3, 60);
    section(w, !big_endian);
    interface_begin(w, 0);
    block_end(w, 0);
    enhanced_packet(w, 0, 1000000, 0, 9000);
}

bool sample_file(struct written *w, uint32_t number)
{
    const bool big_endian = number % 2 == 1;
    if (number >= 6) {
        return false;
    }
    if (number >= 4) {
        sample_pcapng(w, big_endian);
        return true;
    }
    pcap_begin(w, big_endian, number < 2 ? 0xA1B2C3D4 : 0xA1B23C4D);
    pcap_packet(w, 1700000000, 999999, 60, 60);
    pcap_packet(w, 1700000001, 5, 33, 1514);
    pcap_packet(w, 1700000001, 4, 0, 64);
    return true;
}

int32_t read_bytes(const void *bytes, size_t n, struct capture *capture)
{
    char path[64];
    int fd = memfd_create("capture", MFD_CLOEXEC);
    require(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int32_t result = capture_read(path, capture);
    close(fd);
    return result;
}

void capture_sound(int32_t result, const struct capture *capture)
{
    uint64_t sum = 0;
    if (result != FERRY_OK) {
        require(result == FERRY_ECAPTURE || result == FERRY_ETRUNCATED);
        require(capture->packets == NULL && capture->count == 0);
        return;
    }
    require(capture->count > 0 && capture->count <= FILE_BYTES_MAX / 16 && capture->packets[0].gap_ps == 0);
    for (uint64_t i = 0; i < capture->count; i++) {
        require(capture->packets[i].bytes >= 1 && capture->packets[i].bytes <= CAPTURE_BYTES_MAX);
        require(capture->packets[i].gap_ps <= CAPTURE_SPAN_MAX_PS - sum);
        sum += capture->packets[i].gap_ps;
    }
}
