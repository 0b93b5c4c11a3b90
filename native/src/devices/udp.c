/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp.c: a UDP socket as a device. recvmmsg and sendmmsg work straight in the
 * frames; the kernel writes the sender's address into the frame's metadata line
 * and reads the receiver's from there. One thread at a time drives it; wake,
 * drops and receive_buffer are for any thread.
 *
 * The source is patient: what is not read waits in the socket's buffer, where
 * the kernel drops and counts what does not fit.
 */
#include "udp.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "../atomics.h"

/* Errors that ICMP messages and full queues leave on a socket: they concern one datagram, not the socket. */
static bool passing(int error)
{
    return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH || error == EHOSTDOWN ||
           error == ENETDOWN || error == ENOBUFS || error == ENOMEM || error == EINTR || error == EPROTO;
}

/* Errors of sending that there is no way back from: the socket is none. */
static bool final(int error)
{
    return error == EBADF || error == ENOTSOCK;
}

static void stamp(struct ferry_slot *slot, const struct timespec *when)
{
    *(int64_t *)(slot->meta + FERRY_META_TIMESTAMP) = when->tv_sec * INT64_C(1000000000) + when->tv_nsec;
}

/* The kernel's time of arrival, if the datagram carries one. */
static bool stamp_by_kernel(struct ferry_slot *slot, struct msghdr *header)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec when;
            memcpy(&when, CMSG_DATA(c), sizeof when);
            stamp(slot, &when);
            return true;
        }
    }
    return false;
}

static void prepare_receive(struct udp *udp, const struct ferry_slot *slots, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct msghdr *header = &udp->rx[i].msg_hdr;
        udp->rx_data[i].iov_base = slots[i].data;
        udp->rx_data[i].iov_len = slots[i].capacity;
        header->msg_name = slots[i].meta + FERRY_META_ADDRESS;
        header->msg_namelen = sizeof(struct sockaddr_in6);
        header->msg_control = udp->timestamps ? udp->rx_control[i] : NULL;
        header->msg_controllen = udp->timestamps ? sizeof udp->rx_control[i] : 0;
    }
}

static int32_t udp_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct udp *udp = self;
    struct timespec now;
    n = n < UDP_BURST ? n : UDP_BURST;
    prepare_receive(udp, slots, n);
    int got = recvmmsg(udp->fd, udp->rx, n, MSG_DONTWAIT, NULL);
    if (got < 0 && passing(errno)) { /* the call took the error off the socket; what it spoilt is counted */
        slots[0].dropped = FERRY_RX_ERRORS;
        return 1;
    }
    if (got < 0) {
        return errno == EAGAIN ? 0 : FERRY_ESYSTEM - errno;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    for (int i = 0; i < got; i++) {
        slots[i].length = udp->rx[i].msg_len;
        slots[i].dropped = udp->rx[i].msg_hdr.msg_flags & MSG_TRUNC ? FERRY_RX_OVERSIZE : 0;
        if (!udp->timestamps || !stamp_by_kernel(&slots[i], &udp->rx[i].msg_hdr)) {
            stamp(&slots[i], &now);
        }
    }
    return got;
}

/* Where the frame goes: its own address, or nowhere else than the peer of a connected socket. */
static void set_address(struct udp *udp, struct msghdr *header, uint8_t *meta)
{
    const struct ferry_address *address = (const struct ferry_address *)(meta + FERRY_META_ADDRESS);
    header->msg_namelen = udp->connected                        ? 0
                          : address->family == FERRY_AF_INET    ? sizeof(struct sockaddr_in)
                          : address->family == FERRY_AF_INET6   ? sizeof(struct sockaddr_in6)
                                                                : 0;
    header->msg_name = header->msg_namelen != 0 ? meta + FERRY_META_ADDRESS : NULL;
}

static int32_t udp_transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct udp *udp = self;
    n = n < UDP_BURST ? n : UDP_BURST;
    for (uint32_t i = 0; i < n; i++) {
        udp->tx_data[i].iov_base = slots[i].data;
        udp->tx_data[i].iov_len = slots[i].length;
        set_address(udp, &udp->tx[i].msg_hdr, slots[i].meta);
    }
    uint32_t done = 0;
    bool repeated = false;
    while (done < n) {
        int sent = sendmmsg(udp->fd, udp->tx + done, n - done, MSG_DONTWAIT);
        if (sent > 0) {
            done += (uint32_t)sent;
            repeated = false;
        } else if (errno == EAGAIN || (final(errno) && done != 0)) {
            break; /* what went out is to count as sent: the next call meets the error again */
        } else if (final(errno)) {
            return FERRY_ESYSTEM - errno;
        } else if (passing(errno) && !repeated) {
            repeated = true; /* perhaps an earlier datagram's ICMP error: it is off the socket now */
        } else {
            slots[done++].dropped = 1; /* this one cannot be sent: too long, no such route, no address, ... */
            repeated = false;
        }
    }
    return (int32_t)done;
}

static int32_t udp_arm(void *self, uint32_t events)
{
    struct udp *udp = self;
    udp->armed = (short)((events & FERRY_ARM_RX ? POLLIN : 0) | (events & FERRY_ARM_TX ? POLLOUT : 0));
    return FERRY_OK;
}

static int32_t udp_wait(void *self, int64_t timeout_ns)
{
    struct udp *udp = self;
    /* A negative descriptor is passed over: with nothing armed, not even an error on the socket must wake us, or a
     * starved poller would spin on it. */
    struct pollfd fds[2] = {{udp->armed != 0 ? udp->fd : -1, udp->armed, 0}, {udp->event, POLLIN, 0}};
    struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    if (ppoll(fds, 2, timeout_ns < 0 ? NULL : &timeout, NULL) < 0) {
        return errno == EINTR || errno == ENOMEM ? 0 : FERRY_ESYSTEM - errno;
    }
    uint64_t wakes;
    if (fds[1].revents != 0 && read(udp->event, &wakes, sizeof wakes) < 0 && errno != EAGAIN && errno != EINTR) {
        return FERRY_ESYSTEM - errno;
    }
    short events = fds[0].revents & udp->armed; /* an error on the socket is for the next read or write to find */
    return (events & POLLIN ? FERRY_ARM_RX : 0) | (events & POLLOUT ? FERRY_ARM_TX : 0);
}

static void udp_wake(void *self)
{
    const uint64_t one = 1;
    struct udp *udp = self;
    /* The only failure is a counter about to overflow: then the event is set, which is all we want. */
    (void)!write(udp->event, &one, sizeof one);
}

static uint64_t udp_drops(void *self)
{
    return udp_kernel_drops(self);
}

static uint64_t udp_receive_buffer(void *self)
{
    return ((struct udp *)self)->receive_buffer;
}

static void udp_close(void *self)
{
    udp_free(self);
}

const struct ferry_device_ops udp_ops = {
    .abi = FERRY_DEVICE_ABI,
    .bytes = sizeof(struct ferry_device_ops),
    .flags = FERRY_DEVICE_PATIENT | FERRY_DEVICE_LEVEL | FERRY_DEVICE_ADDRESSES,
    .fill = udp_fill,
    .transmit = udp_transmit,
    .arm = udp_arm,
    .wait = udp_wait,
    .wake = udp_wake,
    .drops = udp_drops,
    .receive_buffer = udp_receive_buffer,
    .close = udp_close,
};
