/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture_pcapng.c: reads pcapng, block by block: type, length, body, length
 * once more. A section header sets the byte order and forgets the interfaces
 * before it; an interface says what a tick of its packets' clock is. The thread
 * that reads the file.
 *
 * A section may also say how long it is. That is not used: the blocks say where
 * they end, and those who write a file while it grows do not know.
 */
#include <stdlib.h>
#include <string.h>

#include "capture_file.h"

#define INTERFACES_MAX 65536 /* in one section; more is damage, and would be memory for nothing */

#define FRAMING_BYTES 12 /* of a block: type, length, length */

enum block { INTERFACE = 1, OBSOLETE_PACKET = 2, SIMPLE_PACKET = 3, ENHANCED_PACKET = 6 };
enum option { END_OF_OPTIONS = 0, IF_TSRESOL = 9, IF_TSOFFSET = 14 };

struct interface {
    uint32_t limit; /* bytes kept of a packet, 0: all */
    /* Ticks to picoseconds: ticks * times / by >> shift. */
    uint64_t times;
    uint64_t by;
    uint32_t shift;
    int64_t offset; /* seconds to add */
};

struct pcapng {
    struct capture_file *file;
    bool begun; /* a section */
    struct interface *interfaces;
    uint32_t count;
    uint32_t room;
};

static uint64_t power_of_ten(uint32_t n)
{
    uint64_t power = 1;
    while (n-- > 0) {
        power *= 10;
    }
    return power;
}

/* A tick is 10^-n of a second, or 2^-n with the upper bit set; n up to 127, where any 64-bit time is far below 1 ps. */
static void set_resolution(struct interface *interface, uint8_t resolution)
{
    const uint32_t n = resolution & 0x7F;
    const bool binary = resolution & 0x80;
    interface->times = binary ? CAPTURE_PS_PER_SECOND : n <= 12 ? power_of_ten(12 - n) : n <= 12 + 19 ? 1 : 0;
    interface->by = !binary && n > 12 && n <= 12 + 19 ? power_of_ten(n - 12) : 1;
    interface->shift = binary ? n : 0;
}

static capture_time time_of(const struct interface *interface, uint64_t ticks)
{
    unsigned __int128 since = (unsigned __int128)ticks * interface->times / interface->by >> interface->shift;
    return (capture_time)since + (capture_time)interface->offset * CAPTURE_PS_PER_SECOND;
}

static int32_t set_option(struct pcapng *ng, struct interface *interface, uint32_t code, const uint8_t *value, size_t n)
{
    if (code == IF_TSRESOL) {
        set_resolution(interface, value[0]);
        return n == 1 ? FERRY_OK : FERRY_ETRUNCATED;
    }
    if (code == IF_TSOFFSET) {
        interface->offset = (int64_t)capture_64(ng->file, value);
        return n == 8 ? FERRY_OK : FERRY_ETRUNCATED;
    }
    return FERRY_OK;
}

/* Code, length, value, up to three bytes of padding. Ends with the block, or with a code of its own before. */
static int32_t read_options(struct pcapng *ng, struct interface *interface, uint32_t left)
{
    while (left > 0) { /* a multiple of 4 throughout */
        uint8_t head[4], value[8] = {0};
        int32_t result = capture_take(ng->file, head, sizeof head);
        if (result != FERRY_OK) {
            return result;
        }
        left -= 4;
        const uint32_t code = capture_16(ng->file, head), length = capture_16(ng->file, head + 2);
        const uint32_t padded = (length + 3) & ~3u, kept = length < sizeof value ? length : sizeof value;
        if (code == END_OF_OPTIONS) {
            break;
        }
        if (padded > left) {
            return FERRY_ETRUNCATED;
        }
        if ((result = capture_take(ng->file, value, kept)) != FERRY_OK ||
            (result = capture_skip(ng->file, padded - kept)) != FERRY_OK ||
            (result = set_option(ng, interface, code, value, length)) != FERRY_OK) {
            return result;
        }
        left -= padded;
    }
    return capture_skip(ng->file, left);
}

static int32_t make_room(struct pcapng *ng)
{
    if (ng->count < ng->room) {
        return FERRY_OK;
    }
    uint32_t room = ng->room == 0 ? 8 : ng->room * 2;
    struct interface *interfaces = realloc(ng->interfaces, room * sizeof *interfaces);
    if (interfaces == NULL) {
        return FERRY_ENOMEM;
    }
    ng->interfaces = interfaces;
    ng->room = room;
    return FERRY_OK;
}

/* Kind of link, two bytes that mean nothing, limit of length; options. */
static int32_t read_interface(struct pcapng *ng, uint32_t body)
{
    uint8_t head[8];
    if (body < sizeof head || ng->count == INTERFACES_MAX) {
        return FERRY_ETRUNCATED;
    }
    int32_t result = capture_take(ng->file, head, sizeof head);
    if (result != FERRY_OK || (result = make_room(ng)) != FERRY_OK) {
        return result;
    }
    struct interface *interface = &ng->interfaces[ng->count++];
    *interface = (struct interface){.limit = capture_32(ng->file, head + 4)};
    set_resolution(interface, 6); /* microseconds, unless an option says otherwise */
    return read_options(ng, interface, body - (uint32_t)sizeof head);
}

/* Interface, upper and lower half of the time, bytes kept, bytes on the wire; the bytes kept; options. In the obsolete
 * form a count of drops takes half of the interface's place. */
static int32_t read_packet(struct pcapng *ng, uint32_t body, bool obsolete)
{
    uint8_t head[20];
    if (body < sizeof head) {
        return FERRY_ETRUNCATED;
    }
    int32_t result = capture_take(ng->file, head, sizeof head);
    if (result != FERRY_OK) {
        return result;
    }
    const uint32_t number = obsolete ? capture_16(ng->file, head) : capture_32(ng->file, head);
    const uint32_t captured = capture_32(ng->file, head + 12);
    const uint32_t rest = body - (uint32_t)sizeof head;
    if (number >= ng->count || captured > rest) {
        return FERRY_ETRUNCATED;
    }
    const uint64_t ticks = (uint64_t)capture_32(ng->file, head + 4) << 32 | capture_32(ng->file, head + 8);
    const capture_time when = time_of(&ng->interfaces[number], ticks);
    result = capture_add(ng->file, capture_32(ng->file, head + 16), captured, &when);
    return result == FERRY_OK ? capture_skip(ng->file, rest) : result;
}

/* Bytes on the wire, and the bytes kept, as many as the section's first interface allows. */
static int32_t read_simple_packet(struct pcapng *ng, uint32_t body)
{
    uint8_t head[4];
    if (body < sizeof head || ng->count == 0) {
        return FERRY_ETRUNCATED;
    }
    int32_t result = capture_take(ng->file, head, sizeof head);
    if (result != FERRY_OK) {
        return result;
    }
    const uint32_t bytes = capture_32(ng->file, head), limit = ng->interfaces[0].limit;
    const uint32_t captured = limit != 0 && limit < bytes ? limit : bytes;
    const uint32_t rest = body - (uint32_t)sizeof head;
    if (captured > rest) {
        return FERRY_ETRUNCATED;
    }
    result = capture_add(ng->file, bytes, captured, NULL);
    return result == FERRY_OK ? capture_skip(ng->file, rest) : result;
}

/* Behind the byte order: version, length of the section; options. */
static int32_t begin_section(struct pcapng *ng, uint32_t body)
{
    uint8_t head[12];
    if (body < sizeof head) {
        return FERRY_ETRUNCATED;
    }
    int32_t result = capture_take(ng->file, head, sizeof head);
    if (result != FERRY_OK) {
        return result;
    }
    const uint16_t minor = capture_16(ng->file, head + 2);
    if (capture_16(ng->file, head) != 1 || (minor != 0 && minor != 2)) { /* some wrote 1.2 for what is 1.0 */
        return FERRY_ECAPTURE;
    }
    ng->begun = true;
    ng->count = 0;
    return capture_skip(ng->file, body - (uint32_t)sizeof head);
}

static int32_t read_body(struct pcapng *ng, uint32_t type, uint32_t body)
{
    switch (type) {
    case INTERFACE:
        return read_interface(ng, body);
    case OBSOLETE_PACKET:
    case ENHANCED_PACKET:
        return read_packet(ng, body, type == OBSOLETE_PACKET);
    case SIMPLE_PACKET:
        return read_simple_packet(ng, body);
    default: /* names, statistics, keys, somebody's own: nothing about gaps or sizes */
        return capture_skip(ng->file, body);
    }
}

/* Where a section begins, its own byte order is needed to read its length: it stands right behind. */
static int32_t read_byte_order(struct pcapng *ng)
{
    uint8_t order[4];
    int32_t result = capture_take(ng->file, order, sizeof order);
    if (result != FERRY_OK) {
        return result;
    }
    ng->file->big_endian = order[0] == 0x1A;
    if (capture_32(ng->file, order) != 0x1A2B3C4D) {
        return ng->begun ? FERRY_ETRUNCATED : FERRY_ECAPTURE;
    }
    return FERRY_OK;
}

/* One block, whose type is read. */
static int32_t read_block(struct pcapng *ng, const uint8_t *type)
{
    const bool section = memcmp(type, "\x0A\x0D\x0D\x0A", 4) == 0;
    const uint32_t fixed = section ? FRAMING_BYTES + 4 : FRAMING_BYTES;
    uint8_t length[4], again[4];
    int32_t result = capture_take(ng->file, length, sizeof length);
    if (result == FERRY_OK && section) {
        result = read_byte_order(ng);
    }
    if (result != FERRY_OK) {
        return result;
    }
    const uint32_t bytes = capture_32(ng->file, length);
    if (bytes % 4 != 0 || bytes < fixed) {
        return FERRY_ETRUNCATED;
    }
    result = section ? begin_section(ng, bytes - fixed) : read_body(ng, capture_32(ng->file, type), bytes - fixed);
    if (result == FERRY_OK) {
        result = capture_take(ng->file, again, sizeof again);
    }
    return result == FERRY_OK && capture_32(ng->file, again) != bytes ? FERRY_ETRUNCATED : result;
}

int32_t capture_pcapng(struct capture_file *file)
{
    struct pcapng ng = {.file = file};
    uint8_t type[4] = {0x0A, 0x0D, 0x0D, 0x0A};
    int32_t result = read_block(&ng, type);
    while (result == FERRY_OK && (result = capture_more(file)) > 0) {
        result = capture_take(file, type, sizeof type);
        if (result == FERRY_OK) {
            result = read_block(&ng, type);
        }
    }
    free(ng.interfaces);
    return result;
}
