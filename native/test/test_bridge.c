/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_bridge.c: opening, closing and reclaiming a bridge, what each call does
 * with arguments that cannot be, ends that belong to the other language, and
 * rings that the other language has written nonsense into. Guards that a
 * number, a device and every frame have one owner at each moment of that life.
 */
#include <string.h>

#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 128
#define CAPACITY 32
#define BUDGET 64

static struct scripted device;
static ferry_pool *pool;

static void begin(uint32_t bridge_flags)
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, 0);
    assert_int_equal(scripted_open(&device, pool, bridge_flags, BUDGET), 0);
}

static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
    scripted_destroy(&device);
}

static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

/* A ring as the other language sees it: from the geometry alone. */
static struct ring mapped_ring(uint32_t what)
{
    struct ferry_geometry g;
    assert_int_equal(ferry_pool_geometry(pool, &g), FERRY_OK);
    uint8_t *area = (uint8_t *)(uintptr_t)(g.control + g.bridge_offset);
    return (struct ring){(struct ferry_ring *)(area + (what == FERRY_RX ? 0 : FERRY_RING_BYTES)),
                         (uint64_t *)(area + (what == FERRY_RX ? g.rx_slots : g.tx_slots)), g.ring_capacity};
}

static int32_t mapped_error(void)
{
    struct ferry_geometry g;
    assert_int_equal(ferry_pool_geometry(pool, &g), FERRY_OK);
    return load_acquire((_Atomic int32_t *)(uintptr_t)(g.control + g.bridge_offset + FERRY_BRIDGE_ERROR));
}

/* ---- opening ---- */

static void refused(ferry_pool *by, struct scripted *spare, const struct ferry_bridge_config *config, int32_t error)
{
    assert_int_equal(ferry_bridge_open(by, &spare->device, config), error);
    /* Taken over all the same; but of a table that is none, nothing may be called. */
    assert_int_equal(spare->closed, error != FERRY_EABI && error != FERRY_EDEVICE);
    spare->closed = true;
    scripted_destroy(spare);
}

static struct scripted *spare_device(void)
{
    static struct scripted spare;
    scripted_init(&spare, 0);
    return &spare;
}

static void a_device_that_is_none_is_refused(void **state)
{
    (void)state;
    const struct ferry_bridge_config good = {.budget = 1};
    struct scripted *spare;
    ferry_device none = {NULL, NULL};
    pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(ferry_bridge_open(pool, NULL, &good), FERRY_EINVAL);
    assert_int_equal(ferry_bridge_open(pool, &none, &good), FERRY_EINVAL);
    spare = spare_device(), spare->ops.abi = FERRY_DEVICE_ABI + 1;
    refused(pool, spare, &good, FERRY_EABI);
    spare = spare_device(), spare->ops.abi = 0;
    refused(pool, spare, &good, FERRY_EABI);
    spare = spare_device(), spare->ops.bytes -= sizeof(void *);
    refused(pool, spare, &good, FERRY_EABI);
    spare = spare_device(), spare->ops.flags = FERRY_DEVICE_INLINE;
    refused(pool, spare, &good, FERRY_EINVAL);
    spare = spare_device(), spare->ops.flags = 2 * FERRY_DEVICE_LOOP;
    refused(pool, spare, &good, FERRY_EDEVICE);
    spare = spare_device(), spare->ops.reserved = 1;
    refused(pool, spare, &good, FERRY_EDEVICE);
    spare = spare_device(), spare->ops.fill = NULL;
    refused(pool, spare, &good, FERRY_EDEVICE);
    spare = spare_device(), spare->ops.arm = NULL;
    refused(pool, spare, &good, FERRY_EDEVICE);
    spare = spare_device(), spare->ops.wait = NULL;
    refused(pool, spare, &good, FERRY_EDEVICE);
    spare = spare_device(), spare->ops.wake = NULL;
    refused(pool, spare, &good, FERRY_EDEVICE);
    spare = spare_device(), spare->ops.close = NULL;
    refused(pool, spare, &good, FERRY_EDEVICE);
    close_sound(pool);
    pool = NULL;
}

static void what_cannot_be_opened_is_closed_at_once(void **state)
{
    (void)state;
    const struct ferry_bridge_config good = {.budget = 1}, none = {.budget = 0}, more = {.budget = 4097},
                                     longer = {.budget = 1, .moderation_ns = 10000001},
                                     most = {.budget = 4096, .moderation_ns = 10000000};
    pool = pool_of(FRAMES, CAPACITY, 1);
    refused(NULL, spare_device(), &good, FERRY_EINVAL);
    refused(pool, spare_device(), NULL, FERRY_EINVAL);
    refused(pool, spare_device(), &none, FERRY_EINVAL);
    refused(pool, spare_device(), &more, FERRY_EINVAL);
    refused(pool, spare_device(), &longer, FERRY_EINVAL);
    scripted_init(&device, 0);
    assert_int_equal(ferry_bridge_open(pool, &device.device, &most), 0);
    refused(pool, spare_device(), &good, FERRY_EFULL);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_true(device.closed);
    refused(pool, spare_device(), &good, FERRY_EFULL); /* its frames may still be received: the number is not free */
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = pool_of(FRAMES, CAPACITY, 0);
    refused(pool, spare_device(), &good, FERRY_EFULL);
    close_sound(pool);
    pool = NULL;
    scripted_destroy(&device);
}

static void a_number_that_is_none_is_refused_everywhere(void **state)
{
    (void)state;
    const int32_t numbers[] = {-1, 1, 64, INT32_MAX, INT32_MIN};
    struct ferry_statistics statistics;
    uint64_t batch[1];
    begin(0);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(ferry_bridge_receive(pool, numbers[i], batch, 0, 1), FERRY_EINVAL);
        assert_int_equal(ferry_bridge_poll(pool, numbers[i], batch, 0, 1, 0), FERRY_EINVAL);
        assert_int_equal(ferry_bridge_send(pool, numbers[i], batch, 0), FERRY_EINVAL);
        assert_int_equal(ferry_bridge_wait(pool, numbers[i], FERRY_RX, 0), FERRY_EINVAL);
        assert_int_equal(ferry_bridge_interrupt(pool, numbers[i], FERRY_RX), FERRY_EINVAL);
        assert_int_equal(ferry_bridge_wake(pool, numbers[i]), FERRY_EINVAL);
        assert_int_equal(ferry_bridge_statistics(pool, numbers[i], &statistics), FERRY_EINVAL);
        assert_int_equal(ferry_bridge_close(pool, numbers[i]), FERRY_EINVAL);
        assert_int_equal(ferry_bridge_reclaim(pool, numbers[i]), FERRY_EINVAL);
    }
    assert_int_equal(ferry_bridge_wait(pool, 0, 2, 0), FERRY_EINVAL);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, -1), FERRY_EINVAL);
    assert_int_equal(ferry_bridge_interrupt(pool, 0, 2), FERRY_EINVAL);
    assert_int_equal(ferry_bridge_statistics(pool, 0, NULL), FERRY_EINVAL);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, 1, 0), FERRY_EINVAL); /* it has a poller */
    end();
}

static void a_batch_with_one_bad_descriptor_moves_nothing(void **state)
{
    (void)state;
    static uint64_t batch[FERRY_BATCH_MAX + 1];
    begin(FERRY_INLINE);
    const uint64_t bad[] = {ferry_frame_descriptor(FRAMES, 64, 0), ferry_frame_descriptor(0, 63, 0), UINT64_MAX,
                            ferry_frame_descriptor(0, 64, pool->geometry.stride - 63)};
    for (uint32_t i = 0; i < 4; i++) {
        batch[0] = numbered_frame(pool, 0);
        batch[1] = bad[i];
        assert_int_equal(ferry_bridge_send(pool, 0, batch, 2), FERRY_ECORRUPT);
        assert_int_equal(ferry_bridge_receive(pool, 0, batch, 2, 1), FERRY_ECORRUPT);
        assert_int_equal(ferry_bridge_poll(pool, 0, batch, 2, 1, 0), FERRY_ECORRUPT);
        assert_sound(pool, 1); /* neither sent nor given back */
        give_back(pool, batch, 1);
    }
    assert_int_equal(ferry_bridge_send(pool, 0, batch, FERRY_BATCH_MAX + 1), FERRY_EINVAL);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, FERRY_BATCH_MAX + 1, 1), FERRY_EINVAL);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, FERRY_BATCH_MAX + 1), FERRY_EINVAL);
    end();
}

static void a_send_takes_what_fits(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY + 3];
    begin(FERRY_INLINE);
    for (uint32_t i = 0; i < CAPACITY + 3; i++) {
        batch[i] = numbered_frame(pool, i);
    }
    assert_int_equal(ferry_bridge_send(pool, 0, batch, CAPACITY + 3), CAPACITY);
    assert_int_equal(ferry_bridge_send(pool, 0, batch + CAPACITY, 3), 0);
    assert_sound(pool, 3); /* the rest is still the caller's */
    uint64_t none[1];
    assert_int_equal(ferry_bridge_poll(pool, 0, none, 0, 1, 0), 0);
    assert_int_equal(ferry_bridge_send(pool, 0, batch + CAPACITY, 3), 3);
    assert_int_equal(ferry_bridge_poll(pool, 0, none, 0, 1, 0), 0);
    assert_int_equal(device.last_sent, CAPACITY + 2);
    end();
}

/* ---- ends of the other language ---- */

static void an_end_that_is_mapped_is_refused_to_c(void **state)
{
    (void)state;
    uint64_t batch[4];
    begin(FERRY_INLINE | FERRY_MAPPED_RX | FERRY_MAPPED_TX);
    scripted_arrive(&device, 3);
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, 1), FERRY_EEND);
    batch[0] = numbered_frame(pool, 0);
    assert_int_equal(ferry_bridge_send(pool, 0, batch, 1), FERRY_EEND);
    assert_int_equal(ferry_bridge_poll(pool, 0, batch, 1, 4, 0), 0); /* drives the device, gives back, takes nothing */
    struct ring rx = mapped_ring(FERRY_RX);
    assert_int_equal(ring_pop(&rx, batch, 4), 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(frame_number(pool, batch[i]), i);
    }
    assert_sound(pool, 3);
    give_back(pool, batch, 3);
    end();
}

static void nonsense_in_a_mapped_tx_ring_is_dropped_and_counted(void **state)
{
    (void)state;
    begin(FERRY_MAPPED_TX);
    struct ring tx = mapped_ring(FERRY_TX);
    uint32_t stride = pool->geometry.stride;
    uint64_t batch[7] = {numbered_frame(pool, 1), ferry_frame_descriptor(FRAMES, 64, 0), 0, UINT64_MAX, 0,
                         numbered_frame(pool, 2), 0};
    uint64_t spare[3];
    assert_int_equal(ferry_pool_take(pool, spare, 3), 3);
    batch[2] = ferry_frame_descriptor(ferry_frame_index(spare[0]), 63, 1); /* real frames, impossible places in them */
    batch[4] = ferry_frame_descriptor(ferry_frame_index(spare[1]), stride, 1);
    batch[6] = ferry_frame_descriptor(ferry_frame_index(spare[2]), 64, stride);
    assert_int_equal(ring_push(&tx, batch, 7), 7);
    assert_int_equal(ferry_bridge_wake(pool, 0), FERRY_OK);
    assert_true(counter_reaches(pool, 0, FERRY_TX_DROPPED, 5) && scripted_sent_reaches(&device, 2));
    assert_int_equal(device.last_sent, 2);
    assert_int_equal(counter_of(pool, 0, FERRY_TX_FRAMES), 2);
    end(); /* the frames that could be told came back */
}

/* As Java does: what it has taken must not be given back a second time, and the next bridge goes on from there. */
static void a_mapped_end_may_keep_its_index_elsewhere(void **state)
{
    (void)state;
    begin(FERRY_MAPPED_RX);
    struct ring ring = mapped_ring(FERRY_RX);
    scripted_arrive(&device, 5);
    assert_true(counter_reaches(pool, 0, FERRY_RX_FRAMES, 5));
    uint64_t taken[3], head = load_relaxed(&ring.words->head);
    for (uint32_t i = 0; i < 3; i++) {
        taken[i] = ring.slots[(head + i) & (ring.capacity - 1)];
    }
    store_release(&ring.words->head, head + 3);
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    assert_sound(pool, 3);
    give_back(pool, taken, 3);
    scripted_destroy(&device);
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    assert_int_equal(scripted_open(&device, pool, 0, BUDGET), 0);
    scripted_arrive(&device, 2);
    receive_numbered(pool, 0, 0, 2);
    end();
}

static void impossible_indices_in_a_mapped_ring_end_the_device(void **state)
{
    (void)state;
    const uint64_t impossible[] = {CAPACITY + 1, UINT64_MAX, UINT64_C(1) << 40};
    for (uint32_t i = 0; i < 6; i++) {
        begin(i % 2 == 0 ? FERRY_MAPPED_TX : FERRY_MAPPED_RX);
        struct ring ring = mapped_ring(i % 2 == 0 ? FERRY_TX : FERRY_RX);
        if (i % 2 == 0) {
            store_release(&ring.words->tail, load_relaxed(&ring.words->head) + impossible[i / 2]);
        } else {
            scripted_arrive(&device, CAPACITY + 1); /* the poller's look at head comes with the full ring */
            assert_true(counter_reaches(pool, 0, FERRY_RX_FRAMES, CAPACITY));
            store_release(&ring.words->head, load_relaxed(&ring.words->tail) - impossible[i / 2]);
            scripted_arrive(&device, 1);
        }
        ferry_bridge_wake(pool, 0);
        assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS), FERRY_ECORRUPT);
        assert_int_equal(mapped_error(), FERRY_ECORRUPT); /* for the end that makes no calls */
        assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
        store_release(&ring.words->head, load_relaxed(&ring.words->tail) - (i % 2 == 0 ? 0 : CAPACITY));
        assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
        close_sound(pool);
        pool = NULL;
        scripted_destroy(&device);
    }
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(a_device_that_is_none_is_refused),
        GUARDED(what_cannot_be_opened_is_closed_at_once),
        GUARDED(a_number_that_is_none_is_refused_everywhere),
        GUARDED(a_batch_with_one_bad_descriptor_moves_nothing),
        GUARDED(a_send_takes_what_fits),
        GUARDED(an_end_that_is_mapped_is_refused_to_c),
        GUARDED(nonsense_in_a_mapped_tx_ring_is_dropped_and_counted),
        GUARDED(a_mapped_end_may_keep_its_index_elsewhere),
        GUARDED(impossible_indices_in_a_mapped_ring_end_the_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
