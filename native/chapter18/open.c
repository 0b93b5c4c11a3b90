/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open.c: opening, closing and counting the chapter's driver. Any thread.
 *
 * Drivers live in a static table and are never freed, only reused under a new
 * number: that is what makes a call with an old number safe.
 */
#include "list.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* How often the receiver thread looks up from an idle socket to see whether it is to stop. */
#define STOP_CHECK_US 20000

static struct driver drivers[CHAPTER18_DRIVERS];

static int32_t open_socket(struct driver *d, const struct ferry_address *local, uint32_t receive_buffer,
                           uint32_t *granted, struct ferry_address *bound)
{
    int fd = d->socket = socket(local->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return system_error();
    }
    int wanted = (int)receive_buffer;
    if (wanted && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) &&
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted)) {
        return system_error();
    }
    struct timeval check = {.tv_usec = STOP_CHECK_US};
    struct ferry_address name = {0};
    int got = 0;
    socklen_t size = sizeof got, name_size = sizeof name;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &check, sizeof check) ||
        bind(fd, (const struct sockaddr *)local, address_bytes(local)) ||
        getsockname(fd, (struct sockaddr *)&name, &name_size) || getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &got, &size)) {
        return system_error();
    }
    *bound = name;
    *granted = (uint32_t)got / 2; /* the kernel doubles what it is asked for, and reports the double */
    d->interrupt = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return d->interrupt < 0 ? system_error() : FERRY_OK;
}

static void close_source(struct driver *d)
{
    if (d->device) {
        d->device->ops->close(d->device->self);
    }
    if (d->socket >= 0) {
        close(d->socket);
    }
    if (d->interrupt >= 0) {
        close(d->interrupt);
    }
}

/* Takes a free place in the table; null if there is none. */
static struct driver *claim(void)
{
    for (int i = 0; i < CHAPTER18_DRIVERS; i++) {
        struct driver *d = &drivers[i];
        uint32_t expected = FREE;
        if (atomic_compare_exchange_strong(&d->state, &expected, OPENING)) {
            int64_t last = load_relaxed(&d->number);
            atomic_store(&d->number, last ? last + CHAPTER18_DRIVERS : i + CHAPTER18_DRIVERS);
            d->device = NULL;
            d->socket = d->interrupt = -1;
            d->queue = (struct queue){.head = NULL};
            d->received = d->dropped = d->truncated = d->wakeups = d->errors = 0;
            d->allocated = d->freed_unread = d->delivered = 0;
            return d;
        }
    }
    return NULL;
}

/* Starts the receiver thread of a driver that has something to receive from. Returns its number. */
static int64_t start(struct driver *d)
{
    int refused = pthread_create(&d->thread, NULL, chapter18_handle_interrupts, d);
    if (refused) {
        return FERRY_ESYSTEM - refused;
    }
    atomic_store(&d->state, OPEN);
    return load_relaxed(&d->number);
}

/* Whoever is told of an error has no driver. */
static int64_t opened(struct driver *d, int64_t result)
{
    if (result < 0) {
        close_source(d);
        atomic_store(&d->state, FREE);
    }
    return result;
}

int64_t chapter18_open(const struct ferry_address *local, uint32_t receive_buffer, uint32_t limit, uint32_t *granted,
                       struct ferry_address *bound)
{
    if (!local || !granted || !bound || !known_family(local) || !limit || receive_buffer > INT32_MAX) {
        return FERRY_EINVAL;
    }
    struct driver *d = claim();
    if (!d) {
        return FERRY_EFULL;
    }
    d->queue.limit = limit;
    int32_t error = open_socket(d, local, receive_buffer, granted, bound);
    return opened(d, error == FERRY_OK ? start(d) : error);
}

int64_t chapter18_open_device(ferry_device *device, uint32_t limit)
{
    if (!device || !device->ops || device->ops->abi != FERRY_DEVICE_ABI) {
        return device && device->ops ? FERRY_EABI : FERRY_EINVAL;
    }
    struct driver *d = limit ? claim() : NULL;
    if (!d) {
        device->ops->close(device->self);
        return limit ? FERRY_EFULL : FERRY_EINVAL;
    }
    d->queue.limit = limit;
    d->device = device;
    int32_t error = device->ops->arm(device->self, FERRY_ARM_RX);
    return opened(d, error == FERRY_OK ? start(d) : error);
}

struct driver *chapter18_find(int64_t number)
{
    struct driver *d = &drivers[(uint64_t)number % CHAPTER18_DRIVERS];
    return number >= CHAPTER18_DRIVERS && atomic_load(&d->number) == number ? d : NULL;
}

int32_t chapter18_close(int64_t number)
{
    struct driver *d = chapter18_find(number);
    uint32_t expected = OPEN;
    if (!d || !atomic_compare_exchange_strong(&d->state, &expected, CLOSING)) {
        return FERRY_ECLOSED;
    }
    pthread_join(d->thread, NULL);
    while (atomic_load(&d->inside)) {
        uint64_t one = 1;
        ssize_t written = write(d->interrupt, &one, sizeof one); /* fails with a device: its consumer spins */
        (void)written;
        usleep(100);
    }
    for (struct packet *p = dequeue(&d->queue); p; p = dequeue(&d->queue)) {
        count(&d->freed_unread, 1);
        free(p);
    }
    close_source(d);
    atomic_store(&d->state, FREE);
    return FERRY_OK;
}

int32_t chapter18_statistics(int64_t number, struct chapter18_statistics *s)
{
    struct driver *d = chapter18_find(number);
    if (!d || !s) {
        return d ? FERRY_EINVAL : FERRY_ECLOSED;
    }
    *s = (struct chapter18_statistics){
        .received = load_relaxed(&d->received),
        .delivered = load_relaxed(&d->delivered),
        .dropped = load_relaxed(&d->dropped),
        .truncated = load_relaxed(&d->truncated),
        .wakeups = load_relaxed(&d->wakeups),
        .errors = load_relaxed(&d->errors),
        .allocated = load_relaxed(&d->allocated),
        .freed = load_relaxed(&d->freed_unread) + load_relaxed(&d->delivered),
    };
    return FERRY_OK;
}
