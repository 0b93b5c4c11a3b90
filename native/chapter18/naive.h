/* SPDX-License-Identifier: Apache-2.0 */
/*
 * naive.h: the driver that fails, from the chapter that Frameferry grew out
 * of, rebuilt on a UDP socket and on any device: the peer that `ferry demo` and
 * `ferry bench chapter18` measure against. It links nothing of Frameferry; it
 * borrows the structs of addresses and devices, the error numbers and the names
 * of the atomic operations.
 *
 * Threads: one at a time may receive, one at a time may send; everything else
 * may be called by any thread at any time. A driver is named by a number that
 * never comes back, so a late caller gets FERRY_ECLOSED, not a fault.
 */
#ifndef FERRY_CHAPTER18_NAIVE_H
#define FERRY_CHAPTER18_NAIVE_H

#include "../include/frameferry/frameferry.h"

/* Drivers that may be open at once in one process. */
#define CHAPTER18_DRIVERS 16

/* The longest packet; longer ones are dropped and counted. */
#define CHAPTER18_PACKET_MAX 2048

/* chapter18_receive: nothing came in time. */
#define CHAPTER18_NOTHING (FERRY_ESYSTEM - 11)

struct chapter18_statistics {
    uint64_t received;  /* packets read from the socket */
    uint64_t delivered; /* packets handed to the consumer */
    uint64_t dropped;   /* packets for which the list had no room */
    uint64_t truncated; /* packets longer than CHAPTER18_PACKET_MAX */
    uint64_t wakeups;   /* signals sent to the consumer, one a packet */
    uint64_t errors;    /* reads that failed and were repeated */
    uint64_t allocated; /* buffers malloc'ed */
    uint64_t freed;     /* buffers freed: all of them once it is closed */
};

/*
 * Binds a socket to `local`, asks for `receive_buffer` bytes (0: the system's
 * default; SO_RCVBUFFORCE first, then SO_RCVBUF) and starts the receiver
 * thread. At most `limit` packets wait in the list. Stores the bytes granted,
 * in the terms they were asked in, and the bound address. Returns the driver's
 * number, above 0, or FERRY_EINVAL, FERRY_EFULL, FERRY_ENOMEM or a system
 * error (FERRY_ESYSTEM - errno).
 */
FERRY_API int64_t chapter18_open(const struct ferry_address *local, uint32_t receive_buffer, uint32_t limit,
                                 uint32_t *granted, struct ferry_address *bound);

/*
 * The same over a device, whose interrupts the receiver thread takes, one for
 * each packet; the device is the driver's, and closed with it, or at once if
 * this call fails. Nothing wakes the consumer, as in the chapter: a receive
 * that waits spins. There is no sending, and the senders of packets are
 * unknown.
 */
FERRY_API int64_t chapter18_open_device(ferry_device *device, uint32_t limit);

/*
 * Takes one packet off the list: copies at most `capacity` bytes of it to
 * `buffer` and its sender to `from`, frees it, returns the bytes copied. Sleeps
 * while the list is empty, timeout_ns (>= 0) at most: then CHAPTER18_NOTHING.
 * FERRY_ECLOSED when closed.
 */
FERRY_API int64_t chapter18_receive(int64_t driver, void *buffer, uint32_t capacity, int64_t timeout_ns,
                                    struct ferry_address *from);

/* Sends one packet. Returns its length or an error; CHAPTER18_NOTHING: no room in the socket. */
FERRY_API int64_t chapter18_send(int64_t driver, const struct ferry_address *to, const void *data, uint32_t length);

/* Counters now, or as they were left by chapter18_close, until the place is used again. */
FERRY_API int32_t chapter18_statistics(int64_t driver, struct chapter18_statistics *statistics);

/* Ends a receive that waits, joins the receiver thread, frees every packet. FERRY_ECLOSED the second time. */
FERRY_API int32_t chapter18_close(int64_t driver);

#endif
