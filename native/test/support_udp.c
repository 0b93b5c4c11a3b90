/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_udp.c: see support_udp.h.
 */
#include "support_udp.h"

#include <arpa/inet.h>
#include <endian.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support_traffic.h"

static socklen_t bytes_of(const struct ferry_address *address)
{
    return address->family == FERRY_AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

static bool has_ipv6(void)
{
    struct ferry_address address = loopback(FERRY_AF_INET6, 0);
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, bytes_of(&address)) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return bound;
}

bool udp_case(uint32_t number, struct udp_case *which)
{
    which->family = number < 2 ? FERRY_AF_INET : FERRY_AF_INET6;
    which->is_inline = number % 2 != 0;
    if (which->family == FERRY_AF_INET6 && !has_ipv6()) {
        puts("skipped: this machine has no ::1");
        return false;
    }
    return true;
}

struct ferry_address loopback(uint16_t family, uint16_t port)
{
    struct ferry_address address = {.family = family, .port = port};
    if (family == FERRY_AF_INET) {
        address.flow = htonl(INADDR_LOOPBACK);
    } else {
        address.ipv6_low = htobe64(1); /* ::1 */
    }
    return address;
}

int peer_open_at(struct ferry_address *address)
{
    socklen_t bytes = sizeof *address;
    int fd = socket(address->family, SOCK_DGRAM, 0);
    require(fd >= 0);
    require(bind(fd, (struct sockaddr *)address, bytes_of(address)) == 0);
    require(getsockname(fd, (struct sockaddr *)address, &bytes) == 0);
    return fd;
}

int peer_open(uint16_t family, struct ferry_address *address)
{
    *address = loopback(family, 0);
    return peer_open_at(address);
}

void peer_send(int fd, const struct ferry_address *to, const void *data, size_t bytes)
{
    require(sendto(fd, data, bytes, 0, (const struct sockaddr *)to, bytes_of(to)) == (ssize_t)bytes);
}

ssize_t peer_receive(int fd, void *data, size_t bytes)
{
    struct pollfd readable = {fd, POLLIN, 0};
    return poll(&readable, 1, (int)(PATIENCE_NS / 1000000)) == 1 ? recv(fd, data, bytes, MSG_DONTWAIT) : -1;
}

bool same_address(const struct ferry_address *a, const struct ferry_address *b)
{
    bool same = a->family == b->family && a->port == b->port;
    return same && (a->family == FERRY_AF_INET ? a->flow == b->flow
                                               : a->ipv6_high == b->ipv6_high && a->ipv6_low == b->ipv6_low);
}

int32_t udp_bridge(ferry_pool *pool, const struct ferry_udp_config *config, bool is_inline, struct ferry_address *bound)
{
    const struct ferry_bridge_config options = {.flags = is_inline ? FERRY_INLINE : 0, .budget = 64};
    ferry_device *device = NULL;
    require(ferry_udp_open(config, &device, bound) == FERRY_OK);
    int32_t bridge = ferry_bridge_open(pool, device, &options);
    require(bridge >= 0);
    return bridge;
}

uint32_t udp_receive(ferry_pool *pool, int32_t bridge, bool is_inline, uint64_t *batch, uint32_t previous, uint32_t max)
{
    int64_t end = now_ns() + PATIENCE_NS;
    uint32_t got = 0;
    for (int64_t left = PATIENCE_NS; got == 0 && left > 0; left = end - now_ns(), previous = 0) {
        if (is_inline) {
            got = count_of(ferry_bridge_poll(pool, bridge, batch, previous, max, left));
            continue;
        }
        got = settle(pool, bridge, ferry_bridge_receive(pool, bridge, batch, previous, max));
        require(got != 0 || ferry_bridge_wait(pool, bridge, FERRY_RX, left) >= 0);
    }
    return got;
}

struct drain {
    ferry_pool *pool;
    int32_t bridge;
    bool is_inline;
};

static bool drained(void *context)
{
    const struct drain *drain = context;
    struct ferry_statistics statistics;
    uint64_t none[1];
    if (drain->is_inline) {
        require(ferry_bridge_poll(drain->pool, drain->bridge, none, 0, 0, 0) == 0);
    }
    require(ferry_bridge_statistics(drain->pool, drain->bridge, &statistics) == FERRY_OK);
    return statistics.tx_queued == 0;
}

void udp_send(ferry_pool *pool, int32_t bridge, bool is_inline, const uint64_t *batch, uint32_t n)
{
    struct drain drain = {pool, bridge, is_inline};
    require(settle(pool, bridge, ferry_bridge_send(pool, bridge, batch, n)) == n);
    require(eventually(drained, &drain));
}

struct ferry_address *address_of(ferry_pool *pool, uint64_t descriptor)
{
    return (struct ferry_address *)(pool_frame(pool, ferry_frame_index(descriptor)) + FERRY_META_ADDRESS);
}

void set_peer(ferry_pool *pool, uint64_t *descriptor, const struct ferry_address *peer)
{
    *address_of(pool, *descriptor) = *peer;
    *descriptor |= FERRY_ADDRESSED;
}
