/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_ring_end.c: ends of a ring held by their thread, one thread playing both:
 * every capacity from 1, indices that wrap at 2^32 and 2^64, what is gathered and
 * what a flush shows, ends after push and pop and before them, and indices that
 * cannot be. Guards the order, the number and the bounds of what passes;
 * stress_ring_end.c guards the memory order.
 */
#include "ring_end.h"
#include "unit.h"

#define GUARD UINT64_C(0xDEADBEEFCAFEF00D)
#define CAPACITY_MAX 1024

static uint64_t memory[1 + CAPACITY_MAX + 1];
static struct ferry_ring words;

static struct ring ring_at(uint32_t capacity, uint64_t index)
{
    for (uint32_t i = 0; i < 1 + CAPACITY_MAX + 1; i++) {
        memory[i] = GUARD;
    }
    words.tail = words.head = index;
    struct ring ring = {&words, memory + 1, capacity};
    ring_adopt(&ring);
    return ring;
}

static void put_all(struct ring_writer *writer, uint64_t from, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        assert_int_equal(ring_put(writer, from + i), 1);
    }
}

static void get_all(struct ring_reader *reader, uint64_t from, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        uint64_t descriptor;
        assert_int_equal(ring_get(reader, &descriptor), 1);
        assert_true(descriptor == from + i);
    }
}

/* Three times round, so many at a time, which both ends flush. */
static void pass(uint32_t capacity, uint64_t start, uint32_t n)
{
    struct ring ring = ring_at(capacity, start);
    struct ring_writer writer = ring_writer_open(&ring);
    struct ring_reader reader = ring_reader_open(&ring);
    for (uint64_t done = 0; done < 3 * (uint64_t)capacity; done += n) {
        put_all(&writer, done, n);
        ring_writer_flush(&writer);
        assert_true(ring_filled(&ring) == n);
        get_all(&reader, done, n);
        ring_reader_flush(&reader);
        assert_true(ring_filled(&ring) == 0);
    }
    assert_true(memory[0] == GUARD && memory[1 + capacity] == GUARD);
}

static void every_capacity_passes_any_number_of_descriptors(void **state)
{
    (void)state;
    const uint64_t starts[] = {0, 1, 1000003, UINT64_C(0xFFFFFFFE), UINT64_MAX, UINT64_MAX - 1000};
    for (size_t s = 0; s < sizeof starts / sizeof starts[0]; s++) {
        for (uint32_t capacity = 1; capacity <= CAPACITY_MAX; capacity *= 2) {
            for (uint32_t n = 1; n <= capacity; n += 1 + n / 3) {
                pass(capacity, starts[s], n);
            }
        }
    }
}

static void a_full_ring_takes_nothing_and_shows_all(void **state)
{
    (void)state;
    for (uint32_t capacity = 1; capacity <= CAPACITY_MAX; capacity *= 2) {
        struct ring ring = ring_at(capacity, 5);
        struct ring_writer writer = ring_writer_open(&ring);
        struct ring_reader reader = ring_reader_open(&ring);
        uint64_t descriptor;
        put_all(&writer, 0, capacity);
        assert_int_equal(ring_put(&writer, 99), 0);
        assert_int_equal(ring_put(&writer, 99), 0);
        assert_true(ring_filled(&ring) == capacity); /* without a flush: who waits for room must be understood */
        get_all(&reader, 0, capacity);
        assert_int_equal(ring_get(&reader, &descriptor), 0);
        assert_true(ring_filled(&ring) == 0);
        assert_int_equal(ring_put(&writer, 7), 1);
        ring_writer_flush(&writer);
        get_all(&reader, 7, 1);
    }
}

static void descriptors_are_gathered_until_a_flush(void **state)
{
    (void)state;
    struct ring ring = ring_at(CAPACITY_MAX, 0);
    struct ring_writer writer = ring_writer_open(&ring);
    put_all(&writer, 0, RING_GATHER);
    assert_true(words.tail == 0);
    put_all(&writer, RING_GATHER, 1);
    assert_true(words.tail == RING_GATHER);
    ring_writer_flush(&writer);
    assert_true(words.tail == RING_GATHER + 1);
    ring_writer_flush(&writer);
    assert_true(words.tail == RING_GATHER + 1);
    struct ring_reader reader = ring_reader_open(&ring);
    get_all(&reader, 0, RING_GATHER);
    assert_true(words.head == 0);
    get_all(&reader, RING_GATHER, 1);
    assert_true(words.head == RING_GATHER);
    ring_reader_flush(&reader);
    assert_true(words.head == RING_GATHER + 1);
}

static void ends_and_bursts_take_turns(void **state)
{
    (void)state;
    struct ring ring = ring_at(64, UINT64_MAX - 70);
    for (uint64_t round = 0; round < 200; round++) {
        uint64_t burst[20];
        struct ring_writer writer = ring_writer_open(&ring);
        put_all(&writer, 100 * round, 7);
        ring_writer_flush(&writer);
        for (uint64_t i = 0; i < 20; i++) {
            burst[i] = 100 * round + 7 + i;
        }
        assert_int_equal(ring_push(&ring, burst, 20), 20);
        assert_int_equal(ring_pop(&ring, burst, 3), 3);
        assert_true(burst[0] == 100 * round);
        struct ring_reader reader = ring_reader_open(&ring);
        get_all(&reader, 100 * round + 3, 20);
        ring_reader_flush(&reader);
        assert_int_equal(ring_pop(&ring, burst, 20), 4);
        assert_true(burst[3] == 100 * round + 26);
    }
}

static void an_impossible_index_is_refused_and_may_recover(void **state)
{
    (void)state;
    struct ring ring = ring_at(8, 100);
    uint64_t descriptor;
    struct ring_writer writer = ring_writer_open(&ring);
    struct ring_reader reader = ring_reader_open(&ring);
    const uint64_t heads[] = {91, 101, 0, UINT64_MAX}, tails[] = {109, 99, 0, UINT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        words.head = heads[i];
        assert_int_equal(ring_put(&writer, 1), FERRY_ECORRUPT);
        words.head = 100;
        words.tail = tails[i];
        assert_int_equal(ring_get(&reader, &descriptor), FERRY_ECORRUPT);
    }
    assert_true(memory[1 + (100 & 7)] == GUARD);
    words.head = words.tail = 100;
    put_all(&writer, 1, 1);
    ring_writer_flush(&writer);
    get_all(&reader, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capacity_passes_any_number_of_descriptors),
        cmocka_unit_test(a_full_ring_takes_nothing_and_shows_all),
        cmocka_unit_test(descriptors_are_gathered_until_a_flush),
        cmocka_unit_test(ends_and_bursts_take_turns),
        cmocka_unit_test(an_impossible_index_is_refused_and_may_recover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
