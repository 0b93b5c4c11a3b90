/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp_open.c: opens, sizes and binds the socket of a UDP device, and reads what
 * the kernel says of it. Any thread; a device is not shared until it is open.
 */
#include <errno.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "udp.h"

_Static_assert(sizeof(struct ferry_address) >= sizeof(struct sockaddr_in6), "an address holds a sockaddr_in6");
_Static_assert(AF_INET == FERRY_AF_INET && AF_INET6 == FERRY_AF_INET6, "families are Linux's");
_Static_assert(CMSG_SPACE(sizeof(struct timespec)) <= UDP_CONTROL_BYTES, "room for a timestamp");

static socklen_t address_bytes(const struct ferry_address *address)
{
    return address->family == FERRY_AF_INET    ? sizeof(struct sockaddr_in)
           : address->family == FERRY_AF_INET6 ? sizeof(struct sockaddr_in6)
                                               : 0;
}

static int option(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof value);
}

/* Asks for `bytes`, beyond the system's limit where privilege allows. */
static void set_buffer(int fd, int force, int plain, uint32_t bytes)
{
    int wanted = bytes > INT32_MAX / 2 ? INT32_MAX / 2 : (int)bytes;
    if (bytes != 0 && option(fd, SOL_SOCKET, force, wanted) < 0) {
        option(fd, SOL_SOCKET, plain, wanted); /* gets what the limit allows; the caller is told how much */
    }
}

/* The kernel doubles what was asked, for its own overhead, and reports the double. */
static uint64_t granted_buffer(int fd)
{
    int value = 0;
    socklen_t bytes = sizeof value;
    return getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, &bytes) == 0 ? (uint64_t)value / 2 : 0;
}

static bool socket_drops(const struct udp *udp, uint32_t *drops)
{
    uint32_t info[SK_MEMINFO_VARS];
    socklen_t bytes = sizeof info;
    if (getsockopt(udp->fd, SOL_SOCKET, SO_MEMINFO, info, &bytes) != 0 ||
        bytes <= SK_MEMINFO_DROPS * sizeof(uint32_t)) {
        return false;
    }
    *drops = info[SK_MEMINFO_DROPS];
    return true;
}

uint64_t udp_kernel_drops(struct udp *udp)
{
    uint32_t now;
    pthread_mutex_lock(&udp->drops_lock);
    if (socket_drops(udp, &now)) {
        udp->drops += now - udp->drops_seen; /* modulo 2^32 */
        udp->drops_seen = now;
    }
    uint64_t drops = udp->drops;
    pthread_mutex_unlock(&udp->drops_lock);
    return drops;
}

void udp_free(struct udp *udp)
{
    if (udp->fd >= 0) {
        close(udp->fd);
    }
    if (udp->event >= 0) {
        close(udp->event);
    }
    pthread_mutex_destroy(&udp->drops_lock);
    free(udp);
}

/* Each step returns 0, or -1 with errno set. */

static int configure(struct udp *udp, const struct ferry_udp_config *config)
{
    int fd = udp->fd;
    set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, config->receive_buffer);
    set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, config->send_buffer);
    udp->receive_buffer = granted_buffer(fd);
    udp->timestamps = config->flags & FERRY_UDP_TIMESTAMPS;
    if ((udp->timestamps && option(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1) < 0) ||
        ((config->flags & FERRY_UDP_REUSE_PORT) && option(fd, SOL_SOCKET, SO_REUSEPORT, 1) < 0)) {
        return -1;
    }
    bool v6_only = config->flags & FERRY_UDP_V6_ONLY;
    return config->local.family == FERRY_AF_INET6 ? option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6_only) : 0;
}

static int bind_and_connect(struct udp *udp, const struct ferry_udp_config *config, struct ferry_address *bound)
{
    const struct sockaddr *remote = (const struct sockaddr *)&config->remote;
    socklen_t bytes = sizeof *bound;
    if (bind(udp->fd, (const struct sockaddr *)&config->local, address_bytes(&config->local)) < 0) {
        return -1;
    }
    udp->connected = config->remote.family != FERRY_AF_NONE;
    if (udp->connected && connect(udp->fd, remote, address_bytes(&config->remote)) < 0) {
        return -1;
    }
    memset(bound, 0, sizeof *bound);
    return getsockname(udp->fd, (struct sockaddr *)bound, &bytes);
}

static void prepare_vectors(struct udp *udp)
{
    for (int i = 0; i < UDP_BURST; i++) {
        udp->rx[i].msg_hdr = (struct msghdr){.msg_iov = &udp->rx_data[i], .msg_iovlen = 1};
        udp->tx[i].msg_hdr = (struct msghdr){.msg_iov = &udp->tx_data[i], .msg_iovlen = 1};
    }
}

static bool config_valid(const struct ferry_udp_config *config)
{
    bool remote_fits = config->remote.family == FERRY_AF_NONE || config->remote.family == config->local.family;
    return address_bytes(&config->local) != 0 && remote_fits;
}

int32_t ferry_udp_open(const struct ferry_udp_config *config, ferry_device **device, struct ferry_address *bound)
{
    if (config == NULL || device == NULL || bound == NULL || !config_valid(config)) {
        return FERRY_EINVAL;
    }
    struct udp *udp = calloc(1, sizeof *udp);
    if (udp == NULL) {
        return FERRY_ENOMEM;
    }
    pthread_mutex_init(&udp->drops_lock, NULL);
    udp->device = (ferry_device){&udp_ops, udp};
    udp->event = -1;
    udp->fd = socket(config->local.family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (udp->fd >= 0) {
        udp->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    }
    prepare_vectors(udp);
    if (udp->event < 0 || configure(udp, config) < 0 || bind_and_connect(udp, config, bound) < 0) {
        int32_t error = FERRY_ESYSTEM - errno;
        udp_free(udp);
        return error;
    }
    *device = &udp->device;
    return FERRY_OK;
}
