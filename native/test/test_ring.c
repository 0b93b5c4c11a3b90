/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_ring.c: the ring of descriptors, one thread playing both ends: empty and
 * full, every capacity from 1, bursts of every size with partial results,
 * bursts across the seam, indices that wrap at 2^32 and 2^64, work in place,
 * and indices that cannot be. Guards the order, the number and the bounds of
 * what passes; stress_ring.c guards the memory order.
 */
#include <string.h>

#include "unit.h"

#define GUARD UINT64_C(0xDEADBEEFCAFEF00D)
#define GUARDS 8
#define CAPACITY_MAX 1024

/* Slots stand between guard words: a burst that leaves them shows. */
static uint64_t memory[GUARDS + CAPACITY_MAX + GUARDS];
static struct ferry_ring words;

static const uint64_t starts[] = {0, 1, 1000003, UINT64_C(0xFFFFFFFE), UINT64_MAX, UINT64_MAX - 2, UINT64_MAX - 1000};
static const uint32_t capacities[] = {1, 2, 4, 8, 64, CAPACITY_MAX};

#define EACH(i, array) size_t i = 0; i < sizeof(array) / sizeof((array)[0]); i++

static struct ring ring_at(uint32_t capacity, uint64_t index)
{
    for (uint32_t i = 0; i < GUARDS + CAPACITY_MAX + GUARDS; i++) {
        memory[i] = GUARD;
    }
    words.tail = words.head = index;
    struct ring ring = {&words, memory + GUARDS, capacity};
    ring_adopt(&ring);
    return ring;
}

static void assert_guards(uint32_t capacity)
{
    for (uint32_t i = 0; i < GUARDS; i++) {
        assert_true(memory[i] == GUARD && memory[GUARDS + capacity + i] == GUARD);
    }
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Fills and empties the ring three times in bursts of that size, with `resident` descriptors left in it throughout. */
static void pass_in_bursts(uint32_t capacity, uint64_t start, uint32_t burst, uint32_t resident)
{
    struct ring ring = ring_at(capacity, start);
    uint64_t batch[CAPACITY_MAX + 3], pushed = 0, popped = 0;
    for (uint32_t i = 0; i < 3; i++) {
        while (pushed - popped < capacity) {
            uint32_t expected = smaller(burst, capacity - (uint32_t)(pushed - popped));
            for (uint32_t k = 0; k < burst; k++) {
                batch[k] = pushed + k;
            }
            assert_int_equal(ring_push(&ring, batch, burst), expected);
            pushed += expected;
            assert_int_equal(ring_filled(&ring), pushed - popped);
        }
        assert_int_equal(ring_push(&ring, batch, burst), 0);
        while (pushed - popped > resident) {
            uint32_t want = smaller(burst, (uint32_t)(pushed - popped) - resident);
            assert_int_equal(ring_pop(&ring, batch, want), want);
            for (uint32_t k = 0; k < want; k++) {
                assert_int_equal(batch[k], popped++);
            }
        }
    }
    assert_int_equal(ring_pop(&ring, batch, burst), smaller(burst, resident));
    assert_guards(capacity);
}

static void every_capacity_passes_bursts_of_every_size(void **state)
{
    (void)state;
    for (EACH(c, capacities)) {
        uint32_t capacity = capacities[c];
        uint32_t step = capacity > 64 ? 97 : 1;
        for (EACH(s, starts)) {
            for (uint32_t burst = 1; burst <= capacity + 3; burst += step) {
                pass_in_bursts(capacity, starts[s], burst, 0);
                pass_in_bursts(capacity, starts[s], burst, capacity / 2);
            }
            pass_in_bursts(capacity, starts[s], capacity, 0);
            pass_in_bursts(capacity, starts[s], capacity + 3, capacity - 1);
        }
    }
}

static void an_empty_ring_gives_nothing(void **state)
{
    (void)state;
    for (EACH(s, starts)) {
        struct ring ring = ring_at(4, starts[s]);
        uint64_t batch[2] = {GUARD, GUARD};
        assert_int_equal(ring_filled(&ring), 0);
        assert_int_equal(ring_pop(&ring, batch, 2), 0);
        assert_true(batch[0] == GUARD && batch[1] == GUARD);
        assert_true(words.head == starts[s] && words.tail == starts[s]);
    }
}

static void a_burst_of_none_moves_nothing(void **state)
{
    (void)state;
    for (EACH(c, capacities)) {
        struct ring ring = ring_at(capacities[c], UINT64_MAX);
        uint64_t batch[1] = {7};
        assert_int_equal(ring_push(&ring, batch, 0), 0);
        assert_int_equal(ring_push(&ring, batch, 1), 1);
        assert_int_equal(ring_pop(&ring, batch, 0), 0);
        assert_int_equal(ring_filled(&ring), 1);
    }
}

static void a_full_ring_takes_nothing_and_loses_nothing(void **state)
{
    (void)state;
    struct ring ring = ring_at(4, UINT64_MAX - 1);
    uint64_t batch[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    assert_int_equal(ring_push(&ring, batch, 8), 4);
    assert_int_equal(ring_push(&ring, batch, 1), 0);
    assert_int_equal(ring_pop(&ring, batch, 1), 1);
    assert_int_equal(ring_push(&ring, batch + 4, 4), 1);
    assert_int_equal(ring_pop(&ring, batch, 8), 4);
    assert_true(batch[0] == 2 && batch[1] == 3 && batch[2] == 4 && batch[3] == 5);
    assert_guards(4);
}

static void a_burst_across_the_seam_keeps_its_order(void **state)
{
    (void)state;
    struct ring ring = ring_at(8, 0);
    for (uint64_t at = 0; at < 8; at++) { /* the burst begins at each slot in turn */
        ring = ring_at(8, at);
        uint64_t in[5] = {10, 11, 12, 13, 14}, out[5] = {0};
        assert_int_equal(ring_push(&ring, in, 5), 5);
        for (uint64_t i = 0; i < 5; i++) {
            assert_int_equal(memory[GUARDS + (at + i) % 8], 10 + i);
        }
        assert_int_equal(ring_pop(&ring, out, 5), 5);
        assert_memory_equal(in, out, sizeof in);
    }
    assert_guards(8);
}

static void slots_are_written_and_read_in_place(void **state)
{
    (void)state;
    struct ring ring = ring_at(8, UINT64_MAX - 5);
    struct ring_span span = {0};
    for (uint64_t round = 0; round < 20; round++) {
        assert_int_equal(ring_reserve(&ring, 7, &span), FERRY_OK);
        assert_int_equal(span.count, 7);
        for (uint32_t i = 0; i < 7; i++) {
            *ring_slot(&ring, &span, i) = round * 100 + i;
        }
        ring_commit(&ring, 5); /* fewer than reserved: the rest was never published */
        assert_int_equal(ring_filled(&ring), 5);
        assert_int_equal(ring_peek(&ring, 8, &span), FERRY_OK);
        assert_int_equal(span.count, 5);
        ring_release(&ring, 2);
        assert_int_equal(ring_peek(&ring, 8, &span), FERRY_OK);
        assert_int_equal(span.count, 3);
        for (uint32_t i = 0; i < 3; i++) {
            assert_int_equal(*ring_slot(&ring, &span, i), round * 100 + 2 + i);
        }
        ring_release(&ring, 3);
    }
    assert_int_equal(ring_reserve(&ring, 9, &span), FERRY_OK);
    assert_int_equal(span.count, 8);
    assert_guards(8);
}

static void an_end_with_enough_does_not_look_at_the_other(void **state)
{
    (void)state;
    struct ring ring = ring_at(8, 100);
    uint64_t batch[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    words.head = GUARD; /* had the producer looked, it would have called this corrupt */
    assert_int_equal(ring_push(&ring, batch, 8), 8);
    words.head = 100;
    assert_int_equal(ring_pop(&ring, batch, 1), 1);
    words.tail = GUARD;
    assert_int_equal(ring_pop(&ring, batch, 7), 7);
}

/* Distances from the producer's index back to the consumer's that no two honest ends can have. */
static const uint64_t impossible[] = {9, 10, 1000, UINT64_C(1) << 32, UINT64_MAX, UINT64_MAX - 7, UINT64_C(1) << 63};

static void the_producer_refuses_an_impossible_head(void **state)
{
    (void)state;
    for (EACH(s, starts)) {
        for (EACH(i, impossible)) {
            struct ring ring = ring_at(8, starts[s]);
            uint64_t batch[9] = {0};
            words.cached_head = starts[s] - 8; /* full, as far as it knows: it has to look */
            words.head = starts[s] - impossible[i];
            assert_int_equal(ring_push(&ring, batch, 9), FERRY_ECORRUPT);
            assert_int_equal(ring_push(&ring, batch, 1), FERRY_ECORRUPT);
            assert_int_equal(ring_filled(&ring), 0);
            assert_true(words.tail == starts[s] && memory[GUARDS] == GUARD);
            words.head = starts[s] - 3; /* sense again: five are free */
            assert_int_equal(ring_push(&ring, batch, 9), 5);
            assert_guards(8);
        }
    }
}

static void the_consumer_refuses_an_impossible_tail(void **state)
{
    (void)state;
    for (EACH(s, starts)) {
        for (EACH(i, impossible)) {
            struct ring ring = ring_at(8, starts[s]);
            uint64_t batch[9] = {GUARD};
            words.tail = starts[s] + impossible[i];
            assert_int_equal(ring_pop(&ring, batch, 9), FERRY_ECORRUPT);
            assert_int_equal(ring_pop(&ring, batch, 1), FERRY_ECORRUPT);
            assert_int_equal(ring_filled(&ring), 0);
            assert_true(words.head == starts[s] && batch[0] == GUARD);
            words.tail = starts[s] + 3;
            assert_int_equal(ring_pop(&ring, batch, 9), 3);
        }
    }
}

static void a_ring_whose_ends_kept_their_indices_elsewhere_is_adopted(void **state)
{
    (void)state;
    for (EACH(s, starts)) {
        struct ring ring = ring_at(8, starts[s]);
        uint64_t batch[9] = {1, 2, 3};
        memory[GUARDS + ((starts[s] + 6) & 7)] = 42;
        words.tail = starts[s] + 7; /* seven were pushed, six popped, and own words and looks left as they were */
        words.head = starts[s] + 6;
        ring_adopt(&ring);
        assert_int_equal(ring_push(&ring, batch, 9), 7);
        assert_int_equal(ring_pop(&ring, batch, 9), 8);
        assert_true(batch[0] == 42 && batch[1] == 1);
        assert_true(words.tail == starts[s] + 14 && words.head == words.tail);
        assert_guards(8);
    }
}

/* Somebody has written over it. */
static void an_impossible_cached_index_is_looked_up_again(void **state)
{
    (void)state;
    for (EACH(i, impossible)) {
        struct ring ring = ring_at(8, 100);
        uint64_t batch[9] = {0};
        words.cached_head = 100 - impossible[i];
        assert_int_equal(ring_push(&ring, batch, 9), 8);
        ring = ring_at(8, 100);
        words.tail = 103;
        words.cached_tail = 100 + impossible[i];
        assert_int_equal(ring_pop(&ring, batch, 9), 3);
        assert_guards(8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capacity_passes_bursts_of_every_size),
        cmocka_unit_test(an_empty_ring_gives_nothing),
        cmocka_unit_test(a_burst_of_none_moves_nothing),
        cmocka_unit_test(a_full_ring_takes_nothing_and_loses_nothing),
        cmocka_unit_test(a_burst_across_the_seam_keeps_its_order),
        cmocka_unit_test(slots_are_written_and_read_in_place),
        cmocka_unit_test(an_end_with_enough_does_not_look_at_the_other),
        cmocka_unit_test(the_producer_refuses_an_impossible_head),
        cmocka_unit_test(the_consumer_refuses_an_impossible_tail),
        cmocka_unit_test(a_ring_whose_ends_kept_their_indices_elsewhere_is_adopted),
        cmocka_unit_test(an_impossible_cached_index_is_looked_up_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
