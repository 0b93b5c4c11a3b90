/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_ring_end.c: one producer and one consumer that hold their ends of a ring,
 * for each capacity up to 1024, with flushes and pauses at random. Every descriptor is
 * numbered and names a payload that carries its checksum. Guards order and number,
 * and that slots and payload are published with the index, and given back with it:
 * under ThreadSanitizer, too.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "ring_end.h"
#include "support_traffic.h"

#ifdef FERRY_TSAN
#define DESCRIPTORS UINT64_C(25000)
#else
#define DESCRIPTORS UINT64_C(150000)
#endif
#define CAPACITY_MAX 1024
#define RUNS 33 /* eleven capacities, three first indices */
/* A payload is written again only after its reader has moved on: slots come back after the descriptors are read. */
#define PAYLOADS (CAPACITY_MAX + RING_GATHER + 1)
#define SMALL_SHARE 16 /* a small ring is a change of threads for every few descriptors */

static struct ferry_ring words;
static uint64_t slots[CAPACITY_MAX];
static uint8_t payloads[PAYLOADS][PAYLOAD_BYTES];

struct end {
    struct ring ring;
    uint64_t seed;
    uint64_t goal;
    uint64_t idle; /* that found no room, or nothing */
};

static void rest(struct end *end)
{
    end->idle++;
    if (end->idle % 64 == 0) {
        sched_yield(); /* there may be one core for both */
    }
}

/* Now and then one end falls behind, so that the other meets the edges. */
static bool pause_sometimes(struct end *end)
{
    if (random_below(&end->seed, 256) != 0) {
        return false;
    }
    for (uint32_t i = random_below(&end->seed, 400); i > 0; i--) {
        pause_spin();
    }
    return true;
}

static void *run_producer(void *context)
{
    struct end *end = context;
    struct ring_writer writer = ring_writer_open(&end->ring);
    pin_thread(1);
    for (uint64_t number = 0; number < end->goal; number++) {
        /* Room first: a payload made for a descriptor that the ring did not take could still be another's. */
        while (writer.at == writer.stop && ring_writer_advance(&writer) == 0) {
            rest(end);
        }
        payload_write(payloads[number % PAYLOADS], number);
        require(ring_put(&writer, number) == 1);
        if (pause_sometimes(end)) {
            ring_writer_flush(&writer);
        }
    }
    ring_writer_flush(&writer);
    return NULL;
}

static void run_consumer(struct end *end)
{
    struct ring_reader reader = ring_reader_open(&end->ring);
    for (uint64_t number = 0; number < end->goal; number++) {
        uint64_t descriptor;
        int32_t got;
        while ((got = ring_get(&reader, &descriptor)) == 0) {
            rest(end);
        }
        require(got == 1 && descriptor == number && payload_read(payloads[number % PAYLOADS]) == number);
        if (pause_sometimes(end)) {
            ring_reader_flush(&reader);
        }
    }
    ring_reader_flush(&reader);
}

static void run(uint64_t capacity, uint64_t start)
{
    struct ring ring = {&words, slots, capacity};
    uint64_t goal = often(capacity < RING_GATHER ? DESCRIPTORS / SMALL_SHARE : DESCRIPTORS);
    struct end producer = {.ring = ring, .seed = start + capacity, .goal = goal};
    struct end consumer = {.ring = ring, .seed = ~start, .goal = goal};
    words.tail = words.head = start;
    ring_adopt(&ring);
    pthread_t thread = start_thread(run_producer, &producer);
    run_consumer(&consumer);
    join_thread(thread);
    require(ring_filled(&ring) == 0 && load_relaxed(&words.head) == start + goal);
    printf("capacity %4" PRIu64 " from %016" PRIx64 ": %" PRIu64 " descriptors; the producer met a full ring %" PRIu64
           " times, the consumer an empty one %" PRIu64 "\n", capacity, start, goal, producer.idle, consumer.idle);
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
