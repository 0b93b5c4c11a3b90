/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_udp.h: UDP on loopback for tests: a plain socket as the peer, and
 * bridges over UDP devices in both modes. Each function is for the test's own
 * thread.
 */
#ifndef FERRY_SUPPORT_UDP_H
#define FERRY_SUPPORT_UDP_H

#include <sys/types.h>

#include "support_pool.h"

/* One way to run a test: a family and a mode. */
struct udp_case {
    uint16_t family; /* FERRY_AF_* */
    bool is_inline;
};

#define UDP_CASES 4

/* Case 0 .. UDP_CASES - 1. False, with a message, where the machine has no such address. */
bool udp_case(uint32_t number, struct udp_case *which);

/* The loopback address with that port, in network byte order. */
struct ferry_address loopback(uint16_t family, uint16_t port);

/* A plain socket on loopback; *address is where it is bound. */
int peer_open(uint16_t family, struct ferry_address *address);

/* As that, at the address given. */
int peer_open_at(struct ferry_address *address);

/* Sends one datagram; the kernel must take it. */
void peer_send(int fd, const struct ferry_address *to, const void *data, size_t bytes);

/* Waits for one datagram. Returns its bytes, or -1 when none came. */
ssize_t peer_receive(int fd, void *data, size_t bytes);

bool same_address(const struct ferry_address *a, const struct ferry_address *b);

/* Opens a device that must open, and a bridge over it. *bound is where it listens. */
int32_t udp_bridge(ferry_pool *pool, const struct ferry_udp_config *config, bool is_inline, struct ferry_address *bound);

/* Gives the previous frames back and waits for others, in either mode. Returns how many, 0 when none came. */
uint32_t udp_receive(ferry_pool *pool, int32_t bridge, bool is_inline, uint64_t *batch, uint32_t previous, uint32_t max);

/* Sends, in either mode, all of it, and sees it leave the tx ring. */
void udp_send(ferry_pool *pool, int32_t bridge, bool is_inline, const uint64_t *batch, uint32_t n);

/* The peer's address in a frame's metadata. */
struct ferry_address *address_of(ferry_pool *pool, uint64_t descriptor);

/* Makes that address the frame's peer. */
void set_peer(ferry_pool *pool, uint64_t *descriptor, const struct ferry_address *peer);

#endif
