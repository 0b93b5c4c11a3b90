/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_traffic.h: numbered payloads, and the two ends of a bridge that send
 * and receive them in order. Each end's functions are for its thread.
 */
#ifndef FERRY_SUPPORT_TRAFFIC_H
#define FERRY_SUPPORT_TRAFFIC_H

#include "support_pool.h"

/* A payload is its number and a checksum of it. */
#define PAYLOAD_BYTES 16

void payload_write(uint8_t *data, uint64_t number);

/* The number in a payload whose checksum must be right. */
uint64_t payload_read(const uint8_t *data);

/* The number in a frame, which must be a valid one. */
uint64_t frame_number(ferry_pool *pool, uint64_t descriptor);

/* A taken frame with that number in it, ready to be sent. */
uint64_t numbered_frame(ferry_pool *pool, uint64_t number);

/* Send end. Sends n new frames numbered from `first` on, in one burst that must fit, and wakes the poller if asked to. */
void send_numbered(ferry_pool *pool, int32_t bridge, uint64_t first, uint32_t n);

/* Receive end. Waits for exactly n frames, numbered from `first` on, and gives them back. */
void receive_numbered(ferry_pool *pool, int32_t bridge, uint64_t first, uint32_t n);

/* The end that `what` names. Waits until there are frames (is room), which must come to pass, and must end the wait. */
void await(ferry_pool *pool, int32_t bridge, uint32_t what);

/* Makes the calls that the value of a burst call asks for. Returns its count. */
uint32_t settle(ferry_pool *pool, int32_t bridge, int64_t result);

#endif
