/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_nic_bridge.c: a simulated card behind a bridge: the poller's budget,
 * what happens without a free frame, two cards on one processor, and the same
 * simulation whatever the batch. Guards that the poller keeps NAPI's contract.
 */
#include "unit.h"

#include <string.h>

#include "frameferry/frame.h"
#include "frameferry/nic.h"

#define FRAMES 1024
#define CAPACITY 256
#define BUDGET 16
#define LINE_RATE 1488095

static ferry_pool *pool;
static uint64_t batch[CAPACITY];

static int32_t open_bridge(const struct ferry_nic_config *nic, uint32_t flags, uint32_t budget)
{
    ferry_device *card;
    assert_int_equal(ferry_nic_open(nic, &card), FERRY_OK);
    return ferry_bridge_open(pool, card, &(struct ferry_bridge_config){.flags = flags, .budget = budget});
}

static struct ferry_nic_statistics glance(int32_t bridge)
{
    struct ferry_nic_statistics s;
    assert_int_equal(ferry_bridge_nic_statistics(pool, bridge, &s), FERRY_OK);
    return s;
}

/* In the thread that drives the card everything is accounted for at every moment. */
static struct ferry_nic_statistics look(int32_t bridge)
{
    struct ferry_nic_statistics s = glance(bridge);
    assert_int_equal(s.arrived, s.received + s.dropped + s.stalled + s.queued);
    return s;
}

static void end(int32_t bridges)
{
    for (int32_t bridge = 0; bridge < bridges; bridge++) {
        assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
        assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    }
    close_sound(pool);
    pool = NULL;
}

static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

/* ---- the budget ---- */

static void a_round_takes_no_more_than_the_budget(void **state)
{
    (void)state;
    pool = pool_of(FRAMES, CAPACITY, 1);
    /* Each frame costs more than the time until the next one: the card can never be emptied. */
    assert_int_equal(open_bridge(&(struct ferry_nic_config){.virtual_time = 1, .frame_cycles = 1000, .frames = 20000},
                                 FERRY_INLINE, BUDGET), 0);
    uint64_t polls = 0, full = 0;
    for (uint32_t n = 0; look(0).coming != 0; polls++) {
        uint64_t before = look(0).received;
        n = count_of(ferry_bridge_poll(pool, 0, batch, n, CAPACITY, 1000000));
        assert_in_range(look(0).received - before, 0, BUDGET);
        full += n == BUDGET;
        if (look(0).coming == 0) {
            give_back(pool, batch, n);
        }
    }
    assert_true(full > polls / 2);
    assert_in_range(counter_of(pool, 0, FERRY_ROUNDS_FULL), full - 1, full); /* a second look is no round */
    assert_true(look(0).dropped > 0);
    end(1);
}

/* ---- two cards on one processor ---- */

/* One thread polls both in turn: what it does for one, the other waits for. Returns what the quiet one lost. */
static uint64_t lost_by_the_quiet_one(uint32_t budget_of_the_flooded)
{
    pool = pool_of(FRAMES, CAPACITY, 2);
    const struct ferry_nic_config flooded = {.virtual_time = 1, .line_rate = 10000, .frame_cycles = 500, .rx_fifo = 200};
    const struct ferry_nic_config quiet = {.virtual_time = 1, .load = 100000, .frame_cycles = 500, .rx_fifo = 4};
    assert_int_equal(open_bridge(&flooded, FERRY_INLINE, budget_of_the_flooded), 0);
    assert_int_equal(open_bridge(&quiet, FERRY_INLINE, BUDGET), 1);
    static uint64_t batches[2][CAPACITY];
    uint32_t n[2] = {0, 0};
    uint64_t delivered = 0;
    while (delivered < 1000 && look(1).arrived < 20000) {
        for (int32_t bridge = 0; bridge < 2; bridge++) {
            uint64_t before = look(bridge).received;
            n[bridge] = count_of(ferry_bridge_poll(pool, bridge, batches[bridge], n[bridge], CAPACITY, 0));
            uint64_t worked = (look(bridge).received - before) * 500 + 50;
            assert_int_equal(ferry_bridge_nic_spend(pool, 1 - bridge, worked), FERRY_OK);
            assert_int_equal(ferry_bridge_nic_spend(pool, bridge, 50), FERRY_OK);
        }
        delivered += n[1];
    }
    uint64_t lost = look(1).dropped;
    give_back(pool, batches[0], n[0]);
    give_back(pool, batches[1], n[1]);
    end(2);
    return lost;
}

static void a_flood_on_one_card_does_not_starve_another(void **state)
{
    (void)state;
    /* 64 frames of the flood take 27 us; one of the quiet card comes every 6.7 us, and it holds four. */
    assert_int_equal(lost_by_the_quiet_one(BUDGET), 0);
    assert_true(lost_by_the_quiet_one(FERRY_BUDGET_MAX) > 0); /* the budget it is that does it */
}

/* ---- no free frame ---- */

static void without_a_free_frame_packets_wait_in_the_card(void **state)
{
    (void)state;
    pool = pool_of(8, CAPACITY, 1);
    assert_int_equal(open_bridge(&(struct ferry_nic_config){.virtual_time = 1, .rx_fifo = 4, .frames = 20}, FERRY_INLINE,
                                 BUDGET), 0);
    assert_int_equal(ferry_bridge_nic_spend(pool, 0, 9 * 807), FERRY_OK);
    uint32_t n = count_of(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, 0));
    assert_int_equal(n, 4);
    assert_int_equal(look(0).dropped, 5);
    assert_int_equal(ferry_bridge_nic_spend(pool, 0, 9 * 807), FERRY_OK);
    n += count_of(ferry_bridge_poll(pool, 0, batch + n, 0, CAPACITY, 0));
    assert_int_equal(n, 8); /* all frames of the pool */
    assert_int_equal(ferry_bridge_nic_spend(pool, 0, 9 * 807), FERRY_OK);
    assert_int_equal(count_of(ferry_bridge_poll(pool, 0, batch + n, 0, CAPACITY, 0)), 0);
    give_back(pool, batch, n);
    assert_int_equal(count_of(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, 0)), 2); /* 20 in all: two more came */
    give_back(pool, batch, 2);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 10);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_DEVICE), 10);
    end(1);
}

/* ---- the whole of it, twice ---- */

struct outcome {
    uint64_t received, dropped, interrupts, now, rounds, idle;
};

/* The poller's own times and counts are those of the card, whose clock it goes by. */
static void assert_times(const struct ferry_nic_statistics *card)
{
    struct ferry_statistics s;
    assert_int_equal(ferry_bridge_statistics(pool, 0, &s), FERRY_OK);
    uint64_t armed = s.counters[FERRY_ARMED_NS], rested = s.counters[FERRY_RESTED_NS];
    assert_int_equal(s.counters[FERRY_INTERRUPTS], card->interrupts);
    assert_int_equal(rested, 0);
    /* wait() ends when the interrupt has been taken: 833 ns each, rounded to whole ns at both ends. */
    assert_in_range(armed, card->idle + card->interrupts * 833 - card->interrupts * 2, card->idle + card->interrupts * 836);
    assert_in_range(armed + s.polling_ns, card->now - 1, card->now + 1);
}

/* Interrupts while there is little, polling while there is much. */
static struct outcome napi(uint32_t load, uint32_t max)
{
    struct outcome o;
    pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(open_bridge(&(struct ferry_nic_config){.virtual_time = 1, .frames = 20000, .load = load, .seed = 1,
                                                            .arrivals = FERRY_NIC_POISSON, .interrupt_cycles = 1000,
                                                            .frame_cycles = 200},
                                 FERRY_INLINE, 64), 0);
    uint64_t expected = 0;
    for (uint32_t n = 0; look(0).coming != 0 || look(0).queued != 0 || n != 0;) {
        n = count_of(ferry_bridge_poll(pool, 0, batch, n, max, 1000000));
        for (uint32_t i = 0; i < n; i++) {
            uint64_t number;
            memcpy(&number, data_of(pool, batch[i]), sizeof number);
            assert_true(number >= expected);
            expected = number + 1;
        }
    }
    struct ferry_nic_statistics s = look(0);
    assert_times(&s);
    o = (struct outcome){s.received, s.dropped, s.interrupts, s.now, counter_of(pool, 0, FERRY_ROUNDS), s.idle};
    end(1);
    return o;
}

static void few_frames_come_by_interrupt_and_many_by_polling(void **state)
{
    (void)state;
    struct outcome little = napi(50000, 64), much = napi(1000000, 64);
    assert_int_equal(little.received, 20000);
    assert_int_equal(much.received, 20000);
    assert_true(little.interrupts > 17000); /* mostly alone: 16 us apart, and each takes 1 us */
    assert_true(much.interrupts < 10000);
    assert_true(little.idle * 10 > little.now * 9);
    assert_true(much.idle * 10 < much.now * 5);
    struct outcome again = napi(1000000, 64), other = napi(1000000, 7);
    assert_memory_equal(&again, &much, sizeof much);
    assert_int_equal(other.received, 20000);
}

static void virtual_time_has_no_threads(void **state)
{
    (void)state;
    pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(open_bridge(&(struct ferry_nic_config){.virtual_time = 1}, 0, BUDGET), FERRY_EINVAL);
    assert_int_equal(open_bridge(&(struct ferry_nic_config){.virtual_time = 1}, FERRY_INLINE, BUDGET), 0);
    end(1);
}

static _Atomic bool done;

static void *read_times(void *context)
{
    struct ferry_statistics before = {0}, s;
    do {
        require(ferry_bridge_statistics(context, 0, &s) == FERRY_OK);
        require(s.counters[FERRY_ARMED_NS] >= before.counters[FERRY_ARMED_NS] && s.polling_ns >= before.polling_ns);
        before = s;
    } while (!atomic_load(&done));
    return NULL;
}

static void virtual_time_can_be_read_by_another_thread(void **state)
{
    (void)state;
    pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(open_bridge(&(struct ferry_nic_config){.virtual_time = 1, .frames = 20000, .load = 500000,
                                                            .interrupt_cycles = 1000, .frame_cycles = 200},
                                 FERRY_INLINE, BUDGET), 0);
    atomic_store(&done, false);
    pthread_t reader = start_thread(read_times, pool);
    for (uint32_t n = 0; look(0).coming != 0 || n != 0;) {
        n = count_of(ferry_bridge_poll(pool, 0, batch, n, CAPACITY, 1000000));
    }
    atomic_store(&done, true);
    join_thread(reader);
    end(1);
}

/* ---- sending ---- */

static void what_is_sent_leaves_and_comes_back_to_the_pool(void **state)
{
    (void)state;
    pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(open_bridge(&(struct ferry_nic_config){.virtual_time = 1, .frames = 1, .tx_fifo = 32}, FERRY_INLINE,
                                 BUDGET), 0);
    uint32_t n = count_of(ferry_pool_take(pool, batch, 200));
    assert_int_equal(n, 200);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(ferry_frame_put(&batch[i], 64, TEST_FRAME_SIZE));
    }
    assert_int_equal(count_of(ferry_bridge_send(pool, 0, batch, n)), 200);
    uint64_t received = 0;
    for (int i = 0; i < 1000 && look(0).transmitted < 200; i++) {
        uint32_t got = count_of(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, 100000));
        give_back(pool, batch, got);
        received += got;
        assert_true(look(0).transmitting <= 32);
    }
    assert_int_equal(look(0).transmitted, 200);
    assert_int_equal(received, 1);
    assert_in_range(look(0).now, 200 * 672, 200 * 672 * 2);
    end(1);
}

/* ---- a poller thread ---- */

static void a_threaded_bridge_drives_it_in_real_time(void **state)
{
    (void)state;
    pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(open_bridge(&(struct ferry_nic_config){.frames = 20000, .load = 100000, .interrupt_cycles = 1000}, 0,
                                 BUDGET), 0);
    uint64_t received = 0;
    while (received + glance(0).dropped + glance(0).stalled < 20000) {
        assert_true(ferry_bridge_wait(pool, 0, FERRY_RX, 1000000) >= 0);
        int64_t result = ferry_bridge_receive(pool, 0, batch, 0, CAPACITY);
        if (result & FERRY_WAKE_BRIDGE) {
            ferry_bridge_wake(pool, 0);
        }
        give_back(pool, batch, count_of(result));
        received += count_of(result);
    }
    assert_int_equal(glance(0).received, received);
    assert_int_equal(ferry_bridge_nic_spend(pool, 0, 1), FERRY_EINVAL); /* its poller's, not ours */
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    struct ferry_nic_statistics s;
    assert_int_equal(ferry_bridge_nic_statistics(pool, 0, &s), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    end(0);
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(a_round_takes_no_more_than_the_budget),
        GUARDED(a_flood_on_one_card_does_not_starve_another),
        GUARDED(without_a_free_frame_packets_wait_in_the_card),
        GUARDED(few_frames_come_by_interrupt_and_many_by_polling),
        GUARDED(virtual_time_has_no_threads),
        GUARDED(virtual_time_can_be_read_by_another_thread),
        GUARDED(what_is_sent_leaves_and_comes_back_to_the_pool),
        GUARDED(a_threaded_bridge_drives_it_in_real_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
