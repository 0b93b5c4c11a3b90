/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.h: the chapter's queue, a linked list of packets under a spin lock, and
 * the driver around it. The receiver thread puts packets in, the consumer takes
 * them out.
 */
#ifndef FERRY_CHAPTER18_LIST_H
#define FERRY_CHAPTER18_LIST_H

#include "naive.h"

#include "../include/frameferry/device.h"
#include "../src/atomics.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>

struct packet {
    uint8_t data[CHAPTER18_PACKET_MAX];
    size_t len;
    struct packet *next;
    struct ferry_address from;
};

struct queue {
    struct packet *head;
    struct packet *tail;
    uint32_t count;
    uint32_t limit; /* the chapter has none */
    _Atomic uint32_t lock;
};

enum state { FREE, OPENING, OPEN, CLOSING };

/* What the two threads write lies on lines apart, so that they meet at the queue only, as in the chapter. */
struct driver {
    _Atomic uint32_t state;
    _Atomic int64_t number; /* 0: never opened */
    ferry_device *device; /* null: the socket */
    int socket;
    int interrupt; /* wakes the consumer of the socket's packets; there is none with a device */
    pthread_t thread;
    _Alignas(128) struct queue queue;
    /* Written by the receiver thread. */
    _Alignas(128) _Atomic uint64_t received;
    _Atomic uint64_t dropped, truncated, wakeups, errors, allocated, freed_unread;
    /* Written by the consumer. */
    _Alignas(128) _Atomic uint64_t delivered;
    _Atomic uint32_t inside; /* callers in receive and send; close waits for 0 */
};

static inline void lock(_Atomic uint32_t *word)
{
    while (atomic_exchange_explicit(word, 1, memory_order_acquire)) {
        while (load_relaxed(word)) {
            pause_spin();
        }
    }
}

static inline void unlock(_Atomic uint32_t *word)
{
    store_release(word, 0);
}

static inline bool enqueue(struct queue *q, struct packet *p)
{
    lock(&q->lock);
    bool room = q->count < q->limit;
    if (room) {
        p->next = NULL;
        if (q->tail) {
            q->tail->next = p;
        } else {
            q->head = p;
        }
        q->tail = p;
        q->count++;
    }
    unlock(&q->lock);
    return room;
}

static inline struct packet *dequeue(struct queue *q)
{
    lock(&q->lock);
    struct packet *p = q->head;
    if (p) {
        q->head = p->next;
        if (!q->head) {
            q->tail = NULL;
        }
        q->count--;
    }
    unlock(&q->lock);
    return p;
}

/* The driver of that number, open or closed; null if the number was never given or its place is used again. */
struct driver *chapter18_find(int64_t number);

/* The receiver thread. */
void *chapter18_handle_interrupts(void *driver);

static inline int32_t system_error(void)
{
    return FERRY_ESYSTEM - errno;
}

static inline bool known_family(const struct ferry_address *a)
{
    return a->family == FERRY_AF_INET || a->family == FERRY_AF_INET6;
}

static inline socklen_t address_bytes(const struct ferry_address *a)
{
    return a->family == FERRY_AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

#endif
