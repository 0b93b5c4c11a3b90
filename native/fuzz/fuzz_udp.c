/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_udp.c: a real socket on loopback: datagrams of every size, with ancillary
 * data of any kind, and frames sent to any address that a frame can name. What
 * fits is received whole, in order, from whom it came; what does not is counted;
 * every frame comes back. One bridge with the kernel's times of arrival, one
 * without, for all inputs.
 */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "support_udp.h"

#define FRAMES 512 /* more than the magazine of one bridge may keep from the other */
#define BATCH 64
#define FRAME_SIZE 2048
#define LARGEST 65507        /* bytes of an IPv4 datagram */
#define IN_FLIGHT_MAX 90000  /* bytes: any socket's buffer has room for them */
#define OVERHEAD 1024        /* that the kernel counts with a datagram, beside twice its length */
#define QUEUE_MAX 64

static ferry_pool *pool;
static struct ferry_geometry geometry;
static uint32_t capacity; /* bytes of the longest datagram that a frame takes */

/* A socket of the library's, and one that talks to it. */
static struct link {
    int32_t bridge;
    struct ferry_address bound;
    int peer;
    struct ferry_address peer_address;
    uint64_t oversize; /* sent so far */
    uint32_t queued;   /* sent and not received, but for the oversize ones */
    uint32_t bytes;    /* of the socket's buffer, for all that was sent since the last look */
    uint32_t lengths[QUEUE_MAX];
    uint8_t fills[QUEUE_MAX];
} links[2];

static void open_link(struct link *link, uint32_t flags)
{
    const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0), .flags = flags};
    link->bridge = udp_bridge(pool, &config, true, &link->bound);
    link->peer = peer_open(FERRY_AF_INET, &link->peer_address);
}

static void open_all(void)
{
    const struct ferry_pool_config config = {
        .frames = FRAMES, .frame_size = FRAME_SIZE, .headroom = 64, .ring_capacity = BATCH, .bridges = 2};
    require(ferry_pool_open(&config, &pool) == FERRY_OK);
    require(ferry_pool_geometry(pool, &geometry) == FERRY_OK);
    capacity = geometry.stride - FERRY_META_BYTES - geometry.headroom;
    open_link(&links[0], 0);
    open_link(&links[1], FERRY_UDP_TIMESTAMPS);
}

static uint32_t a_length(struct input *in)
{
    switch (below(in, 4)) {
    case 0: return below(in, 64);
    case 1: return capacity - 2 + below(in, 5);
    case 2: return below(in, 4 * FRAME_SIZE);
    default: return LARGEST - below(in, 64);
    }
}

/* One control message of any kind and length behind the header; most are refused by the kernel. */
static void attach(struct msghdr *header, uint8_t *control, struct input *in)
{
    const int kinds[][2] = {{IPPROTO_IP, IP_TOS}, {IPPROTO_IP, IP_TTL}, {SOL_SOCKET, SO_PRIORITY}, {SOL_SOCKET, SO_MARK}};
    uint32_t kind = below(in, 6);
    if (kind >= 4) {
        return;
    }
    struct cmsghdr *message = (struct cmsghdr *)(void *)control;
    header->msg_control = control;
    header->msg_controllen = CMSG_SPACE(sizeof(int));
    message->cmsg_level = kinds[kind][0];
    message->cmsg_type = kinds[kind][1];
    message->cmsg_len = below(in, 8) == 0 ? (size_t)hostile(in) : CMSG_LEN(sizeof(int));
    int value = (int)number(in, 1);
    memcpy(CMSG_DATA(message), &value, sizeof value);
}

static void receive(struct link *link);

static void send_datagram(struct link *link, struct input *in)
{
    static uint8_t data[LARGEST];
    alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(int))] = {0};
    uint32_t length = a_length(in);
    uint8_t value = (uint8_t)number(in, 1);
    struct iovec part = {data, length};
    struct msghdr header = {.msg_name = &link->bound, .msg_namelen = sizeof(struct sockaddr_in), .msg_iov = &part,
                            .msg_iovlen = 1};
    if (link->bytes != 0 && (link->bytes + 2 * length + OVERHEAD > IN_FLIGHT_MAX || link->queued == QUEUE_MAX)) {
        receive(link);
    }
    memset(data, value, length);
    attach(&header, control, in);
    if (sendmsg(link->peer, &header, 0) != (ssize_t)length) {
        require(header.msg_control != NULL); /* refused for that */
        return;
    }
    link->bytes += 2 * length + OVERHEAD;
    if (length > capacity) {
        link->oversize++;
        return;
    }
    link->lengths[link->queued] = length;
    link->fills[link->queued++] = value;
}

static void check(const struct link *link, uint64_t descriptor, uint32_t place)
{
    require(place < link->queued);
    require(ferry_frame_valid(descriptor, geometry.frames, geometry.stride));
    require((descriptor & FERRY_ADDRESSED) != 0);
    require(ferry_frame_length(descriptor) == link->lengths[place]);
    const uint8_t *data = ferry_frame_data(&geometry, descriptor);
    for (uint32_t i = 0; i < link->lengths[place]; i++) {
        require(data[i] == link->fills[place]);
    }
    require(same_address(address_of(pool, descriptor), &link->peer_address));
}

/* Receives all that was sent, and looks at it. */
static void receive(struct link *link)
{
    uint64_t batch[BATCH];
    uint32_t place = 0, previous = 0;
    for (uint32_t empty = 0; empty < 2;) { /* a round that only drops brings nothing, either */
        int64_t result = ferry_bridge_poll(pool, link->bridge, batch, previous, BATCH, 0);
        require(result >= 0);
        previous = (uint32_t)result;
        empty = previous == 0 && place == link->queued ? empty + 1 : 0;
        for (uint32_t i = 0; i < previous; i++) {
            check(link, batch[i], place++);
        }
    }
    require(counter_of(pool, link->bridge, FERRY_RX_OVERSIZE) == link->oversize);
    link->queued = link->bytes = 0;
}

/* To addresses of this machine only, or to none. */
static void send_frame(struct link *link, struct input *in)
{
    const uint32_t hosts[] = {INADDR_LOOPBACK, INADDR_BROADCAST, INADDR_ANY};
    const uint16_t ports[] = {link->peer_address.port, 0};
    uint64_t descriptor;
    if (count_of(ferry_pool_take(pool, &descriptor, 1)) == 0) {
        return;
    }
    require(ferry_frame_put(&descriptor, below(in, capacity + 1), geometry.stride));
    memset(ferry_frame_data(&geometry, descriptor), 7, ferry_frame_length(descriptor));
    struct ferry_address address = loopback(FERRY_AF_INET, ports[below(in, 2)]);
    address.flow = htonl(hosts[below(in, 3)]);
    address.family = below(in, 4) == 0 ? (uint16_t)hostile(in) : FERRY_AF_INET;
    set_peer(pool, &descriptor, &address);
    udp_send(pool, link->bridge, true, &descriptor, 1);
}

static void empty_peer(struct link *link)
{
    static uint8_t data[LARGEST];
    while (recv(link->peer, data, sizeof data, MSG_DONTWAIT) >= 0) {
        continue;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct input in = {bytes, n};
    if (pool == NULL) {
        open_all();
    }
    struct link *link = &links[below(&in, 2)];
    while (in.left != 0) {
        switch (below(&in, 4)) {
        case 0:
        case 1: send_datagram(link, &in); break;
        case 2: receive(link); break;
        default: send_frame(link, &in); break;
        }
    }
    receive(link);
    empty_peer(link);
    assert_sound(pool, 0);
    return 0;
}
