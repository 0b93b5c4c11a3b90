/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.c: opens a capture file, tells its kind by the first four bytes, and
 * reads classic pcap; pcapng is in capture_pcapng.c. Any thread.
 *
 * The file is a stranger's: it is read once, from front to back (so a pipe will
 * do), and every value is checked before it counts. Memory grows with packets
 * that were read, never with a number that the file claims.
 */
#include "capture_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_PACKETS 1024
#define HEADER_BYTES 20 /* after the magic number */
#define RECORD_BYTES 16

uint16_t capture_16(const struct capture_file *file, const uint8_t *bytes)
{
    return file->big_endian ? (uint16_t)(bytes[0] << 8 | bytes[1]) : (uint16_t)(bytes[1] << 8 | bytes[0]);
}

uint32_t capture_32(const struct capture_file *file, const uint8_t *bytes)
{
    uint32_t first = capture_16(file, bytes), second = capture_16(file, bytes + 2);
    return file->big_endian ? first << 16 | second : second << 16 | first;
}

uint64_t capture_64(const struct capture_file *file, const uint8_t *bytes)
{
    uint64_t first = capture_32(file, bytes), second = capture_32(file, bytes + 4);
    return file->big_endian ? first << 32 | second : second << 32 | first;
}

/* Why a read brought less than was asked for. Right after it, while errno is the read's. */
static int32_t shortage(struct capture_file *file)
{
    return ferror(file->file) ? FERRY_ESYSTEM - errno : FERRY_ETRUNCATED;
}

int32_t capture_more(struct capture_file *file)
{
    int next = getc(file->file);
    if (next == EOF) {
        return ferror(file->file) ? FERRY_ESYSTEM - errno : 0;
    }
    ungetc(next, file->file);
    return 1;
}

int32_t capture_take(struct capture_file *file, void *bytes, size_t n)
{
    return fread(bytes, 1, n, file->file) == n ? FERRY_OK : shortage(file);
}

int32_t capture_skip(struct capture_file *file, uint64_t n)
{
    uint8_t unused[2048];
    int32_t result = FERRY_OK;
    while (n > 0 && result == FERRY_OK) {
        size_t part = n < sizeof unused ? (size_t)n : sizeof unused;
        result = capture_take(file, unused, part);
        n -= part;
    }
    return result;
}

static int32_t make_room(struct capture_file *file)
{
    if (file->capture->count < file->room) {
        return FERRY_OK;
    }
    uint64_t room = file->room == 0 ? FIRST_PACKETS : file->room * 2;
    struct capture_packet *packets = realloc(file->capture->packets, room * sizeof *packets);
    if (packets == NULL) {
        return FERRY_ENOMEM;
    }
    file->capture->packets = packets;
    file->room = room;
    return FERRY_OK;
}

/* From the last packet to `when`. Backwards it is 0, and time goes on from there: a clock that was set back does not
 * press all that follows into one burst. */
static int32_t advance(struct capture_file *file, const capture_time *when, uint64_t *gap_ps)
{
    *gap_ps = 0;
    if (when == NULL) {
        return FERRY_OK;
    }
    if (file->timed && *when > file->before) {
        capture_time gap = *when - file->before;
        if (gap > (capture_time)(CAPTURE_SPAN_MAX_PS - file->span_ps)) {
            return FERRY_ETRUNCATED;
        }
        *gap_ps = (uint64_t)gap;
        file->span_ps += *gap_ps;
    }
    file->timed = true;
    file->before = *when;
    return FERRY_OK;
}

int32_t capture_add(struct capture_file *file, uint32_t bytes, uint32_t captured, const capture_time *when)
{
    if (bytes < 1 || bytes > CAPTURE_BYTES_MAX || captured > bytes) {
        return FERRY_ETRUNCATED;
    }
    if (file->capture->count >= CAPTURE_PACKETS_MAX) {
        return FERRY_ENOMEM;
    }
    uint64_t gap_ps;
    int32_t result = advance(file, when, &gap_ps);
    if (result == FERRY_OK) {
        result = make_room(file);
    }
    if (result == FERRY_OK) {
        file->capture->packets[file->capture->count++] = (struct capture_packet){.gap_ps = gap_ps, .bytes = bytes};
    }
    return result;
}

/* ---- classic pcap ---------------------------------------------------------- */

/* Seconds, fraction, bytes kept, bytes on the wire, and then the bytes that were kept. */
static int32_t read_record(struct capture_file *file, uint32_t per_second)
{
    uint8_t record[RECORD_BYTES];
    int32_t result = capture_take(file, record, sizeof record);
    if (result != FERRY_OK) {
        return result;
    }
    uint32_t fraction = capture_32(file, record + 4);
    uint32_t captured = capture_32(file, record + 8);
    if (fraction >= per_second) {
        return FERRY_ETRUNCATED;
    }
    capture_time when = capture_32(file, record) * (capture_time)CAPTURE_PS_PER_SECOND +
                        fraction * (CAPTURE_PS_PER_SECOND / per_second);
    result = capture_add(file, capture_32(file, record + 12), captured, &when);
    return result == FERRY_OK ? capture_skip(file, captured) : result;
}

/* The version, and then time zone, accuracy, limit of length and kind of link, which change no gap and no size. */
static int32_t read_pcap(struct capture_file *file, uint32_t per_second)
{
    uint8_t header[HEADER_BYTES];
    int32_t result = capture_take(file, header, sizeof header);
    if (result != FERRY_OK) {
        return result;
    }
    if (capture_16(file, header) != 2 || capture_16(file, header + 2) != 4) {
        return FERRY_ECAPTURE; /* before 2.4 the two lengths stood the other way round, or not */
    }
    while ((result = capture_more(file)) > 0) {
        result = read_record(file, per_second);
        if (result != FERRY_OK) {
            return result;
        }
    }
    return result;
}

/* ---- any file ---------------------------------------------------------------- */

static int32_t read_file(struct capture_file *file)
{
    uint8_t magic[4];
    int32_t result = capture_take(file, magic, sizeof magic);
    if (result != FERRY_OK) {
        return result == FERRY_ETRUNCATED ? FERRY_ECAPTURE : result;
    }
    if (memcmp(magic, "\x0A\x0D\x0D\x0A", 4) == 0) {
        result = capture_pcapng(file);
    } else {
        file->big_endian = magic[0] == 0xA1;
        uint32_t number = capture_32(file, magic);
        result = number == 0xA1B2C3D4   ? read_pcap(file, 1000000)
                 : number == 0xA1B23C4D ? read_pcap(file, 1000000000)
                                        : FERRY_ECAPTURE;
    }
    return result == FERRY_OK && file->capture->count == 0 ? FERRY_ECAPTURE : result;
}

int32_t capture_read(const char *path, struct capture *capture)
{
    if (path == NULL || capture == NULL) {
        return FERRY_EINVAL;
    }
    *capture = (struct capture){.packets = NULL};
    struct capture_file file = {.file = fopen(path, "re"), .capture = capture};
    if (file.file == NULL) {
        return FERRY_ESYSTEM - errno;
    }
    int32_t result = read_file(&file);
    fclose(file.file);
    if (result != FERRY_OK) {
        capture_free(capture);
    }
    return result;
}

void capture_free(struct capture *capture)
{
    free(capture->packets);
    *capture = (struct capture){.packets = NULL};
}
