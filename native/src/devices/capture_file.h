/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture_file.h: a capture file while it is read: bytes in, packets out. Shared
 * by the part for all files and classic pcap (capture.c) and the part for pcapng
 * (capture_pcapng.c). One thread at a time.
 */
#ifndef FERRY_CAPTURE_FILE_H
#define FERRY_CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "capture.h"

#define CAPTURE_PS_PER_SECOND INT64_C(1000000000000)

/* Picoseconds since 1970. 64 bits last for 213 days only; 128 hold 2^64 seconds and any offset, both ways. */
typedef __int128 capture_time;

struct capture_file {
    FILE *file;
    bool big_endian; /* of the file, or of pcapng's section */
    struct capture *capture;
    uint64_t room;       /* packets that are allocated */
    uint64_t span_ps;    /* all gaps so far */
    bool timed;          /* there was a packet with a time ... */
    capture_time before; /* ... and this was the last one's */
};

/* Numbers of the file, in its byte order. */
uint16_t capture_16(const struct capture_file *file, const uint8_t *bytes);
uint32_t capture_32(const struct capture_file *file, const uint8_t *bytes);
uint64_t capture_64(const struct capture_file *file, const uint8_t *bytes);

/* Whether anything follows: 1, 0 at the end of the file, or an error. */
int32_t capture_more(struct capture_file *file);

/* Reads n bytes, or reads them and lets them fall. FERRY_ETRUNCATED when the file has fewer. */
int32_t capture_take(struct capture_file *file, void *bytes, size_t n);
int32_t capture_skip(struct capture_file *file, uint64_t n);

/* Appends a packet of `bytes`, of which the file holds `captured`. when: null if the file has no time for it. */
int32_t capture_add(struct capture_file *file, uint32_t bytes, uint32_t captured, const capture_time *when);

/* The rest of a pcapng file whose first four bytes, the type of its first block, are read. */
int32_t capture_pcapng(struct capture_file *file);

#endif
