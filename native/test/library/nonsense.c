/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nonsense.c: a device library that breaks its contract in the way that its
 * config names, for the tests in Java: in C, tests bring tables of their own.
 * But for that it brings numbered frames without end, takes what is sent, and is
 * done with it when it is asked. Beside it, tables that are none.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <frameferry/device.h>

#define HELD_MAX 4096
#define SECOND INT64_C(1000000000)

struct subject {
    const char *word; /* what it does wrong: one of WORDS */
    int event;
    uint64_t number; /* of the next arrival */
    uint64_t filled; /* the token of the last one: a frame that nobody has sent */
    uint32_t held_count;
    uint64_t held[HELD_MAX]; /* tokens to complete */
};

static const char *const WORDS[] = {
    "nothing", "open", "fill-beyond", "fill-long", "fill-scribble", "fill-error", "transmit-beyond",
    "transmit-scribble", "complete-beyond", "complete-foreign", "complete-outside", "complete-twice", "arm", "wait",
};

static int is(const struct subject *s, const char *word)
{
    return strcmp(s->word, word) == 0;
}

static int32_t open_subject(const char *config, void **self)
{
    struct subject *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return FERRY_ENOMEM;
    }
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        s->word = strcmp(config, WORDS[i]) == 0 ? WORDS[i] : s->word;
    }
    if (s->word == NULL || is(s, "open")) {
        int32_t answer = s->word == NULL ? FERRY_EINVAL : 7;
        free(s);
        return answer;
    }
    s->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    *self = s;
    return FERRY_OK;
}

static int32_t fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct subject *s = self;
    if (is(s, "fill-error")) {
        return FERRY_ESYSTEM - EIO;
    }
    if (is(s, "arm") || is(s, "wait")) {
        return 0; /* or it would never come to that */
    }
    for (uint32_t i = 0; i < n; i++) {
        s->filled = slots[i].token;
        memcpy(slots[i].data, &s->number, sizeof s->number);
        slots[i].length = sizeof s->number;
        if (is(s, "fill-long") && s->number % 2 != 0) {
            slots[i].length = slots[i].capacity + 1;
        } else if (is(s, "fill-scribble")) { /* a frame outside the slab, another's name, room without end */
            slots[i].data = slots[i].meta = (uint8_t *)8;
            slots[i].token = UINT64_MAX;
            slots[i].capacity = UINT32_MAX;
        }
        s->number++;
    }
    return (int32_t)(is(s, "fill-beyond") ? n + 1 : n);
}

static int32_t transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct subject *s = self;
    n = n < HELD_MAX - s->held_count ? n : HELD_MAX - s->held_count;
    for (uint32_t i = 0; i < n; i++) {
        s->held[s->held_count++] = slots[i].token;
        if (is(s, "transmit-scribble")) {
            slots[i] = (struct ferry_slot){.token = UINT64_MAX, .capacity = UINT32_MAX, .length = UINT32_MAX};
        }
    }
    return (int32_t)(is(s, "transmit-beyond") ? n + 1 : n);
}

static int32_t complete(void *self, uint64_t *tokens, uint32_t n)
{
    struct subject *s = self;
    uint32_t done = n < s->held_count ? n : s->held_count;
    s->held_count -= done;
    memcpy(tokens, s->held + s->held_count, done * sizeof tokens[0]);
    if (done == 0) {
        return 0;
    }
    if (is(s, "complete-foreign")) {
        tokens[0] = s->filled;
    } else if (is(s, "complete-outside")) {
        tokens[0] = UINT64_MAX;
    } else if (is(s, "complete-twice") && done < n) {
        tokens[done] = tokens[0];
        return (int32_t)done + 1;
    }
    return (int32_t)(is(s, "complete-beyond") ? n + 1 : done);
}

static int32_t arm(void *self, uint32_t events)
{
    (void)events;
    return is(self, "arm") ? 11 : FERRY_OK;
}

static int32_t wait_event(void *self, int64_t timeout_ns)
{
    struct subject *s = self;
    struct pollfd fd = {s->event, POLLIN, 0};
    struct timespec timeout = {(time_t)(timeout_ns / SECOND), (long)(timeout_ns % SECOND)};
    uint64_t wakes;
    if (is(s, "wait")) {
        return 64;
    }
    (void)ppoll(&fd, 1, timeout_ns < 0 ? NULL : &timeout, NULL);
    (void)!read(s->event, &wakes, sizeof wakes);
    return 0;
}

static void wake(void *self)
{
    const uint64_t one = 1;
    (void)!write(((struct subject *)self)->event, &one, sizeof one);
}

static void close_subject(void *self)
{
    struct subject *s = self;
    close(s->event);
    free(s);
}

#define TABLE(abi_, bytes_, flags_, open_, fill_) \
    { \
        .abi = abi_, .bytes = bytes_, .flags = flags_, .open = open_, .fill = fill_, .transmit = transmit, \
        .complete = complete, .arm = arm, .wait = wait_event, .wake = wake, .close = close_subject, \
    }

#define ABI FERRY_DEVICE_ABI
#define BYTES sizeof(struct ferry_device_ops)

FERRY_API const struct ferry_device_ops nonsense = TABLE(ABI, BYTES, FERRY_DEVICE_PATIENT, open_subject, fill);
FERRY_API const struct ferry_device_ops only_inline = TABLE(ABI, BYTES, FERRY_DEVICE_INLINE, open_subject, fill);
FERRY_API const struct ferry_device_ops of_another_version = TABLE(ABI - 1, BYTES, 0, open_subject, fill);
FERRY_API const struct ferry_device_ops of_another_size = TABLE(ABI, BYTES - 8, 0, open_subject, fill);
FERRY_API const struct ferry_device_ops without_open = TABLE(ABI, BYTES, 0, NULL, fill);
FERRY_API const struct ferry_device_ops without_fill = TABLE(ABI, BYTES, 0, open_subject, NULL);
FERRY_API const struct ferry_device_ops with_a_flag_of_its_own = TABLE(ABI, BYTES, 1u << 31, open_subject, fill);
FERRY_API const struct ferry_device_ops like_a_loop = TABLE(ABI, BYTES, FERRY_DEVICE_LOOP, open_subject, fill);

/* What somebody gets who names a function instead of its table. */
FERRY_API int32_t no_table(void);
int32_t no_table(void)
{
    return 0;
}
