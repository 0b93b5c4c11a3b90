/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_capture.h: capture files, put together byte by byte in either order,
 * and read from memory. One thread at a time.
 */
#ifndef FERRY_SUPPORT_CAPTURE_H
#define FERRY_SUPPORT_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devices/capture.h"

#define FILE_BYTES_MAX 4096
#define RECORDS_MAX 64

/* A file in the making. */
struct written {
    bool big_endian;
    uint8_t bytes[FILE_BYTES_MAX];
    size_t length;
    size_t block; /* where the block begins that is being written */
    /* Where a reader may stop without a complaint, and how many packets it has then. */
    size_t ends[RECORDS_MAX];
    uint32_t packets[RECORDS_MAX];
    uint32_t records;
};

void put_8(struct written *w, uint8_t value);
void put_16(struct written *w, uint16_t value);
void put_32(struct written *w, uint32_t value);
void put_64(struct written *w, uint64_t value);
void put_payload(struct written *w, uint32_t n);

/* A record (the file header, too) that brings so many packets ends here. */
void end_record(struct written *w, uint32_t packets);

/* Classic pcap: its header, empties *w first; a packet. */
void pcap_begin(struct written *w, bool big_endian, uint32_t magic);
void pcap_packet(struct written *w, uint32_t seconds, uint32_t fraction, uint32_t captured, uint32_t bytes);

/* pcapng. A block's length is filled in at its end, where packets says how many it brings. */
void block_begin(struct written *w, uint32_t type);
void block_end(struct written *w, uint32_t packets);
void section(struct written *w, bool big_endian);
void interface_begin(struct written *w, uint32_t limit);
void interface_resolution(struct written *w, uint8_t resolution);
void interface_offset(struct written *w, int64_t seconds);
void enhanced_packet(struct written *w, uint32_t interface, uint64_t ticks, uint32_t captured, uint32_t bytes);
void obsolete_packet(struct written *w, uint16_t interface, uint64_t ticks, uint32_t captured, uint32_t bytes);
void simple_packet(struct written *w, uint32_t captured, uint32_t bytes);

/* A file with one of everything: for a number from 0 on, until it is false. Empties *w first. */
bool sample_file(struct written *w, uint32_t number);

/* Reads n bytes as if they were a file. */
int32_t read_bytes(const void *bytes, size_t n, struct capture *capture);

/* Fails the test unless a result is sound: packets within the documented limits, or an error of the two and nothing. */
void capture_sound(int32_t result, const struct capture *capture);

#endif
