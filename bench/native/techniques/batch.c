/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.c: what the consumer of a driver does for each packet, one at a time or
 * 32 at a time. A thread takes buffers, writes 64 bytes into each and queues
 * them, as the driver does; the consumer, another thread, takes packets out,
 * reads their 64 bytes and gives the buffers back. Both run at once, as a
 * driver and its consumer do: what a batch saves is their meeting at the ring
 * and at the pool. Who finds nothing asks again at once; a consumer that waits a
 * little makes batches by waiting, whatever way it has, and gains the less.
 * The producer, the ring and the pool are the same for the first three.
 *
 *
 *   batch.one      dequeue one, process it, free it
 *   batch.chapter  the chapter's way: up to 32 dequeued one by one, processed,
 *                  freed one by one
 *   batch.ours     32 dequeued by one pop, so one release; processed; freed by
 *                  one give: what a bridge's receive does
 *
 * Frames go back to the pool's depot. Two more go to a magazine of the consumer's
 * own, which makes the batches of 64 behind its back that the depot wants, so
 * that they gain less or nothing:
 *
 *   batch.magazine.one, batch.magazine.ours
 *
 * And two use the chapter's own rings, its pool's free list being one of them,
 * with room for all buffers, which the chapter's has not; their producer takes
 * and queues one at a time:
 *
 *   batch.rings.one, batch.rings.chapter
 *
 * X.same runs producer and consumer in turn in one thread, for counting misses.
 */
#include <string.h>

#include "frameferry/frame.h"
#include "workload.h"

#define PACKET 64
#define FREE_LIST 4096 /* the next power of two that holds all buffers where one slot is never used */

static ferry_pool *pool;
static struct ferry_geometry geometry;
static struct ferry_ring words;
static uint64_t slots[RING];
static const struct ring ring = {&words, slots, RING};

void open_magazine(struct side *side)
{
    check(ferry_magazine_open(pool, &side->magazine) == FERRY_OK, "no magazine");
}

void close_magazine(struct side *side)
{
    check(ferry_magazine_close(side->magazine) == FERRY_OK, "the magazine was not closed");
}

/* ---- packets ----------------------------------------------------------------- */

static void write_packet(uint8_t *data, uint64_t number)
{
    uint64_t words_of_packet[PACKET / 8];
    for (uint32_t i = 0; i < PACKET / 8; i++) {
        words_of_packet[i] = number + i;
    }
    memcpy(data, words_of_packet, PACKET);
}

/* Of what write_packet wrote. */
static uint64_t sum_of(uint64_t number)
{
    return PACKET / 8 * number + 28;
}

/* Not inlined: a driver's consumer is somebody else's code. */
static __attribute__((noinline)) uint64_t process_packet(const uint8_t *data)
{
    uint64_t words_of_packet[PACKET / 8], sum = 0;
    memcpy(words_of_packet, data, PACKET);
    for (uint32_t i = 0; i < PACKET / 8; i++) {
        sum += words_of_packet[i];
    }
    return sum;
}

/* ---- our ring and pool --------------------------------------------------------- */

/* Takes, fills and queues up to n packets. Returns how many. */
static uint32_t receive(struct side *side, uint64_t number, uint32_t n)
{
    uint64_t batch[BURST];
    n = (uint32_t)ferry_magazine_take(side->magazine, batch, n);
    for (uint32_t i = 0; i < n; i++) {
        write_packet(ferry_frame_data(&geometry, batch[i]), number + i);
        side->sum += sum_of(number + i);
    }
    for (uint32_t pushed = 0; (pushed += (uint32_t)ring_push(&ring, batch + pushed, n - pushed)) < n;) {
        rest(side);
    }
    return n;
}

static void produce(struct side *side)
{
    for (uint64_t i = 0; i < side->operations;) {
        uint64_t left = side->operations - i;
        uint32_t n = receive(side, i, left < BURST ? (uint32_t)left : BURST);
        if (n == 0) {
            rest(side);
        }
        i += n;
    }
}

/* ---- ways to consume: each returns how many packets it has processed ---- */

static void process(struct side *side, uint64_t packet)
{
    side->sum += process_packet(ferry_frame_data(&geometry, packet));
}

/* To the depot, or to the thread's magazine. Inlined with a constant. */
static inline void give(struct side *side, bool magazine, const uint64_t *batch, uint32_t n)
{
    int64_t given = magazine ? ferry_magazine_give(side->magazine, batch, n) : ferry_pool_give(pool, batch, n);
    check((uint32_t)given == n, "a frame was not given back");
}

static inline uint32_t one(struct side *side, bool magazine)
{
    uint64_t packet;
    if (ring_pop(&ring, &packet, 1) != 1) {
        return 0;
    }
    process(side, packet);
    give(side, magazine, &packet, 1);
    return 1;
}

static inline uint32_t whole(struct side *side, bool magazine)
{
    uint64_t batch[BATCH];
    uint32_t n = (uint32_t)ring_pop(&ring, batch, BATCH);
    for (uint32_t i = 0; i < n; i++) {
        process(side, batch[i]);
    }
    if (n != 0) {
        give(side, magazine, batch, n);
    }
    return n;
}

static uint32_t consume_one(struct side *side)
{
    return one(side, false);
}

static uint32_t consume_one_with_magazine(struct side *side)
{
    return one(side, true);
}

static uint32_t consume_our_way(struct side *side)
{
    return whole(side, false);
}

static uint32_t consume_our_way_with_magazine(struct side *side)
{
    return whole(side, true);
}

static uint32_t consume_chapters_way(struct side *side)
{
    uint64_t batch[BATCH];
    uint32_t n = 0;
    while (n < BATCH && ring_pop(&ring, &batch[n], 1) == 1) {
        n++;
    }
    for (uint32_t i = 0; i < n; i++) {
        process(side, batch[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        give(side, false, &batch[i], 1);
    }
    return n;
}

/* ---- the chapter's rings --------------------------------------------------------- */

struct chapter_ring {
    void *buffers[FREE_LIST];
    _Atomic uint32_t head, tail;
    uint32_t mask;
};

static struct chapter_buffer {
    uint8_t data[2048];
    size_t len;
    struct chapter_buffer *next;
} *buffers;

static struct chapter_ring received = {.mask = RING - 1}, unused = {.mask = FREE_LIST - 1};

static bool enqueue(struct chapter_ring *r, void *item)
{
    uint32_t tail = load_relaxed(&r->tail), next = (tail + 1) & r->mask;
    if (next == load_acquire(&r->head)) {
        return false;
    }
    r->buffers[tail] = item;
    store_release(&r->tail, next);
    return true;
}

static void *dequeue(struct chapter_ring *r)
{
    uint32_t head = load_relaxed(&r->head);
    if (head == load_acquire(&r->tail)) {
        return NULL;
    }
    void *item = r->buffers[head];
    store_release(&r->head, (head + 1) & r->mask);
    return item;
}

static void rings_produce(struct side *side)
{
    uint8_t *buffer;
    for (uint64_t i = 0; i < side->operations; i++) {
        while ((buffer = dequeue(&unused)) == NULL) {
            rest(side);
        }
        write_packet(buffer, i);
        side->sum += sum_of(i);
        while (!enqueue(&received, buffer)) {
            rest(side);
        }
    }
}

static uint32_t rings_consume_one(struct side *side)
{
    uint8_t *packet = dequeue(&received);
    if (packet == NULL) {
        return 0;
    }
    side->sum += process_packet(packet);
    check(enqueue(&unused, packet), "a buffer vanished");
    return 1;
}

static uint32_t rings_consume_chapters_way(struct side *side)
{
    uint8_t *batch[BATCH];
    uint32_t n = 0;
    while (n < BATCH && (batch[n] = dequeue(&received)) != NULL) {
        n++;
    }
    for (uint32_t i = 0; i < n; i++) {
        side->sum += process_packet(batch[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        check(enqueue(&unused, batch[i]), "a buffer vanished");
    }
    return n;
}

void open_batches(void)
{
    const struct ferry_pool_config config = {.frames = BUFFERS, .frame_size = 2048, .ring_capacity = 1};
    check(ferry_pool_open(&config, &pool) == FERRY_OK, "no pool");
    ferry_pool_geometry(pool, &geometry);
    memset((void *)(uintptr_t)geometry.data, 0, geometry.data_bytes);
    buffers = calloc(BUFFERS, sizeof *buffers);
    check(buffers != NULL, "no memory");
    for (uint32_t i = 0; i < BUFFERS; i++) {
        check(enqueue(&unused, buffers[i].data), "a buffer vanished");
    }
}

/* ---- the workloads ------------------------------------------------------------------ */

/* Defines the consumer's thread, and both in one, for a way of consuming; a macro, so that it is inlined. */
#define CONSUMER(way) \
    static void way##_thread(struct side *side) \
    { \
        for (uint64_t left = side->operations; left != 0;) { \
            uint32_t n = way(side); \
            if (n == 0) { \
                rest(side); \
            } \
            left -= n; \
        } \
    } \
    static __attribute__((unused)) void way##_same(struct side *side) \
    { \
        for (uint64_t i = 0; i < side->operations; i += BURST) { \
            uint64_t before = side->sum; \
            check(receive(side, i, BURST) == BURST, "the pool is empty"); \
            uint64_t written = side->sum - before; \
            for (uint32_t left = BURST; left != 0;) { \
                left -= way(side); \
            } \
            side->sum -= 2 * written; \
        } \
    }

CONSUMER(consume_one)
CONSUMER(consume_chapters_way)
CONSUMER(consume_our_way)
CONSUMER(consume_one_with_magazine)
CONSUMER(consume_our_way_with_magazine)
CONSUMER(rings_consume_one)
CONSUMER(rings_consume_chapters_way)

struct workload batch_workloads[] = {
    {.name = "batch.one", .bytes = PACKET, .pauses = 1, .produce = produce, .consume = consume_one_thread},
    {.name = "batch.chapter", .bytes = PACKET, .pauses = 1, .produce = produce, .consume = consume_chapters_way_thread},
    {.name = "batch.ours", .bytes = PACKET, .pauses = 1, .produce = produce, .consume = consume_our_way_thread},
    {.name = "batch.magazine.one", .bytes = PACKET, .pauses = 1, .produce = produce,
     .consume = consume_one_with_magazine_thread},
    {.name = "batch.magazine.ours", .bytes = PACKET, .pauses = 1, .produce = produce,
     .consume = consume_our_way_with_magazine_thread},
    {.name = "batch.rings.one", .bytes = PACKET, .pauses = 1, .produce = rings_produce,
     .consume = rings_consume_one_thread},
    {.name = "batch.rings.chapter", .bytes = PACKET, .pauses = 1, .produce = rings_produce,
     .consume = rings_consume_chapters_way_thread},
    {.name = "batch.one.same", .bytes = PACKET, .consume = consume_one_same},
    {.name = "batch.chapter.same", .bytes = PACKET, .consume = consume_chapters_way_same},
    {.name = "batch.ours.same", .bytes = PACKET, .consume = consume_our_way_same},
    {.name = NULL},
};
