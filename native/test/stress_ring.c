/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_ring.c: one producer and one consumer on a ring of each capacity up to
 * 1024, with bursts of every size, through arrays and in place, with pauses,
 * from indices just below 2^32 and 2^64. Every descriptor is numbered and names
 * a payload that carries its checksum. Guards order and number, and that slots
 * and payload are published with the index: under ThreadSanitizer, too.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_traffic.h"

#ifdef FERRY_TSAN
#define DESCRIPTORS 50000
#else
#define DESCRIPTORS 250000
#endif
#define RUNS 33 /* eleven capacities, three first indices */
#define BURST_MAX 300 /* more than RING_FETCH_MAX */
#define CAPACITY_MAX 1024
#define PAYLOADS (CAPACITY_MAX + BURST_MAX + 1) /* a payload is written again only after its reader has moved on */

static struct ferry_ring words;
static uint64_t slots[CAPACITY_MAX];
static uint8_t payloads[PAYLOADS][PAYLOAD_BYTES];
static _Atomic uint64_t goal; /* descriptors in all; the producer lowers it when its time is up */

struct end {
    struct ring ring;
    uint64_t seed;
    uint64_t done;
    uint64_t calls; /* that moved something */
    uint64_t idle;  /* that found no room, or nothing */
};

/* Now and then one end falls behind, so that the other meets the edges. */
static void pause_sometimes(struct end *end)
{
    if (random_below(&end->seed, 128) == 0) {
        for (uint32_t i = random_below(&end->seed, 200); i > 0; i--) {
            pause_spin();
        }
    }
}

/* Of every size, and small ones most often. */
static uint32_t next_burst(struct end *end)
{
    uint64_t left = load_acquire(&goal) - end->done;
    uint32_t burst = 1 + random_below(&end->seed, 1 + random_below(&end->seed, BURST_MAX));
    return burst < left ? burst : (uint32_t)left;
}

static void settle_call(struct end *end, int32_t moved)
{
    require(moved >= 0);
    end->done += (uint32_t)moved;
    end->calls += moved != 0;
    end->idle += moved == 0;
    if (moved != 0) {
        pause_sometimes(end);
    } else if (end->idle % 64 == 0) {
        sched_yield(); /* there may be one core for both */
    }
}

static uint64_t make(uint64_t number)
{
    payload_write(payloads[number % PAYLOADS], number);
    return ferry_frame_descriptor((uint32_t)(number % PAYLOADS), FERRY_META_BYTES, PAYLOAD_BYTES);
}

static void check(uint64_t descriptor, uint64_t number)
{
    require(ferry_frame_index(descriptor) == number % PAYLOADS && ferry_frame_length(descriptor) == PAYLOAD_BYTES);
    require(payload_read(payloads[ferry_frame_index(descriptor)]) == number);
}

/* Asks for room first: a payload made for a descriptor that the ring did not take could still be another's. */
static int32_t produce(struct end *end, uint32_t burst)
{
    struct ring_span span;
    uint64_t batch[BURST_MAX];
    require(ring_reserve(&end->ring, burst, &span) == FERRY_OK);
    for (uint32_t i = 0; i < span.count; i++) {
        batch[i] = make(end->done + i);
    }
    if (random_below(&end->seed, 2) == 0) {
        return ring_push(&end->ring, batch, span.count);
    }
    for (uint32_t i = 0; i < span.count; i++) {
        *ring_slot(&end->ring, &span, i) = batch[i];
    }
    ring_commit(&end->ring, span.count);
    return (int32_t)span.count;
}

static int32_t consume(struct end *end, uint32_t burst)
{
    uint64_t batch[BURST_MAX];
    struct ring_span span;
    if (random_below(&end->seed, 2) == 0) {
        int32_t popped = ring_pop(&end->ring, batch, burst);
        for (int32_t i = 0; i < popped; i++) {
            check(batch[i], end->done + (uint32_t)i);
        }
        return popped;
    }
    require(ring_peek(&end->ring, burst, &span) == FERRY_OK);
    for (uint32_t i = 0; i < span.count; i++) {
        check(*ring_slot(&end->ring, &span, i), end->done + i);
    }
    ring_release(&end->ring, span.count);
    return (int32_t)span.count;
}

static void *run_producer(void *context)
{
    struct end *end = context;
    int64_t late = now_ns() + STRESS_NS / RUNS;
    pin_thread(1);
    while (end->done < load_acquire(&goal)) {
        settle_call(end, produce(end, next_burst(end)));
        if ((end->calls + end->idle) % 256 == 0 && now_ns() > late) {
            store_release(&goal, end->done);
        }
    }
    return NULL;
}

static void run_consumer(struct end *end)
{
    while (end->done < load_acquire(&goal)) {
        settle_call(end, consume(end, next_burst(end)));
    }
}

static void run(uint64_t capacity, uint64_t start)
{
    struct ring ring = {&words, slots, capacity};
    /* A small ring is a change of threads for every few descriptors. */
    store_release(&goal, often(capacity < 64 ? DESCRIPTORS / 8 : DESCRIPTORS));
    struct end producer = {.ring = ring, .seed = start + capacity}, consumer = {.ring = ring, .seed = ~start};
    words.tail = words.head = start;
    ring_adopt(&ring);
    pthread_t thread = start_thread(run_producer, &producer);
    run_consumer(&consumer);
    join_thread(thread);
    require(consumer.done == producer.done);
    require(ring_filled(&ring) == 0 && load_relaxed(&words.head) == start + producer.done);
    printf("capacity %4" PRIu64 " from %016" PRIx64 ": %" PRIu64 " descriptors, %" PRIu64 " pushes (%" PRIu64
           " met a full ring), %" PRIu64 " pops (%" PRIu64 " met an empty one)\n",
           capacity, start, producer.done, producer.calls, producer.idle, consumer.calls, consumer.idle);
}

int main(void)
{
    const uint64_t starts[] = {0, (UINT64_C(1) << 32) - 1000, UINT64_MAX - 1000};
    pin_thread(0);
    for (uint32_t i = 0; i < RUNS; i++) {
        run(UINT64_C(1) << i / 3, starts[i % 3]);
    }
    return EXIT_SUCCESS;
}
