/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_nic.c: a simulated card by itself, driven by the test's thread through
 * the device's table. Guards that virtual time is deterministic to the frame,
 * that every arrival is accounted for at every moment, and that arrivals,
 * interrupts and departures keep to the configuration.
 */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "frameferry/nic.h"
#include "support_pool.h"

#define FRAME_BYTES (FERRY_META_BYTES + FERRY_NIC_FRAME_MAX)
#define SLOTS 8
#define LINE_RATE_PS 672000 /* 84 bytes at 1 Gb/s */

static ferry_device *card;
static _Alignas(64) uint8_t frames[SLOTS][(FRAME_BYTES + 63) / 64 * 64];
static struct ferry_slot slots[SLOTS];

static void open_card(const struct ferry_nic_config *config)
{
    assert_int_equal(ferry_nic_open(config, &card), FERRY_OK);
}

static void close_card(void)
{
    card->ops->close(card->self);
    card = NULL;
}

static struct ferry_nic_statistics look(void)
{
    struct ferry_nic_statistics s;
    assert_int_equal(ferry_nic_statistics(card, &s), FERRY_OK);
    return s;
}

static uint32_t fill(uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        slots[i] = (struct ferry_slot){
            .data = frames[i] + FERRY_META_BYTES, .meta = frames[i], .capacity = FERRY_NIC_FRAME_MAX};
    }
    int32_t filled = card->ops->fill(card->self, slots, n);
    assert_in_range(filled, 0, n);
    return (uint32_t)filled;
}

static uint64_t number_of(uint32_t slot)
{
    uint64_t number;
    memcpy(&number, slots[slot].data, sizeof number);
    return number;
}

static int32_t wait_for(int64_t timeout_ns)
{
    return card->ops->wait(card->self, timeout_ns);
}

static void arm(uint32_t events)
{
    assert_int_equal(card->ops->arm(card->self, events), FERRY_OK);
}

static void assert_conserved(void)
{
    struct ferry_nic_statistics s = look();
    assert_int_equal(s.arrived, s.received + s.dropped + s.stalled + s.queued);
}

/* ---- determinism ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(1099511628211);
}

/* A driver that takes a random number of frames at random times: every number that it gets, and when. */
static uint64_t run_of(uint32_t arrivals, uint64_t seed, uint64_t *dropped)
{
    const struct ferry_nic_config config = {
        .virtual_time = 1, .arrivals = arrivals, .seed = seed, .rx_fifo = 20, .frames = 1000, .load = 700000,
        .interrupt_cycles = 1000, .look_cycles = 7, .frame_cycles = 300, .arm_cycles = 3};
    uint64_t hash = UINT64_C(14695981039346656037), random = 5;
    open_card(&config);
    while (look().coming != 0 || look().queued != 0) {
        arm(FERRY_ARM_RX);
        hash = mix(hash, (uint64_t)wait_for(100000));
        arm(0);
        uint32_t n = fill(1 + random_below(&random, SLOTS));
        for (uint32_t i = 0; i < n; i++) {
            hash = mix(hash, number_of(i));
        }
        hash = mix(hash, look().now);
        assert_conserved();
    }
    *dropped = look().dropped;
    close_card();
    return hash;
}

static void the_same_seed_gives_the_same_run_to_the_frame(void **state)
{
    (void)state;
    for (uint32_t arrivals = FERRY_NIC_CONSTANT; arrivals <= FERRY_NIC_BURSTY; arrivals++) {
        uint64_t dropped, again, first = run_of(arrivals, 1, &dropped);
        for (int i = 0; i < 1000; i++) {
            assert_int_equal(run_of(arrivals, 1, &again), first);
            assert_int_equal(again, dropped);
        }
        assert_true((run_of(arrivals, 2, &again) == first) == (arrivals == FERRY_NIC_CONSTANT));
    }
}

/* Literals: other machines and compilers must come to them, too. */
static void the_same_run_everywhere(void **state)
{
    (void)state;
    static const uint64_t hashes[] = {UINT64_C(0x11c9f9801761083f), UINT64_C(0x30de503697e9b649), UINT64_C(0xceb9af7202bf4e04)};
    for (uint32_t arrivals = FERRY_NIC_CONSTANT; arrivals <= FERRY_NIC_BURSTY; arrivals++) {
        uint64_t dropped;
        assert_int_equal(run_of(arrivals, 1, &dropped), hashes[arrivals]);
    }
}

/* ---- arrivals ---- */

/* Lets so much virtual time pass. */
static void pass(uint64_t ns)
{
    arm(0);
    assert_int_equal(wait_for((int64_t)ns), 0);
}

static void a_gigabit_is_1488095_frames_a_second(void **state)
{
    (void)state;
    const uint32_t rates[] = {1000, 10000, 40000, 100000};
    const uint64_t frames_a_second[] = {1488095, 14880952, 59523809, 148809523};
    for (int i = 0; i < 4; i++) {
        open_card(&(struct ferry_nic_config){.virtual_time = 1, .line_rate = rates[i]});
        pass(1000000000);
        assert_int_equal(look().arrived, frames_a_second[i]);
        assert_int_equal(look().arrived_bytes, frames_a_second[i] * 64);
        assert_conserved();
        close_card();
    }
}

static void the_load_is_a_share_of_the_line_rate(void **state)
{
    (void)state;
    for (uint32_t arrivals = FERRY_NIC_CONSTANT; arrivals <= FERRY_NIC_BURSTY; arrivals++) {
        for (uint32_t load = 100000; load <= 1000000; load += 300000) {
            open_card(&(struct ferry_nic_config){
                .virtual_time = 1, .load = load, .arrivals = arrivals, .seed = load, .frame_bytes = 1518});
            pass(2000000000);
            /* 162,548 a second at the full rate; six sigma of bursts of 32 are 2 %. */
            double expected = 2 * 1e9 / ((1518 + 20) * 8) * load / 1e6, seen = (double)look().arrived;
            assert_true(seen > expected * 0.97 - 2 && seen < expected * 1.03 + 2);
            close_card();
        }
    }
}

/* Share of gaps, in thousandths, that are shorter than `ns`. */
static uint32_t shorter_than(uint32_t arrivals, uint64_t ns)
{
    const uint64_t count = 100000;
    uint64_t shorter = 0, before = 0;
    open_card(&(struct ferry_nic_config){
        .virtual_time = 1, .arrivals = arrivals, .load = 500000, .seed = 3, .frames = count});
    for (uint64_t i = 0; i < count; i++) {
        arm(FERRY_ARM_RX);
        assert_int_equal(wait_for(-1), FERRY_ARM_RX);
        assert_int_equal(fill(1), 1);
        uint64_t when;
        memcpy(&when, slots[0].data + sizeof when, sizeof when);
        shorter += when - before < ns;
        before = when;
    }
    close_card();
    return (uint32_t)(shorter * 1000 / count);
}

static void gaps_are_distributed_as_they_should_be(void **state)
{
    (void)state;
    /* Poisson, mean 1344 ns: 1 - exp(-x / mean), within some sigma of 1.6 thousandths. */
    assert_in_range(shorter_than(FERRY_NIC_POISSON, 134), 90, 100);
    assert_in_range(shorter_than(FERRY_NIC_POISSON, 1344), 624, 640);
    assert_in_range(shorter_than(FERRY_NIC_POISSON, 4032), 945, 955);
    assert_int_equal(shorter_than(FERRY_NIC_CONSTANT, 1344), 0);
    assert_int_equal(shorter_than(FERRY_NIC_CONSTANT, 1345), 1000);
    /* Back to back but for one gap in 32. */
    assert_int_equal(shorter_than(FERRY_NIC_BURSTY, 672), 0);
    assert_in_range(shorter_than(FERRY_NIC_BURSTY, 673), 965, 973);
}

static void a_finite_card_ends(void **state)
{
    (void)state;
    open_card(&(struct ferry_nic_config){.virtual_time = 1, .frames = 5});
    assert_int_equal(look().coming, 5);
    pass(1000000);
    assert_int_equal(look().arrived, 5);
    assert_int_equal(look().coming, 0);
    assert_int_equal(fill(SLOTS), 5);
    arm(FERRY_ARM_RX);
    assert_int_equal(wait_for(1000000000), 0);
    assert_int_equal(fill(SLOTS), 0);
    close_card();
    open_card(&(struct ferry_nic_config){.virtual_time = 1});
    pass(1000000);
    assert_true(look().coming == UINT64_MAX);
    close_card();
}

/* ---- the FIFO and what comes out of it ---- */

static void what_the_fifo_cannot_hold_is_dropped_newest_first(void **state)
{
    (void)state;
    open_card(&(struct ferry_nic_config){.virtual_time = 1, .rx_fifo = 3, .frame_bytes = 100});
    pass(9600);
    assert_int_equal(look().arrived, 10);
    assert_int_equal(look().dropped, 7);
    assert_int_equal(card->ops->drops(card->self), 7);
    assert_int_equal(fill(2), 2);
    assert_int_equal(number_of(0), 0);
    assert_int_equal(number_of(1), 1);
    assert_int_equal(slots[1].length, 100);
    for (uint32_t i = 16; i < 100; i++) {
        assert_int_equal(slots[1].data[i], 1);
    }
    uint64_t when;
    memcpy(&when, slots[1].data + sizeof when, sizeof when);
    assert_int_equal(when, 1920);
    assert_int_equal(*(int64_t *)(slots[1].meta + FERRY_META_TIMESTAMP), 1920);
    pass(960);
    assert_int_equal(fill(SLOTS), 2);
    assert_int_equal(number_of(0), 2);
    assert_int_equal(number_of(1), 10); /* 3 to 9 were lost */
    assert_conserved();
    close_card();
}

static void a_frame_longer_than_its_slot_is_marked(void **state)
{
    (void)state;
    open_card(&(struct ferry_nic_config){.virtual_time = 1, .frame_bytes = 1000});
    pass(20000);
    slots[0] = (struct ferry_slot){.data = frames[0] + FERRY_META_BYTES, .meta = frames[0], .capacity = 999};
    frames[0][FERRY_META_BYTES + 999] = 77;
    assert_int_equal(card->ops->fill(card->self, slots, 1), 1);
    assert_int_equal(slots[0].dropped, FERRY_RX_OVERSIZE);
    assert_int_equal(frames[0][FERRY_META_BYTES + 999], 77);
    assert_conserved();
    close_card();
}

static void every_moment_is_accounted_for(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        uint64_t random = seed;
        open_card(&(struct ferry_nic_config){.virtual_time = 1, .arrivals = FERRY_NIC_POISSON, .seed = seed,
                                             .rx_fifo = 1 + random_below(&random, 64), .tx_fifo = 4,
                                             .frame_cycles = 900, .interrupt_cycles = 500});
        for (int step = 0; step < 2000; step++) {
            uint64_t tokens[SLOTS];
            switch (random_below(&random, 6)) {
            case 0: fill(1 + random_below(&random, SLOTS)); break;
            case 1: arm(random_below(&random, 4)); break;
            case 2: assert_true(wait_for(random_below(&random, 3000)) >= 0); break;
            case 3: assert_int_equal(ferry_nic_spend(card, random_below(&random, 2000)), FERRY_OK); break;
            case 4: slots[0].length = 64; assert_in_range(card->ops->transmit(card->self, slots, 1), 0, 1); break;
            default: assert_in_range(card->ops->complete(card->self, tokens, SLOTS), 0, 4); break;
            }
            assert_conserved();
            assert_true(look().idle <= look().now);
        }
        close_card();
    }
}

/* ---- the interrupt ---- */

static void the_interrupt_comes_with_the_frame_and_costs_what_it_should(void **state)
{
    (void)state;
    open_card(&(struct ferry_nic_config){.virtual_time = 1, .processor_hz = 1000000000, .interrupt_cycles = 1000,
                                         .look_cycles = 10, .frame_cycles = 100, .arm_cycles = 1});
    arm(FERRY_ARM_RX);
    assert_int_equal(wait_for(-1), FERRY_ARM_RX);
    assert_int_equal(card->ops->now(card->self), 672 + 1000);
    assert_int_equal(look().idle, 671); /* arming took the first one */
    assert_int_equal(look().interrupts, 1);
    arm(0);
    assert_int_equal(fill(SLOTS), 2); /* the second came with 1344 */
    assert_int_equal(card->ops->now(card->self), 672 + 1000 + 1 + 10 + 200);
    assert_int_equal(wait_for(5000), 0); /* masked */
    assert_int_equal(card->ops->now(card->self), 672 + 1000 + 1 + 10 + 200 + 5000);
    assert_int_equal(look().interrupts, 1);
    arm(FERRY_ARM_RX); /* a level: what came while it was masked raises it now */
    uint64_t idle = look().idle;
    assert_int_equal(wait_for(-1), FERRY_ARM_RX);
    assert_int_equal(look().idle, idle);
    assert_int_equal(look().interrupts, 2);
    close_card();
}

static void a_wake_ends_the_wait_before_an_event_does(void **state)
{
    (void)state;
    open_card(&(struct ferry_nic_config){.virtual_time = 1});
    card->ops->wake(card->self);
    assert_int_equal(wait_for(-1), 0);
    assert_int_equal(look().now, 0);
    assert_int_equal(wait_for(1000), 0); /* that was one wake */
    assert_int_equal(card->ops->now(card->self), 1000);
    close_card();
}

static void *wake_card(void *context)
{
    (void)context;
    card->ops->wake(card->self);
    return NULL;
}

static void a_wake_of_another_thread_ends_an_endless_wait(void **state)
{
    (void)state;
    for (uint32_t virtual_time = 0; virtual_time <= 1; virtual_time++) {
        open_card(&(struct ferry_nic_config){.virtual_time = virtual_time});
        pthread_t thread = start_thread(wake_card, NULL);
        assert_int_equal(wait_for(-1), 0); /* nothing is armed */
        join_thread(thread);
        close_card();
    }
}

/* ---- sending ---- */

static uint32_t send(uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        slots[i] = (struct ferry_slot){.data = frames[i], .meta = frames[i], .token = i, .length = 64};
    }
    return (uint32_t)card->ops->transmit(card->self, slots, n);
}

static void frames_leave_at_the_rate_of_the_line(void **state)
{
    (void)state;
    uint64_t tokens[SLOTS];
    open_card(&(struct ferry_nic_config){.virtual_time = 1, .tx_fifo = 6});
    assert_int_equal(send(SLOTS), 6); /* more it does not hold */
    assert_int_equal(send(1), 0);
    assert_int_equal(card->ops->complete(card->self, tokens, SLOTS), 0);
    pass(1343);
    assert_int_equal(card->ops->complete(card->self, tokens, SLOTS), 1);
    assert_int_equal(tokens[0], 0);
    assert_int_equal(send(1), 1);
    assert_int_equal(wait_for(-1), FERRY_ARM_TX); /* half of the FIFO: the fourth of all */
    assert_int_equal(card->ops->now(card->self), 4 * 672);
    assert_int_equal(card->ops->complete(card->self, tokens, SLOTS), 3);
    assert_int_equal(wait_for(-1), FERRY_ARM_TX);
    assert_int_equal(card->ops->complete(card->self, tokens, SLOTS), 3);
    assert_int_equal(tokens[2], 0); /* the one that was sent later */
    assert_int_equal(card->ops->now(card->self), 7 * 672);
    assert_int_equal(look().transmitted, 7);
    assert_int_equal(look().transmitting, 0);
    close_card();
}

/* ---- real time ---- */

static void real_time_loses_nothing_unseen(void **state)
{
    (void)state;
    open_card(&(struct ferry_nic_config){.frames = 20000, .arrivals = FERRY_NIC_POISSON, .rx_fifo = 64, .seed = 1,
                                         .interrupt_cycles = 100});
    uint64_t expected = 0, taken = 0;
    arm(FERRY_ARM_RX);
    while (look().coming != 0 || look().queued != 0) {
        assert_true(wait_for(1000000) >= 0);
        uint32_t n = fill(SLOTS);
        for (uint32_t i = 0; i < n; i++) {
            assert_true(number_of(i) >= expected);
            expected = number_of(i) + 1;
        }
        taken += n;
        assert_conserved();
    }
    assert_int_equal(look().arrived, 20000);
    assert_int_equal(look().received, taken);
    close_card();
}

/* ---- configuration ---- */

static void a_value_out_of_range_is_refused(void **state)
{
    (void)state;
    const struct ferry_nic_config bad[] = {
        {.line_rate = 400001}, {.load = 1000001}, {.frame_bytes = 63}, {.frame_bytes = 9019}, {.arrivals = 4},
        {.burst = 65537}, {.rx_fifo = 65537}, {.tx_fifo = 65537}, {.virtual_time = 2}, {.processor_hz = 999999},
        {.processor_hz = UINT64_C(100000000001)}, {.arrivals = FERRY_NIC_CAPTURE}, {.capture = "some.pcap"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(ferry_nic_open(&bad[i], &card), FERRY_EINVAL);
    }
    const struct ferry_nic_config good[] = {
        {.line_rate = 400000, .load = 1, .frame_bytes = 9018, .rx_fifo = 65536, .tx_fifo = 1, .burst = 65536},
        {.line_rate = 1, .load = 1, .arrivals = FERRY_NIC_BURSTY, .burst = 65536, .frame_bytes = 9018}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        open_card(&good[i]);
        close_card();
    }
    assert_int_equal(ferry_nic_open(NULL, &card), FERRY_EINVAL);
    assert_int_equal(ferry_nic_open(&good[0], NULL), FERRY_EINVAL);
    card = NULL;
}

static void what_is_no_card_is_refused(void **state)
{
    (void)state;
    struct ferry_nic_statistics s;
    const struct ferry_device_ops ops = {.abi = FERRY_DEVICE_ABI};
    ferry_device other = {&ops, NULL};
    assert_int_equal(ferry_nic_statistics(&other, &s), FERRY_EINVAL);
    assert_int_equal(ferry_nic_statistics(NULL, &s), FERRY_EINVAL);
    assert_int_equal(ferry_nic_spend(&other, 1), FERRY_EINVAL);
}

static void work_without_end_is_refused(void **state)
{
    (void)state;
    open_card(&(struct ferry_nic_config){.virtual_time = 1});
    assert_int_equal(ferry_nic_spend(card, FERRY_NIC_SPEND_MAX), FERRY_OK);
    assert_int_equal(ferry_nic_spend(card, FERRY_NIC_SPEND_MAX + 1), FERRY_EINVAL);
}

static int clean_up(void **state)
{
    (void)state;
    if (card != NULL) {
        close_card();
    }
    return 0;
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(the_same_seed_gives_the_same_run_to_the_frame),
        GUARDED(the_same_run_everywhere),
        GUARDED(a_gigabit_is_1488095_frames_a_second),
        GUARDED(the_load_is_a_share_of_the_line_rate),
        GUARDED(gaps_are_distributed_as_they_should_be),
        GUARDED(a_finite_card_ends),
        GUARDED(what_the_fifo_cannot_hold_is_dropped_newest_first),
        GUARDED(a_frame_longer_than_its_slot_is_marked),
        GUARDED(every_moment_is_accounted_for),
        GUARDED(the_interrupt_comes_with_the_frame_and_costs_what_it_should),
        GUARDED(a_wake_ends_the_wait_before_an_event_does),
        GUARDED(a_wake_of_another_thread_ends_an_endless_wait),
        GUARDED(frames_leave_at_the_rate_of_the_line),
        GUARDED(real_time_loses_nothing_unseen),
        GUARDED(a_value_out_of_range_is_refused),
        GUARDED(what_is_no_card_is_refused),
        GUARDED(work_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
