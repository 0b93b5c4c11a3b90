/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.h: when packets came and how long they were, from a capture file, so
 * that a simulated device can let frames arrive as they once did. Any thread.
 */
#ifndef FERRY_CAPTURE_H
#define FERRY_CAPTURE_H

#include <stdint.h>

#include "frameferry/frameferry.h"

/* More is FERRY_ENOMEM: 16 bytes each, 1 GiB of them. */
#define CAPTURE_PACKETS_MAX 67108864 /* 2^26 */

/* Bytes of one packet on the wire: from 1 to this. No network carries what lies outside, so it is damage. */
#define CAPTURE_BYTES_MAX 1048576 /* 1 MiB */

/* All gaps together, 100 days. Sums of gaps thus fit in 64 bits. */
#define CAPTURE_SPAN_MAX_PS UINT64_C(8640000000000000000)

/* One packet of a capture. */
struct capture_packet {
    uint64_t gap_ps; /* picoseconds since the packet before it; 0 for the first, and where time runs backwards */
    uint32_t bytes;  /* of the packet as it was on the wire, 1 .. CAPTURE_BYTES_MAX, whatever part of it was kept */
};

struct capture {
    struct capture_packet *packets;
    uint64_t count; /* 1 .. CAPTURE_PACKETS_MAX */
};

/*
 * Ordinary, any thread. Reads gaps and sizes of all packets of a file: pcap 2.4,
 * in microseconds or nanoseconds, or pcapng 1.0; either byte order. No payload
 * is kept. Sizes are those that the file names: mostly without the four bytes
 * of Ethernet's checksum.
 *
 * Times are rounded down to the picosecond. Packets of several interfaces stand in
 * the order of the file. A packet without a time (pcapng's simple packet) has
 * the gap 0, and the gap of the next one counts from the last that had a time.
 *
 * Returns FERRY_OK; FERRY_ECAPTURE for another kind or version of file, a
 * compressed one among them, or one without a packet; FERRY_ETRUNCATED when it
 * ends inside a record, holds a value that cannot be, or spans more than
 * CAPTURE_SPAN_MAX_PS; FERRY_ENOMEM, also above CAPTURE_PACKETS_MAX;
 * FERRY_EINVAL for a null; or a system error (ENOENT, EISDIR, ...). After an
 * error *capture is empty.
 */
int32_t capture_read(const char *path, struct capture *capture);

/* Ordinary, any thread. Frees what capture_read stored and leaves *capture empty; may be called again. */
void capture_free(struct capture *capture);

#endif
