/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metronome.c: a device of one's own, to copy. It brings a frame at every beat,
 * with the beat's number in it, and a frame sent to it sets the time between
 * beats. Replace the timer by what you have: anything with a file descriptor
 * that poll() can wait for needs no more than this.
 *
 * One thread at a time calls these functions, but for metronome_wake.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <frameferry/device.h>

#define SECOND INT64_C(1000000000)

struct metronome {
    int timer;
    int event;       /* what metronome_wake writes and metronome_wait reads */
    uint32_t armed;  /* FERRY_ARM_* */
    uint64_t due;    /* beats that no frame has brought yet */
    uint64_t number; /* of the next beat */
};

static int32_t set_time(struct metronome *m, uint64_t ns)
{
    struct timespec gap = {(time_t)(ns / SECOND), (long)(ns % SECOND)};
    struct itimerspec beats = {gap, gap};
    return timerfd_settime(m->timer, 0, &beats, NULL) == 0 ? FERRY_OK : FERRY_ESYSTEM - errno;
}

static void metronome_close(void *self)
{
    struct metronome *m = self;
    if (m->timer >= 0) {
        close(m->timer);
    }
    if (m->event >= 0) {
        close(m->event);
    }
    free(m);
}

/* `config` is the time between beats, in ns. */
static int32_t metronome_open(const char *config, void **self)
{
    char *end;
    uint64_t ns = strtoull(config, &end, 10);
    if (ns == 0 || *end != '\0') {
        return FERRY_EINVAL;
    }
    struct metronome *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return FERRY_ENOMEM;
    }
    m->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    m->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int32_t error = m->timer < 0 || m->event < 0 ? FERRY_ESYSTEM - errno : set_time(m, ns);
    if (error != FERRY_OK) {
        metronome_close(m); /* nobody else will */
        return error;
    }
    *self = m;
    return FERRY_OK;
}

/* Arrivals into frames, in order; never more than n, never waiting. */
static int32_t metronome_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct metronome *m = self;
    uint64_t beats;
    struct timespec now;
    if (read(m->timer, &beats, sizeof beats) == sizeof beats) {
        m->due += beats;
    } else if (errno != EAGAIN && errno != EINTR) {
        return FERRY_ESYSTEM - errno; /* ends the bridge */
    }
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t timestamp = now.tv_sec * SECOND + now.tv_nsec;
    n = m->due < n ? (uint32_t)m->due : n;
    for (uint32_t i = 0; i < n; i++) {
        memcpy(slots[i].data, &m->number, sizeof m->number);
        memcpy(slots[i].meta + FERRY_META_TIMESTAMP, &timestamp, sizeof timestamp);
        slots[i].length = sizeof m->number; /* a frame holds 64 bytes at least: no need to look at its capacity */
        m->number++;
    }
    m->due -= n;
    return (int32_t)n;
}

/* Frames that somebody sends. This device is done with them when it returns. */
static int32_t metronome_transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint64_t ns = 0;
        if (slots[i].length == sizeof ns) {
            memcpy(&ns, slots[i].data, sizeof ns);
        }
        slots[i].dropped = ns == 0 || set_time(self, ns) != FERRY_OK; /* refused, and counted so */
    }
    return (int32_t)n;
}

static int32_t metronome_arm(void *self, uint32_t events)
{
    struct metronome *m = self;
    m->armed = events; /* it takes all frames at once, so FERRY_ARM_TX is never asked of it */
    return FERRY_OK;
}

static int32_t metronome_wait(void *self, int64_t timeout_ns)
{
    struct metronome *m = self;
    /* poll passes over a negative descriptor: what is not armed must not wake us. */
    struct pollfd fds[2] = {{m->armed & FERRY_ARM_RX ? m->timer : -1, POLLIN, 0}, {m->event, POLLIN, 0}};
    struct timespec timeout = {(time_t)(timeout_ns / SECOND), (long)(timeout_ns % SECOND)};
    uint64_t wakes;
    if (ppoll(fds, 2, timeout_ns < 0 ? NULL : &timeout, NULL) < 0) {
        return errno == EINTR ? 0 : FERRY_ESYSTEM - errno;
    }
    if (fds[1].revents != 0) {
        (void)!read(m->event, &wakes, sizeof wakes); /* sets it back to 0, for the next wait */
    }
    return fds[0].revents != 0 ? FERRY_ARM_RX : 0;
}

/* Any thread. A wake before the wait ends the wait: the event keeps it. */
static void metronome_wake(void *self)
{
    const uint64_t one = 1;
    (void)!write(((struct metronome *)self)->event, &one, sizeof one);
}

/* The one name that the library exports. */
FERRY_API const struct ferry_device_ops metronome = {
    .abi = FERRY_DEVICE_ABI,
    .bytes = sizeof(struct ferry_device_ops),
    .flags = FERRY_DEVICE_PATIENT, /* beats that nobody reads wait in the timer */
    .open = metronome_open,
    .fill = metronome_fill,
    .transmit = metronome_transmit,
    .arm = metronome_arm,
    .wait = metronome_wait,
    .wake = metronome_wake,
    .close = metronome_close,
};
