/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_device.c: see support_device.h. One lock guards the whole script, so
 * that what a test sees is what the device did.
 */
#include "support_device.h"

#include <time.h>

#include "support_traffic.h"

static bool raised(const struct scripted *d)
{
    bool level = d->ops.flags & FERRY_DEVICE_LEVEL;
    return d->woken || (d->armed != 0 && d->line) ||
           (level && (((d->armed & FERRY_ARM_RX) && d->arrivals != 0) || ((d->armed & FERRY_ARM_TX) && d->room != 0)));
}

static uint32_t least(uint64_t a, uint64_t b)
{
    return (uint32_t)(a < b ? a : b);
}

static int32_t fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct scripted *d = self;
    pthread_mutex_lock(&d->lock);
    uint32_t used = least(n, d->arrivals);
    for (uint32_t i = 0; i < used; i++) {
        payload_write(slots[i].data, d->sequence + i);
        slots[i].length = d->length;
        slots[i].dropped = d->marked;
    }
    d->arrivals -= used;
    d->sequence += used;
    d->sent_before_fill = 0;
    int32_t error = used == 0 ? d->fill_error : 0;
    pthread_mutex_unlock(&d->lock);
    return error != 0 ? error : (int32_t)used;
}

static int32_t transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct scripted *d = self;
    pthread_mutex_lock(&d->lock);
    uint32_t taken = least(n, d->room);
    for (uint32_t i = 0; i < taken; i++) {
        memcpy(&d->last_sent, slots[i].data, sizeof d->last_sent);
        if (d->ops.complete != NULL) {
            require(d->held_count < SCRIPTED_HELD_MAX);
            d->held[d->held_count++] = slots[i].token;
        }
    }
    d->room -= d->room == SCRIPTED_ENDLESS ? 0 : taken;
    d->sent += taken;
    d->sent_before_fill += taken;
    d->most_sent = d->sent_before_fill > d->most_sent ? d->sent_before_fill : d->most_sent;
    pthread_mutex_unlock(&d->lock);
    return (int32_t)taken;
}

static int32_t complete(void *self, uint64_t *tokens, uint32_t n)
{
    struct scripted *d = self;
    pthread_mutex_lock(&d->lock);
    uint32_t done = least(n, least(d->completable, d->held_count));
    memcpy(tokens, d->held, done * sizeof tokens[0]);
    memmove(d->held, d->held + done, (d->held_count - done) * sizeof d->held[0]);
    d->held_count -= done;
    d->completable -= done;
    pthread_mutex_unlock(&d->lock);
    return (int32_t)done;
}

static int32_t arm(void *self, uint32_t events)
{
    struct scripted *d = self;
    if (d->before_arm != NULL) {
        d->before_arm(d, events);
    }
    pthread_mutex_lock(&d->lock);
    d->armed = events;
    d->line = false;
    pthread_mutex_unlock(&d->lock);
    return FERRY_OK;
}

static int32_t wait_event(void *self, int64_t timeout_ns)
{
    struct scripted *d = self;
    struct timespec end;
    if (d->before_wait != NULL) {
        d->before_wait(d);
    }
    bool endless = timeout_ns < 0 || timeout_ns > PATIENCE_NS;
    timeout_ns = endless ? 0 : timeout_ns;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (end.tv_nsec + timeout_ns) / 1000000000;
    end.tv_nsec = (end.tv_nsec + timeout_ns) % 1000000000;
    pthread_mutex_lock(&d->lock);
    d->waits++;
    d->last_armed = d->armed;
    int late = 0;
    d->asleep = true;
    while (!raised(d) && late == 0) {
        late = endless ? pthread_cond_wait(&d->changed, &d->lock)
                       : pthread_cond_timedwait(&d->changed, &d->lock, &end);
    }
    d->asleep = false;
    int32_t events = d->line ? (int32_t)d->armed : 0;
    d->woken = false;
    d->line = false;
    pthread_mutex_unlock(&d->lock);
    return events;
}

static void wake(void *self)
{
    struct scripted *d = self;
    pthread_mutex_lock(&d->lock);
    d->woken = true;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
}

static void close_device(void *self)
{
    struct scripted *d = self;
    require(!d->closed);
    d->closed = true;
}

void scripted_init(struct scripted *device, uint32_t flags)
{
    pthread_condattr_t monotonic;
    memset(device, 0, sizeof *device);
    device->ops = (struct ferry_device_ops){.abi = FERRY_DEVICE_ABI,
                                            .bytes = sizeof device->ops,
                                            .flags = flags,
                                            .fill = fill,
                                            .transmit = transmit,
                                            .arm = arm,
                                            .wait = wait_event,
                                            .wake = wake,
                                            .close = close_device};
    device->device = (ferry_device){&device->ops, device};
    device->length = PAYLOAD_BYTES;
    device->room = SCRIPTED_ENDLESS;
    pthread_mutex_init(&device->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&device->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void scripted_destroy(struct scripted *device)
{
    require(device->closed);
    pthread_cond_destroy(&device->changed);
    pthread_mutex_destroy(&device->lock);
}

void scripted_hold(struct scripted *device)
{
    device->ops.complete = complete;
}

/* Under the lock: an event of that kind has happened. */
static void raise_line(struct scripted *d, uint32_t kind)
{
    if (d->armed & kind) {
        d->line = true;
    }
    pthread_cond_broadcast(&d->changed);
}

void scripted_arrive(struct scripted *d, uint64_t n)
{
    pthread_mutex_lock(&d->lock);
    d->arrivals += n;
    raise_line(d, FERRY_ARM_RX);
    pthread_mutex_unlock(&d->lock);
}

void scripted_make_room(struct scripted *d, uint64_t n)
{
    pthread_mutex_lock(&d->lock);
    d->room = n == SCRIPTED_ENDLESS ? n : d->room + n;
    raise_line(d, FERRY_ARM_TX);
    pthread_mutex_unlock(&d->lock);
}

void scripted_set_room(struct scripted *d, uint64_t room)
{
    pthread_mutex_lock(&d->lock);
    d->room = room;
    pthread_mutex_unlock(&d->lock);
}

void scripted_mark(struct scripted *d, uint32_t cause)
{
    pthread_mutex_lock(&d->lock);
    d->marked = cause;
    pthread_mutex_unlock(&d->lock);
}

void scripted_complete(struct scripted *d, uint32_t n)
{
    pthread_mutex_lock(&d->lock);
    d->completable += n;
    pthread_mutex_unlock(&d->lock);
    wake(d);
}

void scripted_fail(struct scripted *d, int32_t error)
{
    pthread_mutex_lock(&d->lock);
    d->fill_error = error;
    raise_line(d, FERRY_ARM_RX);
    pthread_mutex_unlock(&d->lock);
}

uint64_t scripted_sent(struct scripted *d)
{
    pthread_mutex_lock(&d->lock);
    uint64_t sent = d->sent;
    pthread_mutex_unlock(&d->lock);
    return sent;
}

struct awaited_sent {
    struct scripted *device;
    uint64_t n;
};

static bool sent_is_there(void *context)
{
    const struct awaited_sent *awaited = context;
    return scripted_sent(awaited->device) >= awaited->n;
}

bool scripted_sent_reaches(struct scripted *device, uint64_t n)
{
    struct awaited_sent awaited = {device, n};
    return eventually(sent_is_there, &awaited);
}

static bool sleeps(void *context)
{
    struct scripted *d = context;
    pthread_mutex_lock(&d->lock);
    bool asleep = d->asleep && !raised(d);
    pthread_mutex_unlock(&d->lock);
    return asleep;
}

bool scripted_sleeps(struct scripted *device)
{
    return eventually(sleeps, device);
}

int32_t scripted_open(struct scripted *device, ferry_pool *pool, uint32_t flags, uint32_t budget)
{
    const struct ferry_bridge_config config = {
        .flags = flags, .budget = budget, .moderation_ns = device->moderation_ns};
    device->pool = pool;
    int32_t bridge = ferry_bridge_open(pool, &device->device, &config);
    require(bridge >= 0);
    return bridge;
}
