/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring.c: handing items to another thread.
 *
 *   ring.list     the chapter's linked list, under a test-and-test-and-set spin
 *                 lock with pause
 *   ring.chapter  the chapter's ring as it is written: both indices on one line,
 *                 no cached copy of the other side's, one slot never used
 *   ring.single   our ring, an item at a time, as the chapter uses its own
 *   ring.burst    our ring, 64 items at a time
 *   ring.large    the same with 8192 slots
 *
 * Who finds nothing, or no room, pauses before it looks again, for as long as
 * suits the queue best, the list too: found by trying 1 to 1000 pauses, on two
 * processors that share a cache and on two that do not. A short wait suits the
 * first and a long one the second; where they differed, the figure here is that
 * which is near the best on both.
 *
 * X.same does the same in one thread, 64 items in and 64 out, for counting
 * cache misses. Items are the chapter's buffers for all of them; only the list
 * touches them, because its links are in there. It never has a buffer twice:
 * there are twice as many as it may hold.
 */
#include "../../../native/chapter18/list.h"
#include "workload.h"

/* The chapter's ring. */
struct chapter_ring {
    void *buffers[RING];
    _Atomic uint32_t head; /* consumer's */
    _Atomic uint32_t tail; /* producer's */
};

static struct packet *nodes;
static struct queue list = {.limit = RING};
static struct chapter_ring chapter;
static struct ferry_ring words, large_words;
static uint64_t slots[RING], large_slots[LARGE_RING];
static const struct ring ring = {&words, slots, RING}, large = {&large_words, large_slots, LARGE_RING};

void open_rings(void)
{
    nodes = calloc(BUFFERS, sizeof *nodes);
    check(nodes != NULL, "no memory");
}

/* The list needs as many as the chapter has buffers. The rings do not touch theirs: any number names one. */
static struct packet *node(uint64_t i)
{
    return &nodes[i % BUFFERS];
}

static bool chapter_enqueue(void *item)
{
    uint32_t tail = load_relaxed(&chapter.tail), next = (tail + 1) & (RING - 1);
    if (next == load_acquire(&chapter.head)) {
        return false;
    }
    chapter.buffers[tail] = item;
    store_release(&chapter.tail, next);
    return true;
}

static void *chapter_dequeue(void)
{
    uint32_t head = load_relaxed(&chapter.head);
    if (head == load_acquire(&chapter.tail)) {
        return NULL;
    }
    void *item = chapter.buffers[head];
    store_release(&chapter.head, (head + 1) & (RING - 1));
    return item;
}

static bool single_enqueue(void *item)
{
    const uint64_t value = (uintptr_t)item;
    return ring_push(&ring, &value, 1) == 1;
}

static void *single_dequeue(void)
{
    uint64_t value;
    return ring_pop(&ring, &value, 1) == 1 ? (void *)(uintptr_t)value : NULL;
}

static bool list_enqueue(void *item)
{
    return enqueue(&list, item);
}

static void *list_dequeue(void)
{
    return dequeue(&list);
}

/* Defines the three loops of a queue that takes one item at a time; a macro, so that the operations are inlined. */
#define SINGLE(name) \
    static void name##_produce(struct side *side) \
    { \
        for (uint64_t i = 0; i < side->operations; i++) { \
            while (!name##_enqueue(node(i))) { \
                rest(side); \
            } \
            side->sum += (uintptr_t)node(i); \
        } \
    } \
    static void name##_consume(struct side *side) \
    { \
        void *item; \
        for (uint64_t i = 0; i < side->operations; i++) { \
            while ((item = name##_dequeue()) == NULL) { \
                rest(side); \
            } \
            side->sum += (uintptr_t)item; \
        } \
    } \
    static void name##_same(struct side *side) \
    { \
        for (uint64_t i = 0; i < side->operations; i += BURST) { \
            for (uint64_t k = 0; k < BURST; k++) { \
                check(name##_enqueue(node(i + k)), "a queue is full that cannot be"); \
            } \
            for (uint64_t k = 0; k < BURST; k++) { \
                side->sum += (uintptr_t)name##_dequeue() - (uintptr_t)node(i + k); \
            } \
        } \
    }

SINGLE(list)
SINGLE(chapter)
SINGLE(single)

static void produce_bursts(struct side *side, const struct ring *to)
{
    uint64_t items[BURST];
    for (uint64_t i = 0; i < side->operations; i += BURST) {
        for (uint32_t k = 0; k < BURST; k++) {
            items[k] = (uintptr_t)node(i + k);
            side->sum += items[k];
        }
        for (uint32_t pushed = 0; (pushed += (uint32_t)ring_push(to, items + pushed, BURST - pushed)) < BURST;) {
            rest(side);
        }
    }
}

static void consume_bursts(struct side *side, const struct ring *from)
{
    uint64_t items[BURST];
    for (uint64_t left = side->operations; left != 0;) {
        uint32_t n = (uint32_t)ring_pop(from, items, BURST);
        if (n == 0) {
            rest(side);
        }
        for (uint32_t k = 0; k < n; k++) {
            side->sum += items[k];
        }
        left -= n;
    }
}

static void burst_produce(struct side *side)
{
    produce_bursts(side, &ring);
}

static void burst_consume(struct side *side)
{
    consume_bursts(side, &ring);
}

static void large_produce(struct side *side)
{
    produce_bursts(side, &large);
}

static void large_consume(struct side *side)
{
    consume_bursts(side, &large);
}

static void burst_same(struct side *side)
{
    uint64_t in[BURST], out[BURST];
    for (uint64_t i = 0; i < side->operations; i += BURST) {
        for (uint32_t k = 0; k < BURST; k++) {
            in[k] = (uintptr_t)node(i + k);
        }
        check(ring_push(&ring, in, BURST) == BURST && ring_pop(&ring, out, BURST) == BURST, "a burst was not whole");
        for (uint32_t k = 0; k < BURST; k++) {
            side->sum += out[k] - in[k];
        }
    }
}

struct workload ring_workloads[] = {
    {.name = "ring.list", .pauses = 300, .produce = list_produce, .consume = list_consume},
    {.name = "ring.chapter", .pauses = 100, .produce = chapter_produce, .consume = chapter_consume},
    {.name = "ring.single", .pauses = 100, .produce = single_produce, .consume = single_consume},
    {.name = "ring.burst", .pauses = 10, .produce = burst_produce, .consume = burst_consume},
    {.name = "ring.large", .pauses = 300, .produce = large_produce, .consume = large_consume},
    {.name = "ring.list.same", .consume = list_same},
    {.name = "ring.chapter.same", .consume = chapter_same},
    {.name = "ring.single.same", .consume = single_same},
    {.name = "ring.burst.same", .consume = burst_same},
    {.name = NULL},
};
