/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_bridge.c: bridges over a wire that loops: what is sent comes back.
 * A producer and a consumer wait on their ends, the poller sleeps and wakes,
 * and a thread plays the wire, at its own pace, with an edge-triggered
 * interrupt. Frames are few and most rings short, so that everybody meets
 * starvation, congestion and full rings, and every wake-up is needed: one that
 * is lost shows as a wait that runs out. The rings' indices begin where they
 * are about to wrap. Guards the order of what passes, that nothing is lost or
 * damaged, and the exact sum of frames at the end.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_device.h"
#include "support_traffic.h"

#ifdef FERRY_TSAN
#define NUMBERS 5000
#else
#define NUMBERS 30000
#endif
#define FRAMES 64
#define RUNS 15 /* five capacities, three first indices */
#define BATCH_MAX 64
#define HELD_MAX 64   /* what the producer hoards, when it can get it: every frame of the pool */
#define FIFO_MAX 65536 /* on the way back */
#define SINK_MAX 16   /* sent, not on the wire yet: beyond that the device is congested */

/* The wire: numbers in the sink, then on their way back. All of it under the device's lock. */
static uint64_t sink[SINK_MAX], fifo[FIFO_MAX];
static uint64_t sink_in, sink_out, fifo_in, fifo_out;
static bool ended;
static _Atomic uint64_t received;
static _Atomic uint64_t goal; /* numbers in all; the producer lowers it when its time is up */

static struct scripted device;
static ferry_pool *pool;

static int32_t loop_transmit(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct scripted *d = self;
    uint32_t taken = 0;
    pthread_mutex_lock(&d->lock);
    for (; taken < n && sink_in - sink_out < SINK_MAX; taken++) {
        sink[sink_in++ % SINK_MAX] = payload_read(slots[taken].data);
    }
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    return (int32_t)taken;
}

static int32_t loop_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    struct scripted *d = self;
    uint32_t used = 0;
    pthread_mutex_lock(&d->lock);
    for (; used < n && fifo_out < fifo_in; used++) {
        payload_write(slots[used].data, fifo[fifo_out++ % FIFO_MAX]);
        slots[used].length = PAYLOAD_BYTES;
    }
    pthread_mutex_unlock(&d->lock);
    return (int32_t)used;
}

/* Carries a few numbers at a time, and raises the interrupt for whatever of it is enabled at that moment. */
static void *run_wire(void *context)
{
    uint64_t seed = 3;
    (void)context;
    pthread_mutex_lock(&device.lock);
    while (!ended) {
        if (sink_in == sink_out) {
            pthread_cond_wait(&device.changed, &device.lock);
            continue;
        }
        for (uint32_t n = 1 + random_below(&seed, SINK_MAX); n > 0 && sink_out < sink_in; n--) {
            fifo[fifo_in++ % FIFO_MAX] = sink[sink_out++ % SINK_MAX];
        }
        device.line = device.line || device.armed != 0; /* there is room, and there are arrivals */
        pthread_cond_broadcast(&device.changed);
        pthread_mutex_unlock(&device.lock);
        if (random_below(&seed, 4) == 0) {
            sched_yield();
        }
        pthread_mutex_lock(&device.lock);
    }
    pthread_mutex_unlock(&device.lock);
    return NULL;
}

/* Takes as many frames as it can get, up to what was asked, and at least one. */
static uint32_t hoard(uint64_t *batch, uint32_t n)
{
    int64_t end = now_ns() + PATIENCE_NS;
    uint32_t got = 0;
    while ((got = count_of(ferry_pool_take(pool, batch, n))) == 0) {
        require(now_ns() < end);
        sched_yield();
    }
    return got;
}

static void *run_producer(void *context)
{
    uint64_t batch[HELD_MAX], number = 0, seed = 1;
    int64_t late = now_ns() + STRESS_NS / RUNS;
    (void)context;
    while (number < load_relaxed(&goal)) {
        uint64_t left = load_relaxed(&goal) - number;
        uint32_t want = random_below(&seed, 2) == 0 ? HELD_MAX : 1 + random_below(&seed, HELD_MAX);
        uint32_t held = hoard(batch, want < left ? want : (uint32_t)left);
        if (now_ns() > late) {
            store_relaxed(&goal, number + held); /* before these are sent, so that the consumer is not past it yet */
        }
        for (uint32_t i = 0; i < held; i++) {
            require(ferry_frame_put(&batch[i], PAYLOAD_BYTES, pool->geometry.stride));
            payload_write(data_of(pool, batch[i]), number++);
        }
        for (uint32_t sent = 0; sent < held;) {
            uint32_t n = settle(pool, 0, ferry_bridge_send(pool, 0, batch + sent, held - sent));
            sent += n;
            if (n == 0) {
                await(pool, 0, FERRY_TX);
            }
        }
        while (number - load_relaxed(&received) > FIFO_MAX - FRAMES) {
            sched_yield();
        }
    }
    return NULL;
}

static void run_consumer(void)
{
    uint64_t batch[BATCH_MAX], seed = 2;
    uint32_t held = 0;
    for (uint64_t number = 0; number < load_relaxed(&goal);) {
        uint32_t max = 1 + random_below(&seed, BATCH_MAX);
        held = settle(pool, 0, ferry_bridge_receive(pool, 0, batch, held, max));
        for (uint32_t i = 0; i < held; i++) {
            require(frame_number(pool, batch[i]) == number++);
        }
        store_relaxed(&received, number);
        if (held == 0) {
            await(pool, 0, FERRY_RX);
        }
        if (random_below(&seed, 64) == 0) {
            sched_yield();
        }
    }
    give_back(pool, batch, held);
}

static void print_statistics(void)
{
    struct ferry_statistics s;
    require(ferry_bridge_statistics(pool, 0, &s) == FERRY_OK);
    printf("%" PRIu64 " frames there, %" PRIu64 " back; %" PRIu64 " rounds, armed %" PRIu64 ", slept %" PRIu64
           ", starved %" PRIu64 ", blocked %" PRIu64 "\n",
           s.counters[FERRY_TX_FRAMES], s.counters[FERRY_RX_FRAMES], s.counters[FERRY_ROUNDS], s.counters[FERRY_ARMED],
           s.counters[FERRY_SLEPT], s.counters[FERRY_STARVED], s.counters[FERRY_BLOCKED]);
    require(s.counters[FERRY_TX_FRAMES] == goal && s.counters[FERRY_RX_FRAMES] == goal);
    require(s.counters[FERRY_TX_DROPPED] == 0 && s.counters[FERRY_RX_ERRORS] == 0);
}

/* A ring that nobody uses yet begins there. */
static void start_at(const struct ring *ring, uint64_t index)
{
    store_relaxed(&ring->words->tail, index);
    store_relaxed(&ring->words->head, index);
}

static void begin(uint32_t capacity, uint64_t start)
{
    sink_in = sink_out = fifo_in = fifo_out = 0;
    ended = false;
    received = 0;
    goal = often(NUMBERS);
    pool = pool_of(FRAMES, capacity, 1);
    start_at(&pool->bridges[0].rx, start);
    start_at(&pool->bridges[0].own_tx, start);
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    device.ops.fill = loop_fill;
    device.ops.transmit = loop_transmit;
    scripted_open(&device, pool, 0, 16);
}

static void end_wire(pthread_t wire)
{
    pthread_mutex_lock(&device.lock);
    ended = true;
    pthread_cond_broadcast(&device.changed);
    pthread_mutex_unlock(&device.lock);
    join_thread(wire);
}

static void run(uint32_t capacity, uint64_t start)
{
    begin(capacity, start);
    pthread_t wire = start_thread(run_wire, NULL), producer = start_thread(run_producer, NULL);
    run_consumer();
    join_thread(producer);
    printf("capacity %2" PRIu32 " from %016" PRIx64 ": ", capacity, start);
    print_statistics();
    end_wire(wire);
    require(ferry_bridge_close(pool, 0) == FERRY_OK && ferry_bridge_reclaim(pool, 0) == FERRY_OK);
    scripted_destroy(&device);
    close_sound(pool);
}

int main(void)
{
    const uint32_t capacities[] = {1, 2, 4, 16, 64};
    const uint64_t starts[] = {0, (UINT64_C(1) << 32) - 1000, UINT64_MAX - 1000};
    for (uint32_t i = 0; i < RUNS; i++) {
        run(capacities[i / 3], starts[i % 3]);
    }
    return EXIT_SUCCESS;
}
