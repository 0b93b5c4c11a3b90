/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp.h: a UDP socket as a device: its state, shared by the part that opens it
 * (udp_open.c) and the part that carries frames (udp.c).
 */
#ifndef FERRY_UDP_H
#define FERRY_UDP_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "frameferry/device.h"

/* Datagrams in one system call. */
#define UDP_BURST 64

/* Room for one struct timespec as ancillary data. */
#define UDP_CONTROL_BYTES 32

struct udp {
    ferry_device device;
    int fd;
    int event; /* eventfd: wakes wait() */
    short armed;
    bool connected;
    bool timestamps;
    uint64_t receive_buffer; /* granted, in the terms it was asked in */
    pthread_mutex_t drops_lock;
    uint32_t drops_seen; /* the kernel's counter has 32 bits; ours adds up its differences */
    uint64_t drops;
    struct mmsghdr rx[UDP_BURST];
    struct mmsghdr tx[UDP_BURST];
    struct iovec rx_data[UDP_BURST];
    struct iovec tx_data[UDP_BURST];
    _Alignas(8) uint8_t rx_control[UDP_BURST][UDP_CONTROL_BYTES];
};

extern const struct ferry_device_ops udp_ops;

/* Any thread. Datagrams that the kernel dropped at this socket since it was opened. */
uint64_t udp_kernel_drops(struct udp *udp);

/* Closes what is open and frees. */
void udp_free(struct udp *udp);

#endif
