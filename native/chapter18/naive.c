/* SPDX-License-Identifier: Apache-2.0 */
/*
 * naive.c: the chapter's failing driver, as it was told: a linked list of
 * packets under a spin lock, one malloc for each packet, one wake-up for each
 * packet. The receiver thread stands for the interrupt handler, an eventfd for
 * the interrupt, recvfrom() for the hardware. Nothing is made slower than the
 * story has it; the socket gets the same receive buffer as Frameferry's. Two
 * things differ: the list has a limit, so that memory is bounded, and it can
 * be closed. See naive.h for who may call what.
 */
#include "list.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

_Static_assert(CHAPTER18_NOTHING == FERRY_ESYSTEM - EAGAIN, "naive.h names EAGAIN by its number");
_Static_assert(sizeof(struct sockaddr_in6) <= sizeof(struct ferry_address), "a ferry_address begins as a sockaddr");

/* How often the receiver thread looks up from an idle device to see whether it is to stop. */
#define STOP_CHECK_NS 20000000

/* How long the receiver thread waits when there is no memory for a packet. */
#define NO_MEMORY_US 1000

/* ---- the interrupt handler ---- */

static void interrupt(struct driver *d)
{
    uint64_t one = 1;
    /* Fails only if 2^64 - 1 wake-ups are pending. */
    ssize_t written = write(d->interrupt, &one, sizeof one);
    (void)written;
    count(&d->wakeups, 1);
}

/* Reads one packet from the socket into a buffer made for it. Returns false if there was none: the buffer is then still
 * the caller's. */
static bool read_socket(struct driver *d, struct packet *p)
{
    socklen_t size = sizeof p->from;
    ssize_t n = recvfrom(d->socket, p->data, sizeof p->data, MSG_TRUNC, (struct sockaddr *)&p->from, &size);
    if (n < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            count(&d->errors, 1);
        }
        return false;
    }
    count(&d->received, 1);
    if ((size_t)n > sizeof p->data) {
        count(&d->truncated, 1);
        return false;
    }
    p->len = (size_t)n;
    return true;
}

/* The same from a device: takes one interrupt, and one packet for it. */
static bool read_device(struct driver *d, struct packet *p)
{
    _Alignas(FERRY_META_BYTES) uint8_t meta[FERRY_META_BYTES];
    const struct ferry_device_ops *ops = d->device->ops;
    struct ferry_slot slot = {.data = p->data, .meta = meta, .capacity = sizeof p->data};
    int32_t events = ops->wait(d->device->self, STOP_CHECK_NS);
    int32_t n = events < 0 ? events : events & FERRY_ARM_RX ? ops->fill(d->device->self, &slot, 1) : 0;
    if (n <= 0) {
        count(&d->errors, n < 0);
        return false;
    }
    count(&d->received, 1);
    count(&d->truncated, slot.dropped != 0);
    p->len = slot.length;
    return slot.dropped == 0;
}

void *chapter18_handle_interrupts(void *self)
{
    struct driver *d = self;
    struct packet *p = NULL;
    while (load_acquire(&d->state) != CLOSING) {
        if (!p) {
            p = malloc(sizeof *p);
            if (!p) {
                count(&d->errors, 1);
                usleep(NO_MEMORY_US);
                continue;
            }
            p->from = (struct ferry_address){0};
            count(&d->allocated, 1);
        }
        if (!(d->device != NULL ? read_device(d, p) : read_socket(d, p))) {
            continue;
        }
        if (!enqueue(&d->queue, p)) {
            count(&d->dropped, 1);
            count(&d->freed_unread, 1);
            free(p);
        }
        if (d->device == NULL) {
            interrupt(d);
        }
        p = NULL;
    }
    if (p) {
        count(&d->freed_unread, 1);
        free(p);
    }
    return NULL;
}

/* ---- the consumer ---- */

static void leave(struct driver *d)
{
    atomic_fetch_sub(&d->inside, 1);
}

/* Counts the caller in, if the driver is open. The count comes before the look at the state, and chapter18_close
 * changes the state before it looks at the count: in one order of all of these, one of the two sees the other. */
static struct driver *enter(int64_t number)
{
    struct driver *d = chapter18_find(number);
    if (!d) {
        return NULL;
    }
    atomic_fetch_add(&d->inside, 1);
    if (atomic_load(&d->state) == OPEN && atomic_load(&d->number) == number) {
        return d;
    }
    leave(d);
    return NULL;
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Sleeps until an interrupt or the deadline, and takes the interrupt. */
static void sleep_until(struct driver *d, int64_t deadline)
{
    int64_t left = deadline - now_ns();
    if (left < 0) {
        left = 0;
    }
    struct timespec t = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
    struct pollfd interrupt = {.fd = d->interrupt, .events = POLLIN};
    uint64_t taken;
    if (ppoll(&interrupt, 1, &t, NULL) > 0) {
        ssize_t n = read(d->interrupt, &taken, sizeof taken);
        (void)n;
    }
}

/* The next packet, or null and why in *error. */
static struct packet *next_packet(struct driver *d, int64_t timeout_ns, int64_t *error)
{
    struct packet *p = dequeue(&d->queue);
    if (p || timeout_ns == 0) {
        *error = CHAPTER18_NOTHING;
        return p;
    }
    int64_t now = now_ns();
    int64_t deadline = timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
    while (!p && now < deadline && load_acquire(&d->state) == OPEN) {
        if (d->device != NULL) {
            pause_spin();
        } else {
            sleep_until(d, deadline);
        }
        p = dequeue(&d->queue);
        now = now_ns();
    }
    *error = load_acquire(&d->state) == OPEN ? CHAPTER18_NOTHING : FERRY_ECLOSED;
    return p;
}

int64_t chapter18_receive(int64_t number, void *buffer, uint32_t capacity, int64_t timeout_ns,
                          struct ferry_address *from)
{
    if (!buffer || !from || timeout_ns < 0) {
        return FERRY_EINVAL;
    }
    struct driver *d = enter(number);
    if (!d) {
        return FERRY_ECLOSED;
    }
    int64_t result;
    struct packet *p = next_packet(d, timeout_ns, &result);
    if (p) {
        result = p->len < capacity ? (int64_t)p->len : capacity;
        memcpy(buffer, p->data, (size_t)result);
        *from = p->from;
        count(&d->delivered, 1);
        free(p);
    }
    leave(d);
    return result;
}

int64_t chapter18_send(int64_t number, const struct ferry_address *to, const void *data, uint32_t length)
{
    if (!to || !data || !known_family(to)) {
        return FERRY_EINVAL;
    }
    struct driver *d = enter(number);
    if (!d) {
        return FERRY_ECLOSED;
    }
    if (d->device != NULL) {
        leave(d);
        return FERRY_EINVAL;
    }
    int64_t sent = sendto(d->socket, data, length, MSG_DONTWAIT, (const struct sockaddr *)to, address_bytes(to));
    int64_t result = sent < 0 ? system_error() : sent;
    leave(d);
    return result;
}
